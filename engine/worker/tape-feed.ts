// Decides when the page needs another timeline: after an added or passed event of its rows, another
// window, or a breach. A long run that plays does not send one for every event; the rest is sent
// when the run is at rest.

import { violationMarks } from '../query/invariants'
import { tapeOf, tapePlaceAt } from '../query/lanes'
import type { Tape, TapeInterest } from '../query/tape/rows'
import { TapeLedger } from '../query/tape/tape-ledger'
import type { Monitoring } from '../replay/monitoring'
import type { Timeline } from '../replay/timeline'

/**
 * While a run plays, its timeline is sent again after a part of its changes: with 10,000 events,
 * after five more.
 */
const PATIENCE = 2_000

export class TapeFeed {
  #ledger = new TapeLedger()
  /**
   * The version, the place of the cursor and the number of breaches in the last timeline; null if
   * none is valid.
   */
  #sent: { version: number; place: number; breaches: number } | null = null

  /** Another window is requested, or another run is open: the next timeline is sent in any case. */
  forget(): void {
    this.#sent = null
  }

  /** The timeline of a run at its cursor, if it differs from the last one; else null. */
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
