// Decides when the run advances. It plays at a speed, or until a console line has its answer. It
// ends at an event to stop on, a pause of the story, or the end of the frame.

import type { RunTree } from '../replay/run-tree'
import type { Timeline } from '../replay/timeline'
import { leg, speedOf } from './pace'
import type { Head, StopOn, ToWorker } from './protocol'
import { STOPS } from './steps'
import type { Storytelling } from './storytelling'

/** Wall milliseconds of one frame that the engine may use. The rest of the work follows later. */
const BUDGET_MS = 8
/** After a longer gap of the page, the rest of the time is skipped. */
const LONGEST_FRAME_MS = 100

const boundedSpeed = (speed: number): number => Math.min(100, Math.max(0.1, speed))

export class Pacing {
  readonly #wallMs: () => number
  readonly #stories: Storytelling
  #playing = false
  #speed = 1
  #stopOn: StopOn | undefined
  /** The clock slows down while clients' messages fly. */
  #slows = true
  /** A paused run advances until this terminal has its answer. */
  #answering: string | null = null
  /** The fraction of a virtual millisecond that frames have requested so far. */
  #carry = 0

  constructor(wallMs: () => number, stories: Storytelling) {
    this.#wallMs = wallMs
    this.#stories = stories
  }

  get playing(): boolean {
    return this.#playing
  }

  /** A paused run advances until a console line has its answer. */
  get isAnswering(): boolean {
    return this.#answering !== null
  }

  get isRunning(): boolean {
    return this.#playing || this.isAnswering
  }

  /** The speed stays until another one is set. */
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

  /** Another run is open: no event of the previous one stops it. */
  forgetStop(): void {
    this.#stopOn = undefined
  }

  /** A paused run advances until that terminal has its answer. */
  awaitAnswer(terminal: string): void {
    if (!this.#playing) this.#answering = terminal
  }

  /** The current movement of the run. */
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
   * Plays one animation frame of `wallMs`: until the frame is over, the event to stop on, the
   * awaited answer, a pause of the story, or the end of the budget.
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

  /** Below the chosen speed while a client's message has to be visible. */
  #speedNow(run: Timeline): number {
    return this.#slows && this.isRunning ? speedOf(run, this.#speed) : this.#speed
  }
}
