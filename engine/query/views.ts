// What the page shows of a run at the cursor: plain rows, computed from the simulation as it stands there and from what the ledger knows of its past. Deadlines
// cross, countdowns do not.

import { text } from '../base/bytes'
import { compareLeaseIds } from '../base/int64'
import type { LeaseId, MemberId, MemberInfo } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import type { Client } from '../client/client'
import { describeInstruction } from '../client/program-text'
import type { LeaseInfo } from '../lease/lessor'
import { FOREVER } from '../lease/lessor'
import type { LogEntry } from '../member/consensus'
import type { Member } from '../member/member'
import type { Entry } from '../raft/message'
import { hostAndPort } from '../sim/endpoint'
import type { PeerDelivery, Write } from '../sim/moves'
import { RESOURCE } from '../sim/resource'
import type { Simulation } from '../sim/simulation'
import { actor, leaseOfEvent, sentence } from '../text/describe'
import type { LeaseNames } from '../text/names'
import { stoppedOf } from './counting'
import { connections, doomedKeepAlives, holds, unansweredSince } from './keeping'
import type { Ledger, MarkEvent } from './ledger'
import { reachOf, silentSince } from './reach'
import type {
  Belief,
  ClientView,
  ConsoleEntry,
  Interest,
  KeyRow,
  LeaseRow,
  LogCell,
  LogLine,
  LogWindow,
  Mark,
  MemberView,
  MessageView,
  Progress,
  ScriptView,
  Window,
} from './rows'
import { countUntil } from './until'

/** Virtual ms for which what is gone is still shown, struck through. */
export const GONE_SHOWN_MS = 5000
/** Rows of what is gone, at most: a thousand leases that end together need not all be mourned. */
const GONE_ROWS = 50
const KEYS_OF_A_ROW = 8
const MARKS = 500
const CONSOLE_ENTRIES = 200

/** A run at its cursor. */
export interface Scene {
  sim: Simulation
  ledger: Ledger
  /** The last event before the cursor. */
  last: EventId
}

/** The member whose store and lessor stand for the cluster's: the primary; without one, whoever is up and has applied most. */
export function authority(sim: Simulation): Member {
  const up = sim.servers.filter(({ state }) => state !== 'down').map(({ member }) => member)
  const primaries = up.filter(({ lessor }) => lessor.isPrimary).sort((a, b) => b.term - a.term)
  const applied = (member: Member): number => member.consensus.applied
  return primaries[0] ?? up.sort((a, b) => applied(b) - applied(a))[0] ?? sim.members[0]!
}

/** Whether no running member's lessor is primary, so that no lease runs out whatever the time. */
export function nobodyCounts(sim: Simulation): boolean {
  return sim.servers.every(({ member, state }) => state === 'down' || !member.lessor.isPrimary)
}

/** When (virtual ms) a lease is due; null while nobody counts. A member that is down still has its last deadlines, which nobody looks at. */
export function deadlineOf(sim: Simulation, { deadline }: LeaseInfo): number | null {
  return deadline === FOREVER || nobodyCounts(sim) ? null : deadline
}

const LOG_CELLS = 8
const OWN_LEASES = 8

export function memberViews(scene: Scene): MemberView[] {
  const { sim, ledger, last } = scene
  const names = new Map(sim.members.map(({ options }) => [options.ID, options.name]))
  const known = sim.known
  const voters = new Set(known.filter(({ isLearner }) => !isLearner).map(({ ID }) => ID))
  const running = sim.servers.map((server): MemberView => {
    const { member, state, stopping } = server
    const { options, term, store, raftIndex, lessor, nextPassAt, consensus } = member
    const { role, lead, applied, lastIndex } = consensus.status()
    return {
      id: options.ID,
      name: options.name,
      role: state === 'down' ? 'down' : role,
      standing: standingOf(options.ID, known),
      paused: state === 'paused',
      stopping,
      diskMs: options.diskMs,
      clockPercent: member.clockPercent,
      wallSeconds: member.wallSeconds,
      lead: lead === null ? null : (names.get(lead) ?? lead),
      silentSince: silentSince(scene, server, voters),
      electsBetween: electsBetween(sim.config.electionMs),
      reaches: reachOf(sim, server, voters),
      leaderSince: state !== 'down' && role === 'leader' ? ledger.hearing.electedAt(options.name, last) : null,
      term,
      revision: store.revision,
      raftIndex,
      applied,
      lastIndex,
      log: consensus.entries(lastIndex - LOG_CELLS + 1, lastIndex).map((entry) => logCell(entry, raftIndex)),
      ownLeases: member
        .leases()
        .slice(0, OWN_LEASES)
        .map(({ id, deadline }) => ({ id, deadline: state === 'down' || deadline === FOREVER ? null : deadline })),
      leases: lessor.size,
      keys: store.size,
      primary: state !== 'down' && lessor.isPrimary,
      nextPassAt,
      clientUrl: options.clientURLs[0] ?? '',
      peerUrl: (known.find(({ ID }) => ID === options.ID) ?? options).peerURLs[0] ?? '',
    }
  })
  return [...running, ...sim.added.map((info) => unstartedView(info, sim.config.electionMs))]
}

