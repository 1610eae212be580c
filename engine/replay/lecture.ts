// The teacher's view of the run's story beside the page. It has the note and the hints of the stop,
// the next stop's words, and three times to choose from.

import type { LeaseId } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { Deadlines } from '../sim/deadlines'
import type { Stop } from '../sim/stops'
import { visibleLine } from '../text/visible'
import { offeredTimes } from './offered-times'
import { playUntil } from './stop-steps'
import { Story } from './story'
import { Timeline } from './timeline'

export interface LectureView {
  /**
   * The line for the teacher of the last stop reached; null for a stop without one, and before the
   * first.
   */
  note: string | null
  /** All hints of that stop. */
  hints: string[]
  /**
   * The sentence, question or goal of the next stop in the list; its fields are not known yet. Null
   * after the last stop.
   */
  next: string | null
  /**
   * For a question of kind `when`: three times in virtual ms, the earliest first. One is the right
   * answer. Null for other kinds, and where the run does not give the answer.
   */
  times: number[] | null
}

export class Lecture {
  /** The times that were offered last, and for which run, story and stop. */
  #offered: { run: Timeline; stops: Timeline['stops']; of: string; times: number[] | null } | null =
    null

  /** At the cursor; null for a run without stops. */
  view(run: Timeline, story: Story | null): LectureView | null {
    const { stops } = run
    if (story === null || stops === undefined) return null
    const reached = story.lastReached(run)
    const stop = reached === null ? undefined : stops[reached]
    const ahead = story.firstAhead(run)
    return {
      note: stop?.note === undefined ? null : visibleLine(stop.note),
      hints: (stop?.hints ?? []).map(visibleLine),
      next: ahead === null ? null : wordsOf(stops[ahead]),
      times: reached !== null && stop?.ask?.kind === 'when' ? this.#times(run, reached) : null,
    }
  }

  /**
   * Plays the run on once for each question. Plays it again after a command in it or a change of
   * its stops.
   */
  #times(run: Timeline, stop: number): number[] | null {
    const of = `${stop} ${run.cuts} ${run.commandsTaken + run.commandsAhead}`
    const { stops } = run
    if (
      this.#offered === null ||
      this.#offered.run !== run ||
      this.#offered.stops !== stops ||
      this.#offered.of !== of
    ) {
      this.#offered = { run, stops, of, times: timesOf(run, stop) }
    }
    return this.#offered.times
  }
}

function wordsOf(stop: Stop | undefined): string {
  const words = stop?.say ?? stop?.ask?.text ?? stop?.goal?.text ?? ''
  return visibleLine(words.replace(/\{[^}]*\}/g, '…'))
}

/** A copy of the run is played on, so that the page shows nothing of its future. */
function timesOf(run: Timeline, stop: number): number[] | null {
  const ahead = new Timeline(run.recording())
  const story = new Story(run.stops ?? [], run.sim.config.etcd)
  const place = playUntil(ahead, story, () => story.placeOf(stop) !== null)
    ? story.placeOf(stop)
    : null
  if (place === null || !playUntil(ahead, story, () => story.truthOf(stop) !== null)) return null
  const truth = Number(story.truthOf(stop))
  return offeredTimes({
    seed: ahead.sim.seed,
    stop,
    now: place.at,
    truth,
    plausible: plausible(ahead.trace, place.at),
  })
}

/** The deadlines as known at a time, a whole TTL from that time, and the later events of leases. */
function plausible(trace: readonly TraceEvent[], now: number): number[] {
  const deadlines = new Deadlines()
  const ttls = new Map<LeaseId, number>()
  const later: number[] = []
  for (const event of trace) {
    if (event.at > now) {
      if (event.level === 'lease') later.push(event.at)
      continue
    }
    deadlines.note(event)
    if (event.type === 'lease-granted') ttls.set(event.lease, event.ttlSeconds * 1000)
    if (event.type === 'lease-revoked') ttls.delete(event.lease)
  }
  const left = [...ttls.keys()].map((lease) => now + deadlines.left(lease, now))
  return [...left, ...[...ttls.values()].map((ttl) => now + ttl), ...later]
}
