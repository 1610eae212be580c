// Faults of members, clients and the network in one row, each with its duration. A fault in another
// row is not repeated here. The crash of a leader is in the leader's row, and the pause of a client
// is in the row of its lease.

import type { ClientId, MemberName, TraceEvent } from '../../base/trace'
import { actor, dialText, sentence } from '../../text/describe'
import type { LeaseNames } from '../../text/names'
import type { SpanKind } from './rows'
import type { Lane, Span, Track } from './track'
import { beginSpan, Tracks } from './track'

/** Rows that show a fault themselves. */
export interface ShownElsewhere {
  leads(member: MemberName): boolean
  holdsLease(client: ClientId): boolean
}

export class Faults implements Lane {
  readonly #all = new Tracks()
  readonly #names: LeaseNames
  readonly #elsewhere: ShownElsewhere
  #track: Track | null = null
  /** The faults that last, by member, client, `network`, or `link` with its name and its dial. */
  #open = new Map<string, Span>()

  constructor(names: LeaseNames, elsewhere: ShownElsewhere) {
    this.#names = names
    this.#elsewhere = elsewhere
  }

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
        if (this.#elsewhere.leads(event.member)) return false
        return this.#begin(
          event.member,
          'crashed',
          event,
          `${event.member} ${event.type === 'member-crashed' ? 'crashes' : 'stops'}`,
        )
      case 'member-restarted':
        return this.#end(event.member, event, `${event.member} restarts`)
      case 'member-paused':
        return this.#begin(event.member, 'paused', event, `${event.member} freezes`)
      case 'member-resumed':
        return this.#end(event.member, event, `${event.member} continues`)
      case 'client-crashed':
        return this.#begin(event.client, 'crashed', event, `${event.client} crashes`)
      case 'client-restarted':
        return this.#end(event.client, event, `${event.client} restarts`)
      case 'client-paused':
        if (this.#elsewhere.holdsLease(event.client)) return false
        return this.#begin(event.client, 'paused', event, `${event.client} freezes`)
      case 'client-resumed':
        return (
          this.#open.has(event.client) &&
          this.#end(event.client, event, `${event.client} continues`)
        )
      case 'partitioned':
        this.#close('network', event.at)
        return this.#begin(
          'network',
          'cut',
          event,
          `cut: ${event.groups.map((group) => group.join(' ')).join(' | ')}`,
        )
      case 'healed':
        return this.#heal(event)
      case 'link-changed': {
        const whom = `link ${event.link} ${event.dial}`
        const text = `${linkName(event.link)} ${dialText(event.dial, event.value)}`
        this.#close(whom, event.at)
        return event.value === 0
          ? this.#end(whom, event, text)
          : this.#begin(whom, 'link', event, text)
      }
      case 'exclusion-broken':
        return false
      default:
        if (event.level !== 'fault') return false
        this.#all.mark(
          this.#row(event.at),
          'fault',
          event,
          `${actor(event)} ${sentence(event, this.#names)}`.replace(/^> /, ''),
        )
        return true
    }
  }

  /** The partition ends, and every link is as at the start of the run. */
  #heal(event: TraceEvent): boolean {
    const text = this.#open.has('network') ? 'cut is healed' : 'the links are healed'
    for (const whom of [...this.#open.keys()])
      if (whom.startsWith('link ')) this.#close(whom, event.at)
    return this.#end('network', event, text)
  }

  #row(at: number): Track {
    this.#track ??= this.#all.begin('faults', 'faults', at)
    return this.#track
  }

  #begin(whom: string, kind: SpanKind, event: TraceEvent, text: string): boolean {
    const track = this.#row(event.at)
    this.#open.set(whom, beginSpan(track, kind, event, text))
    this.#all.mark(track, 'fault', event, text)
    return true
  }

  #end(whom: string, event: TraceEvent, text: string): boolean {
    this.#close(whom, event.at)
    this.#all.mark(this.#row(event.at), 'fault', event, text)
    return true
  }

  #close(whom: string, at: number): void {
    const span = this.#open.get(whom)
    if (span === undefined) return
    span.to = at
    this.#open.delete(whom)
  }
}

/** `m1–m2`, `m1 → m2`, `every link`. */
function linkName(link: string): string {
  return link === 'all' ? 'every link' : link.replace(' to ', ' → ').replace('-', '–')
}
