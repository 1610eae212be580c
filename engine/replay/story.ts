// The story of a run: when each stop is reached, and which event decides each question. Both are
// read from the trace once. A view shows the part at or before the cursor. This file never moves
// the run.
//
//   events   ●────●──────●───────────●─────
//   facts         reached 0 (+0.65)  decided 0
//                        ↑ by time alone

import type { EtcdVersion } from '../base/etcd-versions'
import type { LeaseId } from '../base/rpc'
import type { EventId, TraceEvent } from '../base/trace'
import type { Growth } from '../lease/structures/growth'
import type { Simulation } from '../sim/simulation'
import type {
  Answer,
  Condition,
  Mark,
  Measure,
  MeasuredAtOnce,
  Moment,
  Question,
  Stop,
} from '../sim/stops'
import { filled } from '../sim/stops'
import type { NameOf } from '../text/calls'
import { visibleLine } from '../text/visible'
import { answerFault, SHOWN } from './answer-fault'
import { GoalProgress } from './goal-progress'
import { Situation } from './situation'
import type { GoalView, QuestionView, StoryView } from './story-view'
import type { Timeline } from './timeline'

const NOT_COUNTED: Pick<Growth, 'extreme'> = { extreme: () => null }

/** By stop. */
export type Answers = ReadonlyMap<number, Answer>

/** Milliseconds by which a right answer to a question of kind `when` may be off. */
const NEAR_MS = 1000

/** The most names that a question lists, and the most possible moves that it lists. */
const MOST_NAMES = 6
const MOST_MOVES = 4

const NO_MOVES = { choices: [], first: undefined }

/** A move that is possible now, in words, and when it is due (virtual ms). */
export interface Possible {
  at: number
  text: string
}

/** Times are virtual ms. */
export interface StopFacts {
  at: number
  /** The last event before the stop. */
  after: EventId
  /** How many commands the run had taken. */
  commands: number
  /** The right answer and when it was decided; null until then, and without a question. */
  truth: number | string | null
  decidedAt: number | null
  /** When the goal was reached; null until then, and without a goal. */
  goalAt: number | null
}

/**
 * A run that is played up to its cursor. Without `sim` no question of kind `what-next` is asked.
 */
export type Followed = Pick<Timeline, 'trace' | 'cuts' | 'lastEvent' | 'now'> & {
  nextAt(): number
  sim?: Simulation
}

/** The possible moves of a run, the first one first. */
export type Possibilities = (sim: Simulation, nameOf: NameOf) => Possible[]

interface Cursor {
  now: number
  lastEvent: EventId
}

/** Holds for a cursor after that event and that time. */
export interface Fact {
  after: EventId
  /** Virtual ms. */
  at: number
}

interface Reached extends Fact {
  say: string | null
  question: string
  choices: readonly string[]
}

interface Decided extends Fact {
  event: EventId | null
  truth: number | string
  so: string | null
}

interface FirstMove {
  at: number
  choice: number
}

/** The possible moves at a stop; no first one where there were fewer than two to choose from. */
interface Look extends Fact {
  choices: readonly string[]
  first: FirstMove | undefined
}

/** A change that time alone brings, unless an event comes first. */
interface Due {
  at: number
  stop: number
  mark: Mark | null
}

export class Story {
  readonly #stops: readonly Stop[]
  readonly #possible: Possibilities
  readonly #growth: () => Pick<Growth, 'extreme'>
  readonly #etcd: EtcdVersion
  #situation: Situation
  /** By stop: the time of its moment, once that has come. */
  #hits: (number | undefined)[] = []
  #reached: (Reached | undefined)[] = []
  #decided: (Decided | undefined)[] = []
  /** By stop: the move that comes first, and its index among the choices. */
  #firstMoves: (FirstMove | undefined)[] = []
  /** By stop of kind `what-next`: the moves seen there. They hold until the run changes. */
  #looks: (Look | undefined)[] = []
  /** By stop: how far its goal has come, once it is set. */
  #goals: (GoalProgress | undefined)[] = []
  /** By stop: how often its question has counted so far. */
  #counts: number[] = []
  /** The stops in the order in which they were reached. */
  #order: number[] = []
  /** How many commands the run has taken, so far and by stop. */
  #commands = 0
  #commandsAt: number[] = []
  #noted = 0
  #latest: TraceEvent | undefined
  #cuts = 0
  /** The next change that time brings; undefined when it must be looked up again. */
  #soonest: Due | null | undefined