/** Raft draws the ticks of each timeout from so many to twice as many, the last excluded (raft/peer.ts). */
function electsBetween(electionMs: number): [number, number] {
  return [electionMs, 2 * electionMs]
}

function standingOf(id: MemberId, known: readonly MemberInfo[]): MemberView['standing'] {
  const info = known.find(({ ID }) => ID === id)
  return info === undefined ? 'removed' : info.isLearner ? 'learner' : 'voter'
}

/** One that was added and has never started: the cluster counts it, and there is nothing to see of it yet. */
function unstartedView({ ID, peerURLs, isLearner }: MemberInfo, electionMs: number): MemberView {
  return {
    id: ID,
    name: hostAndPort(peerURLs[0] ?? ID),
    role: 'down',
    standing: isLearner ? 'unstarted-learner' : 'unstarted',
    paused: false,
    stopping: false,
    diskMs: 0,
    clockPercent: 100,
    wallSeconds: 0,
    lead: null,
    silentSince: null,
    electsBetween: electsBetween(electionMs),
    reaches: 0,
    leaderSince: null,
    term: 0,
    revision: 0,
    raftIndex: 0,
    applied: 0,
    lastIndex: 0,
    log: [],
    ownLeases: [],
    leases: 0,
    keys: 0,
    primary: false,
    nextPassAt: 0,
    clientUrl: '',
    peerUrl: peerURLs[0] ?? '',
  }
}

function logCell(entry: Entry<LogEntry>, commit: number): LogCell {
  const { index, term } = entry
  const label = entry.type === 'conf-change' ? 'members' : entry.data === null ? 'new leader' : (entry.data.proposal?.type ?? 'cluster')
  return { index, term, committed: index <= commit, label }
}

/** Lines of a terminal that wait, at most. */
const WAITING_LINES = 20

/** Clients with a program, then terminals; a terminal stands for the processes it runs. */
export function clientViews(scene: Scene): ClientView[] {
  const { sim } = scene
  const doomed = doomedKeepAlives(sim)
  const programs = sim.clients
    .filter(({ kind }) => kind === 'program')
    .map(
      (client): ClientView => ({
        id: client.id,
        kind: 'program',
        member: sim.endpoint,
        program: client.program.map(describeInstruction),
        line: client.line,
        sessions: beliefsOf(scene, client, doomed),
        state: sim.stateOf(client.id),
        since: scene.ledger.sections.stateSince(client.id, scene.last),
        clockPercent: sim.percentOf(client.id),
        clockAhead: sim.clockAheadOf(client.id),
        script: scriptOf(scene, client),
      }),
    )
  const terminals = sim.terminals.map((id): ClientView => {
    const running = sim.processes.filter(({ terminal }) => terminal === id)
    const clients = running.flatMap((process) => sim.clients.filter((client) => client.id === process.id))
    return {
      id,
      kind: 'terminal',
      member: sim.endpoint,
      program: sim.waiting(id).slice(0, WAITING_LINES),
      line: 0,
      sessions: clients.flatMap((client) => beliefsOf(scene, client, doomed)),
      ...NO_SCRIPT,
    }
  })
  return [...programs, ...terminals]
}

const NO_SCRIPT = { state: 'up', since: 0, clockPercent: 100, clockAhead: { at: 0, ahead: 0 }, script: null } as const

function scriptOf({ ledger, last }: Scene, { id, script }: Client): ScriptView | null {
  if (script === null) return null
  const { source, held, ready, until, runner } = script
  return {
    source,
    line: runner?.line ?? null,
    waitsFor: runner?.waitsFor ?? null,
    vars: runner?.vars.map(([name, value]) => ({ name, value })) ?? [],
    held,
    ready,
    until,
    ended: runner?.ended ?? null,
    section: runner?.section ?? null,
    sectionSince: runner?.section == null ? null : ledger.sections.enteredAt(id, last),
  }
}

