// Leases, keys, the log and the terminals of a run at the cursor, as plain rows from the simulation
// and the ledger. Rows have deadlines, not countdowns.

import { bytesText } from '../base/bytes'
import { compareLeaseIds } from '../base/int64'
import type { LeaseId } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import type { LeaseInfo } from '../lease/lessor'
import type { Simulation } from '../sim/simulation'
import { actor, leaseOfEvent, sentence } from '../text/describe'
import type { LeaseNames } from '../text/names'
import { stoppedOf } from './counting'
import type {
  ConsoleEntry,
  Interest,
  KeyRow,
  LeaseRow,
  LogLine,
  LogWindow,
  Progress,
  Window,
} from './rows'
import type { Scene } from './scene'
import { authority, deadlineOf } from './scene'
import { countUntil } from './until'

/** Virtual ms for which an ended row is still shown, struck through. */
export const GONE_SHOWN_MS = 5000
/** The most ended rows: a thousand leases may end together. */
const GONE_ROWS = 50
const KEYS_OF_A_ROW = 8
const CONSOLE_ENTRIES = 200

/**
 * Leases that ended a little while ago, latest first; then the living leases in the requested
 * order.
 */
export function leaseRows(scene: Scene, interest: Interest['leases']): Window<LeaseRow> {
  const { sim } = scene
  const member = authority(sim)
  const { lessor } = member
  const holders = holdersOf(sim)
  const gone = goneLeases(scene)
  const live = member.leases()
  if (interest.sort === 'id') live.sort((a, b) => compareLeaseIds(a.id, b.id))
  else if (interest.sort === 'granted') live.sort((a, b) => a.grantedAt - b.grantedAt)
  const placed =
    interest.around === undefined
      ? null
      : placeOf(scene, interest, interest.around, [...gone, ...live])
  const from = placed ?? interest.from
  const wanted = { from: Math.max(0, from), to: from + interest.count }
  const rows = gone
    .slice(wanted.from, wanted.to)
    .map((row): LeaseRow => ({ ...row, holders: holders.get(row.id as LeaseId) ?? [] }))
  for (const info of live.slice(
    Math.max(0, wanted.from - gone.length),
    Math.max(0, wanted.to - gone.length),
  )) {
    const keys = lessor.keysOf(info.id)
    rows.push(
      liveRow(
        scene,
        info,
        keys.slice(0, KEYS_OF_A_ROW).map(bytesText),
        keys.length,
        holders.get(info.id) ?? [],
      ),
    )
  }
  return { total: gone.length + live.length, ...(placed === null ? {} : { from: placed }), rows }
}

/** Where a window starts so that it shows the lease Ln; null where that lease has no row. */
function placeOf(
  { ledger, last }: Scene,
  { count }: Interest['leases'],
  n: number,
  all: readonly { id: string }[],
): number | null {
  const place = all.findIndex(({ id }) => ledger.names.numberOf(id as LeaseId, last) === n)
  return place < 0 ? null : Math.max(0, Math.min(place - Math.floor(count / 2), all.length - count))
}

function liveRow(
  scene: Scene,
  info: LeaseInfo,
  keys: string[],
  keyCount: number,
  holders: LeaseRow['holders'],
): LeaseRow {
  const { sim, ledger, last } = scene
  const deadline = deadlineOf(sim, info)
  const expired = deadline !== null && deadline <= sim.now
  const { grantedAt, renewedAt } = ledger.datesOf(info.id, last)
  return {
    id: info.id,
    name: ledger.names.nameOf(info.id, last),
    ttlSeconds: info.ttlSeconds,
    grantedAt: grantedAt ?? info.grantedAt,
    renewedAt,
    deadline,
    stopped: deadline === null ? stoppedOf(scene, info.id, info.ttlSeconds) : null,
    state: expired ? 'expired' : 'live',
    checkpoint: info.remainingSeconds > 0 ? info.remainingSeconds : null,
    keys,
    keyCount,
    holders,
    expiredAt: expired ? deadline : null,
    ended: null,
  }
}

function goneLeases({ sim, ledger, last }: Scene): LeaseRow[] {
  const rows: LeaseRow[] = []
  const { lessor } = authority(sim)
  for (let i = countUntil(ledger.leaseEnds, last) - 1; i >= 0 && rows.length < GONE_ROWS; i--) {
    const ended = ledger.leaseEnds[i]!
    if (ended.at < sim.now - GONE_SHOWN_MS) break
    const { lease } = ended
    if (lessor.has(lease) || rows.some(({ id }) => id === lease)) continue
    const grant = ledger.grantOf(lease, last)
    const renewal = ledger.renewalOf(lease, last)
    const { grantedAt, renewedAt } = ledger.datesOf(lease, last)
    const expiredAt =
      ended.end === 'expired' ? (ledger.expiryOf(lease, last)?.deadline ?? null) : null
    rows.push({
      id: lease,
      name: ledger.names.nameOf(lease, last),
      ttlSeconds: grant?.ttlSeconds ?? 0,
      grantedAt: grantedAt ?? 0,
      renewedAt,
      deadline: expiredAt ?? renewal?.deadline ?? grant?.deadline ?? null,
      stopped: null,
      state: 'gone',
      checkpoint: null,
      keys: ended.keys.slice(0, KEYS_OF_A_ROW).map(bytesText),
      keyCount: ended.keys.length,
      holders: [],
      expiredAt,
      ended: { at: ended.at, end: ended.end, revision: ended.revision, event: ended.id },
    })
  }
  return rows
}

