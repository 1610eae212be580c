// The story of real runs: a lease of ten seconds whose heartbeat stops at 4.9 s. The lease is due
// at 13.597. Its key is deleted at 13.694.

import { describe, expect, test } from 'vitest'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { Recording } from '../sim/recording'
import { RunTree } from './run-tree'
import { openSharedRun, readSharedRun, sharedRun } from './shared-run'
import type { Answers } from './story'
import { Story } from './story'
import type { StoryView } from './story-view'
import { Timeline } from './timeline'
import { varied } from './vary'

const RUN = `config etcd=3.6 seed=1 latencyMs=30
svc session ttl=10 key=/svc/a value=up
until 4.9
svc heartbeat off
until 20
`
const SURVIVES = `
stop at 6
  say  L1 has {left L1} s at {now} s.
  ask  Will the key survive?
    Yes / No
  mark key /svc/a deleted => no ; by 15 => yes
  so   no => The key went at {now} s.
  so   The key is there.
`

function recorded(...stops: string[]): Recording {
  return runScenario(parseScenario(RUN + stops.join('\n'))).recording
}

/** A run and its story, gone through together. */
class Told {
  readonly timeline: Timeline
  readonly story: Story
  constructor(recording: Recording) {
    this.timeline = new Timeline(recording)
    this.story = new Story(recording.stops ?? [], recording.config.etcd)
  }
  at(seconds: number, answers: Answers = new Map(), quiet = false): StoryView {
    this.timeline.seek({ at: seconds * 1000 })
    this.story.follow(this.timeline)
    return this.story.view(this.timeline, answers, this.timeline.commandsAhead, quiet)
  }
}

describe('a stop', () => {
  test('is reached at its time, and not before', () => {
    const told = new Told(recorded(SURVIVES))
    expect(told.at(5.999)).toMatchObject({
      stops: 1,
      reached: null,
      at: null,
      here: false,
      say: null,
      ask: null,
      over: false,
    })
    expect(told.at(6)).toMatchObject({
      reached: 0,
      at: 6000,
      here: true,
      say: 'L1 has 7.5 s at 6.0 s.',
    })
    expect(told.at(7)).toMatchObject({
      reached: 0,
      at: 6000,
      here: false,
      say: 'L1 has 7.5 s at 6.0 s.',
    })
  })
  test('is reached with its event, or so many seconds after it', () => {
    const told = new Told(recorded('stop when heartbeat off', 'stop when key /svc/a deleted +0.5'))
    expect(told.at(4.899).reached).toBe(null)
    expect(told.at(4.9)).toMatchObject({ reached: 0, at: 4900, here: true })
    expect(told.at(14.193).reached).toBe(0)
    expect(told.at(14.194)).toMatchObject({ reached: 1, at: 14_194, here: true })
  })
  test('is reached when a lease is due, although no event says so', () => {
    const told = new Told(recorded('stop when L1 due'))
    expect(told.at(13.596).reached).toBe(null)
    expect(told.at(13.597)).toMatchObject({ reached: 0, at: 13_597 })
    // A deadline that a renewal moved does not count.
    expect(told.at(10.2).reached).toBe(null)
  })
  test('takes one event, so two stops that wait for the same condition come one after the other', () => {
    const told = new Told(recorded('stop when L1 renewed', 'stop when L1 renewed'))
    expect(told.at(3.596)).toMatchObject({ reached: 0, at: 90 })
    expect(told.at(3.597)).toMatchObject({ reached: 1, at: 3597 })
  })
  test('follows the order of the file where the run has another order', () => {
    const told = new Told(recorded('stop when key /svc/a deleted', 'stop when heartbeat off'))
    expect(told.at(5)).toMatchObject({ reached: 1 })
    expect(told.at(14)).toMatchObject({ reached: 0 })
  })
})

