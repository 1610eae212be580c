// Finds the times when two runs begin to differ in a new way. Each time after their fork is
// checked once. The results are kept until a run advances.

import type { TraceEvent } from '../base/trace'
import { MOST_EVENTS } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'
import { Memo } from './memo'

/** The times that one step checks: about two seconds of work. */
const MOST_INSTANTS = 2000

export interface Found {
  /** Virtual ms; null for none. */
  at: number | null
  /** Virtual ms up to which the runs were checked so far; null if the whole runs were. */
  lookedTo: number | null
}

export class Differences {
  readonly #most: number
  readonly #of = new Memo<readonly unknown[]>()
  /** The times when the runs may differ, and the number of checked ones. */
  #instants: readonly number[] = []
  #looked = 0
  /** The difference at the last checked time, and the times when it changed. */
  #last = ''
  #found: number[] = []

  constructor(most = MOST_INSTANTS) {
    this.#most = most
  }

  /**
   * The next time after the cursor of `here`, or the last one before it. `look` returns the
   * difference of the runs at their cursors.
   */
  next(here: Timeline, there: Timeline, back: boolean, look: () => string): Found {
    if (!this.#of.is(...stateOf(here), ...stateOf(there))) {
      playAlike(here, there)
      this.#of.isNew(...stateOf(here), ...stateOf(there))
      this.#instants = instants(here.trace, there.trace)
      this.#looked = 0
      this.#last = ''
      this.#found = []
    }
    const { now } = here
    const find = (): number | undefined =>
      back ? this.#found.findLast((at) => at < now) : this.#found.find((at) => at > now)
    const isKnown = (): boolean => {
      const next = this.#instants[this.#looked]
      return next === undefined || (back ? next >= now : find() !== undefined)
    }
    if (!isKnown()) this.#lookOn(here, there, look)
    if (!isKnown()) return { at: null, lookedTo: this.#instants[this.#looked - 1] ?? 0 }
    return { at: find() ?? null, lookedTo: null }
  }

  #lookOn(here: Timeline, there: Timeline, look: () => string): void {
    const places = [here, there].map((run) => ({ run, place: run.position }))
    for (const at of this.#instants.slice(this.#looked, this.#looked + this.#most)) {
      for (const { run } of places) run.seek({ at })
      const differs = look()
      if (differs !== this.#last) this.#found.push(at)
      this.#last = differs
      this.#looked++
    }
    for (const { run, place } of places) run.seek(place)
  }
}

/** Plays both as far as the longer one, and seeks back: checking then adds no event. */
function playAlike(here: Timeline, there: Timeline): void {
  const end = Math.max(here.end, there.end)
  for (const run of [here, there]) {
    if (run.end >= end) continue
    const place = run.position
    run.reach(end, run.trace.length + MOST_EVENTS)
    run.seek(place)
  }
}

function stateOf({ cuts, trace, end }: Timeline): readonly unknown[] {
  return [cuts, trace.length, end, trace.at(-1)?.id]
}

/**
 * The times of all events except machinery in either run, from the first event that they do not
 * share.
 */
function instants(here: readonly TraceEvent[], there: readonly TraceEvent[]): number[] {
  let parting = 0
  while (parting < Math.max(here.length, there.length) && isSame(here[parting], there[parting]))
    parting++
  const times = new Set<number>()
  for (const trace of [here, there])
    for (const { at, level } of trace.slice(parting)) if (level !== 'machinery') times.add(at)
  return [...times].sort((a, b) => a - b)
}

/** Branches share the very event objects of their past; a varied run has equal copies. */
function isSame(a: TraceEvent | undefined, b: TraceEvent | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
