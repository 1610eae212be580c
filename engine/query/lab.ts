// The state of each lock in a run: its holder in the store, the clients that believe they hold it,
// and the clients in its critical section. Also the writes to the guarded resource. A lock is a
// name that a program has entered or queued for. Its holder in the store has the oldest key: the
// lock's own key, or a key in the queue under it (concurrency/mutex.ts).

import { bytesText, utf8 } from '../base/bytes'
import { isCrowded } from '../base/room'
import type { KeyValue } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { EventId, TraceEvent } from '../base/trace'
import type { LockKeys } from '../client/program/lock-keys'
import { holds } from './keeping'
import type { WriteEvent } from './ledger'
import type { Scene } from './scene'
import { authority, deadlineOf } from './scene'
import { countUntil } from './until'

export interface LabView extends StorageView {
  locks: LockView[]
}

/** The guarded resource. */
export interface StorageView {
  /** The clients with a program that writes to it. */
  writers: string[]
  /** Whether it checks tokens, and the highest it has seen. */
  checks: boolean
  highest: number | null
  /** The latest first. */
  writes: WriteRow[]
  /** The number of writes. */
  total: number
  /** How many of them were stale and taken; how many were refused. */
  stale: number
  bounced: number
}

export interface LockView {
  name: string
  /**
   * `broken`: too many clients are in the section. `wrong`: a client is in it without holding the
   * lock by the store. `stuck`: no client works, and a client waits for a holder that will not
   * release the lock. `held` and `free` are without a fault.
   */
  verdict: 'broken' | 'wrong' | 'stuck' | 'held' | 'free'
  /**
   * The event that caused the state; null for a state without a fault or without a single cause.
   */
  because: EventId | null
  /** By the store; null without a key. */
  holder: LockHolder | null
  /**
   * The clients that believe they hold it: in the section, and the lease not over by their own
   * clock. A paused client keeps its belief.
   */
  believers: string[]
  inside: string[]
  /** The clients inside, in the order of their entry, with the virtual ms of each entry. */
  insideSince: { client: string; at: number }[]
  /** Virtual ms since when too many clients are inside; null while they are few enough. */
  bothSince: number | null
  /**
   * The clients that want the lock, are not in the section and do not hold it. Clients with a key
   * in its queue come first, in the order in which they will be served.
   */
  waiting: Waiter[]
  /**
   * Two kinds of keys that clients lock the name with: a key of one kind does not exclude a key of
   * the other. Empty where all exclude each other. Ended programs without a key do not count.
   */
  schemes: LockScheme[]
}

export interface LockScheme {
  /** `plain`: the key is the name itself. `queue`: each client has a key below the name. */
  keys: LockKeys
  clients: string[]
}

export interface Waiter {
  /** The client; the key, where its client is unknown. */
  who: string
  /**
   * It has a key in the queue; it watches for the deletion of the holder's key; it tries again by
   * itself.
   */
  how: 'queued' | 'watches' | 'asks again'
}

export interface LockHolder {
  key: string
  /** The client that it belongs to, as far as its lease or its value names one. */
  client: string | null
  /** The fencing token. */
  token: number
  lease: string | null
  /** The name of the lease; null without one. */
  leaseName: string | null
  /** When the lease is due; null without a lease, or where no lessor counts. */
  deadline: number | null
  /**
   * When the primary will find that it has expired, without a renewal before. Null where no lessor
   * checks.
   */
  revokedAt: number | null
  /** Why its holder will not release it by itself; null where it may. */
  dead: 'down' | 'paused' | 'gone' | null
}

export interface WriteRow {
  event: EventId
  at: number
  client: string
  value: string
  token: number | null
  taken: boolean
  stale: boolean
  /** The highest token seen before. */
  highest: number | null
}

const MOST_WRITES = 100
const MOST_ON_STAGE = 3

export function labView(scene: Scene): LabView {
  return { locks: locksOf(scene), ...storageOf(scene, MOST_WRITES) }
}

