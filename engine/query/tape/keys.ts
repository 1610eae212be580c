// Keys: a row for each key, with a span for each value while it exists, with or without a lease.

import { bytesText } from '../../base/bytes'
import type { Bytes, LeaseId } from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import { visible, visibleBytes } from '../../text/visible'
import type { Lane, Track } from './track'
import { endSpan, Tracks, turnTo } from './track'

/** The most characters of a value in a row. */
const LONGEST_VALUE = 60

export class KeyLives implements Lane {
  readonly #all = new Tracks()
  #byKey = new Map<Bytes, Track>()
  #living = new Set<Bytes>()
  /** The keys that were put on a lease, in the order of their first puts. */
  #ofLease = new Map<LeaseId, Set<Bytes>>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  /** The first key that was put on a lease and that `fits`, as text, or null. */
  firstOn(lease: LeaseId, fits: (key: string) => boolean): string | null {
    for (const key of this.#ofLease.get(lease) ?? [])
      if (fits(bytesText(key))) return bytesText(key)
    return null
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'key-put') {
      const { kv, at, id } = event
      const track =
        this.#byKey.get(kv.key) ?? this.#all.begin(bytesText(kv.key), visibleBytes(kv.key), at)
      this.#byKey.set(kv.key, track)
      if (kv.lease !== NO_LEASE) this.#hangOn(kv.lease, kv.key)
      turnTo(
        track,
        kv.lease === NO_LEASE ? 'plain' : 'leased',
        at,
        id,
        visible(startOf(bytesText(kv.value))),
      )
      this.#all.mark(track, this.#living.has(kv.key) ? 'modified' : 'created', event)
      this.#living.add(kv.key)
      return true
    }
    if (event.type !== 'key-deleted' || !this.#living.delete(event.key)) return false
    const track = this.#byKey.get(event.key)
    if (track === undefined) return false
    endSpan(track, event.at)
    this.#all.mark(track, event.end, event)
    return true
  }

  #hangOn(lease: LeaseId, key: Bytes): void {
    const keys = this.#ofLease.get(lease) ?? new Set<Bytes>()
    keys.add(key)
    this.#ofLease.set(lease, keys)
  }
}

/** The start of a value, as a row shows it, without half a surrogate pair. */
function startOf(value: string): string {
  return value.length <= LONGEST_VALUE
    ? value
    : value.slice(0, LONGEST_VALUE).replace(/[\ud800-\udbff]$/, '')
}
