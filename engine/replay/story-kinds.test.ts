// The kinds of question beside `choose` and `when`, each marked from a real run. Two leases: L1 of
// 6 s without a heartbeat, L2 of 10 s with one.

import { describe, expect, test } from 'vitest'
import { possibleMoves } from '../query/moves'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { Answer } from '../sim/stops'
import { RunTree } from './run-tree'
import { sharedRun } from './shared-run'
import { Story } from './story'
import type { StoryView } from './story-view'
import { Timeline } from './timeline'

const RUN = `config etcd=3.6 seed=1 latencyMs=30
a session ttl=6 key=/a value=1
until 0.2
b session ttl=10 key=/b value=2
until 0.5
a heartbeat off
until 20
`

class Told {
  readonly timeline: Timeline
  readonly story: Story
  readonly answers = new Map<number, Answer>()
  constructor(stops: string, run = RUN) {
    const { recording } = runScenario(parseScenario(run + stops))
    this.timeline = new Timeline(recording)
    this.story = new Story(recording.stops ?? [], recording.config.etcd, possibleMoves)
  }
  at(seconds: number): StoryView {
    this.timeline.seek({ at: seconds * 1000 })
    this.story.follow(this.timeline)
    return this.story.view(this.timeline, this.answers, this.timeline.commandsAhead, false)
  }
  answer(answer: Answer): boolean {
    const takes = this.story.takes(0, answer, this.timeline, this.answers)
    if (takes) this.answers.set(0, answer)
    return takes
  }
}

describe('which', () => {
  test.each([
    ['lease', 'any lease ends', ['L1', 'L2'], 'L1'],
    ['key', 'any key deleted', ['/a', '/b'], '/a'],
    ['client', 'any client pauses', ['a', 'b'], 'b'],
    ['member', 'any member crashes', ['m1'], 'm1'],
  ])('asks for a %s: the first one that does it is the answer', (of, mark, names, truth) => {
    const told = new Told(
      `pause b\nuntil 21\ncrash m1\nuntil 22\nstop at 1\nask which Which one?\nmark ${mark}`,
    )
    expect(told.at(1).ask).toMatchObject({
      kind: 'which',
      of,
      choices: names,
      state: 'open',
      truth: null,
    })
    expect(told.answer(truth)).toBe(true)
    expect(told.at(22).ask).toMatchObject({ state: 'decided', truth, right: true })
    const { event } = told.at(22).ask!
    expect(told.timeline.trace[event! - 1]!.at).toBe(told.at(22).ask!.decidedAt)
  })
  test('without a sentence of its own, shows the event and its cause', () => {
    const told = new Told('stop at 1\nask which Which key goes first?\nmark any key deleted')
    expect(told.at(1).ask?.so).toBeNull()
    expect(told.at(20).ask?.so).toMatch(
      /^m1 deletes key \/a at revision \d+: its lease L1 has expired$/,
    )
  })
  test('is wrong with another name, and takes no number', () => {
    const told = new Told('stop at 1\nask which Which lease ends first?\nmark any lease ends')
    told.at(1)
    expect(told.answer(1)).toBe(false)
    expect(told.answer('L2')).toBe(true)
    expect(told.at(20).ask).toMatchObject({ truth: 'L1', answer: 'L2', right: false })
  })
  test('lists no names where there are more than six: the reader points', () => {
    const many = Array.from({ length: 7 }, (_, i) => `$ etcdctl put k${i} v`).join('\n')
    expect(
      new Told(`${many}\nuntil 25\nstop at 24\nask which Which key?\nmark any key deleted`).at(24)
        .ask?.choices,
    ).toEqual([])
  })
})

