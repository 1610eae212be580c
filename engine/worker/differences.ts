// Where two runs begin to differ in another way than before: each instant from their parting on is looked at once, and the list is kept until one of them goes on.

import type { TraceEvent } from '../base/trace'
import type { Timeline } from '../replay/timeline'

/** Instants at most that are looked at: about two seconds of work. */
const MOST_INSTANTS = 2000

export class Differences {
  #of = ''
  #found: readonly number[] = []

  /** The next instant (virtual ms) after the cursor of `here`, or the last one before it; null where there is none. `look` tells in what the runs differ where they stand. */
  next(here: Timeline, there: Timeline, back: boolean, look: () => string): number | null {
    if (this.#of !== stateOf(here, there)) {
      this.#found = changes(here, there, look)
      this.#of = stateOf(here, there)
    }
    const { now } = here
    return (back ? this.#found.findLast((at) => at < now) : this.#found.find((at) => at > now)) ?? null
  }
}

function stateOf(here: Timeline, there: Timeline): string {
  return [here, there].map(({ cuts, trace, end }) => `${cuts} ${trace.length} ${end} ${trace.at(-1)?.id}`).join(' ')
}

function changes(here: Timeline, there: Timeline, look: () => string): number[] {
  const places = [here, there].map((run) => ({ run, place: run.position }))
  const found: number[] = []
  let before = ''
  for (const at of instants(here.trace, there.trace)) {
    for (const { run } of places) run.seek({ at })
    const differs = look()
    if (differs !== before) found.push(at)
    before = differs
  }
  for (const { run, place } of places) run.seek(place)
  return found
}

/** When anything but machinery happens in one of the runs, from the first event that they do not share. */
function instants(here: readonly TraceEvent[], there: readonly TraceEvent[]): number[] {
  let parting = 0
  while (parting < Math.max(here.length, there.length) && isSame(here[parting], there[parting])) parting++
  const times = new Set<number>()
  for (const trace of [here, there]) for (const { at, level } of trace.slice(parting)) if (level !== 'machinery') times.add(at)
  return [...times].sort((a, b) => a - b).slice(0, MOST_INSTANTS)
}

/** Branches share their past to the very objects; a run that was varied tells it again. */
function isSame(a: TraceEvent | undefined, b: TraceEvent | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}
