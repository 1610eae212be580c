// The lives of keys: from the put that creates one to whatever deletes it, on a lease or on none.

import { text } from '../../base/bytes'
import type { Bytes } from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { TraceEvent } from '../../base/trace'
import type { Lane, Span, Track } from './track'
import { Tracks, touching, turnTo } from './track'

export class KeyLives implements Lane {
  readonly #all = new Tracks()
  #living = new Map<Bytes, Track>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  get living(): readonly number[] {
    return this.#all.living
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'key-put') {
      const { kv, at, id } = event
      const known = this.#living.get(kv.key)
      const track = known ?? this.#all.begin(text(kv.key), text(kv.key), at)
      this.#living.set(kv.key, track)
      turnTo(track, kv.lease === NO_LEASE ? 'plain' : 'leased', at, id)
      this.#all.mark(track, known === undefined ? 'created' : 'modified', event)
      return true
    }
    if (event.type !== 'key-deleted') return false
    const track = this.#living.get(event.key)
    if (track === undefined) return false
    this.#living.delete(event.key)
    this.#all.end(track, event.at)
    this.#all.mark(track, event.end, event)
    return true
  }

  spansOf(track: Track, from: number, to: number): Span[] {
    return touching(track.spans, from, to)
  }
}
