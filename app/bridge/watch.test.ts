import { expect, test } from 'vitest'
import type { FromWorker, ToWorker } from '../../engine/worker/protocol'
import { createBridge, type Port } from './bridge'
import { createWatch, type Waiting } from './watch'

/** A clock that a test moves. */
function hand() {
  let now = 0
  const due: { at: number; callback: () => void }[] = []
  return {
    later(callback: () => void, ms: number) {
      const entry = { at: now + ms, callback }
      due.push(entry)
      return () => {
        if (due.includes(entry)) due.splice(due.indexOf(entry), 1)
      }
    },
    pass(ms: number) {
      const until = now + ms
      for (;;) {
        const next = due.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        due.splice(due.indexOf(next), 1)
        now = next.at
        next.callback()
      }
      now = until
    },
  }
}

function watched() {
  const clock = hand()
  const seen: Waiting[] = []
  const sent: ToWorker['type'][] = []
  const port: Port = { postMessage: ({ type }) => sent.push(type), onmessage: null }
  const bridge = createBridge(
    port,
    {
      frame: () => true,
      stopped: () => {},
      exported: () => {},
      tree: () => {},
      treeOpened: () => {},
      opened: () => {},
      shared: () => {},
      pictured: () => {},
      formed: () => {},
      refused: () => {},
      busy: () => {},
    },
    createWatch(clock.later, (waiting) => seen.push(waiting)),
  )
  const post = (data: FromWorker) => port.onmessage?.({ data })
  const frame = () =>
    post({
      type: 'frame',
      run: 1,
      now: 0,
      end: 0,
      playing: true,
      speed: 1,
      held: null,
      quiet: true,
      answering: false,
    })
  return { clock, seen, sent, bridge, post, frame }
}

test('a frame that is out is said to be on its way after half a second, and may be given up after three', () => {
  const { clock, seen, bridge, post, frame } = watched()
  post({ type: 'ready', life: null })
  bridge.tick(0)
  clock.pass(499)
  expect(seen).toEqual([])
  clock.pass(1)
  expect(seen).toEqual(['working'])
  clock.pass(2499)
  expect(seen).toEqual(['working'])
  clock.pass(1)
  expect(seen).toEqual(['working', 'long'])
  frame()
  expect(seen).toEqual(['working', 'long', 'none'])
  clock.pass(10_000)
  expect(seen).toHaveLength(3)
})

test('frames in time are not reported, for any number of frames', () => {
  const { clock, seen, bridge, post, frame } = watched()
  post({ type: 'ready', life: null })
  for (let i = 0; i < 20; i++) {
    bridge.tick(400 * i)
    clock.pass(400)
    frame()
  }
  expect(seen).toEqual([])
})

test('a run that is being opened is waited for like a frame', () => {
  const { clock, seen, bridge, post } = watched()
  bridge.restarted()
  post({ type: 'ready', life: null })
  bridge.send({ type: 'open-shared', text: '', form: 'plain' })
  clock.pass(3000)
  expect(seen).toEqual(['working', 'long'])
  post({ type: 'opened', view: {} })
  expect(seen.at(-1)).toBe('none')
})

test('any word is a sign of life, and counts from there', () => {
  const { clock, seen, bridge, post } = watched()
  post({ type: 'ready', life: null })
  bridge.tick(0)
  clock.pass(2900)
  post({ type: 'shared', form: 'link', text: '', plain: null })
  clock.pass(400)
  expect(seen).toEqual(['working', 'none'])
  clock.pass(100)
  expect(seen).toEqual(['working', 'none', 'working'])
})

test('a worker whose file does not arrive is said to load, and not to hang', () => {
  const { clock, seen, bridge, post } = watched()
  bridge.tick(0)
  clock.pass(500)
  expect(seen).toEqual(['loading'])
  clock.pass(2500)
  expect(seen).toEqual(['loading', 'stalled'])
  post({ type: 'ready', life: null })
  expect(seen).toEqual(['loading', 'stalled', 'none'])
  clock.pass(500)
  expect(seen.at(-1)).toBe('working')
  bridge.restarted()
  clock.pass(60_000)
  expect(seen.at(-1)).toBe('none')
  // A second worker is not ready either, before its first message.
  bridge.send({ type: 'open-shared', text: '', form: 'plain' })
  clock.pass(60_000)
  expect(seen.slice(-2)).toEqual(['loading', 'stalled'])
})

test('a run that has stopped is not waited for', () => {
  const { clock, seen, bridge, post } = watched()
  post({ type: 'ready', life: null })
  bridge.tick(0)
  const config = {
    members: 1,
    etcd: '3.4',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 1,
  } as const
  post({
    type: 'stopped',
    message: 'assertion',
    recording: { leasescope: 1, seed: 1, config, commands: [] },
  })
  clock.pass(10_000)
  expect(seen).toEqual([])
})
