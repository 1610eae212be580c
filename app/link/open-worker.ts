import type { FromWorker } from '../../engine/worker/protocol'
import type { Port } from './link'

/** So many crashes in a row, each soon after the last, are no accident. */
const MOST_CRASHES = 3
const SOON_MS = 60_000

export interface WorkerEvents {
  /** Its file did not load, or it crashes again and again: no worker is left. */
  failed(why: { message: string; loaded: boolean }): void
  /** It threw where nothing caught it, and another one stands behind the port. What was under way is gone. */
  crashed(message: string): void
}

/** What is needed of a `Worker`. */
export interface Engine {
  postMessage(message: unknown): void
  terminate(): void
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

export interface OpenWorker extends Port {
  /** Ends the worker, whatever it does, and starts another one, which knows of no run. */
  restart(): void
}

/** Starts the worker, and another one when it crashes. `now` is wall ms. */
export function openWorker(events: WorkerEvents, make: () => Engine = makeWorker, now = () => performance.now()): OpenWorker {
  let answered = false
  let crashes = 0
  let lastCrash = Number.NEGATIVE_INFINITY
  let worker = start()
  const port: OpenWorker = {
    postMessage: (message) => worker.postMessage(message),
    onmessage: null,
    restart() {
      worker.terminate()
      answered = false
      worker = start()
    },
  }

  function start(): Engine {
    const made = make()
    made.onmessage = (event) => {
      if (made !== worker) return
      answered = true
      port.onmessage?.(event)
    }
    made.onerror = (event) => {
      if (made !== worker) return
      const message = event.message || 'the file of the engine did not arrive'
      crashes = now() - lastCrash < SOON_MS ? crashes + 1 : 1
      lastCrash = now()
      // One that never said anything will not do better the next time.
      if (!answered || crashes > MOST_CRASHES) {
        made.terminate()
        return events.failed({ message, loaded: answered })
      }
      port.restart()
      events.crashed(message)
    }
    return made
  }
  return port
}

function makeWorker(): Engine {
  return new Worker(new URL('../../engine/worker/worker.ts', import.meta.url), { type: 'module' })
}
