import { expect, test } from 'vitest'
import type { FromWorker } from '../../engine/worker/protocol'
import { type Engine, openWorker } from './open-worker'

function opened() {
  const made: (Engine & { ended: boolean; sent: unknown[] })[] = []
  const seen: string[] = []
  const free = new Map<string, () => void>()
  let now = 0
  const port = openWorker(
    {
      failed: ({ message, loaded }) =>
        seen.push(`failed ${loaded ? 'after it had loaded' : 'to load'}: ${message}`),
      crashed: (message) => seen.push(`crashed: ${message}`),
    },
    {
      now: () => now,
      whenFree: (lock, callback) => free.set(lock, callback),
      make() {
        const sent: unknown[] = []
        const engine = {
          ended: false,
          sent,
          postMessage: (message: unknown) => void sent.push(message),
          terminate() {
            engine.ended = true
          },
          onmessage: null,
          onerror: null,
        }
        made.push(engine)
        return engine
      },
    },
  )
  const say = (index: number, data: FromWorker) =>
    made[index]!.onmessage?.({ data } as MessageEvent<FromWorker>)
  const crash = (index: number, message: string) =>
    made[index]!.onerror?.({ message } as ErrorEvent)
  return { made, seen, port, free, say, crash, pass: (ms: number) => (now += ms) }
}

test('a worker whose file does not arrive did not load, and is not tried again', () => {
  const { made, seen, crash } = opened()
  crash(0, '')
  expect(seen).toEqual(['failed to load: the file of the engine did not arrive'])
  expect(made).toHaveLength(1)
})

test('the fourth crash within a minute is the last', () => {
  const { made, seen, say, crash, pass } = opened()
  for (let i = 0; i < 4; i++) {
    say(i, { type: 'ready', life: null })
    crash(i, `crash ${i + 1}`)
    pass(10_000)
  }
  expect(seen).toEqual([
    'crashed: crash 1',
    'crashed: crash 2',
    'crashed: crash 3',
    'failed after it had loaded: crash 4',
  ])
  expect(made.map(({ ended }) => ended)).toEqual([true, true, true, true])
})

test('crashes that lie far apart are never too many', () => {
  const { seen, say, crash, pass } = opened()
  for (let i = 0; i < 6; i++) {
    say(i, { type: 'ready', life: null })
    crash(i, 'again')
    pass(60_000)
  }
  expect(seen).toHaveLength(6)
  expect(seen.every((line) => line === 'crashed: again')).toBe(true)
})

test('a worker that hangs or has ended is given up for another, and is not heard any more', () => {
  const { made, seen, port, say, crash } = opened()
  const heard: string[] = []
  port.onmessage = ({ data }) => heard.push(data.type)
  say(0, { type: 'ready', life: null })
  port.restart()
  expect(made.map(({ ended }) => ended)).toEqual([true, false])
  say(0, { type: 'opened', view: {} })
  crash(0, 'too late')
  say(1, { type: 'ready', life: null })
  port.postMessage({ type: 'undo' })
  expect(heard).toEqual(['ready', 'ready'])
  expect(seen).toEqual([])
  expect(made[1]!.sent).toEqual([{ type: 'undo' }])
})

test('a worker that ends without a word is noticed by its lock, and another one is started', () => {
  const { made, seen, port, free, say } = opened()
  say(0, { type: 'ready', life: 'first' })
  free.get('first')?.()
  expect(seen).toEqual(['crashed: the worker ended'])
  expect(made).toHaveLength(2)
  // A worker that the page has ended itself did not crash.
  say(1, { type: 'ready', life: 'second' })
  port.restart()
  free.get('second')?.()
  expect(seen).toHaveLength(1)
  expect(made).toHaveLength(3)
})
