// When the run goes on: it plays at a speed, or lets a console line have its answer, until an event
// to stop on, a pause of the story, or the end of the frame.

import type { RunTree } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'
import { leg, speedOf } from './pace'
import type { Head, StopOn, ToWorker } from './protocol'
import { STOPS } from './steps'
import type { Storytelling } from './storytelling'

/** Wall milliseconds of one frame that the engine may use. The run does later what is left. */
const BUDGET_MS = 8
/** A page that was away for longer than this has missed the rest: nothing is caught up. */
const LONGEST_FRAME_MS = 100

const boundedSpeed = (speed: number): number => Math.min(100, Math.max(0.1, speed))

export class Pacing {
  readonly #wallMs: () => number
  readonly #stories: Storytelling
  #playing = false
  #speed = 1
  #stopOn: StopOn | undefined
  /** The clock slows down while messages of clients fly. */
  #slows = true
  /** The terminal for whose answer a paused run goes on. */
  #answering: string | null = null
  /** Virtual time that a frame asked for and that was less than a whole millisecond so far. */
  #carry = 0

  constructor(wallMs: () => number, stories: Storytelling) {
    this.#wallMs = wallMs
    this.#stories = stories
  }

  get playing(): boolean {
    return this.#playing
  }

  /** A paused run goes on until a console line has its answer. */
  get isAnswering(): boolean {
    return this.#answering !== null
  }

  get isRunning(): boolean {
    return this.#playing || this.isAnswering
  }

  /** The same speed until another one is set. */
  set speed(speed: number) {
    this.#speed = boundedSpeed(speed)
  }

  set({ playing, speed, stopOn, slow = true }: Extract<ToWorker, { type: 'pace' }>): void {
    this.#playing = playing
    if (speed !== undefined) this.speed = speed
    this.#stopOn = stopOn
    this.#slows = slow
    this.#answering = null
  }

  play(): void {
    this.#playing = true
  }

  pause(): void {
    this.#playing = false
    this.#answering = null
    this.#carry = 0
  }

  /** Another run is there: no event of the one before stops it. */
  forgetStop(): void {
    this.#stopOn = undefined
  }

  /** A paused run goes on until that terminal has its answer. */
  awaitAnswer(terminal: string): void {
    if (!this.#playing) this.#answering = terminal
  }

  /** How the run moves at this instant. */
  head(run: Timeline): Pick<Head, 'playing' | 'speed' | 'held'> & { fraction?: number } {
    const speed = this.#speedNow(run)
    const isHeld = speed < this.#speed
    return {
      playing: this.#playing,
      speed: this.#speed,
      held: isHeld ? speed : null,
      ...(isHeld ? { fraction: this.#carry } : {}),
    }
  }

  /**
   * Lets one animation frame pass, `wallMs` long: until the frame is over, the event to stop on,
   * the answer waited for, a pause of the story, or the end of the budget.
   */
  advance(tree: RunTree, wallMs: number): void {
    if (!this.isRunning) return
    const run = tree.timeline
    let left = Math.min(LONGEST_FRAME_MS, Math.max(0, wallMs))
    const began = this.#wallMs()
    const stops = this.#playing && this.#stopOn !== undefined ? STOPS[this.#stopOn] : () => false
    const story = this.#playing ? this.#stories.of(run) : null
    const passed = this.#stories.passed(tree)
    for (;;) {
      const next = Math.min(run.nextAt(), story?.nextTime(run) ?? Number.POSITIVE_INFINITY)
      const { to, carry, wallMs: rest } = leg(run.now, this.#carry, left, this.#speedNow(run), next)
      const isOver = next > to
      this.#carry = carry
      left = rest
      const before = run.lastEvent
      if (run.nextAt() <= to) run.step()
      else run.advance(to)
      if (this.#answering !== null && !run.sim.isBusy(this.#answering)) return this.pause()
      for (let id = before; id < run.lastEvent; id++) if (stops(run.trace[id]!)) return this.pause()
      if (story !== null && this.#stories.passed(tree) > passed) return this.pause()
      if (isOver || this.#wallMs() - began > BUDGET_MS) return
    }
  }

  /** Less than the speed that was set while a message of a client is to be seen. */
  #speedNow(run: Timeline): number {
    return this.#slows && this.isRunning ? speedOf(run, this.#speed) : this.#speed
  }
}
