import type { FromWorker } from '../../engine/worker/protocol'
import type { Port } from './link'

/** So many crashes in a row, each soon after the last, are no accident. */
const MOST_CRASHES = 3
const SOON_MS = 60_000

export interface WorkerEvents {
  /** It could not start, or crashes again and again. */
  failed(message: string): void
  /** It threw where nothing caught it, and another one stands behind the port. What was under way is gone. */
  restarted(message: string): void
}

/** Starts the worker, and another one when it crashes. */
export function openWorker(events: WorkerEvents): Port {
  const port: Port = { postMessage: (message) => worker.postMessage(message), onmessage: null }
  let worker = start()
  let answered = false
  let crashes = 0
  let lastCrash = 0

  function start(): Worker {
    const made = new Worker(new URL('../../engine/worker/worker.ts', import.meta.url), { type: 'module' })
    made.onmessage = (event: MessageEvent<FromWorker>) => {
      answered = true
      port.onmessage?.(event)
    }
    made.onerror = (event) => {
      if (made !== worker) return
      const message = event.message || 'the worker did not start'
      const now = performance.now()
      crashes = now - lastCrash < SOON_MS ? crashes + 1 : 1
      lastCrash = now
      // One that never said anything will not do better the next time.
      if (!answered || crashes > MOST_CRASHES) return events.failed(message)
      made.terminate()
      answered = false
      worker = start()
      events.restarted(message)
    }
    return made
  }
  return port
}