describe('a question', () => {
  const yes: Answers = new Map([[0, 0]])
  const no: Answers = new Map([[0, 1]])

  test('is decided by the run, and the right answer is not known before', () => {
    const told = new Told(recorded(SURVIVES))
    told.at(20)
    expect(told.at(13.693, yes).ask).toMatchObject({
      state: 'waiting',
      answer: 0,
      truth: null,
      right: null,
      event: null,
      so: null,
    })
    const decided = told.at(13.694, yes)
    expect(decided.ask).toMatchObject({
      state: 'decided',
      answer: 0,
      truth: 1,
      right: false,
      decidedAt: 13_694,
      so: 'The key went at 13.6 s.',
    })
    expect(told.timeline.trace[decided.ask!.event! - 1]).toMatchObject({
      type: 'key-deleted',
      at: 13_694,
    })
    expect(told.at(13.694, no).ask).toMatchObject({ truth: 1, right: true })
    expect(decided.over).toBe(true)
  })
  test('about a time without an event is decided by that time, which each renewal moves', () => {
    const told = new Told(recorded('stop at 1\n  ask when When is L1 due?\n  mark L1 due'))
    told.at(20)
    expect(told.story.truthOf(0)).toBe(13_597)
    expect(told.at(13.596).ask).toMatchObject({ truth: null })
    expect(told.at(13.597).ask).toMatchObject({ truth: 13_597, decidedAt: 13_597, event: null })
    // The result is the same when it is asked bit by bit, as for a run that plays.
    const watched = new Told(recorded('stop at 1\n  ask when When is L1 due?\n  mark L1 due'))
    for (const seconds of [1, 2, 4, 5, 9, 11, 20]) watched.at(seconds)
    expect(watched.story.truthOf(0)).toBe(13_597)
  })
  test('is open until it is answered or skipped, and is decided in both cases', () => {
    const told = new Told(recorded(SURVIVES))
    expect(told.at(6).ask).toMatchObject({
      kind: 'choose',
      question: 'Will the key survive?',
      choices: ['Yes', 'No'],
      state: 'open',
    })
    expect(told.story.open(told.timeline, new Map())).toEqual([0])
    expect(told.at(6, new Map([[0, null]])).ask).toMatchObject({ state: 'skipped', answer: null })
    expect(told.story.open(told.timeline, new Map([[0, null]]))).toEqual([])
    expect(told.at(14).ask).toMatchObject({ state: 'decided', answer: null, truth: 1, right: null })
  })
  test('is decided by the time where no event decides it', () => {
    const told = new Told(recorded(SURVIVES.replace('by 15', 'by 13')))
    expect(told.at(12.999, yes).ask).toMatchObject({ state: 'waiting' })
    expect(told.at(13, yes).ask).toMatchObject({
      state: 'decided',
      truth: 0,
      right: true,
      event: null,
      decidedAt: 13_000,
      so: 'The key is there.',
    })
    // Later events do not change it.
    expect(told.at(20, yes).ask).toMatchObject({ truth: 0, decidedAt: 13_000 })
  })
  test('of kind when has the time of the event for its answer, within a second', () => {
    const told = new Told(
      recorded('stop at 6', 'ask when When does the key go?', 'mark key /svc/a deleted'),
    )
    const answered = (ms: number): boolean | null | undefined =>
      told.at(14, new Map([[0, ms]])).ask?.right
    expect(told.at(14).ask).toMatchObject({ kind: 'when', choices: [], truth: 13_694 })
    expect([12_693, 12_694, 14_694, 14_695].map(answered)).toEqual([false, true, true, false])
  })
  test('is not decided by earlier events', () => {
    const told = new Told(
      recorded(
        'stop at 1',
        'ask What comes first?',
        'a renewal / the end',
        'mark L1 renewed => a renewal ; L1 ends => the end',
      ),
    )
    expect(told.at(3.5).ask).toMatchObject({ state: 'open', truth: null })
    expect(told.at(3.597).ask).toMatchObject({ truth: 0 })
  })
  test('with a wrong mark gets the answer of the run, not of the author', () => {
    const told = new Told(recorded(SURVIVES.replace('deleted => no', 'deleted => yes')))
    expect(told.at(14, no).ask).toMatchObject({ truth: 0, right: false })
  })
  test('accepts only an answer that it offers, while it is open', () => {
    const told = new Told(recorded(SURVIVES))
    const taken = (seconds: number, stop: number, answer: number | null): boolean => {
      told.at(seconds)
      return told.story.takes(stop, answer, told.timeline, new Map())
    }
    expect([taken(6, 0, 1), taken(6, 0, null)]).toEqual([true, true])
    expect([taken(6, 0, 2), taken(6, 0, 0.5), taken(6, 0, -1), taken(6, 1, 0)]).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect([taken(5, 0, 1), taken(14, 0, 1)]).toEqual([false, false])
  })
})