/** The beliefs of clients, which come in the order of their arrival. */
function holdersOf(sim: Simulation): Map<LeaseId, LeaseRow['holders']> {
  const holders = new Map<LeaseId, LeaseRow['holders']>()
  for (const client of sim.clients) {
    const name = sim.processes.find(({ id }) => id === client.id)?.client ?? client.id
    for (const { lease, until, lost } of client.beliefs) {
      const holder = {
        client: name,
        until: until === null ? null : sim.virtualOf(client.id, until),
        heartbeat: client.isKept(lease),
        lost: lost !== null,
      }
      const list = holders.get(lease)
      if (list === undefined) holders.set(lease, [holder])
      else list.push(holder)
    }
  }
  return holders
}

/** The keys in byte order, with recently deleted keys, struck through. */
export function keyRows({ sim, ledger, last }: Scene, interest: Interest['keys']): Window<KeyRow> {
  const { store } = authority(sim)
  const nameOf = (lease: LeaseId | null): string | null =>
    lease === null ? null : ledger.names.nameOf(lease, last)
  const gone = new Map<string, KeyRow>()
  for (let i = countUntil(ledger.keyEnds, last) - 1; i >= 0 && gone.size < GONE_ROWS; i--) {
    const ended = ledger.keyEnds[i]!
    if (ended.at < sim.now - GONE_SHOWN_MS) break
    if (gone.has(ended.key) || store.get(ended.key) !== undefined) continue
    const kv = ledger.putOf(ended.key, ended.id)?.kv
    const lease = ended.lease === NO_LEASE ? null : ended.lease
    gone.set(ended.key, {
      key: bytesText(ended.key),
      value: bytesText(kv?.value ?? ''),
      lease,
      leaseName: nameOf(lease),
      create: kv?.create_revision ?? 0,
      mod: kv?.mod_revision ?? 0,
      version: kv?.version ?? 0,
      gone: { at: ended.at, revision: ended.revision, lease, end: ended.end, event: ended.id },
    })
  }
  const names = [...gone.keys()].sort((a, b) => (a < b ? -1 : 1))
  const rows: KeyRow[] = []
  const to = interest.from + interest.count
  let index = 0
  const add = (row: () => KeyRow): void => {
    if (index >= interest.from && index < to) rows.push(row())
    index++
  }
  let next = 0
  for (const kv of store.startingAt('')) {
    if (index >= to) break
    for (; next < names.length && names[next]! < kv.key; next++) add(() => gone.get(names[next]!)!)
    add(() => ({
      key: bytesText(kv.key),
      value: bytesText(kv.value),
      lease: kv.lease === NO_LEASE ? null : kv.lease,
      leaseName: nameOf(kv.lease === NO_LEASE ? null : kv.lease),
      create: kv.create_revision,
      mod: kv.mod_revision,
      version: kv.version,
      gone: null,
    }))
  }
  for (; next < names.length && index < to; next++) add(() => gone.get(names[next]!)!)
  return { total: store.size + gone.size, rows }
}

export function logLine(event: TraceEvent, names: LeaseNames): LogLine {
  const { id, at, level, type, causes } = event
  return {
    id,
    at,
    level,
    type,
    text: `${actor(event)} ${sentence(event, names)}`,
    causes,
    lease: leaseOfEvent(event),
  }
}

/**
 * A window of the log. `tail` ends a quarter of the window after the cursor, so that coming lines
 * show too.
 */
export function logWindow({ ledger, last }: Scene, interest: Interest['log']): LogWindow {
  const list = interest.only === 'lease' ? ledger.leaseLog : ledger.log
  const past = countUntil(list, last)
  const tail = Math.min(list.length, past + Math.floor(interest.count / 4))
  const from = Math.max(0, interest.from === 'tail' ? tail - interest.count : interest.from)
  return {
    total: list.length,
    from,
    past,
    lines: list.slice(from, from + interest.count).map((event) => logLine(event, ledger.names)),
  }
}

/** The place of the cursor. */
export function progress({ ledger, last }: Scene): Progress {
  const past = countUntil(ledger.log, last)
  const event = ledger.log[past - 1]
  return {
    past,
    total: ledger.log.length,
    last: event === undefined ? null : logLine(event, ledger.names),
  }
}

/** The last lines of all terminals with their output by the cursor, and every running line. */
export function consoleEntries({ sim, ledger, last }: Scene): ConsoleEntry[] {
  const entries: ConsoleEntry[] = []
  const byJob = new Map<string, ConsoleEntry>()
  const events = ledger.console.slice(0, countUntil(ledger.console, last))
  for (const event of events) {
    const name = `${event.terminal} ${event.job}`
    if (event.type === 'console-line') {
      const entry: ConsoleEntry = {
        terminal: event.terminal,
        job: event.job,
        line: event.line,
        at: event.at,
        event: event.id,
        output: [],
        state: 'done',
        exit: null,
        keeps: [],
      }
      byJob.set(name, entry)
      entries.push(entry)
      continue
    }
    const entry = byJob.get(name)
    if (entry === undefined) continue
    if (event.type === 'console-exit') entry.exit = event.exit
    else entry.output.push({ stream: event.stream, text: event.text, at: event.at })
  }
  for (const terminal of sim.terminals) {
    for (const { job, background } of sim.jobs(terminal)) {
      const entry = byJob.get(`${terminal} ${job}`)
      if (entry !== undefined) entry.state = background ? 'background' : 'running'
    }
  }
  const clients = new Map(sim.clients.map((client) => [client.id, client]))
  for (const { id, terminal, job } of sim.processes) {
    const client = clients.get(id)
    const kept = client?.beliefs.filter(({ lease }) => client.isKept(lease)) ?? []
    byJob.get(`${terminal} ${job}`)?.keeps.push(...kept.map(({ lease }) => lease))
  }
  return entries.filter(({ state }, i) => state !== 'done' || i >= entries.length - CONSOLE_ENTRIES)
}
