// The store of kept runs as the keeper uses it: one job after the other, a failure is told once until it works again, and what had to make room is told and can be
// had back.

import { type Tidings, tell as tellUi, type UiStore, untell } from '../store/ui'
import type { Aside, EarlierId, Kept, KeptRuns } from './kept-runs'
import { MOST_EARLIER } from './surplus'

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
  /** All of that kind come back, pinned. */
  bringBack(kind: 'removed' | 'dropped'): Promise<void>
}

export function createShelf(ui: UiStore, open: () => Promise<KeptRuns>): Shelf {
  let store: Promise<KeptRuns> | null = null
  let failing = false
  let queue: Promise<void> = Promise.resolve()
  /** What was said to be gone, and can be had back. */
  const gone: Record<'removed' | 'dropped', Kept[]> = { removed: [], dropped: [] }
  let removals = 0

  const tell = (kind: Tidings['kind'], text: string, id: EarlierId | null = null) => tellUi(ui, { kind, text, id })
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
        gone.dropped = [dropped]
        // It was the one of the last visit, if that was said to be here.
        untell(ui, 'earlier')
        tell('dropped', 'The run of the link before was not kept: nothing was done in it.')
      }
      if (removed.length === 0) return
      // What was said before, and not closed, is still to be had.
      if (!ui.getState().tidings.some(({ kind }) => kind === 'removed')) {
        gone.removed = []
        removals = 0
      }
      removals += removed.length
      gone.removed.push(...removed.filter((each) => each !== null))
      tell('removed', removedText(removals, gone.removed))
    },
    bringBack: (kind) =>
      enqueue(async (all) => {
        await all.bringBack(gone[kind])
        gone[kind] = []
        untell(ui, kind)
      }),
  }
}

/** How many had to go, and their names where they have some. */
function removedText(count: number, runs: readonly Kept[]): string {
  const names = runs.flatMap(({ name }) => (name === null ? [] : [name]))
  const which = count === 1 ? 'one was removed' : `${count} were removed`
  return `More than ${MOST_EARLIER} runs were kept, so ${which}${names.length === 0 ? '' : `: ${names.join(', ')}`}.`
}
