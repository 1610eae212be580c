// Who leads, in which term, and the gaps where nobody does. A leader that is behind a wall goes on believing that it leads until it has not heard from a
// quorum for an election timeout; from the moment another leads in a later term it is deposed, whatever it believes.

import type { MemberName, TraceEvent } from '../../base/trace'
import type { Lane, Span, Track } from './track'
import { Tracks, touching } from './track'

export class Leaders implements Lane {
  readonly #all = new Tracks()
  readonly #track: Track = this.#all.begin('leader', 'leader', 0)
  readonly living = null
  #leading = new Map<MemberName, { term: number; span: Span }>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  note(event: TraceEvent): boolean {
    if (event.type === 'member-crashed' || event.type === 'member-left' || event.type === 'member-stopped')
      return this.#end(event.member, event.at)
    if (event.type !== 'role-changed') return false
    const { member, role, term } = event
    if (role === 'candidate') this.#all.mark(this.#track, 'candidate', event)
    if (role !== 'leader') return this.#end(member, event.at) || role === 'candidate'
    this.#end(member, event.at)
    for (const other of this.#leading.values())
      if (other.term < term && other.span.kind === 'leads') other.span = this.#depose(other.span, event)
    this.#leading.set(member, { term, span: this.#begin('leads', event, `${member} · term ${term}`) })
    return true
  }

  spansOf(track: Track, from: number, to: number): Span[] {
    return touching(track.spans, from, to)
  }

  #depose(span: Span, event: TraceEvent): Span {
    span.to = event.at
    return this.#begin('deposed', event, span.text)
  }

  #begin(kind: 'leads' | 'deposed', { at, id }: TraceEvent, text: string): Span {
    const span: Span = { kind, from: at, to: Number.POSITIVE_INFINITY, event: id, text }
    this.#track.spans.push(span)
    return span
  }

  #end(member: MemberName, at: number): boolean {
    const leading = this.#leading.get(member)
    if (leading === undefined) return false
    leading.span.to = at
    this.#leading.delete(member)
    return true
  }
}