/** The guarded resource on the stage; null where the run does not use it. */
export function storageView(scene: Scene): StorageView | null {
  const view = storageOf(scene, MOST_ON_STAGE)
  return view.total > 0 || view.writers.length > 0 ? view : null
}

function storageOf({ sim, ledger, last }: Scene, most: number): StorageView {
  const end = countUntil(ledger.writes, last)
  return {
    writers: sim.clients.filter(({ program }) => program?.runner?.writes).map(({ id }) => id),
    checks: sim.config.checkTokens === true,
    highest: sim.highestToken,
    writes: ledger.writes
      .slice(Math.max(0, end - most), end)
      .reverse()
      .map(writeRow),
    total: end,
    stale: countUntil(ledger.staleWrites, last),
    bounced: countUntil(ledger.bouncedWrites, last),
  }
}

function writeRow({ id, at, client, value, token, type, stale, highest }: WriteEvent): WriteRow {
  return { event: id, at, client, value, token, taken: type === 'write-taken', stale, highest }
}

function locksOf(scene: Scene): LockView[] {
  return lockNames(scene).map((name) => lockView(scene, name))
}

/** The locks that programs have entered or queued for, in the order of their names. */
export function lockNames({ sim }: Scene): string[] {
  const names = new Set<string>()
  for (const client of sim.clients)
    for (const name of client.program?.runner?.locks ?? []) names.add(name)
  return [...names].sort()
}

function lockView(scene: Scene, name: string): LockView {
  const { sim } = scene
  const { sections } = scene.ledger
  const { store } = authority(sim)
  const key = utf8(name)
  const queue: KeyValue[] = []
  for (const kv of store.startingAt(`${key}/`)) {
    if (!kv.key.startsWith(`${key}/`)) break
    queue.push(kv)
  }
  const plain = store.get(key)
  if (plain !== undefined) queue.push(plain)
  queue.sort((a, b) => a.create_revision - b.create_revision)
  const first = queue[0]
  const runners = sim.clients.flatMap(({ id, program, beliefs }) =>
    program?.runner ? [{ id, runner: program.runner, beliefs }] : [],
  )
  const entered = runners.filter(({ runner }) => runner.position.section === name)
  const inside = entered.map(({ id }) => id)
  const believes = (id: string): boolean => {
    const last = sim.clients.find((client) => client.id === id)?.beliefs.at(-1)
    return last === undefined || holds(scene, id, last)
  }
  const holder = first === undefined ? null : holderOf(scene, first)
  const queued = queue
    .filter((kv) => kv !== first)
    .map((kv): Waiter => ({ who: ownerOf(scene, kv) ?? bytesText(kv.key), how: 'queued' }))
  const asking = runners
    .filter(
      ({ id, runner }) =>
        runner.position.asks === name &&
        id !== holder?.client &&
        queued.every(({ who }) => who !== id),
    )
    .map(
      ({ id, runner }): Waiter => ({
        who: id,
        how: runner.waitsFor === 'watch' ? 'watches' : 'asks again',
      }),
    )
  const view = {
    name,
    holder,
    believers: inside.filter(believes),
    inside,
    insideSince: inside
      .map((client) => ({ client, at: sections.enteredAt(client, scene.last) ?? 0 }))
      .sort((a, b) => a.at - b.at),
    bothSince: sections.crowdedSince(name, scene.last),
    waiting: [...queued, ...asking],
    schemes: schemesOf(scene, name, queue),
  }
  // A section for several needs a key of each client; any other section needs the first key.
  const shared = entered.some(({ runner }) => runner.position.room !== null)
  const entitled = shared ? [holder?.client, ...queued.map(({ who }) => who)] : [holder?.client]
  const rooms = entered.map(({ runner }) => runner.position.room ?? undefined)
  const verdict = verdictOf(
    view,
    isCrowded(rooms),
    inside.every((client) => entitled.includes(client)),
  )
  return { ...view, verdict, because: becauseOf(scene, view, verdict) }
}

