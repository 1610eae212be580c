// Going from stop to stop, without the time between them: what a lecture does. Each is a seek of
// the run, which changes nothing of it.

import type { Fact, Story } from './story'
import type { Timeline } from './timeline'

/** Virtual ms and steps within which the next stop is looked for. */
const LOOK_MS = 300_000
const LOOK_STEPS = 200_000

/**
 * Plays on until `isThere` holds, as a playing run does: after an event, or at a time that brings
 * something to the story. False where it does not hold within five virtual minutes: the cursor is
 * then where it was.
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

/** To that stop, by its index. False where the run does not reach it. */
export function toStop(run: Timeline, story: Story, stop: number): boolean {
  story.follow(run)
  const known = story.placeOf(stop)
  if (known === null) return playUntil(run, story, () => story.placeOf(stop) !== null)
  toPlace(run, known)
  return true
}

/** To the last stop that was reached before the time of the cursor, or false. */
export function toStopBefore(run: Timeline, story: Story): boolean {
  story.follow(run)
  const place = story.placeBefore(run.now)
  if (place === null) return false
  toPlace(run, place)
  return true
}

/**
 * To where a stop was reached: just after its event, or the time after it. An event of the same
 * time may come later. Steps without an event may lie between; they are taken.
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
  // An event of that very time which comes before the time is over belongs to it.
  if (run.now < at) run.seek({ at })
}
