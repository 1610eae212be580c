// The worker's logic without the worker. The host owns one run, moves it as the page requests, and
// answers an `advance` with one Frame. It has no timer and no clock of its own. Its creator
// measures the time, so that a run never depends on it.
//
//   open-run.ts   the run on the page            pacing.ts      when it goes on
//   frame.ts      the Frames and their caches    comparison.ts  the branch beside it

import { unreachable } from '../base/assert'
import { Growth } from '../lease/structures/growth'
import { MOST_EVENTS } from '../replay/run-tree'
import type { Change } from '../replay/vary'
import { describeChange, varied } from '../replay/vary'
import type { View } from '../replay/view'
import type { Command } from '../sim/command'
import { answerAside } from './aside'
import { Checks } from './checks'
import { Comparison } from './comparison'
import { exported, exportedAs, exportedTree } from './exports'
import { Frames } from './frame'
import { Observer } from './observer'
import { OpenRun } from './open-run'
import type { Opening } from './opening'
import { arrivalOf } from './opening'
import { Pacing } from './pacing'
import type {
  BranchOp,
  Frame,
  FromWorker,
  Recording,
  ShareForm,
  Shortfall,
  StepTo,
  ToWorker,
} from './protocol'
import { orRefused, refused } from './refusal'
import { step, stepClient } from './steps'
import { Storytelling } from './storytelling'

export class Host {
  readonly #mostEvents: number
  readonly #open: OpenRun
  readonly #pacing: Pacing
  readonly #checks: Checks
  readonly #observer: Observer
  readonly #comparison: Comparison
  readonly #stories: Storytelling
  readonly #frames: Frames
  /** The next Frame reports it once; null for none. */
  #shortfall: Shortfall | null = null

