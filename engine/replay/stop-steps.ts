// Steps from stop to stop, without the time between them, for a lecture. Each is a seek of the run
// and changes nothing in it.

import type { Fact, Story } from './story'
import type { Timeline } from './timeline'

/** The search for the next stop ends after so many virtual ms and steps. */
const LOOK_MS = 300_000
const LOOK_STEPS = 200_000

/**
 * Plays on until `isThere` holds, as a playing run does: after an event, or at a time that matters
 * to the story. False where it does not hold within five virtual minutes. The cursor then stays
 * where it was.
 */
export function playUntil(run: Timeline, story: Story, isThere: () => boolean): boolean {
  const from = run.position
  const until = run.now + LOOK_MS
  story.follow(run)
  for (let steps = 0; steps < LOOK_STEPS; steps++) {
    if (isThere()) return true
    const next = Math.min(run.nextAt(), story.nextTime(run))
    if (next > until) break
    if (run.nextAt() <= next) run.step()
    else run.advance(next)
    story.follow(run)
  }
  run.seek(from)
  story.follow(run)
  return false
}

/** Goes to that stop, by its index. False where the run does not reach it. */
export function toStop(run: Timeline, story: Story, stop: number): boolean {
  story.follow(run)
  const known = story.placeOf(stop)
  if (known === null) return playUntil(run, story, () => story.placeOf(stop) !== null)
  toPlace(run, known)
  return true
}

/** Goes to the last stop that was reached before the time of the cursor, or answers false. */
export function toStopBefore(run: Timeline, story: Story): boolean {
  story.follow(run)
  const place = story.placeBefore(run.now)
  if (place === null) return false
  toPlace(run, place)
  return true
}

/**
 * Goes to where a stop was reached: just after its event, or the time after it. An event of the
 * same time may come later. Steps without an event in between are taken.
 */
export function toPlace(run: Timeline, { after, at }: Fact): void {
  run.seek({ event: after })
  for (;;) {
    const { step } = run.position
    if (run.nextAt() > at) break
    run.step()
    if (run.lastEvent === after) continue
    run.seek({ step, at })
    break
  }
  // An event of that very time, before the time is over, belongs to it.
  if (run.now < at) run.seek({ at })
}
