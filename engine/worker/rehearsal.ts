// The effects of a run's stops, for their author. The run is played further beside the run on the
// page, whose cursor stays.

import { possibleMoves } from '../query/moves'
import type { KnownMoment } from '../replay/known-moments'
import { knownMoments } from '../replay/known-moments'
import { withSolution } from '../replay/solution'
import { toPlace } from '../replay/stop-steps'
import type { StopFacts } from '../replay/story'
import { Story } from '../replay/story'
import { Timeline } from '../replay/timeline'
import type { Mark, Moment, Stop } from '../sim/stops'
import { LONGEST_AFTER_MS } from '../sim/stops'
import { actOf } from '../text/act'
import { conditionText, momentText, seconds } from '../text/stop-text'
import { Memo } from './memo'

/** Times are virtual ms. */
export interface StopsView {
  stops: readonly Stop[]
  /** One for each stop. */
  checks: StopCheck[]
  /** The cursor. */
  now: number
  /** The end of the played part. */
  until: number
  /**
   * Moments for a stop at the cursor in text form (`when b enters /job +0.5`), the best one first.
   */
  offered: string[]
  /** The index of such a stop. */
  place: number
  /** The conditions that become true in the run, with their first times. */
  known: { text: string; at: number }[]
}

/** The effect of a stop in a run. */
export interface StopCheck {
  /** The time when the run reaches it; null for never. */
  at: number | null
  /** The times when the marks of its question become true after it, in order; null for never. */
  marks: (number | null)[]
  /**
   * The right answer: the index of a choice, a time, a number, a name, or the first move; null
   * before the decision.
   */
  truth: number | string | null
  decidedAt: number | null
  /** The time when the stored solution reaches its goal; null for never, and without a goal. */
  solvedAt: number | null
  /** The acts of the run after the stop that may be part of a solution. */
  acts: { at: number; act: string }[]
}

/**
 * The time beyond the run and its stops up to which it is played; a multiple, so that it seldom
 * changes.
 */
const AHEAD_MS = 60_000
const STEP_MS = 30_000
const MOST_EVENTS = 60_000
/** The maximum of moments offered for one time. */
const MOST_OFFERED = 3
/** A moment further before the cursor is offered after the time itself. */
const NEAR_MS = 500

/** The run so far, and its continuation. For one branch at a time. */
export class Rehearsal {
  readonly #aheadMs: number
  readonly #of = new Memo<[run: Timeline, cuts: number, commands: number]>()
  #ahead: Timeline | null = null
  #known: KnownMoment[] = []
  #view: Omit<StopsView, 'now' | 'offered' | 'place'> | null = null

  constructor(aheadMs = AHEAD_MS) {
    this.#aheadMs = aheadMs
  }