function beliefsOf(scene: Scene, client: Client, doomed: ReadonlySet<EventId>): Belief[] {
  const { sim, ledger, last } = scene
  const member = authority(sim)
  const isConnected = connections(scene, client)
  return client.beliefs.map((belief) => {
    const info = member.lease(belief.lease)
    const deadline = info === undefined ? null : deadlineOf(sim, info)
    const goneAt = info === undefined ? (ledger.endOf(belief.lease, last)?.at ?? null) : null
    const shown = (at: number | null): number | null => (at === null ? null : sim.virtualOf(client.id, at))
    // Each field by its name: a thousand of these are made for a frame, and spreads take ten times as long.
    return {
      lease: belief.lease,
      name: ledger.names.nameOf(belief.lease, last),
      ttlSeconds: belief.ttlSeconds,
      until: shown(belief.until),
      lastAnswerAt: shown(belief.lastAnswerAt),
      lost: belief.lost !== null,
      lostHow: belief.lost,
      heartbeat: client.isKept(belief.lease),
      heartbeatAt: ledger.keepAlives.switchedAt(client.id, belief.lease, last),
      unansweredSince: unansweredSince(scene, client, belief.lease, doomed),
      connected: isConnected(belief.lease),
      holds: holds(scene, client.id, belief),
      truth: { deadline, goneAt },
    }
  })
}

export function messageViews({ sim }: Scene): MessageView[] {
  const messages: MessageView[] = []
  for (const { due } of sim.moves()) {
    if (due.type === 'deliver-peer') messages.push(peerMessageView(sim, due.delivery))
    if (due.type === 'deliver-write') messages.push(writeView(sim, due.write))
    if (due.type !== 'deliver' || due.message.body.type === 'cancel') continue
    const { id, client, member, body, sentAt, dueAt, lost } = due.message
    const request = body.type === 'request'
    const label = body.type === 'request' ? body.request.type : body.reply.type
    const owner = sim.processes.find((process) => process.id === client)?.client ?? client
    const [from, to] = request ? [owner, member] : [member, owner]
    messages.push({
      id,
      from,
      to,
      kind: body.type,
      label,
      bad: body.type === 'reply' && (body.reply.type === 'error' || (body.reply.type === 'LeaseKeepAlive' && body.reply.TTL <= 0)),
      sent: sentAt,
      due: dueAt,
      machinery: false,
      doomed: lost === true || !sim.arrives(from, to),
    })
  }
  return messages
}

function writeView(sim: Simulation, { id, client, accepted, sentAt, dueAt, lost }: Write): MessageView {
  const [from, to] = accepted === null ? [client, RESOURCE] : [RESOURCE, client]
  return {
    id,
    from,
    to,
    kind: accepted === null ? 'request' : 'reply',
    label: accepted === false ? 'refused' : 'write',
    bad: accepted === false,
    sent: sentAt,
    due: dueAt,
    machinery: false,
    doomed: lost === true || !sim.arrives(from, to),
  }
}

const REPLIES = /Resp$|^lease-answer$/
const HEARTBEATS = /^MsgHeartbeat/

function peerMessageView(sim: Simulation, { id, from, to, message, sentAt, dueAt, lost }: PeerDelivery): MessageView {
  const label = message.type === 'raft' ? message.message.type : message.type
  return {
    id,
    from,
    to,
    kind: REPLIES.test(label) ? 'reply' : 'request',
    label,
    bad: message.type === 'raft' && 'reject' in message.message && message.message.reject,
    sent: sentAt,
    due: dueAt,
    machinery: HEARTBEATS.test(label),
    doomed: lost === true || !sim.arrives(from, to),
  }
}

/** What ended a little while ago, latest first; then the leases there are, as asked for. */
export function leaseRows(scene: Scene, interest: Interest['leases']): Window<LeaseRow> {
  const { sim } = scene
  const member = authority(sim)
  const { lessor } = member
  const holders = holdersOf(sim)
  const gone = goneLeases(scene)
  const live = member.leases()
  if (interest.sort === 'id') live.sort((a, b) => compareLeaseIds(a.id, b.id))
  else if (interest.sort === 'granted') live.sort((a, b) => a.grantedAt - b.grantedAt)
  const placed = interest.around === undefined ? null : placeOf(scene, interest, interest.around, [...gone, ...live])
  const from = placed ?? interest.from
  const wanted = { from: Math.max(0, from), to: from + interest.count }
  const rows = gone.slice(wanted.from, wanted.to).map((row): LeaseRow => ({ ...row, holders: holders.get(row.id as LeaseId) ?? [] }))
  for (const info of live.slice(Math.max(0, wanted.from - gone.length), Math.max(0, wanted.to - gone.length))) {
    const keys = lessor.keysOf(info.id)
    rows.push(liveRow(scene, info, keys.slice(0, KEYS_OF_A_ROW).map(text), keys.length, holders.get(info.id) ?? []))
  }
  return { total: gone.length + live.length, ...(placed === null ? {} : { from: placed }), rows }
}