describe('how-much', () => {
  test('of the seconds left: the whole seconds that etcd answers then, at once', () => {
    const told = new Told('stop at 3\nask how-much What does timetolive say of L1?\nmark left L1')
    expect(told.at(3).ask).toMatchObject({
      kind: 'how-much',
      atOnce: true,
      state: 'open',
      truth: null,
    })
    expect(told.answer(3)).toBe(true)
    expect(told.at(3).ask).toMatchObject({ state: 'decided', truth: 3, right: true })
    // The same question to the member itself.
    const asked = runScenario(
      parseScenario(
        `${RUN.replace('until 20', 'until 3')}mode guided\n$ etcdctl lease timetolive $L1\nuntil 4\n`,
      ),
    )
    expect(
      asked.events
        .flatMap((event) => (event.type === 'console-output' ? [event.text] : []))
        .join('\n'),
    ).toMatch(/remaining\(3s\)/)
  })
  test('of a lease that is gone: -1, as etcd answers', () => {
    const told = new Told('stop at 12\nask how-much What does timetolive say of L1?\nmark left L1')
    told.at(12)
    expect(told.answer(0)).toBe(true)
    expect(told.at(12).ask).toMatchObject({ truth: -1, right: false })
  })
  test('of the keys on a lease, and of the revision', () => {
    const keys = new Told('stop at 3\nask how-much How many keys?\nmark keys L1')
    keys.at(3)
    keys.answer(1)
    expect(keys.at(3).ask).toMatchObject({ truth: 1, right: true })
    const revision = new Told('stop at 20\nask how-much Which revision?\nmark revision')
    revision.at(20)
    // Two puts after revision 1, and the delete when L1 ended.
    revision.answer(4)
    expect(revision.at(20).ask).toMatchObject({ truth: 4, right: true })
  })
  test('of a count: decided by its last event, and not before', () => {
    const told = new Told(
      'stop at 1\nask how-much How often is L2 renewed until L1 ends?\nmark count L2 renewed until L1 ends',
    )
    expect(told.at(1).ask).toMatchObject({ atOnce: false })
    told.answer(2)
    expect(told.at(5).ask).toMatchObject({ state: 'waiting', truth: null })
    const ask = told.at(20).ask!
    const { trace } = told.timeline
    const [, second] = trace.flatMap((event) =>
      event.type === 'lease-granted' ? [event.lease] : [],
    )
    const renewals = trace.filter(
      (event) =>
        event.type === 'lease-renewed' &&
        event.lease === second &&
        event.at > 1000 &&
        event.at <= ask.decidedAt!,
    )
    expect(ask).toMatchObject({ state: 'decided', truth: renewals.length })
    expect(renewals.length).toBeGreaterThan(0)
  })
  test('shows the answer to a reader who goes on without answering', () => {
    const told = new Told('stop at 3\nask how-much How many keys?\nmark keys L1')
    told.at(3)
    expect(told.story.open(told.timeline, told.answers)).toEqual([0])
    told.answers.set(0, null)
    expect(told.at(4).ask).toMatchObject({ state: 'decided', truth: 1, right: null })
  })
})

describe('what-next', () => {
  const RACE = `config etcd=3.6 seed=1 latencyMs=30
until 1
a asks m1 put /k a
until 1.01
b asks m1 put /k b
until 3
`
  test('lists the moves that are possible, and the first one that comes is the answer', () => {
    const told = new Told('stop at 1.02\nask what-next Which comes first?', RACE)
    const { choices } = told.at(1.02).ask!
    expect(choices.length).toBeGreaterThan(1)
    const first = choices.findIndex((choice) => choice.startsWith('a → m1'))
    expect(told.answer(first)).toBe(true)
    expect(told.at(1.029).ask).toMatchObject({ state: 'waiting' })
    expect(told.at(2).ask).toMatchObject({
      state: 'decided',
      truth: first,
      right: true,
      decidedAt: 1030,
    })
  })
  test('is dropped where a command comes before the first move', () => {
    const told = new Told('stop at 1.005\nask what-next Which comes first?', RACE)
    told.at(1.005)
    expect(told.at(2).ask).toBeNull()
  })
  test('is not asked where nothing was seen at its stop', () => {
    expect(new Told('stop at 1.02\nask what-next Which comes first?', RACE).at(2).ask).toBeNull()
  })
})

test('the kinds, the hints and the note travel in a file; an answer by name in a kept run', () => {
  const { recording } = runScenario(
    parseScenario(`${RUN}stop at 1
ask which Which lease ends first?
mark any lease ends
hint One has no heartbeat.
note Ask for hands.
stop at 2
ask how-much How often?
mark count L2 renewed until L1 ends
stop at 3
ask what-next What comes next?`),
  )
  expect(recording.stops).toHaveLength(3)
  const tree = new RunTree(recording)
  tree.answer(0, 'L1')
  expect(RunTree.load(tree.save()).answers.get(0)).toBe('L1')
  expect(JSON.stringify(sharedRun(tree, {} as never))).toContain(
    '"hints":["One has no heartbeat."]',
  )
})