  /**
   * `etcd`: the version of the run. Without `possible` no question of kind `what-next` is asked.
   * `growth` may still be counting: its questions are decided later. Without `growth` they are
   * never decided.
   */
  constructor(
    stops: readonly Stop[],
    etcd: EtcdVersion,
    possible: Possibilities = () => [],
    growth: () => Pick<Growth, 'extreme'> = () => NOT_COUNTED,
  ) {
    this.#stops = stops
    this.#etcd = etcd
    this.#situation = new Situation(etcd)
    this.#possible = possible
    this.#growth = growth
  }

  /** Whether an answered or skipped question waits for a count that is not finished. */
  awaitsCount(answers: Answers): boolean {
    return this.#order.some((stop) => this.#isUncounted(stop) && answers.has(stop))
  }

  /** Takes in the new events of the run's trace, and the time that has passed at its end. */
  follow(run: Followed): void {
    const { trace, cuts } = run
    if (
      cuts !== this.#cuts ||
      trace.length < this.#noted ||
      trace[this.#noted - 1] !== this.#latest
    ) {
      this.#forget()
      this.#looks = []
    }
    this.#cuts = cuts
    this.#read(run)
    const here = this.#order.find((stop) => this.#isUnseen(stop) && isAt(this.#reached[stop]!, run))
    if (here !== undefined) this.readMoves(here, run)
  }

  /**
   * A passed stop with a question of kind `what-next` whose moves were not seen, as after a jump;
   * null for none. The caller brings the run to `after` and `at`, calls `readMoves`, and brings the
   * run back.
   */
  unseen(cursor: Cursor): { stop: number; after: EventId; at: number } | null {
    const stop = this.#order.find(
      (each) => this.#isUnseen(each) && isBefore(this.#reached[each], cursor),
    )
    if (stop === undefined) return null
    const { after, at } = this.#reached[stop]!
    return { stop, after, at }
  }

  /**
   * Takes in the possible moves at that stop, where the run is now. If the run is elsewhere, the
   * question is not asked.
   */
  readMoves(stop: number, run: Followed): void {
    const fact = this.#reached[stop]
    if (fact === undefined) return
    const { after, at } = fact
    this.#looks[stop] = { after, at, ...(isAt(fact, run) ? this.#movesOf(run) : NO_MOVES) }
    // Later events may decide the question.
    this.#forget()
    this.#read(run)
  }

