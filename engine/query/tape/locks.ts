// The holder of a lock by the store. Of the keys in etcd's layout `name/leaseid`
// (concurrency/key.ts: ownKey), each put with the lease in its name, the holder has the least
// create revision. Elections have the same layout. A key stays in its queue until it is deleted,
// even if a later put detaches its lease. A lock without a queue is a plain key of the section's
// name.

import { bytesText } from '../../base/bytes'
import { goHex } from '../../base/int64'
import type { Bytes, LeaseId } from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import type { LeaseNames } from '../../text/names'
import { visibleBytes } from '../../text/visible'
import type { Lane, Track } from './track'
import { endSpan, Tracks, turnTo } from './track'

interface Queue {
  track: Track
  /** Create revisions and leases of the keys in it. */
  waiting: Map<Bytes, { created: number; lease: LeaseId }>
  holder: Bytes | null
}

export class Locks implements Lane {
  readonly #all = new Tracks()
  readonly #names: LeaseNames
  readonly #ownerOf: (lease: LeaseId) => string | null
  #queues = new Map<Bytes, Queue>()
  /** Keys without a slash-and-lease tail: a later section may have the name of one. */
  #plain = new Map<string, Track>()
  #keys = new Set<string>()

  /**
   * `ownerOf` names the client that a lease was granted to; null if no client received the grant.
   */
  constructor(names: LeaseNames, ownerOf: (lease: LeaseId) => string | null) {
    this.#names = names
    this.#ownerOf = ownerOf
  }

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  /** Whether a key belongs to a lock's queue. */
  has(key: string): boolean {
    return this.#keys.has(key)
  }

  /** The holders of the plain key of that name; null if there never was such a key. */
  plain(name: string): Track | null {
    return this.#plain.get(name) ?? null
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'key-put') {
      const { key, lease, create_revision } = event.kv
      const name = lease === NO_LEASE ? null : lockOf(key, lease)
      if (name === null) {
        const track =
          this.#plain.get(bytesText(key)) ??
          new Tracks().begin(bytesText(key), visibleBytes(key), event.at)
        this.#plain.set(bytesText(key), track)
        turnTo(track, 'held', event.at, event.id, this.#holder(lease, create_revision, event.id))
        return false
      }
      this.#keys.add(bytesText(key))
      const queue = this.#queues.get(name) ?? this.#open(name, event.at)
      if (!queue.waiting.has(key)) queue.waiting.set(key, { created: create_revision, lease })
      return this.#settle(queue, event)
    }
    if (event.type !== 'key-deleted') return false
    endSpan(this.#plain.get(bytesText(event.key)), event.at)
    const slash = event.key.lastIndexOf('/')
    const queue = slash < 0 ? undefined : this.#queues.get(event.key.slice(0, slash))
    return queue?.waiting.delete(event.key) === true && this.#settle(queue, event)
  }

  #open(name: Bytes, at: number): Queue {
    const queue = {
      track: this.#all.begin(bytesText(name), visibleBytes(name), at),
      waiting: new Map(),
      holder: null,
    }
    this.#queues.set(name, queue)
    return queue
  }

  #settle(queue: Queue, event: TraceEvent): boolean {
    let holder: Bytes | null = null
    let least = Number.POSITIVE_INFINITY
    for (const [key, { created }] of queue.waiting) {
      if (created >= least) continue
      least = created
      holder = key
    }
    if (holder === queue.holder) return false
    const { track } = queue
    const before = queue.holder
    queue.holder = holder
    endSpan(track, event.at)
    if (holder === null) return true
    const { lease, created } = queue.waiting.get(holder)!
    turnTo(track, 'held', event.at, event.id, this.#holder(lease, created, event.id))
    if (before !== null) this.#all.mark(track, 'handed-over', event)
    return true
  }

  #holder(lease: LeaseId, created: number, at: number): string {
    const owner =
      lease === NO_LEASE ? null : (this.#ownerOf(lease) ?? this.#names.nameOf(lease, at))
    return owner === null ? `token ${created}` : `${owner} · token ${created}`
  }
}

/**
 * The lock's name of a key in the layout of etcd's mutex for that lease; null for any other key.
 */
function lockOf(key: Bytes, lease: LeaseId): Bytes | null {
  const tail = `/${goHex(lease)}`
  return key.endsWith(tail) ? key.slice(0, -tail.length) : null
}
