// The common parts of every story of the catalogue. Its title is a question, its sentence does not
// tell the ending, and its own run reaches and decides its stops.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { counted } from '../lease/structures/growth'
import { possibleMoves } from '../query/moves'
import { Story } from '../replay/story'
import type { StoryView } from '../replay/story-view'
import { Timeline } from '../replay/timeline'
import type { Scenario } from '../scenario/scenario'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Recording } from '../sim/recording'
import type { Answer } from '../sim/stops'
import { commandOfAct } from '../text/act'
import { combinations } from '../text/draw'
import { timesOf } from './times'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
const LONGEST_TITLE = 60
const LONGEST_SENTENCE = 110

/**
 * The run of a file up to its end (virtual ms), and its story as it changes on the way. The last
 * view is that at the end.
 */
function told(scenario: Scenario): { recording: Recording; end: number; views: StoryView[] } {
  const { recording, events } = playScenario(scenario)
  const times = scenario.steps.map((step) => (step.type === 'until' ? step.at : 0))
  const end = Math.max(events.at(-1)?.at ?? 0, ...times)
  const timeline = new Timeline(recording)
  const story = new Story(recording.stops ?? [], recording.config.etcd, possibleMoves, counted)
  const views: StoryView[] = []
  /**
   * An answer that the run gives at the stop itself is shown once the reader has answered or
   * skipped.
   */
  const answers = new Map<number, Answer>()
  for (;;) {
    story.follow(timeline)
    const view = story.view(timeline, answers, timeline.commandsAhead, false)
    const last = views.at(-1)
    const isEnd = timeline.now >= end && timeline.nextAt() > end
    if (isEnd || last?.reached !== view.reached || last?.ask?.state !== view.ask?.state)
      views.push(view)
    if (isEnd) return { recording, end, views }
    if (view.ask?.atOnce && !answers.has(view.reached!)) {
      answers.set(view.reached!, null)
      continue
    }
    const next = Math.min(story.nextTime(timeline), end)
    if (timeline.nextAt() <= next) timeline.step()
    else timeline.advance(next)
  }
}

describe.each(names)('%s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8')
  const scenario = parseScenario(text)
  const { title, sentence, shelf, source, start, stops } = scenario

  test('begins with a question and a sentence of one line', () => {
    expect(title).toMatch(/^[A-Z].*\?$/)
    expect(title.length).toBeLessThanOrEqual(LONGEST_TITLE)
    expect(sentence).toMatch(/^\S.*\.$/)
    expect(sentence.length).toBeLessThanOrEqual(LONGEST_SENTENCE)
    expect(text.split('\n')[2]).toBe('')
    expect(shelf).not.toBe(null)
    expect(source !== null, 'a report has its address, and nothing else has one').toBe(
      shelf === 'field',
    )
  })

  test('reaches its stops in order, decides each question before the next stop, and continues after the last', () => {
    const { end, views } = told(scenario)
    const reached = views.flatMap(({ reached }) => reached ?? [])
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(new Set(reached)).toEqual(new Set(stops.keys()))
    expect(stops.length).toBeGreaterThan(0)
    for (const [stop, { say, ask, goal }] of stops.entries()) {
      expect(
        say !== undefined || ask !== undefined || goal !== undefined,
        `stop ${stop} says or asks something, or sets a goal`,
      ).toBe(true)
      const last = views.findLast((view) => view.reached === stop)
      if (ask !== undefined)
        expect(last?.ask, `stop ${stop}`).toMatchObject({
          state: 'decided',
          so: expect.any(String),
        })
    }
    expect(end).toBeGreaterThan(views.at(-1)!.at!)
    expect(views.at(-1)?.over).toBe(stops.every(({ goal }) => goal === undefined))
  })

  for (const [stop, { goal }] of stops.entries()) {
    if (goal === undefined) continue
    test(`reaches the goal of stop ${stop} with its solution, and not with one act less`, () => {
      const reached = (left: number, numbers = 0): boolean => {
        const other = parseScenario(text, numbers)
        const timeline = new Timeline(playScenario(other).recording)
        const story = new Story(other.stops, timeline.sim.config.etcd)
        for (const [i, { at, act }] of other.stops[stop]!.goal!.solution.entries()) {
          timeline.advance(at)
          const command = commandOfAct(act, timeline.sim)
          expect(command, act).toBeDefined()
          if (i !== left) timeline.submit(command!)
        }
        timeline.advance(timeline.now + 60_000)
        story.follow(timeline)
        return story.view(timeline, new Map(), 0, true).goal?.state === 'reached'
      }
      for (let numbers = 0; numbers < combinations(text); numbers++)
        expect(reached(-1, numbers)).toBe(true)
      for (const left of goal.solution.keys())
        expect(reached(left), `without act ${left}`).toBe(false)
    })
  }

  test('opens before its first stop', () => {
    const { views } = told(scenario)
    expect(views.find(({ reached }) => reached !== null)!.at).toBeGreaterThan(start)
  })

  test('has no question whose answer is visible when it is asked', () => {
    const { views } = told(scenario)
    for (const { at, ask } of views)
      if (ask?.state === 'decided' && !ask.atOnce) expect(ask.decidedAt).toBeGreaterThan(at!)
  })

  for (let numbers = 1; numbers < combinations(text); numbers++) {
    test(`works with the numbers ${numbers} too`, () => {
      const other = parseScenario(text, numbers)
      const { views } = told(other)
      expect(playScenario(other).events).not.toEqual(playScenario(scenario).events)
      expect(new Set(views.flatMap(({ reached }) => reached ?? []))).toEqual(new Set(stops.keys()))
      expect(views.find(({ reached }) => reached !== null)!.at).toBeGreaterThan(other.start)
      for (const [stop, { ask, goal }] of other.stops.entries()) {
        const last = views.findLast((view) => view.reached === stop)
        if (ask !== undefined)
          expect(last?.ask).toMatchObject({ state: 'decided', so: expect.any(String) })
        if (goal !== undefined) expect(last?.goal?.state).toBe('open')
      }
    })
  }

  test('plays the same run without its stops', () => {
    const { recording } = playScenario(scenario)
    const bare = playScenario({ ...scenario, stops: [] })
    expect(bare.events).toEqual(playScenario(scenario).events)
    expect(bare.recording.commands).toEqual(recording.commands)
  })
})

