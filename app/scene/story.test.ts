// The opening scene from beginning to end, on the real engine: what a reader presses goes in, and the frames of a real run come out.

import { expect, test } from 'vitest'
import { Host } from '../../engine/worker/host'
import type { ToWorker } from '../../engine/worker/protocol'
import { createCommands } from '../commands/commands'
import { createPrefsStore } from '../store/prefs'
import { createRunStore, receiveFrame } from '../store/run'
import { createUiStore } from '../store/ui'
import { captionOf } from './caption'
import { catalogue } from './catalogue'
import type { Director } from './director'
import { createDirector } from './director'

function page(calm = false, early?: (director: Director) => void) {
  const run = createRunStore()
  const ui = createUiStore()
  const prefs = createPrefsStore(() => {
    throw new Error('no storage')
  })
  const host = new Host(() => 0)
  const sent: ToWorker[] = []
  const send = (message: ToWorker) => {
    sent.push(message)
    host.receive(message)
  }
  const commands = createCommands({ run, ui, prefs, send, isCalm: () => calm, copy: async () => true })
  const director = createDirector(run, ui, commands)
  /** As many animation frames of 100 ms as it takes, at most 300. */
  function frames(until: () => boolean): void {
    for (let i = 0; i < 300; i++) {
      const answer = host.receive({ type: 'advance', wallMs: 100 })
      if (answer?.type === 'frame') run.setState(receiveFrame(run.getState(), answer), true)
      if (until()) return
    }
    throw new Error(`still ${ui.getState().scene.phase} at ${run.getState().now} ms`)
  }
  early?.(director)
  commands.startOver()
  frames(() => true)
  const phase = () => ui.getState().scene.phase
  return { run, ui, commands, director, frames, phase, sent, key: () => run.getState().keys.rows.find(({ key }) => key === '/svc/a') }
}

test('who presses before the lease is there has stopped its heartbeat once it is', () => {
  const { frames, phase, run } = page(false, (director) => director.stopHeartbeat())
  frames(() => phase() === 'waiting')
  frames(() => !run.getState().playing)
  expect(phase()).toBe('ended')
})

test('a key dies with its lease, and is saved by renewing', () => {
  const { run, ui, commands, director, frames, phase, key } = page()
  expect(run.getState()).toMatchObject({ playing: true, speed: 1 })
  expect(run.getState().now).toBeGreaterThanOrEqual(1500)
  expect(phase()).toBe('intro')

  director.stopHeartbeat()
  frames(() => phase() === 'waiting')
  director.answer('no')
  frames(() => !run.getState().playing)
  expect(phase()).toBe('ended')
  const { end } = ui.getState().scene
  expect(run.getState().now).toBe(end?.at)
  expect(key()?.gone).toMatchObject({ end: 'expired', revision: 3 })
  expect(captionOf(ui.getState().scene).verdict?.right).toBe(true)

  director.rewind()
  frames(() => phase() === 'rewound')
  expect(run.getState()).toMatchObject({ playing: false, now: (end?.expiredAt ?? 0) - 2500 })
  expect(key()?.gone).toBeNull()

  director.renew()
  frames(() => phase() === 'saving')
  frames(() => phase() === 'saved')
  expect(run.getState().playing).toBe(true)
  expect(run.getState().now).toBeGreaterThanOrEqual(end?.at ?? Number.POSITIVE_INFINITY)
  expect(key()?.gone).toBeNull()

  director.stopHeartbeat()
  frames(() => phase() === 'ended')
  expect(ui.getState().scene.answer).toBeNull()
  commands.startOver()
  frames(() => phase() === 'intro')
  expect(run.getState().now).toBeLessThan(2000)
})

test('skipping to the moment of the old end saves just as well', () => {
  const { director, frames, phase } = page()
  director.stopHeartbeat()
  frames(() => phase() === 'ended')
  director.rewind()
  frames(() => phase() === 'rewound')
  director.renew()
  frames(() => phase() === 'saving')
  director.skip()
  frames(() => phase() === 'saved')
})

test('nothing plays by itself where motion is to be reduced', () => {
  const { run, director, frames, phase } = page(true)
  expect(run.getState().playing).toBe(false)
  director.stopHeartbeat()
  frames(() => phase() === 'ended')
})

test('the end of a lease of the reader’s own does not stop the wait', () => {
  const { run, ui, commands, director, frames, phase } = page()
  commands.grant(2)
  frames(() => run.getState().leases.total === 2)
  director.stopHeartbeat()
  frames(() => phase() === 'ended')
  expect(
    run
      .getState()
      .leases.rows.filter(({ state }) => state === 'gone')
      .map(({ id }) => id),
  ).toContain(ui.getState().scene.lease)
  expect(run.getState().playing).toBe(false)
})

test('the way by the card, the console and the slider leads to the same places', () => {
  const { run, commands, frames, phase, sent } = page()
  commands.heartbeat('svc', run.getState().leases.rows[0]?.id ?? '', false)
  frames(() => phase() === 'waiting')
  expect(sent.at(-1)).toMatchObject({ type: 'pace', playing: true, stopOn: 'lease-end' })
  commands.enter('etcdctl get /svc/a')
  frames(() => run.getState().console[0]?.exit === 0)
  expect(phase()).toBe('waiting')
  commands.seek(0)
  frames(() => run.getState().now === 0)
  expect(phase()).toBe('intro')
  commands.seek(60_000)
  frames(() => phase() === 'ended')
})

test('a story that was put away lets the lease end without a pause', () => {
  const { run, director, frames, sent } = page()
  director.stopHeartbeat()
  frames(() => run.getState().clients[0]?.sessions[0]?.heartbeat === false)
  director.dismiss()
  expect(sent.at(-1)).toEqual({ type: 'pace', playing: true, speed: 1 })
  frames(() => run.getState().now > 20_000)
  expect(run.getState().playing).toBe(true)
})

test('a scenario has a client of the same name, and the story of the opening rests', () => {
  const { run, ui, commands, frames, sent } = page()
  const scenario = catalogue.find(({ name }) => name === 'heartbeat-stops')
  if (!scenario) throw new Error('the catalogue has no such scenario')
  commands.openScenario(scenario)
  expect(sent.slice(-3).map(({ type }) => type)).toEqual(['open-scenario', 'interest', 'pace'])
  const { scene } = ui.getState()
  frames(() => run.getState().marks.some(({ kind }) => kind === 'revoked') && run.getState().now > 18_000)
  expect(run.getState().playing).toBe(true)
  expect(ui.getState().scene).toBe(scene)
  commands.startOver()
  frames(() => true)
  expect(run.getState().now).toBeLessThan(500)
  expect(ui.getState().scenario).toBe(scenario)
  commands.openOpening()
  frames(() => ui.getState().scene.lease !== null)
  expect(ui.getState().scenario).toBeNull()
  expect(run.getState().now).toBeGreaterThanOrEqual(1500)
})

test('of an enormous paste the page repeats the beginning, and the console remembers nothing', () => {
  const { ui, commands, frames, run } = page()
  commands.enter('etcdctl get a')
  commands.enter('x'.repeat(1_000_000))
  expect(ui.getState().gesture).toHaveLength(2002)
  expect(ui.getState().history).toEqual(['etcdctl get a'])
  frames(() => run.getState().console[1]?.exit === 1)
  expect(run.getState().console[1]?.output[0]?.text).toBe('1000000 characters at once; 262144 are the most. None of it was run.\n')
  expect(run.getState().playing).toBe(true)
})
