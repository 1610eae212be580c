import type { FromWorker, WorkerName } from '../../engine/worker/protocol'
import type { Port } from './bridge'

/** So many crashes in a row, each soon after the last, are no accident. */
const MOST_CRASHES = 3
const SOON_MS = 60_000

export interface WorkerEvents {
  /** Its file did not load, or it crashes again and again: no worker is left. */
  failed(why: { message: string; loaded: boolean }): void
  /**
   * It threw where nothing caught it, or ended, and another one stands behind the port. What was
   * under way is gone.
   */
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

export interface WorkerHost {
  make(): Engine
  /** Wall ms. */
  now(): number
  /** Calls back when the lock of that name is free. */
  whenFree(lock: string, callback: () => void): void
}

/** Starts the worker, and another one when it crashes or ends. */
export function openWorker(events: WorkerEvents, { make, now, whenFree }: WorkerHost): OpenWorker {
  let answered = false
  let crashes = 0
  let lastCrash = Number.NEGATIVE_INFINITY
  let dead = false
  let worker = start()
  const port: OpenWorker = {
    postMessage: (message) => worker.postMessage(message),
    onmessage: null,
    restart() {
      worker.terminate()
      answered = false
      dead = false
      worker = start()
    },
  }

  function start(): Engine {
    const made = make()
    made.onmessage = (event) => {
      if (made !== worker) return
      answered = true
      const { data } = event
      if (data.type === 'ready' && data.life !== null)
        whenFree(data.life, () => crashed(made, 'the worker ended'))
      port.onmessage?.(event)
    }
    made.onerror = (event) =>
      crashed(made, event.message || 'the file of the engine did not arrive')
    return made
  }
  function crashed(made: Engine, message: string): void {
    if (made !== worker || dead) return
    crashes = now() - lastCrash < SOON_MS ? crashes + 1 : 1
    lastCrash = now()
    // One that never said anything will not do better the next time.
    if (!answered || crashes > MOST_CRASHES) {
      // Its lock is free now, which is no second crash.
      dead = true
      made.terminate()
      return events.failed({ message, loaded: answered })
    }
    port.restart()
    events.crashed(message)
  }
  return port
}

/** Without locks, as in a page on plain http, a worker that ends is noticed by its silence. */
export const browserHost = (name: WorkerName): WorkerHost => ({
  make: () =>
    new Worker(new URL('../../engine/worker/worker.ts', import.meta.url), { type: 'module', name }),
  now: () => performance.now(),
  whenFree: (lock, callback) =>
    void (navigator.locks as LockManager | undefined)?.request(lock, callback).catch(() => {}),
})
