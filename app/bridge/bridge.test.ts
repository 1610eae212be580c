import { expect, test } from 'vitest'
import type { Frame, ToWorker } from '../../engine/worker/protocol'
import { createBridge, type Port } from './bridge'

const still: Frame = {
  type: 'frame',
  run: 1,
  now: 0,
  end: 0,
  playing: false,
  speed: 1,
  held: null,
  quiet: true,
  answering: false,
}

function bridged() {
  const sent: ToWorker[] = []
  const port: Port = { postMessage: (message) => sent.push(message), onmessage: null }
  let news = true
  const seen: string[] = []
  const bridge = createBridge(port, {
    frame: () => news,
    stopped: ({ message }) => seen.push(message),
    exported: () => seen.push('exported'),
    tree: () => seen.push('tree'),
    treeOpened: () => seen.push('tree opened'),
    opened: () => seen.push('opened'),
    pictured: () => 0,
    formed: () => 0,
    shared: () => seen.push('shared'),
    refused: (message) => seen.push(message),
    busy: () => {},
  })
  return {
    sent,
    bridge,
    seen,
    answer: (frame: Partial<Frame>, isNews = true) => {
      news = isNews
      port.onmessage?.({ data: { ...still, ...frame } })
    },
    post: (data: Parameters<NonNullable<Port['onmessage']>>[0]['data']) =>
      port.onmessage?.({ data }),
    advances: () => sent.flatMap((message) => (message.type === 'advance' ? [message.wallMs] : [])),
  }
}

test('a worker without a run receives no requests until a run is opened', () => {
  const { bridge, advances } = bridged()
  bridge.restarted()
  bridge.tick(1000)
  expect(bridge.isBusy()).toBe(false)
  bridge.send({ type: 'open-scenario', file: '' })
  bridge.tick(1016)
  expect(advances()).toEqual([0])
})

test('nor while a run that may be refused is on its way to it', () => {
  const { bridge, advances, post, sent, seen } = bridged()
  bridge.restarted()
  bridge.send({ type: 'open-shared', text: '{', form: 'json' })
  expect(bridge.isEmpty()).toBe(false)
  bridge.send({ type: 'undo' })
  bridge.tick(1000)
  expect(advances()).toEqual([])
  post({ type: 'refused', message: 'the whole: JSON' })
  expect(bridge.isEmpty()).toBe(true)
  bridge.tick(1016)
  expect(advances()).toEqual([])
  bridge.send({ type: 'open-shared', text: '{}', form: 'json' })
  post({ type: 'opened', view: {} })
  bridge.tick(1033)
  expect(advances()).toEqual([0])
  expect(sent.map(({ type }) => type)).toEqual(['open-shared', 'open-shared', 'advance'])
  expect(seen).toEqual(['the whole: JSON', 'opened'])
})

test('one advance an animation frame, and none while one is outstanding', () => {
  const { bridge, answer, advances } = bridged()
  bridge.tick(1000)
  bridge.tick(1016)
  expect(advances()).toEqual([0])
  answer({ playing: true })
  bridge.tick(1033)
  expect(advances()).toEqual([0, 33])
})

test('a long gap counts for 100 ms, and a hidden page for nothing', () => {
  const { bridge, answer, advances } = bridged()
  bridge.tick(0)
  answer({ playing: true })
  bridge.tick(5000)
  answer({ playing: true })
  bridge.hide()
  bridge.tick(90_000)
  expect(advances()).toEqual([0, 100, 0])
})

test('a resting run receives no request until a message is sent', () => {
  const { bridge, answer, advances } = bridged()
  bridge.tick(0)
  answer({}, true)
  expect(bridge.isBusy()).toBe(true)
  bridge.tick(16)
  answer({}, false)
  expect(bridge.isBusy()).toBe(false)
  bridge.tick(32)
  expect(advances()).toHaveLength(2)
  bridge.send({ type: 'seek', at: 5 })
  expect(bridge.isBusy()).toBe(true)
  bridge.tick(1000)
  expect(advances()).toEqual([0, 16, 0])
})

test('a playing run receives requests even without news', () => {
  const { bridge, answer } = bridged()
  bridge.tick(0)
  answer({ playing: true }, false)
  expect(bridge.isBusy()).toBe(true)
})

test('a message that was sent during a frame is waited for', () => {
  const { bridge, answer } = bridged()
  bridge.tick(0)
  bridge.send({ type: 'seek', at: 5 })
  answer({}, false)
  expect(bridge.isBusy()).toBe(true)
})

test('after an error of the engine, only an export is sent', () => {
  const { bridge, post, sent, seen } = bridged()
  const recording = {
    leasescope: 1,
    seed: 1,
    config: {
      members: 1,
      etcd: '3.4',
      heartbeatMs: 100,
      electionMs: 1000,
      boot: 'elected',
      latencyMs: 1,
    },
    commands: [],
  } as const
  post({ type: 'stopped', message: 'assertion', recording: { ...recording, commands: [] } })
  bridge.send({ type: 'seek', at: 1 })
  bridge.tick(0)
  expect(sent).toEqual([])
  bridge.send({ type: 'export' })
  expect(sent).toEqual([{ type: 'export' }])
  expect(seen).toEqual(['assertion'])
  expect(bridge.isBusy()).toBe(false)
  bridge.send({ type: 'open', recording: { ...recording, commands: [] }, at: 0 })
  expect(bridge.isBusy()).toBe(true)
  post({ type: 'stopped', message: 'again', recording: { ...recording, commands: [] } })
  bridge.send({ type: 'open-scenario', file: '' })
  expect(bridge.isBusy()).toBe(true)
})

test('a refusal of the worker is reported, and the requests continue', () => {
  const { bridge, post, answer, seen, advances } = bridged()
  bridge.tick(0)
  post({ type: 'refused', message: 'command: no such thing' })
  expect(seen).toEqual(['command: no such thing'])
  answer({ playing: true })
  bridge.tick(16)
  expect(advances()).toEqual([0, 16])
})
