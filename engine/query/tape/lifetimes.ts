// The lifetimes of leases. A lease's remaining time is a saw-tooth: every grant, renewal and
// promotion sets a deadline, and nothing else moves it. A lifetime keeps those deadlines, as the
// primary of the highest term has them. They decide which stretch was counted, was overdue, or was
// counted by no lessor.
//
//   deadline   ──────────10.0  13.6        none  18.2
//   at         0.0      0.1    3.6         9.1   10.2 promoted
//              └─ granted      └ renewed   └ the primary is gone

import type { LeaseId } from '../../base/rpc'
import type { EventId, TraceEvent } from '../../base/trace'
import { Deadlines } from '../../sim/deadlines'
import type { LeaseNames } from '../../text/names'
import type { MarkKind } from './rows'
import { lastUntil } from './spacing'
import type { Lane, Of, Span, Track } from './track'
import { Tracks } from './track'

/** No lessor counts. */
const NONE = Number.POSITIVE_INFINITY

export interface Lifetime extends Track {
  lease: LeaseId
  ttlSeconds: number
  /**
   * When deadlines were set, to what time (Infinity where no lessor counts), and by which event.
   */
  setAt: number[]
  deadlines: number[]
  setBy: EventId[]
}

export class Lifetimes implements Lane {
  readonly #all = new Tracks()
  readonly #names: LeaseNames
  #living = new Map<LeaseId, Lifetime>()
  #counts: number[] = []
  #byLease = new Map<LeaseId, Lifetime[]>()
  readonly #deadlines = new Deadlines()

  constructor(names: LeaseNames) {
    this.#names = names
  }

  get tracks(): readonly Track[] {
    return this.#all.tracks
  }

  get marks(): Tracks['marks'] {
    return this.#all.marks
  }

  /** How many leases lived after each of `marks`. */
  get living(): readonly number[] {
    return this.#counts
  }

  /**
   * The deadline of a lifetime at an instant: Infinity while no primary counts; NaN before it
   * begins.
   */
  deadlineAt(life: Lifetime, at: number): number {
    return life.deadlines[lastUntil(life.setAt, at)] ?? Number.NaN
  }

  /** Every lifetime of a lease ID; empty for an unknown one. */
  lifetimesOf(lease: LeaseId): readonly Lifetime[] {
    return this.#byLease.get(lease) ?? []
  }

  /**
   * The lifetime of a lease ID at an instant: the last that had begun. Undefined before the first,
   * and for an unknown ID.
   */
  lifetimeAt(lease: LeaseId, at: number): Lifetime | undefined {
    return this.lifetimesOf(lease).findLast(({ from }) => from <= at)
  }

  /**
   * Puts a mark on the row of the living lease, or of the last one that lived; an unknown lease is
   * ignored.
   */
  mark(lease: LeaseId, kind: MarkKind, event: TraceEvent, text: string): void {
    const life = this.lifetimesOf(lease).at(-1)
    if (life !== undefined) this.#mark(life, kind, event, text)
  }

  note(event: TraceEvent): boolean {
    const moved = this.#deadlines.note(event)
    switch (event.type) {
      case 'lease-granted':
        this.#grant(event)
        return true
      case 'lease-renewed':
        return this.#renew(event)
      case 'lease-revoked':
        return this.#end(event)
      default:
        return moved && this.#recount(event)
    }
  }

  /**
   * Live while there is time left, overdue after the deadline, uncounted where no lessor counts.
   */
  spansOf(life: Lifetime, from: number, to: number): Span[] {
    const { setAt, deadlines, setBy, to: end } = life
    const spans: Span[] = []
    const add = (kind: Span['kind'], since: number, until: number, event: EventId): void => {
      if (until <= since && until !== since) return
      const last = spans.at(-1)
      if (last?.kind === kind && last.to === since) last.to = until
      else if (until > since) spans.push({ kind, from: since, to: until, event, text: '' })
    }
    for (let i = Math.max(0, lastUntil(setAt, from)); i < setAt.length && setAt[i]! <= to; i++) {
      const since = setAt[i]!
      const until = Math.min(setAt[i + 1] ?? end, end)
      const deadline = deadlines[i]!
      if (deadline === NONE) {
        add('uncounted', since, until, setBy[i]!)
        continue
      }
      const due = Math.max(since, deadline)
      add('live', since, Math.min(until, due), setBy[i]!)
      if (due < until) add('overdue', due, until, setBy[i]!)
    }
    return spans
  }

  /**
   * The countdowns within a time: from, to and the deadline, three numbers each. Beyond the
   * deadline no time is left, so no countdown is listed.
   */
  teethOf(life: Lifetime, from: number, to: number): number[] {
    const { setAt, deadlines, to: end } = life
    const teeth: number[] = []
    for (let i = Math.max(0, lastUntil(setAt, from)); i < setAt.length && setAt[i]! <= to; i++) {
      const deadline = deadlines[i]!
      const until = Math.min(setAt[i + 1] ?? end, end, deadline)
      if (deadline !== NONE && until > setAt[i]!) teeth.push(setAt[i]!, until, deadline)
    }
    return teeth
  }

  #grant(event: Of<'lease-granted'>): void {
    const { lease, at, id, ttlSeconds } = event
    const life: Lifetime = Object.assign(
      this.#all.begin(lease, this.#names.nameOf(lease, id), at),
      {
        lease,
        ttlSeconds,
        setAt: [],
        deadlines: [],
        setBy: [],
      },
    )
    this.#living.set(lease, life)
    const lifetimes = this.#byLease.get(lease)
    if (lifetimes === undefined) this.#byLease.set(lease, [life])
    else lifetimes.push(life)
    set(life, at, this.#deadlines.dueAt(lease), id)
    this.#mark(life, 'granted', event)
  }

  #renew(event: Of<'lease-renewed'>): boolean {
    const { lease, at, id } = event
    const life = this.#living.get(lease)
    if (life === undefined) return false
    set(life, at, this.#deadlines.dueAt(lease), id)
    this.#mark(life, 'renewed', event)
    return true
  }

  #end(event: Of<'lease-revoked'>): boolean {
    const { lease, at, end } = event
    const life = this.#living.get(lease)
    if (life === undefined) return false
    this.#living.delete(lease)
    this.#all.end(life, at)
    this.#mark(life, end, event)
    return true
  }

  /**
   * Another primary counts now, or the same one by another clock: its deadlines hold from here on.
   */
  #recount(event: TraceEvent): boolean {
    for (const [lease, life] of this.#living) {
      const deadline = this.#deadlines.dueAt(lease)
      if (deadline === life.deadlines.at(-1)) continue
      set(life, event.at, deadline, event.id)
      if (deadline !== NONE)
        this.#mark(life, 'recounted', event, event.type === 'promoted' ? event.member : '')
    }
    return true
  }

  #mark(life: Lifetime, kind: MarkKind, event: TraceEvent, text = ''): void {
    this.#all.mark(life, kind, event, text)
    this.#counts.push(this.#living.size)
  }
}

function set(life: Lifetime, at: number, deadline: number, event: EventId): void {
  // Of several changes in one instant the last one counts.
  if (life.setAt.at(-1) === at) {
    life.deadlines[life.deadlines.length - 1] = deadline
    life.setBy[life.setBy.length - 1] = event
    return
  }
  life.setAt.push(at)
  life.deadlines.push(deadline)
  life.setBy.push(event)
}