  /**
   * `wallMs`: milliseconds from any start. `mostEvents` is the maximum of events played at once.
   */
  constructor(wallMs: () => number, mostEvents = MOST_EVENTS) {
    const growth = new Growth()
    this.#mostEvents = mostEvents
    this.#open = new OpenRun(mostEvents)
    this.#stories = new Storytelling(growth)
    this.#pacing = new Pacing(wallMs, this.#stories)
    this.#checks = new Checks(wallMs)
    this.#observer = new Observer(this.#checks)
    this.#comparison = new Comparison(this.#checks)
    this.#frames = new Frames({
      open: this.#open,
      pacing: this.#pacing,
      checks: this.#checks,
      observer: this.#observer,
      comparison: this.#comparison,
      stories: this.#stories,
      growth,
      wallMs,
    })
  }

  /**
   * Handles one message; returns an answer to post, or null. Exceptions of the engine pass through:
   * the run does not change.
   */
  receive(message: ToWorker): FromWorker | null {
    switch (message.type) {
      case 'open':
      case 'open-scenario':
      case 'open-tree':
      case 'open-shared':
        return this.#take(message)
      case 'advance':
        return this.#advance(message.wallMs)
      case 'interest':
        this.#frames.interest = message.interest
        return null
      case 'why':
        this.#frames.why = message.event
        return null
      case 'compare':
        this.#compareWith(message.with)
        return null
      case 'command':
        return this.#command(message.command, message.hold ?? false)
      case 'vary':
        return this.#vary(message.change, message.beside ?? false)
      case 'answer':
        this.#stories.answer(this.#open.tree, message.stop, message.answer)
        return null
      case 'export':
        return exported(this.#open.timeline)
      case 'export-tree':
        return exportedTree(this.#open)
      case 'share':
        return this.#share(message.form, message.view)
      case 'picture':
      case 'try-lock':
      case 'figure-ttl':
        return answerAside(message)
      case 'pace':
        if (message.playing) this.#stories.skipOpen(this.#open.tree)
        this.#pacing.set(message)
        return null
      case 'speed':
        this.#pacing.speed = message.speed
        return null
      case 'show-solution':
        this.#stories.showSolution(this.#open.tree)
        this.#pacing.play()
        return null
      case 'try':
        this.#open.beginTrial()
        this.#begin()
        return null
      case 'end-try':
        if (this.#open.endTrial()) this.#begin()
        return null
      default:
        this.#pacing.pause()
        this.#go(message)
        return null
    }
  }

  /** The run's recording at this point. There must be a run. */
  recording(): Recording {
    return this.#open.timeline.recording()
  }

  /** Moves the cursor of a paused run, or changes its branches or stops. */
  #go(message: Gesture): void {
    const { tree, timeline: run } = this.#open
    switch (message.type) {
      case 'step':
        return this.#step(message.to, message.back)
      case 'step-client':
        return stepClient(run, message.client)
      case 'step-stop':
        if (!this.#stories.step(tree, message.back)) this.#shortfall = { what: 'stop' }
        return
      case 'seek-stop':
        if (!this.#stories.seekStop(tree, message.stop)) this.#shortfall = { what: 'stop' }
        return
      case 'seek':
        // A limit of events ends the wait of a page that requests a month of heartbeats.
        return tree.seek(Math.max(0, Math.round(message.at)))
      case 'seek-event':
        if (message.id >= 1 && message.id <= run.trace.length) run.seek({ event: message.id })
        return
      case 'branch':
        return this.#branch(message.op)
      case 'undo':
        tree.undo()
        return
      case 'redo':
        tree.redo()
        return
      case 'stops':
        return tree.replaceStops(message.stops)
      case 'leave-out':
        return this.#stories.leaveOut(tree, message.stop)
      default:
        return unreachable(message)
    }
  }

  /** A refused message does not change the open run. */
  #take(message: Opening): FromWorker | null {
    const arrival = arrivalOf(message, {
      mostEvents: this.#mostEvents,
      watch: (run) => void this.#checks.of(run),
    })
    if (arrival.type === 'refused') return arrival
    this.#open.open(arrival.tree, arrival.madeWith)
    this.#begin()
    this.#pacing.forgetStop()
    if (arrival.compare !== null) this.#compareWith(arrival.compare)
    return arrival.answer(this.#open.opened)
  }

  /** The page shows another run from now on. */
  #begin(): void {
    this.#comparison.end()
    this.#frames.begin()
    this.#pacing.pause()
  }

  #advance(wallMs: number): Frame {
    const { tree } = this.#open
    this.#pacing.advance(tree, wallMs)
    const frame = this.#frames.make()
    const shortfall = this.#shortfall ?? tree.takeLimit()
    this.#shortfall = null
    return shortfall === null ? frame : { ...frame, shortfall }
  }

  #command(command: Command, hold: boolean): FromWorker | null {
    const { tree, timeline } = this.#open
    const passed = this.#stories.passed(tree)
    const refusal = this.#refuses(command)
    if (refusal !== null) return refused(refusal)
    const impossible = timeline.sim.refusal(command)
    if (impossible !== null) return impossible
    tree.submit(command)
    // The command itself may lead to a stop.
    if (this.#pacing.playing && this.#stories.passed(tree) > passed) this.#pacing.pause()
    if (command.type === 'console' && !hold) this.#pacing.awaitAnswer(command.terminal)
    return null
  }

  #vary(change: Change, beside: boolean | 'stay'): FromWorker | null {
    const refusal = this.#refuses(null)
    if (refusal !== null) return refused(refusal)
    const { tree } = this.#open
    const from = tree.current
    return orRefused(() => {
      tree.vary(describeChange(change), varied(this.recording(), change))
      const made = tree.current
      // A change without effect keeps the comparison.
      if (beside === false || made === from) return null
      if (beside === 'stay') tree.switchTo(from)
      this.#compareWith(beside === 'stay' ? made : from)
      return null
    })
  }

  /**
   * The reason why a command, or a change of the whole run (null), is not allowed; null if it is.
   * The author of a story may do everything.
   */
  #refuses(command: Command | null): string | null {
    return this.#frames.interest.stops === 'write'
      ? null
      : this.#stories.refuses(this.#open.tree, command)
  }

  #share(form: ShareForm, view: View): FromWorker {
    return orRefused(
      () => ({ type: 'shared' as const, form, ...exportedAs(this.#open.kept, form, view) }),
      'share: ',
    )
  }

  #branch(op: BranchOp): void {
    const { tree } = this.#open
    if (op.type === 'switch') tree.switchTo(op.id)
    else if (op.type === 'rename') tree.rename(op.id, op.name)
    else tree.remove(op.id)
  }

  #compareWith(branch: number | null): void {
    this.#comparison.with(branch, this.#open.tree)
    this.#frames.forget()
  }

  /** A step to the next difference does nothing without a comparison. */
  #step(to: StepTo, back: boolean): void {
    const { tree, timeline: run } = this.#open
    if (to !== 'difference') return step(run, to, back, this.#frames.interest.moves ?? 'members')
    const found = this.#comparison.step(tree, this.#observer, back)
    if (found === null) return
    if (found.at !== null) run.seek({ at: found.at })
    else this.#shortfall = { what: 'difference', back, lookedTo: found.lookedTo }
  }
}

/** The messages that pause the run. */
type Gesture = Extract<
  ToWorker,
  {
    type:
      | 'step'
      | 'step-client'
      | 'step-stop'
      | 'seek-stop'
      | 'seek'
      | 'seek-event'
      | 'branch'
      | 'undo'
      | 'redo'
      | 'stops'
      | 'leave-out'
  }
>
