// The story of a run: when each stop is reached, and what decides each question. Both are read off the trace once. A view shows the part at or before
// the cursor. Nothing here moves the run.
//
//   events   ●────●──────●───────────●─────
//   facts         reached 0 (+0.65)  decided 0
//                        ↑ by time alone

import type { EventId, TraceEvent } from '../base/trace'
import type { Condition, Mark, Moment, Stop } from '../sim/stops'
import { filled } from '../sim/stops'
import { visibleLine } from '../text/visible'
import { Situation } from './situation'
import type { QuestionView, StoryView } from './story-view'
import type { Timeline } from './timeline'

/** Index of a choice or virtual ms by stop; null where the question was skipped. */
export type Answers = ReadonlyMap<number, number | null>

/** Milliseconds by which the answer to a question of kind `when` may be off and is still right. */
const NEAR_MS = 1000

interface Cursor {
  now: number
  lastEvent: EventId
}

/** Holds for a cursor that has passed that event and that time. */
interface Fact {
  after: EventId
  at: number
}

interface Reached extends Fact {
  say: string | null
  question: string
}

interface Decided extends Fact {
  event: EventId | null
  truth: number
  so: string | null
}

/** Something that time alone brings, unless an event comes first. */
interface Due {
  at: number
  stop: number
  mark: Mark | null
}

export class Story {
  readonly #stops: readonly Stop[]
  #situation = new Situation()
  /** By stop: the time of its moment, once that has come. */
  #hits: (number | undefined)[] = []
  #reached: (Reached | undefined)[] = []
  #decided: (Decided | undefined)[] = []
  /** The stops in the order in which they were reached. */
  #order: number[] = []
  #noted = 0
  #latest: TraceEvent | undefined
  #cuts = 0
  /** The next thing that time brings; undefined when it must be looked up again. */
  #soonest: Due | null | undefined

  constructor(stops: readonly Stop[]) {
    this.#stops = stops
  }

