import type { FromWorker } from '../../engine/worker/protocol'
import type { Port } from './link'

/** Starts the worker. `failed` is told when it could not start, or threw where nothing caught it. */
export function openWorker(failed: (message: string) => void): Port {
  const worker = new Worker(new URL('../../engine/worker/worker.ts', import.meta.url), { type: 'module' })
  const port: Port = { postMessage: (message) => worker.postMessage(message), onmessage: null }
  worker.onmessage = (event: MessageEvent<FromWorker>) => port.onmessage?.(event)
  worker.onerror = (event) => failed(event.message || 'the worker did not start')
  return port
}
