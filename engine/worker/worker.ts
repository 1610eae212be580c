// The worker's entry: messages in, answers out. An exception in the engine stops the run, whose
// recording can be copied.

import { accept } from './accept'
import { Host } from './host'
import type { FromWorker, ToWorker, WorkerName } from './protocol'

/** Opens another run, which does not depend on the previous one. */
const OPENS = new Set<ToWorker['type']>(['open', 'open-scenario', 'open-tree', 'open-shared'])
const host = new Host(() => performance.now())
let stopped = false

function post(answer: FromWorker): void {
  self.postMessage(answer)
}

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const accepted = accept(data)
  if (!accepted.ok) return post({ type: 'refused', message: accepted.reason })
  const { message } = accepted
  if (OPENS.has(message.type)) stopped = false
  // A stopped run does not continue; its recording can still be requested.
  if (stopped && message.type !== 'export') return
  try {
    const answer = host.receive(message)
    if (answer !== null) post(answer)
  } catch (error) {
    stopped = true
    post({
      type: 'stopped',
      message: error instanceof Error ? error.message : String(error),
      recording: host.recording(),
    })
  }
})

// The browser releases a lock when its holder ends: so the page notices the end of a worker.
const life = `leasescope-engine-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`
const locks =
  self.name === ('without-locks' satisfies WorkerName)
    ? undefined
    : (self.navigator.locks as LockManager | undefined)
if (locks === undefined) post({ type: 'ready', life: null })
else
  void locks.request(life, () => {
    post({ type: 'ready', life })
    return new Promise(() => {})
  })
