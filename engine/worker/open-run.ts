// The run tree on the page. While its author tries it as a learner, the page shows another run
// tree, and the author's is kept.

import { RunTree } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'

export class OpenRun {
  readonly #mostEvents: number
  #tree: RunTree | null = null
  /** The run tree of the author during a trial; null without a trial. */
  #author: RunTree | null = null
  #opened = 0
  #madeWith: string | null = null
  /** The sum of the versions of earlier run trees. */
  #versions = 0

  /** `mostEvents` is the maximum of events played at once. */
  constructor(mostEvents: number) {
    this.#mostEvents = mostEvents
  }

  /** There must be a run. */
  get tree(): RunTree {
    if (this.#tree === null) throw new Error('no run is open')
    return this.#tree
  }

  get timeline(): Timeline {
    return this.tree.timeline
  }

  /** The run tree to keep and to share: a trial leaves no trace. */
  get kept(): RunTree {
    return this.#author ?? this.tree
  }

  /** The number of runs opened so far. */
  get opened(): number {
    return this.#opened
  }

  /** The engine that made the run; null for this one. */
  get madeWith(): string | null {
    return this.#madeWith
  }

  /** A different number for another run and for another branch. */
  get version(): number {
    return this.#versions + this.tree.version + this.timeline.cuts
  }

  /** Replaces this run, and ends a trial. */
  open(tree: RunTree, madeWith: string | null): void {
    this.#author = null
    this.#madeWith = madeWith
    this.#opened++
    this.#show(tree)
  }

  /** The run as a learner meets it, from its start. */
  beginTrial(): void {
    const author = this.kept
    this.#show(new RunTree(author.timeline.recording(), this.#mostEvents))
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

  #show(tree: RunTree): void {
    // The versions of all runs share one count.
    this.#versions += (this.#tree?.version ?? 0) + (this.#tree?.timeline.cuts ?? 0)
    this.#tree = tree
  }
}
