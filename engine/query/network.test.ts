// The messages in flight and the faults of the network, as the page shows them.

import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import type { Config, Fault, Refusal } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Ledger } from './ledger'
import { memberViews } from './members'
import { messageViews } from './messages'
import { networkView } from './network'
import type { Scene } from './scene'
import { logWindow } from './views'

function run(config: Partial<Config> = {}): Timeline {
  return new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 30, ...config },
    commands: [],
  })
}

function sceneOf(timeline: Timeline): Scene {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return { sim: timeline.sim, ledger, last: timeline.lastEvent }
}

const fault = (timeline: Timeline, what: Fault): Refusal | null =>
  timeline.submit({ type: 'fault', fault: what })

test('a cut holds a message of a client, which arrives after the cut', () => {
  const timeline = run()
  timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 10 } })
  expect(messageViews(sceneOf(timeline))).toMatchObject([
    {
      from: 'a',
      to: 'm1',
      kind: 'request',
      label: 'LeaseGrant',
      bad: false,
      sent: 0,
      due: 30,
      doomed: false,
      held: false,
    },
  ])
  fault(timeline, { type: 'partition', groups: [['a'], ['m1']] })
  expect(messageViews(sceneOf(timeline))).toMatchObject([{ doomed: false, held: true }])
  fault(timeline, { type: 'heal' })
  timeline.advance(40)
  expect(messageViews(sceneOf(timeline))).toMatchObject([
    { from: 'm1', to: 'a', kind: 'reply', due: 60, doomed: false, held: false },
  ])
})

test('a message to a member that is down is lost, and no cut holds it', () => {
  const timeline = run()
  timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 10 } })
  fault(timeline, { type: 'partition', groups: [['a'], ['m1']] })
  fault(timeline, { type: 'crash', member: 'm1' })
  expect(messageViews(sceneOf(timeline)).filter(({ to }) => to === 'm1')).toMatchObject([
    { doomed: true, held: false },
  ])
})

test('a message between members is doomed where its receiver cannot be reached', () => {
  const timeline = run({ members: 3, peerLatencyMs: 30 })
  timeline.submit({ type: 'script', client: 'w', source: 'write x' })
  const doomed = (who: string): boolean[] =>
    messageViews(sceneOf(timeline)).flatMap(({ from, to, doomed }) =>
      [from, to].includes(who) ? [doomed] : [],
    )
  timeline.advance(10)
  expect(doomed('w')).toEqual([false])
  while (doomed('m2').length === 0) timeline.step()
  expect(new Set(doomed('m2'))).toEqual(new Set([false]))
  fault(timeline, { type: 'partition', groups: [['m1', 'm3'], ['m2']] })
  expect(new Set(doomed('m2'))).toEqual(new Set([true]))
})

test('a member is paused, down or neither', () => {
  const timeline = run({ members: 3 })
  fault(timeline, { type: 'pause', member: 'm2' })
  fault(timeline, { type: 'crash', member: 'm3' })
  expect(memberViews(sceneOf(timeline)).map(({ paused, role }) => [paused, role])).toEqual([
    [false, 'leader'],
    [true, 'follower'],
    [false, 'down'],
  ])
})

test('the entries of a log are committed up to the index that the member knows', () => {
  const timeline = run({ members: 3 })
  timeline.submit({ type: 'request', client: 'a', request: { type: 'Range', key: 'k' } })
  timeline.advance(50)
  fault(timeline, {
    type: 'partition',
    groups: [
      ['m1', 'a'],
      ['m2', 'm3'],
    ],
  })
  timeline.submit({ type: 'request', client: 'a', request: { type: 'Put', key: 'k', value: 'v' } })
  timeline.advance(150)
  const [m1] = memberViews(sceneOf(timeline))
  expect(m1!.log.at(-1)).toMatchObject({ committed: false, label: 'Put' })
  expect(m1!.log.filter(({ committed }) => committed).at(-1)!.index).toBe(m1!.raftIndex)
})

test('a dial of every link and a dial of one link are distinguished, and both directions are one line', () => {
  const timeline = run({ members: 3, lossPercent: 5 })
  const dials = (): string[] => networkView(sceneOf(timeline)).dials
  expect(dials()).toEqual(['every link loses 5 %'])
  fault(timeline, { type: 'link', link: { from: 'm1', to: 'm2' }, dial: 'delay', value: 40 })
  fault(timeline, {
    type: 'link',
    link: { from: 'm1', to: 'm3', oneWay: true },
    dial: 'loss',
    value: 20,
  })
  expect(dials()).toEqual(['m1–m2 +40 ms', 'every link loses 5 %', 'm1 → m3 loses 20 %'])
  fault(timeline, { type: 'link', link: null, dial: 'loss', value: 0 })
  // A dial of all replaces those of one link.
  expect(dials()).toEqual(['m1–m2 +40 ms'])
  fault(timeline, { type: 'heal' })
  expect(dials()).toEqual(['every link loses 5 %'])
})

test('the tail of the log ends a quarter of the window after the cursor', () => {
  const timeline = run({ members: 3 })
  for (let i = 0; i < 30; i++) {
    timeline.submit({
      type: 'request',
      client: 'a',
      request: { type: 'Put', key: `${i}`, value: '' },
    })
    timeline.advance(timeline.now + 200)
  }
  timeline.seek({ at: 3000 })
  const { from, past, total } = logWindow(sceneOf(timeline), { from: 'tail', count: 20 })
  expect(total).toBeGreaterThan(past + 20)
  expect(from).toBe(past + 5 - 20)
  expect(logWindow(sceneOf(timeline), { from: 7, count: 20 })).toMatchObject({
    from: 7,
    lines: { length: 20 },
  })
})

test('two directions of a link are one where the same dial has the same value, and only there', () => {
  const told = (
    ...turns: [from: string, to: string, dial: 'loss' | 'duplicate', value: number][]
  ): string[] => {
    const timeline = run({ members: 3 })
    for (const [from, to, dial, value] of turns)
      fault(timeline, { type: 'link', link: { from, to, oneWay: true }, dial, value })
    return networkView(sceneOf(timeline)).dials
  }
  expect(told(['m1', 'm2', 'loss', 10], ['m2', 'm1', 'loss', 10])).toEqual(['m1–m2 loses 10 %'])
  expect(told(['m1', 'm2', 'loss', 10], ['m2', 'm1', 'loss', 20])).toEqual([
    'm1 → m2 loses 10 %',
    'm2 → m1 loses 20 %',
  ])
  expect(told(['m1', 'm2', 'loss', 10], ['m2', 'm1', 'duplicate', 10])).toEqual([
    'm1 → m2 loses 10 %',
    'm2 → m1 duplicates 10 %',
  ])
  expect(told(['m1', 'm2', 'loss', 10], ['m3', 'm1', 'loss', 10])).toEqual([
    'm1 → m2 loses 10 %',
    'm3 → m1 loses 10 %',
  ])
})