test('captions contain no number that an act of the reader changes', () => {
  for (const name of names) {
    const { stops } = parseScenario(readFileSync(join(FOLDER, name), 'utf8'))
    const captions = stops.flatMap(({ say = '', ask, goal, hints = [] }) => [
      say,
      ask?.text ?? '',
      goal?.text ?? '',
      ...hints,
      ...(ask?.so ?? []).map(({ text }) => text),
    ])
    for (const caption of captions) expect(caption, name).not.toMatch(/\b(token|revision) \d/)
  }
})

test('titles are unique', () => {
  const titles = names.map((name) => parseScenario(readFileSync(join(FOLDER, name), 'utf8')).title)
  expect(new Set(titles).size).toBe(titles.length)
})

describe('the opening', () => {
  const begun = (name: string): Timeline =>
    new Timeline(
      playScenario(parseScenario(readFileSync(join(FOLDER, `${name}.txt`), 'utf8'))).recording,
    )

  /** Virtual ms of the last event before 24 s that each condition matches. */
  function times(name: string, ...conditions: string[]): (number | undefined)[] {
    const timeline = begun(name)
    timeline.advance(24_000)
    return conditions.map((text) => timesOf(timeline.trace, text).at(-1))
  }

  test('has the times with which it is drawn', () => {
    expect(times('beat-1-key-dies', 'L1 granted', 'L1 renewed', 'heartbeat off')).toEqual([
      30, 3597, 4900,
    ])
    expect(times('beat-3-leader-dies', 'leader crashes', 'm3 leads', 'key /svc/a deleted')).toEqual(
      [9547, 10_565, 21_915],
    )
    for (const name of ['beat-5-paused-holder', 'beat-6-fence'])
      expect(times(name, 'a pauses', 'two inside /job', 'takes from-b', 'a resumes')).toEqual([
        500, 5351, 6382, 9000,
      ])
  })

  test("marks its second beat by the learner's act", () => {
    const truth = (act: boolean): number | string | null | undefined => {
      const timeline = begun('beat-2-key-saved')
      timeline.advance(9597)
      const { lease } = timeline.sim.clients[0]!.beliefs[0]!
      if (act) timeline.submit({ type: 'heartbeat', client: 'svc', lease, on: true })
      timeline.advance(16_000)
      const story = new Story(timeline.stops!, timeline.sim.config.etcd)
      story.follow(timeline)
      return story.view(timeline, new Map(), 0, false).ask?.truth
    }
    expect([truth(false), truth(true)]).toEqual([1, 0])
  })
})
