import type { CompareView, Side } from '../query/compare'
import { compare, differencesIn } from '../query/compare'
import type { RunTree } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'
import type { Checks } from './checks'
import type { Found } from './differences'
import { Differences } from './differences'
import { Memo } from './memo'
import { Observer } from './observer'

/** The compared branch. */
export interface Other {
  id: number
  run: Timeline
  /** Different values when the branch or its checks have advanced. */
  news: readonly (number | null)[]
}

/** Holds a second branch beside the current one, at the same time. */
export class Comparison {
  readonly #checks: Checks
  #with: number | null = null
  #observer: Observer
  /** The place of the other branch, so that it is not moved there again for every frame. */
  readonly #place = new Memo<[branch: number, now: number, version: number, changes: number]>()
  readonly #differences = new Differences()

  constructor(checks: Checks) {
    this.#checks = checks
    this.#observer = new Observer(checks)
  }

  /** Compares with a branch. Null, and the current branch, end the comparison. */
  with(branch: number | null, { current }: RunTree): void {
    this.#with = branch === current ? null : branch
    this.#observer = new Observer(this.#checks)
  }

  end(): void {
    this.#with = null
  }

  /**
   * The other branch, moved to the same time. Null without a comparison, or if the branch has
   * become the current one or was deleted.
   */
  other(tree: RunTree, now: number): Other | null {
    const id = this.#with
    const run = id === null || id === tree.current ? undefined : tree.timelineOf(id)
    if (id === null || run === undefined) return null
    // The checks follow the branch while it moves.
    this.#checks.of(run)
    if (this.#place.isNew(id, now, tree.version, tree.changes)) tree.follow(id, now)
    const { checks, behind } = this.#checks.catchUp(run)
    return {
      id,
      run,
      news: [id, run.sim.steps, run.trace.length, checks.violations.length, behind],
    }
  }

  view(here: Side, { id, run }: Other, tree: RunTree): CompareView {
    return compare(here, this.#observer.observe(run), { id, name: tree.nameOf(id) ?? '' })
  }

  /** The time of the next or previous difference; null without a comparison. */
  step(tree: RunTree, observer: Observer, back: boolean): Found | null {
    const run = tree.timeline
    const other = this.other(tree, run.now)
    if (other === null) return null
    return this.#differences.next(run, other.run, back, () =>
      differencesIn(this.view(observer.observe(run), other, tree)),
    )
  }
}
