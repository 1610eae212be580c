// The stories of the run that the worker owns: one for each branch, with the answers that the session keeps.

import { possibleMoves } from '../query/moves'
import type { Session } from '../replay/session'
import { Story } from '../replay/story'
import type { Timeline } from '../replay/timeline'
import type { Answer } from '../sim/stops'
import type { Frame } from './protocol'

export class Storytelling {
  #stories = new WeakMap<Timeline, Story>()
  /** What the last Frame showed. */
  #shown = ''

  /** The story of a branch, which knows as much of the run as was played; null for a run without stops. */
  of(run: Timeline): Story | null {
    if (run.stops === undefined) return null
    const story = this.#stories.get(run) ?? new Story(run.stops, possibleMoves)
    this.#stories.set(run, story)
    story.follow(run)
    return story
  }

  /** Answers a question that is open or waiting at the cursor; null skips it. Any other is ignored. */
  answer(session: Session, stop: number, answer: Answer): void {
    const exact = typeof answer === 'number' ? Math.round(answer) : answer
    if (this.of(session.timeline)?.takes(stop, exact, session.timeline, session.answers)) session.answer(stop, exact)
  }

  /** Skips the open questions: the run plays on without their answers. */
  skipOpen(session: Session): void {
    for (const stop of this.of(session.timeline)?.open(session.timeline, session.answers) ?? []) session.answer(stop, null)
  }

  /** The story at the cursor, where it has changed since the last Frame; `version` is another for another branch. */
  news(session: Session, version: number, quiet: boolean): Pick<Frame, 'story'> {
    const { timeline, answers } = session
    const story = this.of(timeline)?.view(timeline, answers, timeline.commandsAhead, quiet) ?? null
    const shown = `${version} ${JSON.stringify(story)}`
    if (shown === this.#shown) return {}
    this.#shown = shown
    return { story }
  }
}
