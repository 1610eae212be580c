// The store of kept runs as the keeper uses it: one job after the other, a failure is told once until it works again, and what had to make room is told and can be
// had back.

import { type Tidings, tell as tellUi, type UiStore, untell } from '../store/ui'
import type { EarlierId, Kept, KeptRuns } from './kept-runs'
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
  /** Says which runs had to make room. */
  removed(runs: readonly (Kept | null)[]): void
  /** The last of them comes back, pinned. */
  bringBack(): Promise<void>
}

export function createShelf(ui: UiStore, open: () => Promise<KeptRuns>): Shelf {
  let store: Promise<KeptRuns> | null = null
  let failing = false
  let queue: Promise<void> = Promise.resolve()
  let last: Kept | null = null

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
    removed(gone) {
      if (gone.length === 0) return
      last = gone.findLast((each) => each !== null) ?? last
      const name = last?.name ? `: ${last.name}` : ''
      tell('removed', `More than ${MOST_EARLIER} runs were kept, so one was removed${name}.`)
    },
    bringBack: () =>
      enqueue(async (all) => {
        if (last === null) return
        await all.bringBack(last)
        last = null
        untell(ui, 'removed')
      }),
  }
}
