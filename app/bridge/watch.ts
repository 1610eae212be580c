// The worker is watched: an answer that takes long is said to be on its way, and one that takes
// longer may be given up. Nothing is ended by itself: a busy engine and one that hangs look the
// same from here.

/**
 * `working`: an answer takes long. `long`: so long that the reader may stop the engine. `loading`
 * and `stalled`: the same while the engine's file is on its way. There the network is slow and not
 * the run, so that nothing is held against the run, and what helps is to load the page again.
 */
export type Waiting = 'none' | 'working' | 'long' | 'loading' | 'stalled'

/** Milliseconds without a word from the worker until each of them. */
export const WORKING_MS = 500
export const LONG_MS = 3000

/** Calls back once after so many ms; the answer takes that back. */
export type Later = (callback: () => void, ms: number) => () => void

export interface Watch {
  /** Something was sent that will be answered. */
  asked(): void
  /** The worker said something; more answers may be on their way. */
  heard(more: boolean): void
  /** Another worker stands there, whose file is on its way. */
  restarted(): void
}

export function createWatch(later: Later, onChange: (waiting: Waiting) => void): Watch {
  let loaded = false
  let waiting = false
  let shown: Waiting = 'none'
  let cancel: (() => void) | null = null

  function show(next: Waiting): void {
    if (next === shown) return
    shown = next
    onChange(next)
  }
  function count(): void {
    cancel?.()
    cancel = null
    show('none')
    if (!waiting) return
    cancel = later(() => {
      show(loaded ? 'working' : 'loading')
      cancel = later(() => show(loaded ? 'long' : 'stalled'), LONG_MS - WORKING_MS)
    }, WORKING_MS)
  }
  return {
    asked() {
      if (waiting) return
      waiting = true
      count()
    },
    heard(more) {
      loaded = true
      waiting = more
      count()
    },
    restarted() {
      loaded = false
      waiting = false
      count()
    },
  }
}
