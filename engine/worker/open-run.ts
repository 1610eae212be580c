// The session that is on the page. While its author tries it as a learner, that is another session,
// and the author's waits.

import { Session } from '../replay/session'
import type { Timeline } from '../replay/timeline'

export class OpenRun {
  readonly #mostEvents: number
  #session: Session | null = null
  /** The session of the author who tries the run; null while there is no trial. */
  #author: Session | null = null
  #opened = 0
  #madeWith: string | null = null
  /** The versions of the sessions before. */
  #versions = 0

  /** `mostEvents` is the number of events that are played at once. */
  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents
  }

  /** There must be a run. */
  get session(): Session {
    if (this.#session === null) throw new Error('no run is open')
    return this.#session
  }

  get timeline(): Timeline {
    return this.session.timeline
  }

  /** What is kept and handed on: a trial leaves no trace. */
  get kept(): Session {
    return this.#author ?? this.session
  }

  /** How many runs were opened so far. */
  get opened(): number {
    return this.#opened
  }

  /** The engine that made the run; null where it is this one. */
  get madeWith(): string | null {
    return this.#madeWith
  }

  /** Another number for another run and for another branch. */
  get version(): number {
    return this.#versions + this.session.version + this.timeline.cuts
  }

  /** Another run takes the place of this one, and ends a trial. */
  open(session: Session, madeWith: string | null): void {
    this.#author = null
    this.#madeWith = madeWith
    this.#opened++
    this.#show(session)
  }

  /** The run as a learner meets it, from its start. */
  beginTrial(): void {
    const author = this.kept
    this.#show(new Session(author.timeline.recording(), this.#mostEvents))
    this.#author = author
  }

  /** Whether there was a trial. */
  endTrial(): boolean {
    const author = this.#author
    if (author === null) return false
    this.#show(author)
    this.#author = null
    return true
  }

  #show(session: Session): void {
    // The versions of all runs are one count.
    this.#versions += (this.#session?.version ?? 0) + (this.#session?.timeline.cuts ?? 0)
    this.#session = session
  }
}
