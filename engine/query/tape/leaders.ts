// Leaders with their terms, and the gaps without a leader. A leader behind a cut continues to lead
// until it has not heard from a quorum for an election timeout. Once another member leads in a
// later term it is deposed, whatever it believes.

import type { MemberName, TraceEvent } from '../../base/trace'
import type { SpanKind } from './rows'
import type { Lane, Span, Track } from './track'
import { beginSpan, Tracks } from './track'

export class Leaders implements Lane {
  readonly #all = new Tracks()
  readonly #track: Track = this.#all.begin('leader', 'leader', 0)
  #leading = new Map<MemberName, { term: number; span: Span }>()
  #members = new Set<MemberName>()
  #voters: number | null = null
  #groups: readonly (readonly string[])[] | null = null
  #paused = new Set<MemberName>()

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  /** Whether a member takes itself for the leader. */
  leads(member: MemberName): boolean {
    return this.#leading.has(member)
  }

  note(event: TraceEvent): boolean {
    switch (event.type) {
      case 'booted':
      case 'member-joined':
        this.#members.add(event.member)
        return false
      case 'cluster-changed':
        this.#voters = event.voters
        return this.#recheckQuorums(event)
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
        this.#paused.delete(event.member)
        if (this.leads(event.member)) {
          const verb =
            event.type === 'member-crashed'
              ? 'crashes'
              : event.type === 'member-left'
                ? 'leaves'
                : 'stops'
          this.#all.mark(this.#track, 'fell', event, `${event.member} ${verb}`)
        }
        return this.#end(event.member, event.at)
      case 'member-paused':
        this.#paused.add(event.member)
        return this.#recheckQuorums(event)
      case 'member-resumed':
        this.#paused.delete(event.member)
        return this.#recheckQuorums(event)
      case 'partitioned':
        this.#groups = event.groups
        return this.#recheckQuorums(event)
      case 'healed':
        this.#groups = null
        return this.#recheckQuorums(event)
      case 'role-changed':
        return this.#take(event)
      default:
        return false
    }
  }

  #take(event: Extract<TraceEvent, { type: 'role-changed' }>): boolean {
    const { member, role, term } = event
    this.#members.add(member)
    if (role === 'candidate')
      this.#all.mark(this.#track, 'candidate', event, `${member} stands for term ${term}`)
    if (role !== 'leader') return this.#end(member, event.at) || role === 'candidate'
    this.#end(member, event.at)
    for (const other of this.#leading.values())
      if (other.term < term) this.#turn(other, 'deposed', event)
    this.#leading.set(member, {
      term,
      span: this.#begin('leads', event, `${member} · term ${term}`),
    })
    return true
  }

  /**
   * A cut, a pause or the number of voters has changed: checks again which leaders reach a quorum.
   */
  #recheckQuorums(event: TraceEvent): boolean {
    let changed = false
    for (const [member, leading] of this.#leading) {
      if (leading.span.kind === 'deposed') continue
      const kind = this.#paused.has(member) || !this.#hasQuorum(member) ? 'cut-off' : 'leads'
      if (kind === leading.span.kind) continue
      this.#turn(leading, kind, event)
      changed = true
    }
    return changed
  }

  #hasQuorum(member: MemberName): boolean {
    const group = this.#groups?.find((names) => names.includes(member))
    if (group === undefined) return true
    const voters = this.#voters ?? this.#members.size
    return group.filter((name) => this.#members.has(name)).length > voters / 2
  }

  #turn(leading: { span: Span }, kind: SpanKind, event: TraceEvent): void {
    if (leading.span.kind === kind) return
    leading.span.to = event.at
    leading.span = this.#begin(kind, event, leading.span.text)
  }

  #begin(kind: SpanKind, event: TraceEvent, text: string): Span {
    return beginSpan(this.#track, kind, event, text)
  }

  #end(member: MemberName, at: number): boolean {
    const leading = this.#leading.get(member)
    if (leading === undefined) return false
    leading.span.to = at
    this.#leading.delete(member)
    return true
  }
}