test('a stop shows a panel and rows while it is the last one reached', () => {
  const told = new Told(
    'stop at 1\nsay One.\nshow storage, rows leases beliefs\nstop at 2\nsay Two.',
  )
  expect(told.at(0.9).show).toBeNull()
  expect(told.at(1.5).show).toEqual({ panel: 'storage', rows: ['leases', 'beliefs'] })
  expect(told.at(2).show).toBeNull()
})

describe('the expiry heap', () => {
  test('which lease is at the root is answered at the stop', () => {
    const told = new Told('stop at 4\nask which Which lease is at the root?\nmark lease at root')
    expect(told.at(4).ask).toMatchObject({
      kind: 'which',
      of: 'lease',
      atOnce: true,
      choices: ['L1', 'L2'],
      state: 'open',
      truth: null,
    })
    expect(told.answer('L2')).toBe(true)
    // L1 has no heartbeat: it is due at 6.03, and L2 was renewed at 3.4 at the latest.
    expect(told.at(4).ask).toMatchObject({
      state: 'decided',
      truth: 'L1',
      right: false,
      event: null,
    })
  })
  test.each([
    // The root is due at 10 s, the other lease soon after: a renewed root goes below it.
    ['a session ttl=10 key=/a value=1\nuntil 0.2\nb session ttl=10 key=/b value=2\nuntil 20\n', 1],
    // The renewed root is still the first.
    ['a session ttl=6 key=/a value=1\nuntil 0.2\nb session ttl=60 key=/b value=2\nuntil 20\n', 0],
  ])('the number of swaps in a renewal is counted at the renewal', (lines, swaps) => {
    const told = new Told(
      'stop at 1\nask how-much How many swaps?\nmark swaps L1',
      `config etcd=3.6 seed=1 latencyMs=30\n${lines}`,
    )
    expect(told.at(1).ask).toMatchObject({
      kind: 'how-much',
      atOnce: false,
      state: 'open',
      truth: null,
    })
    expect(told.answer(swaps)).toBe(true)
    const { ask } = told.at(8)
    expect(ask).toMatchObject({ state: 'decided', right: true, truth: swaps })
    expect(told.timeline.trace[ask!.event! - 1]).toMatchObject({ type: 'lease-renewed' })
  })
})

test('a count beside the run decides at the stop, once it is there and the reader has answered', () => {
  const counts = {
    extreme: (_which: 'fewest' | 'most', leases: number) =>
      leases === 1000 && isCounted ? ('wheel' as const) : null,
  }
  let isCounted = false
  const lines =
    'stop at 1\nask Which?\nHeap / Wheel\nmark fewest heap at 1000 => heap ; fewest wheel at 1000 => wheel\nso wheel => The wheel.'
  const { recording } = runScenario(parseScenario(RUN + lines))
  const timeline = new Timeline(recording)
  const story = new Story(recording.stops ?? [], recording.config.etcd, possibleMoves, () => counts)
  const at = (seconds: number, answers: ReadonlyMap<number, Answer> = new Map()) => {
    timeline.seek({ at: seconds * 1000 })
    story.follow(timeline)
    return story.view(timeline, answers, 0, false).ask
  }
  // The run continues before the count is there.
  at(8)
  expect(at(1)).toMatchObject({ atOnce: true, state: 'open' })
  expect(at(1, new Map([[0, 1]]))).toMatchObject({ state: 'waiting', truth: null })
  expect([story.awaitsCount(new Map()), story.awaitsCount(new Map([[0, 1]]))]).toEqual([
    false,
    true,
  ])
  isCounted = true
  expect(at(1)).toMatchObject({ state: 'open', truth: null })
  expect(at(1, new Map([[0, 1]]))).toMatchObject({
    state: 'decided',
    truth: 1,
    right: true,
    so: 'The wheel.',
    event: null,
  })
  expect(at(1, new Map([[0, 0]]))).toMatchObject({ state: 'decided', truth: 1, right: false })
  expect(story.awaitsCount(new Map([[0, 1]]))).toBe(false)
})