  /** The next time after the cursor when time alone may bring a change; Infinity for none. */
  nextTime({ now }: Cursor): number {
    const times = [...this.#reached, ...this.#decided].map((fact) => fact?.at ?? 0)
    return Math.min(
      ...[...times, this.#next()?.at ?? 0].filter((at) => at > now),
      Number.POSITIVE_INFINITY,
    )
  }

  /**
   * How many pauses lie at or before the cursor: the stops, the events that decide questions that
   * were answered or skipped, and the end of the story. `ahead`: commands of the recording beyond
   * the cursor.
   */
  pauses(cursor: Cursor, answers: Answers, ahead: number): number {
    const decided = this.#decided.filter(
      (_, stop) => answers.has(stop) && this.#isDecided(stop, cursor, answers),
    )
    const ended = ahead === 0 && this.#isTold(cursor) ? 1 : 0
    const reached = this.#goals.filter((goal) => goal?.isReached(cursor))
    return (
      this.#reached.filter((fact) => isBefore(fact, cursor)).length +
      decided.length +
      reached.length +
      ended
    )
  }

  /**
   * The stops at or before the cursor whose question has no answer, was not skipped, and is not
   * decided.
   */
  open(cursor: Cursor, answers: Answers): number[] {
    return this.#order.filter((stop) => this.#asks(stop, cursor, answers) && !answers.has(stop))
  }

  /** The name of a lease by its latest grant: L2. */
  nameOf(lease: LeaseId): string {
    return this.#situation.nameOf(lease)
  }

  /**
   * The state of a stop in the run, as far as it was played, beyond the cursor too. Null for a stop
   * that the run does not reach.
   */
  facts(stop: number): StopFacts | null {
    const reached = this.#reached[stop]
    if (reached === undefined) return null
    const { at, after } = reached
    const decided = this.#decided[stop]
    const goalAt = this.#goals[stop]?.reachedAt ?? null
    return {
      at,
      after,
      commands: this.#commandsAt[stop] ?? 0,
      truth: decided?.truth ?? null,
      decidedAt: decided?.at ?? null,
      goalAt,
    }
  }

  /**
   * Virtual ms of the first stop with a question that the run has reached; null where it has
   * reached none.
   */
  firstQuestion(): number | null {
    const asking = this.#order.find((stop) => this.#stops[stop]?.ask !== undefined)
    return asking === undefined ? null : (this.#reached[asking]?.at ?? null)
  }

  /** Where a stop was reached; null for a stop that the run has not reached so far. */
  placeOf(stop: number): Fact | null {
    return this.#reached[stop] ?? null
  }

  /** Where the last stop before that time (virtual ms) was reached; null for none. */
  placeBefore(now: number): Fact | null {
    const stop = this.#order.findLast((each) => (this.#reached[each]?.at ?? now) < now)
    return stop === undefined ? null : this.placeOf(stop)
  }

  /** The first stop of the list that is not reached at the cursor; null where all are. */
  firstAhead(cursor: Cursor): number | null {
    const stop = this.#stops.findIndex((_, each) => !isBefore(this.#reached[each], cursor))
    return stop < 0 ? null : stop
  }

  /**
   * The right answer to the question of a stop, also where it lies after the cursor. Null where the
   * run was not played until then.
   */
  truthOf(stop: number): number | string | null {
    return this.#decided[stop]?.truth ?? null
  }

  /** Everything is reached and decided at the cursor: no stop and no verdict lies ahead. */
  isTold(cursor: Cursor): boolean {
    return this.#isTold(cursor)
  }

  /** The stop index of the goal that is set and not reached at the cursor, or null. */
  openGoal(cursor: Cursor): number | null {
    const stop = this.lastReached(cursor)
    return stop !== null && this.#goals[stop]?.isReached(cursor) === false ? stop : null
  }

  /** Whether a goal will be set after the cursor. */
  hasGoalAhead(cursor: Cursor): boolean {
    return this.#stops.some(
      ({ goal }, stop) => goal !== undefined && !isBefore(this.#reached[stop], cursor),
    )
  }

  /** How many commands the run had taken when that stop was reached, and the time (virtual ms). */
  commandsAt(stop: number): { at: number; commands: number } {
    return { at: this.#reached[stop]?.at ?? 0, commands: this.#commandsAt[stop] ?? 0 }
  }

  /** Whether a question accepts this answer at the cursor. */
  takes(stop: number, answer: Answer, cursor: Cursor, answers: Answers): boolean {
    const asked = this.#stops[stop]
    if (
      asked?.ask === undefined ||
      !this.#asks(stop, cursor, answers) ||
      answerFault(asked, answer) !== null
    )
      return false
    // There may be fewer moves than choices.
    return (
      asked.ask.kind !== 'what-next' ||
      Number(answer ?? 0) < (this.#reached[stop]?.choices.length ?? 0)
    )
  }

  /**
   * The story at the cursor. `ahead`: commands of the recording that lie beyond it. `quiet`:
   * nothing will happen by itself.
   */
  view(cursor: Cursor, answers: Answers, ahead: number, quiet: boolean): StoryView {
    const stop = this.lastReached(cursor)
    const fact = stop === null ? undefined : this.#reached[stop]
    return {
      stops: this.#stops.length,
      reached: stop,
      at: fact?.at ?? null,
      here: fact?.at === cursor.now,
      say: fact?.say ?? null,
      show: this.#stops[stop ?? -1]?.show ?? null,
      ask: stop === null ? null : this.#question(stop, cursor, answers),
      goal: stop === null ? null : this.#goalView(stop, cursor, answers),
      passed: this.#isPassed(cursor, answers),
      over: this.#isOver(cursor, answers, ahead, quiet),
    }
  }

  /** The last stop reached at or before the cursor; null before the first. */
  lastReached(cursor: Cursor): number | null {
    return this.#order.findLast((each) => isBefore(this.#reached[each], cursor)) ?? null
  }

  #goalView(stop: number, cursor: Cursor, answers: Answers): GoalView | null {
    const { hints = [] } = this.#stops[stop] ?? {}
    const view = this.#goals[stop]?.view(
      cursor,
      hints.map(visibleLine),
      answers.get(stop) === SHOWN,
    )
    return view === undefined ? null : { ...view, text: this.#reached[stop]?.question ?? '' }
  }

  /**
   * No stop is passed by waiting: the reader answered every question right and reached every goal
   * without the solution.
   */
  #isPassed(cursor: Cursor, answers: Answers): boolean {
    if (!this.#isTold(cursor)) return false
    return this.#stops.every(({ goal }, stop) => {
      if (goal !== undefined) return answers.get(stop) !== SHOWN
      return !this.#isAsked(stop) || this.#question(stop, cursor, answers)?.right === true
    })
  }

  #question(stop: number, cursor: Cursor, answers: Answers): QuestionView | null {
    const { ask, hints = [] } = this.#stops[stop] ?? {}
    if (ask === undefined || !this.#isAsked(stop)) return null
    const answer = answers.get(stop) ?? null
    const view = {
      kind: ask.kind,
      question: this.#reached[stop]?.question ?? '',
      choices: [...(this.#reached[stop]?.choices ?? [])],
      of: ask.kind === 'which' ? ask.mark.of : null,
      atOnce: isAtOnce(ask),
      hints: hints.map(visibleLine),
      answer,
    }
    const fact = this.#decided[stop]
    if (fact === undefined || !this.#isDecided(stop, cursor, answers)) {
      const state = answer !== null ? 'waiting' : answers.has(stop) ? 'skipped' : 'open'
      return { ...view, state, truth: null, right: null, event: null, decidedAt: null, so: null }
    }
    const { truth, event, at, so } = fact
    const right = answer === null ? null : isRight(ask, answer, truth)
    return { ...view, state: 'decided', truth, right, event, decidedAt: at, so }
  }

  /**
   * A stop or an answer may never come in this run. The story is over once nothing more will happen
   * by itself.
   */
  #isOver(cursor: Cursor, answers: Answers, ahead: number, quiet: boolean): boolean {
    if (ahead > 0 || this.open(cursor, answers).length > 0) return false
    return this.#isTold(cursor) || (quiet && this.nextTime(cursor) === Number.POSITIVE_INFINITY)
  }

  /** All stops are reached, and all their questions are decided. */
  #isTold(cursor: Cursor): boolean {
    return this.#stops.every(
      (_, stop) =>
        isBefore(this.#reached[stop], cursor) &&
        (!this.#isAsked(stop) || isBefore(this.#decided[stop], cursor)) &&
        this.#goals[stop]?.isReached(cursor) !== false,
    )
  }

  /** Whether a stop at or before the cursor has a question that is not decided there. */
  #asks(stop: number, cursor: Cursor, answers: Answers): boolean {
    return (
      isBefore(this.#reached[stop], cursor) &&
      this.#isAsked(stop) &&
      !this.#isDecided(stop, cursor, answers)
    )
  }

  /**
   * Whether a stop that is reached has a question. A question of kind `what-next` needs two moves
   * to choose from, seen at the stop itself.
   */
  #isAsked(stop: number): boolean {
    const ask = this.#stops[stop]?.ask
    return (
      ask !== undefined &&
      (ask.kind !== 'what-next' || (this.#reached[stop]?.choices.length ?? 0) > 1)
    )
  }

  /** A question that the run can answer at its stop waits for the reader. */
  #isDecided(stop: number, cursor: Cursor, answers: Answers): boolean {
    const ask = this.#stops[stop]?.ask
    return (
      ask !== undefined &&
      isBefore(this.#decided[stop], cursor) &&
      (!isAtOnce(ask) || answers.has(stop))
    )
  }

  // The facts -------------------------------------------------------------------------------------

  #forget(): void {
    this.#situation = new Situation(this.#etcd)
    this.#hits = []
    this.#reached = []
    this.#decided = []
    this.#firstMoves = []
    this.#goals = []
    this.#counts = []
    this.#order = []
    this.#commands = 0
    this.#commandsAt = []
    this.#noted = 0
    this.#latest = undefined
    this.#soonest = undefined
  }

  #read(run: Followed): void {
    for (; this.#noted < run.trace.length; ) this.#note(run.trace[this.#noted]!)
    // More may be due at this very instant.
    if (run.lastEvent === run.trace.length)
      this.#settle(run.nextAt() > run.now ? run.now : run.now - 1)
    this.#takeCounts()
  }

  #note(event: TraceEvent): void {
    // A command comes after everything that is due at its time, and so after a stop that time
    // brings.
    this.#settle(event.type === 'command' ? event.at : event.at - 1)
    this.#noted = event.id
    this.#latest = event
    if (this.#situation.note(event)) this.#soonest = undefined
    const happens = (moment: Moment): boolean =>
      moment.type !== 'at' && this.#situation.matches(moment, event)
    if (event.type === 'command' && event.kind !== 'start') this.#commands++
    // Questions first: the event of a stop does not decide its question.
    for (const stop of this.#order) {
      const { ask } = this.#stops[stop]!
      this.#goals[stop]?.note(event, happens)
      if (ask === undefined || this.#decided[stop] !== undefined) continue
      if (ask.kind === 'which') {
        const name = this.#situation.doer(ask.mark, event)
        if (name !== null) this.#decide(stop, name, event.at, event.id)
        continue
      }
      if (ask.kind === 'what-next') {
        this.#noteMove(stop, event)
        continue
      }
      if (ask.kind === 'how-much' && ask.mark.type === 'count' && happens(ask.mark.what))
        this.#counts[stop] = this.#counted(stop) + 1
      const mark = marksOf(ask).find(({ when }) => happens(when))
      if (mark !== undefined)
        this.#decide(stop, this.#truth(stop, mark, event.at), event.at, event.id)
    }
    // An event brings one stop, the first that waits for it. Two stops that wait for the same
    // condition take one event each.
    const stop = this.#stops.findIndex(
      ({ when }, each) => this.#hits[each] === undefined && happens(when),
    )
    if (stop >= 0) this.#hit(stop, event.at)
  }

  /** Takes in everything that time alone brings up to `until` (virtual ms). */
  #settle(until: number): void {
    for (let due = this.#next(); due !== null && due.at <= until; due = this.#next()) {
      if (due.mark !== null)
        this.#decide(due.stop, this.#truth(due.stop, due.mark, due.at), due.at, null)
      else if (this.#hits[due.stop] === undefined) this.#hit(due.stop, due.at)
      else this.#reach(due.stop, due.at)
    }
  }

  #hit(stop: number, at: number): void {
    this.#hits[stop] = at
    this.#soonest = undefined
    if ((this.#stops[stop]?.afterMs ?? 0) === 0) this.#reach(stop, at)
  }

  #reach(stop: number, at: number): void {
    const { say, ask, goal } = this.#stops[stop]!
    if (goal !== undefined) this.#goals[stop] = new GoalProgress(goal)
    this.#commandsAt[stop] = this.#commands
    const fact = { after: this.#noted, at }
    const look = this.#lookAt(stop, fact)
    this.#firstMoves[stop] = look?.first
    this.#reached[stop] = {
      ...fact,
      say: say === undefined ? null : this.#fill(say, at),
      question: this.#fill(ask?.text ?? goal?.text ?? '', at),
      choices: look?.choices ?? (ask === undefined ? [] : this.#choices(ask)),
    }
    this.#order.push(stop)
    this.#soonest = undefined
    if (ask === undefined || !isAtOnce(ask)) return
    const { root } = this.#situation
    if (ask.kind === 'how-much' && isMeasuredAtOnce(ask.mark))
      this.#decide(stop, this.#situation.measured(ask.mark, at), at, null)
    else if (ask.kind === 'which' && root !== null) this.#decide(stop, root, at, null)
  }

  #choices(ask: Question): readonly string[] {
    if (ask.kind === 'choose') return ask.choices.map(visibleLine)
    // Moves of `what-next` are seen at the stop.
    const names = ask.kind === 'which' ? this.#situation.names(ask.mark.of) : []
    return names.length > MOST_NAMES ? [] : names
  }

  #isUnseen(stop: number): boolean {
    return (
      this.#stops[stop]?.ask?.kind === 'what-next' &&
      this.#lookAt(stop, this.#reached[stop]!) === undefined
    )
  }

  /** The moves that were seen at a stop, where they still hold. */
  #lookAt(stop: number, { after, at }: Fact): Look | undefined {
    const look = this.#looks[stop]
    return look?.after === after && look.at === at ? look : undefined
  }

