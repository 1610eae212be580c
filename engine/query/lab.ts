// The lock lab's questions to a run: who holds each lock by the store, who believes so, who is in its critical section; and what has been written to the guarded resource.
// A lock is what somebody's program has entered or queued for; its holder by the store is whose key is there: the key of the lock's name itself, or the first in the
// queue under it (concurrency/mutex.ts).

import { text, utf8 } from '../base/bytes'
import type { KeyValue } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { EventId } from '../base/trace'
import { FOREVER } from '../lease/lessor'
import type { WriteEvent } from './ledger'
import { countUntil } from './ledger'
import type { Scene } from './views'
import { authority } from './views'

export interface LabView {
  locks: LockView[]
  /** Whether the guarded resource checks tokens, and the highest it has seen. */
  checks: boolean
  highest: number | null
  /** The latest first. */
  writes: WriteRow[]
  /** How many writes there were. */
  total: number
  /** How many of them were stale and taken. */
  stale: number
}

export interface LockView {
  name: string
  /** By the store; null where its key is not there. */
  holder: LockHolder | null
  /** Keys behind the first in the lock's queue. */
  queue: string[]
  /** Who believes that they hold it: in the section, and the lease not over by their own clock. */
  believers: string[]
  inside: string[]
  /** Whose program waits for it. */
  waiting: string[]
}

export interface LockHolder {
  key: string
  /** The client that it belongs to, as far as its lease or its value tells. */
  client: string | null
  /** The fencing token. */
  token: number
  lease: string | null
  /** When the lease is due; null without one, or where nobody counts. */
  deadline: number | null
  /** Why its holder will not give it back by itself; null where it may. */
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

export function labView(scene: Scene): LabView {
  const { sim, ledger, last } = scene
  const end = countUntil(ledger.writes, last)
  const writes = ledger.writes.slice(0, end)
  return {
    locks: locksOf(scene),
    checks: sim.config.checkTokens === true,
    highest: sim.highestToken,
    writes: writes.slice(-MOST_WRITES).reverse().map(writeRow),
    total: end,
    stale: writes.filter(({ type, stale }) => stale && type === 'write-taken').length,
  }
}

function writeRow({ id, at, client, value, token, type, stale, highest }: WriteEvent): WriteRow {
  return { event: id, at, client, value, token, taken: type === 'write-taken', stale, highest }
}

function locksOf(scene: Scene): LockView[] {
  const { sim } = scene
  const names = new Set<string>()
  for (const client of sim.clients) for (const name of client.script?.runner?.locks ?? []) names.add(name)
  return [...names].sort().map((name) => lockView(scene, name))
}

function lockView(scene: Scene, name: string): LockView {
  const { sim } = scene
  const { store } = authority(sim)
  const key = utf8(name)
  const queue: KeyValue[] = []
  for (const kv of store.startingAt(`${key}/`)) {
    if (!kv.key.startsWith(`${key}/`)) break
    queue.push(kv)
  }
  queue.sort((a, b) => a.create_revision - b.create_revision)
  const plain = store.get(key)
  const first = plain ?? queue[0]
  const runners = sim.clients.flatMap(({ id, script, beliefs }) => (script?.runner ? [{ id, runner: script.runner, beliefs }] : []))
  const inside = runners.filter(({ runner }) => runner.section === name).map(({ id }) => id)
  const believes = (id: string): boolean => {
    const last = sim.clients.find((client) => client.id === id)?.beliefs.at(-1)
    return last === undefined || (!last.lost && last.until !== null && sim.virtualOf(id, last.until) > sim.now)
  }
  return {
    name,
    holder: first === undefined ? null : holderOf(scene, first),
    queue: queue.filter((kv) => kv !== first).map((kv) => ownerOf(scene, kv) ?? text(kv.key)),
    believers: inside.filter(believes),
    inside,
    waiting: runners
      .filter(({ runner }) => runner.section === null && runner.ended === null && runner.locks.includes(name))
      .map(({ id }) => id),
  }
}

function holderOf(scene: Scene, kv: KeyValue): LockHolder {
  const { sim } = scene
  const client = ownerOf(scene, kv)
  const info = kv.lease === NO_LEASE ? undefined : authority(sim).lease(kv.lease)
  const state = client === null ? 'gone' : sim.stateOf(client)
  const ended = client !== null && sim.clients.find(({ id }) => id === client)?.script?.runner?.ended !== null
  return {
    key: text(kv.key),
    client,
    token: kv.create_revision,
    lease: kv.lease === NO_LEASE ? null : kv.lease,
    deadline: info === undefined || info.deadline === FOREVER ? null : info.deadline,
    dead: state === 'up' ? (ended ? 'gone' : null) : state,
  }
}

/** Who was told of the lease that a key hangs on, or whom its value names. */
function ownerOf({ sim, ledger }: Scene, kv: KeyValue): string | null {
  const grantee = kv.lease === NO_LEASE ? undefined : ledger.granteeOf(kv.lease)
  return grantee ?? sim.clients.find(({ id }) => id === text(kv.value))?.id ?? null
}
