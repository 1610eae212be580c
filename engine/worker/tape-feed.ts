// When the page needs another timeline: where an event of its lanes was added or passed, where
// another window is asked for, and where the checks found a breach. A long run that plays does not
// send one for every event; what was left out is sent when the run rests.

import { violationMarks } from '../query/invariants'
import { tapeOf, tapePlaceAt } from '../query/lanes'
import type { Tape, TapeInterest } from '../query/tape/rows'
import { TapeLedger } from '../query/tape/tape-ledger'
import type { Monitoring } from '../replay/monitoring'
import type { Timeline } from '../replay/timeline'

/**
 * While a run plays, its timeline is sent again after one change in so many: of 10,000, after five
 * more.
 */
const PATIENCE = 2_000

export class TapeFeed {
  #ledger = new TapeLedger()
  /**
   * The version, the place of the cursor and the number of breaches that were sent; null where
   * nothing holds any more.
   */
  #sent: { version: number; place: number; breaches: number } | null = null

  /**
   * Another window is asked for, or another run is there: the next timeline is sent whatever it
   * holds.
   */
  forget(): void {
    this.#sent = null
  }

  /**
   * The timeline of a run at its cursor, where it is another than the one that was sent last; else
   * null.
   */
  next(
    run: Timeline,
    { violations }: Monitoring,
    interest: TapeInterest,
    playing: boolean,
  ): Tape | null {
    this.#ledger.follow(run.trace)
    const { version } = this.#ledger
    const place = tapePlaceAt(this.#ledger, run.now)
    const sent = this.#sent
    if (sent !== null && sent.breaches === violations.length) {
      const news = Math.abs(version - sent.version) + Math.abs(place - sent.place)
      if (news === 0 || (playing && news * PATIENCE < version)) return null
    }
    this.#sent = { version, place, breaches: violations.length }
    return tapeOf(this.#ledger, interest, run.now, violationMarks(violations))
  }
}
