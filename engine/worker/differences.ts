// Where two runs begin to differ in another way than before. Each instant from their parting on is
// looked at once. What was found is kept until one of them goes on.

import type { TraceEvent } from '../base/trace'
import { MOST_EVENTS } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'
import { Memo } from './memo'

/** Instants that one step looks at: about two seconds of work. */
const MOST_INSTANTS = 2000

export interface Found {
  /** Virtual ms; null where nothing was found. */
  at: number | null
  /** Virtual ms until which the runs were looked at so far; null where that is far enough. */
  lookedTo: number | null
}

export class Differences {
  readonly #most: number
  readonly #of = new Memo<readonly unknown[]>()
  /** The instants at which the runs may differ, and how many of them were looked at. */
  #instants: readonly number[] = []
  #looked = 0
  /** In what the runs differ at the last of these, and where that changed. */
  #last = ''
  #found: number[] = []

  constructor(most = MOST_INSTANTS) {
    this.#most = most
  }

  /**
   * The next instant after the cursor of `here`, or the last one before it. `look` tells in what
   * the runs differ where they stand.
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

/** Both as far as the longer one, and back: to look at them adds no event then. */
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
 * When anything but machinery happens in one of the runs, from the first event that they do not
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

/** Branches share their past to the very objects; a run that was varied tells it again. */
function isSame(a: TraceEvent | undefined, b: TraceEvent | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
