// What was done to members, clients and the network, as the time it lasted. A critical section with two in it is no fault of anybody's, but it is what faults come to: it
// stands here until somebody leaves.

import type { TraceEvent } from '../../base/trace'
import { troubledPlace } from './place'
import type { SpanKind } from './rows'
import type { Lane, Span, Track } from './track'
import { Tracks, touching, turnTo } from './track'

export class Faults implements Lane {
  readonly #all = new Tracks()
  readonly living = null
  #byPlace = new Map<string, Track>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  note(event: TraceEvent): boolean {
    switch (event.type) {
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
        return this.#begin(event.member, 'crashed', event)
      case 'member-restarted':
        return this.#end(event.member, 'crashed', event)
      case 'member-paused':
        return this.#begin(event.member, 'paused', event)
      case 'member-resumed':
        return this.#end(event.member, 'paused', event)
      case 'client-crashed':
        return this.#begin(event.client, 'crashed', event)
      case 'client-restarted':
        return this.#end(event.client, 'crashed', event)
      case 'client-paused':
        return this.#begin(event.client, 'paused', event)
      case 'client-resumed':
        return this.#end(event.client, 'paused', event)
      case 'exclusion-broken': {
        const place = `section ${event.section}`
        this.#all.mark(this.#placed(place, event.at), 'violation', event)
        return this.#begin(place, 'broken', event, [event.client, ...event.others].join(' and '))
      }
      case 'section-left':
        return this.#end(`section ${event.section}`, 'broken', event)
      case 'partitioned':
        return this.#begin('network', 'cut', event, event.groups.map((group) => group.join(' ')).join(' | '))
      case 'healed':
        return this.#end('network', 'cut', event)
      default: {
        if (event.level !== 'fault') return false
        this.#all.mark(this.#placed(troubledPlace(event), event.at), 'fault', event)
        return true
      }
    }
  }

  spansOf(track: Track, from: number, to: number): Span[] {
    return touching(track.spans, from, to)
  }

  #placed(place: string, at: number): Track {
    const known = this.#byPlace.get(place)
    if (known !== undefined) return known
    const track = this.#all.begin(place, place, at)
    this.#byPlace.set(place, track)
    return track
  }

  #begin(place: string, kind: SpanKind, { at, id }: TraceEvent, text = ''): boolean {
    turnTo(this.#placed(place, at), kind, at, id, text)
    return true
  }

  #end(place: string, kind: SpanKind, { at }: TraceEvent): boolean {
    const open = this.#byPlace.get(place)?.spans.at(-1)
    if (open?.kind !== kind || open.to !== Number.POSITIVE_INFINITY) return false
    open.to = at
    return true
  }
}
