// The store of kept runs as the keeper uses it: one job after the other. A failure is reported once
// until the store works again. Runs that were removed to make room are reported and can be
// restored.

import { type Notice, notify as notifyUi, type UiStore, withdraw } from '../store/ui'
import type { EarlierId, Kept } from './kept'
import type { Aside, KeptRuns } from './kept-runs'
import { isKeptAside, MOST_EARLIER } from './surplus'

export interface Shelf {
  /** The store itself, for jobs that need not wait. */
  runs(): Promise<KeptRuns>
  /** Runs a job after all earlier ones; it never rejects. */
  enqueue(job: (runs: KeptRuns) => Promise<void>): Promise<void>
  /** Resolves when all jobs are complete. */
  settled(): Promise<void>
  failed(error: unknown): void
  /** A run was written: storage works. */
  worked(): void
  /** Reports the runs that were removed to make room, and the one that was not kept. */
  went(gone: Omit<Aside, 'id'>): void
  /**
   * Reports that the run of the last visit still exists. It goes aside when the run on the page is
   * written, or is removed then, so the notice must stay true until it is read.
   */
  notifyEarlier(before: Pick<Kept, 'worked' | 'pinned' | 'name' | 'foreign'>): void
  /** Work that the store does not have: this page can offer it. */
  offer(run: Kept): void
  /** Restores all runs that were removed to make room, pinned. */
  bringBack(): Promise<void>
  /** The run that was not kept; null for none, or if it was taken already. */
  takeDropped(): Kept | null
}

export function createShelf(ui: UiStore, open: () => Promise<KeptRuns>): Shelf {
  let store: Promise<KeptRuns> | null = null
  let failing = false
  let queue: Promise<void> = Promise.resolve()
  /** Runs that were reported as removed, and can be restored. */
  let goneRuns: Kept[] = []
  let removals = 0
  let droppedRun: Kept | null = null

  const notify = (kind: Notice['kind'], text: string, id: EarlierId | null = null) =>
    notifyUi(ui, { kind, text, id })
  const runs = () => {
    store ??= open()
    return store
  }
  function failed(error: unknown): void {
    store = null
    if (failing) return
    failing = true
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const full = error instanceof DOMException && error.name === 'QuotaExceededError'
    notify(
      'failed',
      full
        ? `The browser has no room left, so this run is not kept (${why}). Save it as a file, or delete earlier runs under Share → Open….`
        : `The browser refuses storage, so this run is not kept (${why}). Save it as a file.`,
    )
  }
  function enqueue(job: (runs: KeptRuns) => Promise<void>): Promise<void> {
    queue = queue.then(async () => job(await runs())).catch(failed)
    return queue
  }
  return {
    runs,
    enqueue,
    settled: () => queue,
    failed,
    worked() {
      if (failing) withdraw(ui, 'failed')
      failing = false
    },
    went({ removed, dropped }) {
      if (dropped !== null) {
        droppedRun = dropped
        // It was the run of the last visit, if a notice says that it is here.
        withdraw(ui, 'earlier')
        notify('dropped', 'The run of the link before was not kept: nothing was done in it.')
      }
      if (removed.length === 0) return
      // Runs of an open notice can still be restored.
      if (!ui.getState().notices.some(({ kind }) => kind === 'removed')) {
        goneRuns = []
        removals = 0
      }
      removals += removed.length
      goneRuns.push(...removed.filter((each) => each !== null))
      notify('removed', removedText(removals, goneRuns))
    },
    notifyEarlier(before) {
      droppedRun = null
      notify(
        'earlier',
        isKeptAside(before)
          ? 'The run before this one is kept.'
          : 'The run of your last visit is here until this one is kept.',
      )
    },
    offer(run) {
      droppedRun = run
      withdraw(ui, 'earlier')
      notify(
        'dropped',
        'The run before this one is not kept. This page has it until you close the page.',
      )
    },
    bringBack: () =>
      enqueue(async (all) => {
        await all.bringBack(goneRuns)
        goneRuns = []
        withdraw(ui, 'removed')
      }),
    takeDropped() {
      const run = droppedRun
      droppedRun = null
      return run
    },
  }
}

/** The number of removed runs, and their names if they have some. */
function removedText(count: number, runs: readonly Kept[]): string {
  const names = runs.flatMap(({ name }) => (name === null ? [] : [name]))
  const which = count === 1 ? 'one was removed' : `${count} were removed`
  return `More than ${MOST_EARLIER} runs were kept, so ${which}${names.length === 0 ? '' : `: ${names.join(', ')}`}.`
}
