import { Monitoring } from '../replay/monitoring'
import type { Timeline } from '../replay/timeline'

/** Wall milliseconds of one frame that the checks of a run may use to catch up. */
export const CHECKS_BUDGET_MS = 4

/** The checks of every branch that was shown. */
export class Checks {
  readonly #wallMs: () => number
  #monitorings = new WeakMap<Timeline, Monitoring>()
  #behindFrames = 0

  constructor(wallMs: () => number) {
    this.#wallMs = wallMs
  }

  /** The checks of a branch. From the first call on, they follow the branch. */
  of(run: Timeline): Monitoring {
    const known = this.#monitorings.get(run)
    if (known !== undefined) return known
    const monitoring = new Monitoring(run)
    this.#monitorings.set(run, monitoring)
    return monitoring
  }

  /**
   * Brings the checks closer to the cursor. `behind` is a different number with every call until
   * they have caught up, so that the page requests the next frame; then it is null.
   */
  catchUp(run: Timeline): { checks: Monitoring; behind: number | null } {
    const checks = this.of(run)
    const began = this.#wallMs()
    checks.catchUp(() => this.#wallMs() - began <= CHECKS_BUDGET_MS)
    return { checks, behind: checks.isBehind ? ++this.#behindFrames : null }
  }
}