describe('another run of the same story', () => {
  test('is marked by its own events', () => {
    const told = new Told(varied(recorded(SURVIVES), { ttl: { from: 10, to: 15 } }))
    expect(told.at(15).ask).toMatchObject({ truth: 0, event: null })
    expect(told.at(6).say).toBe('L1 has 9.0 s at 6.0 s.')
  })
  test('that a learner saves is marked by the acts of the learner', () => {
    const tree = new RunTree(recorded(SURVIVES))
    tree.timeline.seek({ at: 20_000 })
    const lease = tree.timeline.sim.clients[0]!.beliefs[0]!.lease
    tree.timeline.seek({ at: 6000 })
    expect(tree.submit({ type: 'heartbeat', client: 'svc', lease, on: true })).toBe(true)
    const story = new Story(tree.timeline.stops!, tree.timeline.sim.config.etcd)
    tree.timeline.advance(15_000)
    story.follow(tree.timeline)
    expect(story.view(tree.timeline, new Map([[0, 0]]), 0, false).ask).toMatchObject({
      truth: 0,
      right: true,
      event: null,
    })
  })
  test('in which a stop never comes is over when nothing will happen any more', () => {
    const told = new Told(recorded(SURVIVES, 'stop when leader crashes'))
    expect(told.at(20, new Map(), false).over).toBe(false)
    expect(told.at(20, new Map(), true).over).toBe(true)
    expect(told.at(5, new Map(), true).over).toBe(false)
  })
  test('in one timeline is read again after a future was cut off', () => {
    const told = new Told(recorded(SURVIVES))
    expect(told.at(20).ask).toMatchObject({ truth: 1 })
    told.timeline.seek({ at: 6000 })
    told.timeline.submit({
      type: 'request',
      client: 'svc',
      request: { type: 'LeaseRevoke', ID: told.timeline.sim.clients[0]!.beliefs[0]!.lease },
    })
    expect(told.at(7).ask).toMatchObject({ truth: 1, decidedAt: 6030 })
  })
})

test('seeking to and fro gives the same views, and so does another timeline', () => {
  const recording = recorded(SURVIVES, 'stop when L1 due', 'stop when key /svc/a deleted +1')
  const times = [0, 0.03, 4.9, 5.999, 6, 9, 13.596, 13.597, 13.693, 13.694, 14.693, 14.694, 20]
  const onward = new Told(recording)
  const views = times.map((time) => JSON.stringify(onward.at(time)))
  const order = [12, 3, 7, 0, 9, 11, 1, 10, 2, 8, 4, 6, 5]
  const jumping = new Told(recording)
  for (const told of [onward, jumping])
    for (const i of order)
      expect(JSON.stringify(told.at(times[i]!)), `at ${times[i]}`).toBe(views[i])
})

describe('stops are saved', () => {
  test('and change nothing in the run, nor in a recording without them', () => {
    const [plain, told] = [new Timeline(recorded()), new Timeline(recorded(SURVIVES))]
    for (const timeline of [plain, told]) timeline.advance(20_000)
    expect(told.trace).toEqual(plain.trace)
    expect(Object.keys(plain.recording())).toEqual([
      'leasescope',
      'engine',
      'seed',
      'config',
      'commands',
    ])
    expect(Object.keys(new RunTree(recorded()).save())).toEqual([
      'engine',
      'branches',
      'current',
      'cursor',
    ])
  })
  test('with a run that is handed on, its branches and its variations', () => {
    const tree = new RunTree(recorded(SURVIVES))
    tree.timeline.advance(10_000)
    tree.timeline.seek({ at: 3000 })
    tree.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    tree.vary('seed 2', varied(tree.timeline.recording(), { seed: 2 }))
    const { stops } = recorded(SURVIVES)
    const read = readSharedRun(JSON.stringify(sharedRun(tree)), 'json')
    if (!read.ok) throw new Error(read.reason)
    const opened = openSharedRun(read.value)
    for (const { id } of opened.branches())
      expect(opened.timelineOf(id)?.stops, `branch ${id}`).toEqual(stops)
    expect(opened.branches()).toHaveLength(3)
  })
  test('with a run tree, answers too', () => {
    const tree = new RunTree(recorded(SURVIVES))
    tree.answer(0, 1)
    tree.answer(3, null)
    const again = RunTree.load(JSON.parse(JSON.stringify(tree.save())))
    expect([...again.answers]).toEqual([
      [0, 1],
      [3, null],
    ])
    expect(again.save()).toEqual(tree.save())
    expect(again.timeline.stops).toEqual(tree.timeline.stops)
  })
})