  view(run: Timeline): StopsView {
    const stops = run.stops ?? []
    const ahead = this.#played(run, stops)
    if (this.#view === null || this.#view.stops !== stops || this.#view.until !== ahead.now) {
      this.#known = knownMoments(ahead.trace, ahead.sim.config.etcd)
      const known = this.#known.map(({ text, at }) => ({ text, at }))
      this.#view = { stops, checks: checksOf(ahead, stops), until: ahead.now, known }
    }
    const before = this.#view.checks.findLastIndex(({ at }) => at !== null && at <= run.now)
    return {
      ...this.#view,
      now: run.now,
      offered: offered(this.#known, stops, run),
      place: before + 1,
    }
  }

  #played(run: Timeline, stops: readonly Stop[]): Timeline {
    const isNew = this.#of.isNew(run, run.cuts, run.commandsTaken + run.commandsAhead)
    if (this.#ahead === null || isNew) {
      this.#ahead = new Timeline(run.recording(), undefined, undefined, MOST_EVENTS)
      this.#view = null
    }
    const until =
      Math.ceil(
        Math.max(run.end, run.recording().commands.at(-1)?.at ?? 0, ...stops.flatMap(timesOf)) /
          STEP_MS,
      ) *
        STEP_MS +
      this.#aheadMs
    const most = Math.max(MOST_EVENTS, run.trace.length)
    if (this.#ahead.now < until && this.#ahead.trace.length < most) this.#ahead.reach(until, most)
    return this.#ahead
  }
}

/** The times in a stop. */
function timesOf({ when, ask }: Stop): number[] {
  const moments: Moment[] = [
    when,
    ...(ask?.kind === 'choose' ? ask.marks.map((mark) => mark.when) : []),
  ]
  return moments.flatMap((moment) => (moment.type === 'at' ? [moment.at] : []))
}

/** Needs a played run. Moves its cursor, and returns it to the end. */
function checksOf(run: Timeline, stops: readonly Stop[]): StopCheck[] {
  const story = told(run, stops)
  const marks = marksOf(run, stops)
  const { commands } = run.recording()
  return stops.map((stop, i): StopCheck => {
    const facts = story.facts(i)
    if (facts === null)
      return {
        at: null,
        marks: marks[i]!.map(() => null),
        truth: null,
        decidedAt: null,
        solvedAt: null,
        acts: [],
      }
    const acts = commands.slice(facts.commands).flatMap(({ at, after: _after, ...command }) => {
      const act = actOf(command)
      return act === undefined ? [] : [{ at, act }]
    })
    const { at, truth, decidedAt } = facts
    const first = stop.ask?.kind === 'what-next' ? firstMove(run, stops, facts) : null
    return {
      at,
      marks: marks[i]!,
      truth: first ?? truth,
      decidedAt,
      solvedAt: solvedAt(run, stops, i, facts),
      acts,
    }
  })
}

function told(run: Timeline, stops: readonly Stop[]): Story {
  const story = new Story(stops, run.sim.config.etcd)
  story.follow({
    trace: run.trace,
    cuts: run.cuts,
    lastEvent: run.trace.length,
    now: run.now,
    nextAt: () => Number.POSITIVE_INFINITY,
  })
  return story
}

/**
 * The time when each mark becomes true by itself: one mark of every question at a time decides it.
 */
function marksOf(run: Timeline, stops: readonly Stop[]): (number | null)[][] {
  const all = stops.map(({ ask }): Mark['when'][] => {
    if (ask?.kind === 'choose') return ask.marks.map(({ when }) => when)
    if (ask?.kind === 'when') return [ask.mark]
    return ask?.kind === 'how-much' && ask.mark.type === 'count' ? [ask.mark.until] : []
  })
  const found = all.map((marks) => marks.map((): number | null => null))
  for (let k = 0; k < Math.max(0, ...all.map(({ length }) => length)); k++) {
    const asking = stops.map((stop, i): Stop => {
      const mark = all[i]![k]
      const { ask: _ask, goal: _goal, ...bare } = stop
      return mark === undefined
        ? bare
        : {
            ...bare,
            ask: {
              kind: 'choose',
              text: '?',
              choices: ['yes', 'no'],
              marks: [{ when: mark, choice: 0 }],
            },
          }
    })
    const story = told(run, asking)
    for (const [i, times] of found.entries())
      if (k < times.length) times[k] = story.facts(i)?.decidedAt ?? null
  }
  return found
}

/** The first move at a stop; null if there are not two. */
function firstMove(run: Timeline, stops: readonly Stop[], facts: StopFacts): string | null {
  const end = run.now
  toPlace(run, facts)
  const story = told(run, stops)
  const moves = possibleMoves(run.sim, (lease) => story.nameOf(lease))
  run.seek({ at: end })
  return new Set(moves.map(({ text }) => text)).size > 1 ? moves[0]!.text : null
}

function solvedAt(
  run: Timeline,
  stops: readonly Stop[],
  stop: number,
  facts: StopFacts,
): number | null {
  const goal = stops[stop]?.goal
  if (goal === undefined) return null
  const end = run.now
  toPlace(run, facts)
  // The stops may have changed since the run was played.
  run.stops = stops
  const solution = new Timeline(withSolution(run, stop, facts), undefined, undefined, MOST_EVENTS)
  run.seek({ at: end })
  solution.reach(Math.max(end, (goal.solution.at(-1)?.at ?? 0) + AHEAD_MS), MOST_EVENTS)
  return told(solution, stops).facts(stop)?.goalAt ?? null
}

/**
 * The moments that a stop at the cursor may wait for: the latest first occurrences, and the time.
 */
function offered(
  known: readonly KnownMoment[],
  stops: readonly Stop[],
  { now, lastEvent, trace }: Timeline,
): string[] {
  const isMachinery = (event: number): boolean => trace[event - 1]?.level === 'machinery'
  const taken = new Set(stops.map(({ when }) => momentText(when)))
  const events = known
    .filter(
      ({ event, at, condition }) =>
        event <= lastEvent &&
        at <= now &&
        now - at <= LONGEST_AFTER_MS &&
        !taken.has(momentText(condition)),
    )
    // Machinery comes last.
    .sort(
      (a, b) => Number(isMachinery(b.event)) - Number(isMachinery(a.event)) || a.event - b.event,
    )
    .slice(-MOST_OFFERED)
    .reverse()
    .map(({ at, condition }) => ({
      at,
      text: `when ${conditionText(condition)}${at === now ? '' : ` +${seconds(now - at)}`}`,
    }))
  const near = events.filter(({ at }) => now - at <= NEAR_MS)
  const far = events.filter(({ at }) => now - at > NEAR_MS)
  return [...near.map(({ text }) => text), `at ${seconds(now)}`, ...far.map(({ text }) => text)]
}