  /** Takes in what the run's trace has beyond what is known, and the time that has passed at its end. */
  follow(run: Timeline): void {
    const { trace, cuts } = run
    if (cuts !== this.#cuts || trace.length < this.#noted || trace[this.#noted - 1] !== this.#latest) this.#forget()
    this.#cuts = cuts
    for (; this.#noted < trace.length; ) this.#note(trace[this.#noted]!)
    // More may be due at this very instant.
    if (run.lastEvent === trace.length) this.#settle(run.nextAt() > run.now ? run.now : run.now - 1)
  }

  /** The next time after the cursor when time alone may bring something; Infinity for none. */
  nextTime({ now }: Cursor): number {
    const times = [...this.#reached, ...this.#decided].map((fact) => fact?.at ?? 0)
    return Math.min(...[...times, this.#next()?.at ?? 0].filter((at) => at > now), Number.POSITIVE_INFINITY)
  }

  /**
   * How many pauses lie at or before the cursor: the stops, the events that decide questions that were answered or skipped, and the end of the story. `ahead`:
   * commands of the recording beyond the cursor.
   */
  pauses(cursor: Cursor, answers: Answers, ahead: number): number {
    const decided = this.#decided.filter((fact, stop) => isBefore(fact, cursor) && answers.has(stop))
    const ended = ahead === 0 && this.#isTold(cursor) ? 1 : 0
    return this.#reached.filter((fact) => isBefore(fact, cursor)).length + decided.length + ended
  }

  /** The stops at or before the cursor whose question has no answer, was not skipped, and is not decided. */
  open(cursor: Cursor, answers: Answers): number[] {
    return this.#order.filter((stop) => this.#asks(stop, cursor) && !answers.has(stop))
  }

  /** Whether a question can be answered so at the cursor. */
  takes(stop: number, answer: number | null, cursor: Cursor): boolean {
    const ask = this.#stops[stop]?.ask
    if (ask === undefined || !this.#asks(stop, cursor)) return false
    if (answer === null) return true
    return ask.kind === 'when' ? answer >= 0 : Number.isInteger(answer) && answer >= 0 && answer < ask.choices.length
  }

  /** The story at the cursor. `ahead`: commands of the recording that lie beyond it. `quiet`: nothing will happen by itself. */
  view(cursor: Cursor, answers: Answers, ahead: number, quiet: boolean): StoryView {
    const stop = this.#order.findLast((each) => isBefore(this.#reached[each], cursor))
    const fact = stop === undefined ? undefined : this.#reached[stop]
    return {
      stops: this.#stops.length,
      reached: stop ?? null,
      at: fact?.at ?? null,
      here: fact?.at === cursor.now,
      say: fact?.say ?? null,
      ask: stop === undefined ? null : this.#question(stop, cursor, answers),
      over: this.#isOver(cursor, answers, ahead, quiet),
    }
  }

  #question(stop: number, cursor: Cursor, answers: Answers): QuestionView | null {
    const ask = this.#stops[stop]?.ask
    if (ask === undefined) return null
    const answer = answers.get(stop) ?? null
    const view = {
      kind: ask.kind,
      question: this.#reached[stop]?.question ?? '',
      choices: ask.kind === 'when' ? [] : ask.choices.map(visibleLine),
      answer,
    }
    const fact = this.#decided[stop]
    if (fact === undefined || !isBefore(fact, cursor)) {
      const state = answer !== null ? 'waiting' : answers.has(stop) ? 'skipped' : 'open'
      return { ...view, state, truth: null, right: null, event: null, decidedAt: null, so: null }
    }
    const { truth, event, at, so } = fact
    const right = answer === null ? null : Math.abs(answer - truth) <= (ask.kind === 'when' ? NEAR_MS : 0)
    return { ...view, state: 'decided', truth, right, event, decidedAt: at, so }
  }

  /** A stop or an answer may never come in this run. The story is over then once nothing more will happen by itself. */
  #isOver(cursor: Cursor, answers: Answers, ahead: number, quiet: boolean): boolean {
    if (ahead > 0 || this.open(cursor, answers).length > 0) return false
    return this.#isTold(cursor) || (quiet && this.nextTime(cursor) === Number.POSITIVE_INFINITY)
  }

  /** All stops are reached, and all their questions are decided. */
  #isTold(cursor: Cursor): boolean {
    return this.#stops.every(
      ({ ask }, stop) => isBefore(this.#reached[stop], cursor) && (ask === undefined || isBefore(this.#decided[stop], cursor)),
    )
  }

  /** Whether a stop at or before the cursor has a question that is not decided there. */
  #asks(stop: number, cursor: Cursor): boolean {
    return isBefore(this.#reached[stop], cursor) && this.#stops[stop]?.ask !== undefined && !isBefore(this.#decided[stop], cursor)
  }

  // The facts --------------------------------------------------------------------------------------------------------------------------------------

  #forget(): void {
    this.#situation = new Situation()
    this.#hits = []
    this.#reached = []
    this.#decided = []
    this.#order = []
    this.#noted = 0
    this.#latest = undefined
    this.#soonest = undefined
  }

  #note(event: TraceEvent): void {
    this.#settle(event.at - 1)
    this.#noted = event.id
    this.#latest = event
    if (this.#situation.note(event)) this.#soonest = undefined
    const happens = (moment: Moment): boolean => moment.type !== 'at' && this.#situation.matches(moment, event)
    // Questions first: the event of a stop does not decide its question.
    for (const stop of this.#order) {
      const mark = this.#decided[stop] === undefined ? marksOf(this.#stops[stop]!).find(({ when }) => happens(when)) : undefined
      if (mark !== undefined) this.#decide(stop, mark, event.at, event.id)
    }
    // An event brings one stop, the first that waits for it. Two stops that wait for the same condition take one event each.
    const stop = this.#stops.findIndex(({ when }, each) => this.#hits[each] === undefined && happens(when))
    if (stop >= 0) this.#hit(stop, event.at)
  }

  /** Takes in everything that time alone brings up to `until` (virtual ms). */
  #settle(until: number): void {
    for (let due = this.#next(); due !== null && due.at <= until; due = this.#next()) {
      if (due.mark !== null) this.#decide(due.stop, due.mark, due.at, null)
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
    const { say, ask } = this.#stops[stop]!
    this.#reached[stop] = {
      after: this.#noted,
      at,
      say: say === undefined ? null : this.#fill(say, at),
      question: this.#fill(ask?.text ?? '', at),
    }
    this.#order.push(stop)
    this.#soonest = undefined
  }

  #decide(stop: number, { choice }: Mark, at: number, event: EventId | null): void {
    const ask = this.#stops[stop]!.ask!
    const verdict = ask.so?.find((each) => each.choice === undefined || each.choice === choice)
    const so = verdict === undefined ? null : this.#fill(verdict.text, at)
    this.#decided[stop] = { after: this.#noted, at, event, truth: ask.kind === 'when' ? at : choice, so }
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
      else if (this.#reached[stop] === undefined) offer({ at: hit + (each.afterMs ?? 0), stop, mark: null })
    }
    for (const stop of this.#order) {
      if (this.#decided[stop] !== undefined) continue
      const since = this.#reached[stop]!.at
      for (const mark of marksOf(this.#stops[stop]!)) offer({ at: Math.max(since, this.#timeOf(mark.when)), stop, mark })
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

function isBefore(fact: Fact | undefined, { now, lastEvent }: Cursor): boolean {
  return fact !== undefined && fact.after <= lastEvent && fact.at <= now
}

function marksOf({ ask }: Stop): readonly Mark[] {
  if (ask === undefined) return []
  return ask.kind === 'choose' ? ask.marks : [{ when: ask.mark, choice: 0 }]
}
