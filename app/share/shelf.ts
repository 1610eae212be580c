// The store of kept runs as the keeper uses it: one job after the other, a failure is told once
// until it works again, and what had to make room is told and can be had back.

import { type Notice, tell as tellUi, type UiStore, untell } from '../store/ui'
import type { EarlierId, Kept } from './kept'
import type { Aside, KeptRuns } from './kept-runs'
import { isKeptAside, MOST_EARLIER } from './surplus'

export interface Shelf {
  /** The store itself, for what need not wait. */
  runs(): Promise<KeptRuns>
  /** Does something after all that was begun before; it never rejects. */
  enqueue(job: (runs: KeptRuns) => Promise<void>): Promise<void>
  /** When all that was begun is done. */
  settled(): Promise<void>
  failed(error: unknown): void
  /** Something was written: storage works. */
  worked(): void
  /** Says which runs had to make room, and which one was not kept. */
  went(gone: Omit<Aside, 'id'>): void
  /**
   * Says that the run of the last visit is still there. It goes aside when the run on the page is
   * written, or is forgotten then: only what is true until somebody reads it is said.
   */
  tellEarlier(before: Pick<Kept, 'worked' | 'pinned' | 'name' | 'foreign'>): void
  /** Work that the store does not have: it can be had from this page. */
  offer(run: Kept): void
  /** All that had to make room come back, pinned. */
  bringBack(): Promise<void>
  /** The run that was not kept; null where none was, or where it was asked for already. */
  takeDropped(): Kept | null
}

export function createShelf(ui: UiStore, open: () => Promise<KeptRuns>): Shelf {
  let store: Promise<KeptRuns> | null = null
  let failing = false
  let queue: Promise<void> = Promise.resolve()
  /** What was said to be gone, and can be had back. */
  let goneRuns: Kept[] = []
  let removals = 0
  let droppedRun: Kept | null = null

  const tell = (kind: Notice['kind'], text: string, id: EarlierId | null = null) =>
    tellUi(ui, { kind, text, id })
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
    tell(
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
      if (failing) untell(ui, 'failed')
      failing = false
    },
    went({ removed, dropped }) {
      if (dropped !== null) {
        droppedRun = dropped
        // It was the one of the last visit, if that was said to be here.
        untell(ui, 'earlier')
        tell('dropped', 'The run of the link before was not kept: nothing was done in it.')
      }
      if (removed.length === 0) return
      // What was said before, and not closed, is still to be had.
      if (!ui.getState().notices.some(({ kind }) => kind === 'removed')) {
        goneRuns = []
        removals = 0
      }
      removals += removed.length
      goneRuns.push(...removed.filter((each) => each !== null))
      tell('removed', removedText(removals, goneRuns))
    },
    tellEarlier(before) {
      droppedRun = null
      tell(
        'earlier',
        isKeptAside(before)
          ? 'The run before this one is kept.'
          : 'The run of your last visit is here until this one is kept.',
      )
    },
    offer(run) {
      droppedRun = run
      untell(ui, 'earlier')
      tell(
        'dropped',
        'The run before this one is not kept. This page has it until you close the page.',
      )
    },
    bringBack: () =>
      enqueue(async (all) => {
        await all.bringBack(goneRuns)
        goneRuns = []
        untell(ui, 'removed')
      }),
    takeDropped() {
      const run = droppedRun
      droppedRun = null
      return run
    },
  }
}

/** How many had to go, and their names where they have some. */
function removedText(count: number, runs: readonly Kept[]): string {
  const names = runs.flatMap(({ name }) => (name === null ? [] : [name]))
  const which = count === 1 ? 'one was removed' : `${count} were removed`
  return `More than ${MOST_EARLIER} runs were kept, so ${which}${names.length === 0 ? '' : `: ${names.join(', ')}`}.`
}