  #movesOf({ sim, now }: Followed): Omit<Look, keyof Fact> {
    if (sim === undefined) return NO_MOVES
    const moves = this.#possible(sim, (lease) => this.#situation.nameOf(lease))
    const texts = [...new Set(moves.map(({ text }) => text))].slice(0, MOST_MOVES)
    const [first] = moves
    if (first === undefined || texts.length < 2) return NO_MOVES
    const choices = texts.sort()
    return { choices, first: { at: Math.max(first.at, now), choice: choices.indexOf(first.text) } }
  }

  /**
   * The first move is over with the first event at its time. A command before that may change which
   * move is first, so the question is dropped.
   */
  #noteMove(stop: number, event: TraceEvent): void {
    const first = this.#firstMoves[stop]
    if (first === undefined) return
    if (event.type === 'command') {
      this.#firstMoves[stop] = undefined
      this.#reached[stop] = { ...this.#reached[stop]!, choices: [] }
    } else if (event.at >= first.at) this.#decide(stop, first.choice, event.at, event.id)
  }

  #truth(stop: number, { choice }: Mark, at: number): number {
    const ask = this.#stops[stop]!.ask!
    if (ask.kind === 'how-much')
      return ask.mark.type === 'count' ? this.#counted(stop) : this.#situation.counted(ask.mark)
    return ask.kind === 'when' ? at : choice
  }

  #counted(stop: number): number {
    return this.#counts[stop] ?? 0
  }

  #isUncounted(stop: number): boolean {
    return this.#decided[stop] === undefined && isOfCount(this.#stops[stop]?.ask)
  }

  /** A count beside the run decides at the stop. */
  #takeCounts(): void {
    for (const stop of this.#order.filter((each) => this.#isUncounted(each))) {
      const ask = this.#stops[stop]?.ask
      const reached = this.#reached[stop]!
      if (!isOfCount(ask)) continue
      const growth = this.#growth()
      const mark = ask.marks.find(
        ({ when }) =>
          when.type === 'counted' && growth.extreme(when.which, when.leases) === when.structure,
      )
      if (mark !== undefined) this.#decide(stop, mark.choice, reached.at, null, reached.after)
    }
  }

  #decide(
    stop: number,
    truth: number | string,
    at: number,
    event: EventId | null,
    after = this.#noted,
  ): void {
    const ask = this.#stops[stop]!.ask!
    const verdict = ask.so?.find(
      ({ choice }) => choice === undefined || (ask.kind === 'choose' && choice === truth),
    )
    // Without a sentence of its own, the verdict is the event: what it did, and why.
    const told =
      event === null || this.#latest === undefined
        ? null
        : visibleLine(this.#situation.lineOf(this.#latest))
    const so = verdict === undefined ? told : this.#fill(verdict.text, at)
    this.#decided[stop] = { after, at, event, truth, so }
    this.#soonest = undefined
  }

  #fill(caption: string, at: number): string {
    return visibleLine(filled(caption, (lease) => this.#situation.left(lease, at), at))
  }

  #next(): Due | null {
    if (this.#soonest !== undefined) return this.#soonest
    let soonest: Due | null = null
    const offer = (due: Due): void => {
      if (due.at < (soonest?.at ?? Number.POSITIVE_INFINITY)) soonest = due
    }
    for (const [stop, each] of this.#stops.entries()) {
      const hit = this.#hits[stop]
      if (hit === undefined) offer({ at: this.#timeOf(each.when), stop, mark: null })
      else if (this.#reached[stop] === undefined)
        offer({ at: hit + (each.afterMs ?? 0), stop, mark: null })
    }
    for (const stop of this.#order) {
      if (this.#decided[stop] !== undefined) continue
      const since = this.#reached[stop]!.at
      const { ask } = this.#stops[stop]!
      for (const mark of ask === undefined ? [] : marksOf(ask))
        offer({ at: Math.max(since, this.#timeOf(mark.when)), stop, mark })
    }
    this.#soonest = soonest
    return soonest
  }

  /** When time alone brings a moment; Infinity where only an event can. */
  #timeOf(moment: Moment): number {
    if (moment.type === 'at') return moment.at
    return isDeadline(moment) ? this.#situation.dueAt(moment.lease) : Number.POSITIVE_INFINITY
  }
}

function isDeadline(condition: Condition): condition is Extract<Condition, { type: 'lease' }> {
  return condition.type === 'lease' && condition.does === 'due'
}

function isAt({ after, at }: Fact, { now, lastEvent }: Cursor): boolean {
  return at === now && after === lastEvent
}

function isBefore(fact: Fact | undefined, { now, lastEvent }: Cursor): boolean {
  return fact !== undefined && fact.after <= lastEvent && fact.at <= now
}

/** The moments that decide a question; none where a name or the stop itself decides. */
function marksOf(ask: Question): readonly Mark[] {
  switch (ask.kind) {
    case 'choose':
      return ask.marks
    case 'when':
      return [{ when: ask.mark, choice: 0 }]
    case 'how-much':
      if (ask.mark.type === 'swaps')
        return [{ when: { type: 'lease', lease: ask.mark.lease, does: 'renewed' }, choice: 0 }]
      if (ask.mark.type === 'looked') return [{ when: { type: 'pass' }, choice: 0 }]
      return ask.mark.type === 'count' ? [{ when: ask.mark.until, choice: 0 }] : []
    case 'which':
    case 'what-next':
      return []
  }
}

/** Whether the question is answered at its stop: by the state of the run there, or by a count. */
function isAtOnce(ask: Question): boolean {
  if (ask.kind === 'which') return ask.mark.does === 'root'
  return (ask.kind === 'how-much' && isMeasuredAtOnce(ask.mark)) || isOfCount(ask)
}

function isMeasuredAtOnce(measure: Measure): measure is MeasuredAtOnce {
  return measure.type !== 'count' && measure.type !== 'swaps' && measure.type !== 'looked'
}

function isOfCount(ask: Question | undefined): ask is Extract<Question, { kind: 'choose' }> {
  return ask?.kind === 'choose' && ask.marks.every(({ when }) => when.type === 'counted')
}

function isRight({ kind }: Question, answer: number | string, truth: number | string): boolean {
  if (kind === 'when') return Math.abs(Number(answer) - Number(truth)) <= NEAR_MS
  return answer === truth
}
