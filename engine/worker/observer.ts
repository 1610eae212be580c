import type { Side } from '../query/compare'
import { Ledger } from '../query/ledger'
import type { Timeline } from '../replay/timeline'
import type { Checks } from './checks'

/** Keeps the ledger of its branch, so that each event is read once. */
export class Observer {
  readonly #checks: Checks
  #ledger = new Ledger()

  constructor(checks: Checks) {
    this.#checks = checks
  }

  /** The branch at its cursor, as the queries need it. */
  observe(run: Timeline): Side {
    this.#ledger.follow(run.trace)
    return {
      scene: { sim: run.sim, ledger: this.#ledger, last: run.lastEvent },
      end: run.end,
      checks: this.#checks.of(run),
    }
  }
}
