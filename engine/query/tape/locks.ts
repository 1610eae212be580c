// Who holds a lock, by the store and nobody's word: of the keys in etcd's layout `name/leaseid` (concurrency/recipe.ts: ownKey), each put with the lease that it
// names, the one with the least create revision. Elections lie the same way. A key stays in its queue until it is deleted, even if a later put takes its
// lease away: so it does for etcd's recipes.

import { text } from '../../base/bytes'
import { goHex } from '../../base/int64'
import type { Bytes, LeaseId } from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import type { LeaseNames } from '../../text/names'
import type { Lane, Span, Track } from './track'
import { Tracks, touching, turnTo } from './track'

interface Queue {
  track: Track
  /** Create revisions and leases of the keys in it. */
  waiting: Map<Bytes, { created: number; lease: LeaseId }>
  holder: Bytes | null
}

export class Locks implements Lane {
  readonly #all = new Tracks()
  readonly living = null
  readonly #names: LeaseNames
  readonly #ownerOf: (lease: LeaseId) => string | null
  #queues = new Map<Bytes, Queue>()

  /** `ownerOf` names the client that a lease was granted to, as far as anybody knows. */
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

  note(event: TraceEvent): boolean {
    if (event.type === 'key-put') {
      const { key, lease, create_revision } = event.kv
      const name = lease === NO_LEASE ? null : lockOf(key, lease)
      if (name === null) return false
      const queue = this.#queues.get(name) ?? this.#open(name, event.at)
      if (!queue.waiting.has(key)) queue.waiting.set(key, { created: create_revision, lease })
      return this.#settle(queue, event)
    }
    if (event.type !== 'key-deleted') return false
    const slash = event.key.lastIndexOf('/')
    const queue = slash < 0 ? undefined : this.#queues.get(event.key.slice(0, slash))
    return queue?.waiting.delete(event.key) === true && this.#settle(queue, event)
  }

  spansOf(track: Track, from: number, to: number): Span[] {
    return touching(track.spans, from, to)
  }

  #open(name: Bytes, at: number): Queue {
    const queue = { track: this.#all.begin(text(name), text(name), at), waiting: new Map(), holder: null }
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
    const open = track.spans.at(-1)
    if (open !== undefined) open.to = Math.min(open.to, event.at)
    if (holder === null) return true
    const { lease } = queue.waiting.get(holder)!
    const owner = this.#ownerOf(lease)
    const name = this.#names.nameOf(lease, event.id)
    turnTo(track, 'held', event.at, event.id, owner === null ? name : `${owner} ${name}`)
    if (before !== null) this.#all.mark(track, 'handed-over', event)
    return true
  }
}

/** The lock's name where a key is laid out as etcd's mutex does it for that lease; null for any other key. */
function lockOf(key: Bytes, lease: LeaseId): Bytes | null {
  const tail = `/${goHex(lease)}`
  return key.endsWith(tail) ? key.slice(0, -tail.length) : null
}
