import type { FromWorker, WorkerName } from '../../engine/worker/protocol'
import type { Port } from './bridge'

/** This many crashes in a row, each soon after the last, are not an accident. */
const MOST_CRASHES = 3
const SOON_MS = 60_000

export interface WorkerEvents {
  /** The worker's file did not load, or the worker crashes again and again: no worker is left. */
  failed(why: { message: string; loaded: boolean }): void
  /**
   * The worker threw an error that was not caught, or ended, and another worker replaced it. Its
   * work in progress is lost.
   */
  crashed(message: string): void
}

/** The part of a `Worker` that the page needs. */
export interface Engine {
  postMessage(message: unknown): void
  terminate(): void
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null
  onerror: ((event: ErrorEvent) => void) | null
}

export interface OpenWorker extends Port {
  /** Ends the worker, even in the middle of its work, and starts another one, which has no run. */
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
    // A worker that never sent a message will fail the next time too.
    if (!answered || crashes > MOST_CRASHES) {
      // Its lock is free now; this is not a second crash.
      dead = true
      made.terminate()
      return events.failed({ message, loaded: answered })
    }
    port.restart()
    events.crashed(message)
  }
  return port
}

/** Without locks, as on a page on plain http, the page detects a dead worker by its silence. */
export const browserHost = (name: WorkerName): WorkerHost => ({
  make: () =>
    new Worker(new URL('../../engine/worker/worker.ts', import.meta.url), { type: 'module', name }),
  now: () => performance.now(),
  whenFree: (lock, callback) =>
    void (navigator.locks as LockManager | undefined)?.request(lock, callback).catch(() => {}),
})
