import { describe, expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import { readStops } from '../text/stop-file'
import { accept } from './accept'
import { Host } from './host'
import type { StopsView, ToWorker } from './protocol'
import { Rehearsal } from './rehearsal'

/** A lease of 10 s whose heartbeat ends at 4.9 s: its key goes at 13.694 s. */
const RUN = `config etcd=3.6 seed=1 latencyMs=30
svc session ttl=10 key=/svc/a value=up
until 4.9
svc heartbeat off
until 5
`

function stopsOf(text: string) {
  const read = readStops(text)
  if (!read.ok) throw new Error(JSON.stringify(read.fault))
  return read.stops
}

function rehearsed(text: string, at = 5, run = RUN): StopsView {
  const timeline = new Timeline({
    ...runScenario(parseScenario(run)).recording,
    stops: stopsOf(text),
  })
  timeline.seek({ at: at * 1000 })
  const before = [timeline.now, timeline.lastEvent, timeline.end, timeline.trace.length]
  const view = new Rehearsal().view(timeline)
  expect([timeline.now, timeline.lastEvent, timeline.end, timeline.trace.length]).toEqual(before)
  expect(view.until % 30_000).toBe(0)
  expect(view.until).toBeGreaterThanOrEqual(90_000)
  return view
}

describe('the checks', () => {
  test('give the times of each stop and each mark, and the right answer, far beyond the played run', () => {
    const { checks } = rehearsed(`
stop when heartbeat off
  ask Will the key survive?
    Yes / No
  mark by 60 => Yes ; key /svc/a deleted => No ; L2 ends => No
stop when b enters /job
stop at 6
  ask when When does the key go?
  mark key /svc/a deleted
stop at 6
  ask which Which lease ends first?
  mark any lease ends
stop at 6
  ask how-much How long?
  mark left L1`)
    expect(
      checks.map(({ at, marks, truth, decidedAt }) => ({ at, marks, truth, decidedAt })),
    ).toEqual([
      { at: 4900, marks: [60_000, 13_694, null], truth: 1, decidedAt: 13_694 },
      { at: null, marks: [], truth: null, decidedAt: null },
      { at: 6000, marks: [13_694], truth: 13_694, decidedAt: 13_694 },
      { at: 6000, marks: [], truth: 'L1', decidedAt: 13_694 },
      { at: 6000, marks: [], truth: expect.any(Number), decidedAt: 6000 },
    ])
  })
  test('name the first move', () => {
    const { checks } = rehearsed(
      'stop at 0.02\n  ask what-next What comes first?',
      0.02,
      `${RUN}b session ttl=5\n`.replace('until 4.9', 'b session ttl=5\nuntil 4.9'),
    )
    expect(checks[0]).toMatchObject({ at: 20, truth: expect.stringMatching(/→/) })
  })
  test('play the solution of a goal, and list the acts since it was set', () => {
    const goal = (mark: string): string => `stop at 1
  goal Lose the lease.
  part ${mark} => it ends
  may heartbeat svc off
  solve 2 heartbeat svc off`
    expect(rehearsed(goal('L1 ends')).checks[0]).toMatchObject({
      at: 1000,
      solvedAt: expect.any(Number),
      acts: [{ at: 4900, act: 'heartbeat svc off' }],
    })
    expect(rehearsed(goal('L1 ends')).checks[0]!.solvedAt).toBeLessThan(13_694)
    expect(rehearsed(goal('L2 ends')).checks[0]).toMatchObject({ solvedAt: null })
  })
})

describe('a stop at the cursor', () => {
  test('is offered the latest first occurrences, and then the time', () => {
    expect(rehearsed('', 4.9).offered[0]).toBe('when heartbeat off')
    expect(rehearsed('', 5).offered.slice(0, 2)).toEqual(['when heartbeat off +0.1', 'at 5'])
    expect(rehearsed('', 13).offered[0]).toBe('at 13')
  })
  test('is not offered the moment of another stop', () => {
    expect(rehearsed('stop when heartbeat off', 4.9).offered).not.toContain('when heartbeat off')
  })
  test('comes before the later stops; every offer reaches the cursor', () => {
    const text = 'stop at 1\n\nstop at 9\n'
    for (const at of [0.5, 3, 4.9, 5, 10]) {
      const { offered, place } = rehearsed(text, at)
      expect(place).toBe(at < 1 ? 0 : at < 9 ? 1 : 2)
      for (const moment of offered)
        expect(rehearsed(`stop ${moment}`, at).checks[0]!.at).toBe(at * 1000)
    }
  })
  test('may wait for any condition that becomes true in the run', () => {
    const texts = rehearsed('').known.map(({ text }) => text)
    expect(texts).toEqual(
      expect.arrayContaining([
        'L1 granted',
        'key /svc/a created',
        'heartbeat off',
        'L1 ends',
        'key /svc/a deleted',
      ]),
    )
    expect(texts).not.toContain('L1 revoked')
  })
})

test('the worker sends it on request, and then a goal forbids nothing', () => {
  const host = new Host(() => 0)
  const send = (message: ToWorker) => {
    expect(accept(message)).toEqual({ ok: true, message })
    return host.receive(message)
  }
  const goal =
    'stop at 1\n  goal Lose it.\n  part L1 ends => gone\n  may heartbeat svc off\n  solve 2 heartbeat svc off\n'
  send({ type: 'open', recording: runScenario(parseScenario(RUN)).recording, at: 5000 })
  const frame = () => {
    const answer = host.receive({ type: 'advance', wallMs: 16 })
    return answer?.type === 'frame' ? answer : null
  }
  expect(frame()).not.toHaveProperty('stops')
  send({ type: 'stops', stops: stopsOf(goal) })
  const crash: ToWorker = {
    type: 'command',
    command: { type: 'fault', fault: { type: 'crash', member: 'm1' } },
  }
  expect(send(crash)).toMatchObject({ type: 'refused' })
  const interest = {
    leases: { from: 0, count: 10, sort: 'id' },
    keys: { from: 0, count: 10 },
    log: { from: 'tail', count: 10 },
  } as const
  send({ type: 'interest', interest: { ...interest, stops: 'read' } })
  expect(send(crash)).toMatchObject({ type: 'refused' })
  send({ type: 'interest', interest: { ...interest, stops: 'write' } })
  expect(frame()).toMatchObject({
    stops: { stops: stopsOf(goal), place: 1, checks: [{ at: 1000 }] },
    undo: 'add stop 1',
  })
  expect(frame()).not.toHaveProperty('stops')
  expect(send(crash)).toBeNull()
  send({ type: 'undo' })
  send({ type: 'undo' })
  expect(frame()).toMatchObject({ stops: { stops: [], place: 0, checks: [] }, story: null })
  expect(accept({ type: 'stops', stops: [{ when: { type: 'at', at: -1 } }] })).toEqual({
    ok: false,
    reason: expect.stringContaining('0.when.at'),
  })
})

test('a branch leaves out the acts after a stop, and everything else stays', () => {
  const host = new Host(() => 0)
  const run = `${RUN}svc runs late\n`
    .replace('until 4.9', 'program late\n  sleep 1s\nend\nuntil 4.9')
    .replace('svc runs late', 'b runs late')
  host.receive({
    type: 'open',
    recording: { ...runScenario(parseScenario(run)).recording, stops: stopsOf('stop at 1') },
    at: 9000,
  })
  const types = () => host.recording().commands.map(({ type }) => type)
  expect(types()).toEqual(['program', 'heartbeat', 'script'])
  host.receive({ type: 'leave-out', stop: 7 })
  expect(types()).toHaveLength(3)
  host.receive({ type: 'leave-out', stop: 0 })
  expect(types()).toEqual(['program', 'script'])
  expect(host.receive({ type: 'advance', wallMs: 0 })).toMatchObject({
    now: 1000,
    branches: [{ name: 'main' }, { name: 'no solution', current: true }],
  })
  host.receive({ type: 'undo' })
  expect(types()).toHaveLength(3)
})

test('a trial of a run begins without answers, and leaves no trace', () => {
  const host = new Host(() => 0)
  const asked = stopsOf('stop at 1\n  ask which Which?\n  mark any lease ends')
  host.receive({
    type: 'open',
    recording: { ...runScenario(parseScenario(RUN)).recording, stops: asked },
    at: 2000,
  })
  host.receive({ type: 'answer', stop: 0, answer: 'L1' })
  const frame = () => {
    const answer = host.receive({ type: 'advance', wallMs: 0 })
    return answer?.type === 'frame' ? answer : null
  }
  const kept = () => host.receive({ type: 'export-tree' })
  const file = () => host.receive({ type: 'share', form: 'file', view: {} })
  const before = { kept: kept(), file: file(), now: 2000 }
  const { run, opened } = frame()!
  host.receive({ type: 'try' })
  expect(frame()).toMatchObject({ now: 0, opened, undo: null, story: { reached: null } })
  for (const trial of [1, 2]) {
    host.receive({ type: 'seek', at: 1500 })
    expect(frame()).toMatchObject({ story: { reached: 0, ask: { answer: null, state: 'open' } } })
    host.receive({
      type: 'command',
      command: { type: 'fault', fault: { type: 'crash', member: 'm1' } },
    })
    host.receive({ type: 'answer', stop: 0, answer: `L${trial}` })
    // The kept run is still the author's.
    expect([kept(), file()]).toEqual([before.kept, before.file])
    host.receive({ type: 'try' })
    expect(frame()).toMatchObject({ now: 0, branches: [{ name: 'main', commands: 2 }] })
  }
  host.receive({ type: 'end-try' })
  const after = frame()!
  expect(after).toMatchObject({ now: 2000, opened, story: { ask: { answer: 'L1' } } })
  expect(after.run).toBeGreaterThan(run)
  expect([kept(), file()]).toEqual([before.kept, before.file])
  host.receive({ type: 'end-try' })
  expect(frame()).toMatchObject({ now: 2000 })
})
