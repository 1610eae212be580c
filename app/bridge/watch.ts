// The page watches the worker. A slow answer is reported; a very slow one can be stopped by the
// reader. The page ends nothing without the reader: a busy engine and a hanging one look the same
// from here.

/**
 * `working`: an answer takes long. `long`: long enough that the reader may stop the engine.
 * `loading` and `stalled`: the same for the engine's file. There the network is slow and not the
 * run. The run is not blamed, and a reload of the page helps.
 */
export type Waiting = 'none' | 'working' | 'long' | 'loading' | 'stalled'

/** Milliseconds without a message from the worker, for each state. */
export const WORKING_MS = 500
export const LONG_MS = 3000

/** Calls back once after that many ms; the returned function cancels it. */
export type Later = (callback: () => void, ms: number) => () => void

export interface Watch {
  /** A message was sent that expects an answer. */
  asked(): void
  /** The worker sent a message; more answers may follow. */
  heard(more: boolean): void
  /** Another worker starts; its file is loading. */
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