/** From the running programs and the existing keys: a terminal has no program. */
function schemesOf(scene: Scene, name: string, queue: readonly KeyValue[]): LockScheme[] {
  const users: Record<LockKeys, Set<string>> = { plain: new Set(), queue: new Set() }
  for (const { id, program } of scene.sim.clients)
    if (program?.runner?.ended === null)
      for (const used of program.runner.lockKeys) if (used.name === name) users[used.keys].add(id)
  for (const kv of queue) {
    const owner = ownerOf(scene, kv)
    if (owner === null) continue
    if (bytesText(kv.key) === name) users.plain.add(owner)
    else if (bytesText(kv.key) === `${name}/${kv.lease}`) users.queue.add(owner)
  }
  const { plain, queue: below } = users
  const areTwo = plain.size > 0 && below.size > 0 && new Set([...plain, ...below]).size > 1
  return areTwo
    ? [
        { keys: 'plain', clients: [...plain].sort() },
        { keys: 'queue', clients: [...below].sort() },
      ]
    : []
}

type Facts = Omit<LockView, 'verdict' | 'because'>

function verdictOf(
  { holder, waiting }: Facts,
  crowded: boolean,
  entitled: boolean,
): LockView['verdict'] {
  if (crowded) return 'broken'
  if (!entitled) return 'wrong'
  if (holder === null) return 'free'
  return holder.dead !== null && waiting.length > 0 ? 'stuck' : 'held'
}

function becauseOf(
  { sim, ledger, last }: Scene,
  { name, inside, holder }: Facts,
  verdict: LockView['verdict'],
): EventId | null {
  const latest = <T extends TraceEvent>(
    list: readonly T[],
    is: (event: T) => boolean,
  ): EventId | null => list.slice(0, countUntil(list, last)).findLast(is)?.id ?? null
  switch (verdict) {
    case 'broken':
      return latest(ledger.clashes, ({ section }) => section === name)
    case 'wrong': {
      // Its key went with its lease, or a client deleted it.
      const lease = sim.clients.find(({ id }) => id === inside[0])?.beliefs.at(-1)?.lease
      return latest(
        ledger.keyEnds,
        (end) =>
          bytesText(end.key) === name ||
          (end.lease === lease && bytesText(end.key).startsWith(`${name}/`)),
      )
    }
    case 'stuck':
      return latest(
        ledger.turns,
        (turn) =>
          (turn.type === 'client-crashed' || turn.type === 'client-paused') &&
          turn.client === holder?.client,
      )
    default:
      return null
  }
}

function holderOf(scene: Scene, kv: KeyValue): LockHolder {
  const { sim } = scene
  const client = ownerOf(scene, kv)
  const primary = authority(sim)
  const info = kv.lease === NO_LEASE ? undefined : primary.lease(kv.lease)
  const state = client === null ? 'gone' : sim.stateOf(client)
  const ended =
    client !== null && sim.clients.find(({ id }) => id === client)?.program?.runner?.ended !== null
  const deadline = info === undefined ? null : deadlineOf(sim, info)
  return {
    key: bytesText(kv.key),
    client,
    token: kv.create_revision,
    lease: kv.lease === NO_LEASE ? null : kv.lease,
    leaseName: kv.lease === NO_LEASE ? null : scene.ledger.names.nameOf(kv.lease, scene.last),
    deadline,
    revokedAt: deadline === null ? null : primary.passAfter(deadline),
    dead: state === 'up' ? (ended ? 'gone' : null) : state,
  }
}

/**
 * The client that was granted the key's lease. Without a lease, the client of the last put before
 * the event `last`.
 */
export function ownerOf(
  { ledger, last }: Pick<Scene, 'ledger' | 'last'>,
  kv: KeyValue,
): string | null {
  const client = kv.lease === NO_LEASE ? ledger.putterOf(kv.key, last) : ledger.granteeOf(kv.lease)
  return client === undefined ? null : speakerOf(client)
}