/** Where a window starts so that it shows the lease Ln; null where that lease has no row. */
function placeOf({ ledger, last }: Scene, { count }: Interest['leases'], n: number, all: readonly { id: string }[]): number | null {
  const place = all.findIndex(({ id }) => ledger.names.numberOf(id as LeaseId, last) === n)
  return place < 0 ? null : Math.max(0, Math.min(place - Math.floor(count / 2), all.length - count))
}

function liveRow(scene: Scene, info: LeaseInfo, keys: string[], keyCount: number, holders: LeaseRow['holders']): LeaseRow {
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
    const expiredAt = ended.end === 'expired' ? (ledger.expiryOf(lease, last)?.deadline ?? null) : null
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
      keys: ended.keys.slice(0, KEYS_OF_A_ROW).map(text),
      keyCount: ended.keys.length,
      holders: [],
      expiredAt,
      ended: { at: ended.at, end: ended.end, revision: ended.revision, event: ended.id },
    })
  }
  return rows
}

/** Who believes in which lease, clients in the order in which they came. */
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

/** The keys in byte order, those that went a little while ago among them, struck through. */
export function keyRows({ sim, ledger, last }: Scene, interest: Interest['keys']): Window<KeyRow> {
  const { store } = authority(sim)
  const nameOf = (lease: LeaseId | null): string | null => (lease === null ? null : ledger.names.nameOf(lease, last))
  const gone = new Map<string, KeyRow>()
  for (let i = countUntil(ledger.keyEnds, last) - 1; i >= 0 && gone.size < GONE_ROWS; i--) {
    const ended = ledger.keyEnds[i]!
    if (ended.at < sim.now - GONE_SHOWN_MS) break
    if (gone.has(ended.key) || store.get(ended.key) !== undefined) continue
    const kv = ledger.putOf(ended.key, ended.id)?.kv
    const lease = ended.lease === NO_LEASE ? null : ended.lease
    gone.set(ended.key, {
      key: text(ended.key),
      value: text(kv?.value ?? ''),
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
      key: text(kv.key),
      value: text(kv.value),
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
  return { id, at, level, type, text: `${actor(event)} ${sentence(event, names)}`, causes, lease: leaseOfEvent(event) }
}

/** A window of the log. `tail` ends a quarter of the window after the cursor, so that what is to come shows too. */
export function logWindow({ ledger, last }: Scene, interest: Interest['log']): LogWindow {
  const list = interest.only === 'lease' ? ledger.leaseLog : ledger.log
  const past = countUntil(list, last)
  const tail = Math.min(list.length, past + Math.floor(interest.count / 4))
  const from = Math.max(0, interest.from === 'tail' ? tail - interest.count : interest.from)
  return { total: list.length, from, past, lines: list.slice(from, from + interest.count).map((event) => logLine(event, ledger.names)) }
}

/** How far the cursor has come. */
export function progress({ ledger, last }: Scene): Progress {
  const past = countUntil(ledger.log, last)
  const event = ledger.log[past - 1]
  return { past, total: ledger.log.length, last: event === undefined ? null : logLine(event, ledger.names) }
}

/** The last lines of all terminals with what they had printed by the cursor, and every one that still runs. */
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
  return entries.filter(({ state }, i) => state !== 'done' || i >= entries.length - CONSOLE_ENTRIES)
}

const MARK_KINDS: Record<MarkEvent['type'], Mark['kind']> = {
  'lease-granted': 'granted',
  'lease-renewed': 'renewed',
  'lease-expired': 'expired',
  'lease-revoked': 'revoked',
}

/** The lease events of the whole run so far in the order of their moments, thinned: ends stay longest, renewals go first. */
export function marks({ ledger }: Scene): Mark[] {
  let events: readonly MarkEvent[] = ledger.marks
  if (events.length > MARKS) events = events.filter(({ type }) => type !== 'lease-renewed')
  if (events.length > MARKS) {
    const every = Math.ceil(events.length / MARKS)
    events = events.filter((_, i) => i % every === 0)
  }
  const shown = events.map((event): Mark => {
    const { id, type } = event
    return { at: type === 'lease-expired' ? event.deadline : event.at, kind: MARK_KINDS[type], event: id }
  })
  return shown.sort((a, b) => a.at - b.at || a.event - b.event)
}
