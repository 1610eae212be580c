// A run that can be played forward and back. The recording is the only source. A seek plays it
// again from the nearest keyframe before, and compares every repeated event with the first one. A
// command in the past cuts off the played future, unless the caller forks first (run-tree.ts).
//
//   commands   at 0     at 1.5            at 6.2
//   trace      ●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●     played up to here: `end`
//   keyframes  k           k       k     k   k k           the older, the fewer
//                             ↑ cursor: the simulation stands here

import { assert } from '../base/assert'
import type { EventId, TraceEvent } from '../base/trace'
import type { Command, Refusal } from '../sim/command'
import { ENGINE_VERSION } from '../sim/engine-version'
import type { RecordedCommand, Recording } from '../sim/recording'
import { RECORDING_VERSION } from '../sim/recording'
import { Simulation } from '../sim/simulation'
import type { Keyframe } from './keyframes'
import { Keyframes } from './keyframes'

/** A place between two steps of a run: how many have been taken, and virtual ms. */
export interface Position {
  step: number
  at: number
}

/**
 * A place in a run by its time: virtual ms, and how many steps of that very instant come before it.
 * A recorded command has its place in the same form. Without `after` all steps do.
 */
export interface Instant {
  at: number
  after?: number
}

/** Where a seek stops: a time, just after an event, or the exact place. */
export type Target = Instant | { event: EventId } | Position

/** Thrown out of a step that would exceed the limit of events. */
class TooManyEvents extends Error {}

/**
 * A recording that is played, forward and back.
 *
 * @example
 * const etcd = new Cluster()
 * etcd.grant(10)
 * etcd.advance(60_000)
 * const timeline = new Timeline(etcd.toJSON())
 * timeline.seek({ at: 60_000 })
 * expect(timeline.trace).toEqual(etcd.events)
 * timeline.seek({ at: 5000 })
 * expect(timeline.sim.members[0].lessor.size).toBe(1)
 */
export class Timeline {
  readonly #seed: number
  readonly #config: Recording['config']
  #stops: Recording['stops']
  #commands: RecordedCommand[]
  #trace: TraceEvent[] = []
  // How many steps were taken before the step of each event. The events of a step share a number.
  #steps: number[] = []
  /** Steps before the current step, and the last event before it. */
  #begun = 0
  #lastBegun: EventId = 0
  /** No step makes a new event beyond this one. */
  #mostEvents = Number.POSITIVE_INFINITY
  #end = 0
  #sim: Simulation
  // How many commands lie before the cursor, and the last event before it.
  #taken = 0
  #last: EventId = 0
  #cuts = 0
  #keyframes: Keyframes
  /**
   * Called after every step and every command, also for repeated ones. Arguments: the last event
   * before it, and its own last event.
   */
  onStep: ((before: EventId, after: EventId) => void) | null = null

  /**
   * At least `keyframeEvents` events lie between two keyframes. Their distance changes how long a
   * seek takes, never its result. Commands of virtual 0 that would bring the run beyond
   * `mostEvents` events lie ahead.
   */
  constructor(
    recording: Recording,
    from?: Timeline,
    keyframeEvents?: number,
    mostEvents = Number.POSITIVE_INFINITY,
  ) {
    this.#keyframes = new Keyframes(keyframeEvents)
    this.#seed = recording.seed
    this.#config = recording.config
    this.#stops = recording.stops
    this.#commands = recording.commands.map((command) => ({ ...command }))
    if (from === undefined) {
      this.#sim = this.#start()
      this.#within(mostEvents, () => this.#takeCommandsDue())
      return
    }
    this.#commands = from.#commands.slice(0, from.#taken)
    this.#trace = from.#trace.slice(0, from.#last)
    this.#steps = from.#steps.slice(0, from.#last)
    this.#keyframes = from.#keyframes.until(from.#last, from.#sim.steps)
    this.#end = from.now
    this.#taken = from.#taken
    this.#last = from.#last
    this.#sim = Simulation.load(from.#sim.save(), (event) => this.#note(event))
  }

  /**
   * A new timeline with the same cursor and no future yet. Events, commands and keyframes until
   * here are the same objects.
   */
  fork(): Timeline {
    return new Timeline(this.recording(), this)
  }

  get sim(): Simulation {
    return this.#sim
  }

  get now(): number {
    return this.#sim.now
  }

  /** How far the run has been played (virtual ms). */
  get end(): number {
    return this.#end
  }

  /** Every event so far, also after the cursor; event `id` is at index `id − 1`. */
  get trace(): readonly TraceEvent[] {
    return this.#trace
  }

  /** The last event before the cursor; 0 before the first. */
  get lastEvent(): EventId {
    return this.#last
  }

  /** Counts up whenever a future was cut off. */
  get cuts(): number {
    return this.#cuts
  }

  /** Recorded commands that lie beyond the cursor. */
  get commandsAhead(): number {
    return this.#commands.length - this.#taken
  }

  /** Whether anything lies beyond the cursor: events, time that was played, or commands. */
  get hasFuture(): boolean {
    return this.#trace.length > this.#last || this.#end > this.now || this.commandsAhead > 0
  }

  /** The run's story, if it has one. */
  get stops(): Recording['stops'] {
    return this.#stops
  }

  /** Another story, or none. It changes nothing in the run. */
  set stops(stops: Recording['stops']) {
    this.#stops = stops
  }

  get keyframes(): Pick<Keyframes, 'size' | 'list'> {
    return this.#keyframes
  }

  get position(): Position {
    return { step: this.#sim.steps, at: this.now }
  }

  /** The cursor by its time. `after` is present only if more is due at this very instant. */
  get instant(): Instant {
    return { at: this.now, ...(this.nextAt() > this.now ? {} : { after: this.#sim.stepsAtNow }) }
  }

  /** How many recorded commands lie before the cursor. */
  get commandsTaken(): number {
    return this.#taken
  }

  /** The run as it is played here. It names this engine, whichever engine made its recording. */
  recording(): Recording {
    return {
      leasescope: RECORDING_VERSION,
      engine: ENGINE_VERSION,
      seed: this.#seed,
      config: this.#config,
      commands: this.#commands.map((command) => ({ ...command })),
      ...(this.#stops === undefined ? {} : { stops: this.#stops }),
    }
  }

  /** When the next thing happens, a recorded command or a move; Infinity for never. */
  nextAt(): number {
    return Math.min(this.#sim.nextAt(), this.#commands[this.#taken]?.at ?? Number.POSITIVE_INFINITY)
  }

  /** Takes the next recorded command or move, or false. */
  step(): boolean {
    const command = this.#commands[this.#taken]
    const before = this.#last
    this.#begin()
    if (command !== undefined && this.#isNext(command)) this.#takeCommand(command)
    else if (!this.#sim.step()) return false
    this.#end = Math.max(this.#end, this.#sim.now)
    this.#keep()
    this.onStep?.(before, this.#last)
    return true
  }

  /** Plays on until `to` (virtual ms), commands included. An earlier time changes nothing. */
  advance(to: number): void {
    while (this.nextAt() <= to) this.step()
    this.#sim.advance(to)
    this.#end = Math.max(this.#end, this.#sim.now)
  }

  /**
   * Seeks to that time (virtual ms) or place. Stops before the first step that would bring the run
   * beyond `mostEvents` events. Answers whether it reached the place. A run from outside may have a
   * month of heartbeats.
   */
  reach(to: number | Instant | Position, mostEvents: number): boolean {
    return this.#within(mostEvents, () => this.seek(typeof to === 'number' ? { at: to } : to))
  }

  /**
   * Takes steps until one has an event that fits, nothing more can happen, or `limit` steps are
   * taken. Answers whether an event fitted.
   */
  stepUntil(fits: (event: TraceEvent) => boolean, limit: number): boolean {
    for (let steps = 0; steps < limit; steps++) {
      const before = this.#last
      if (!this.step()) return false
      if (this.#some(before, fits)) return true
    }
    return false
  }

  /** Whether one of the events after `since`, up to the cursor, fits. */
  #some(since: EventId, fits: (event: TraceEvent) => boolean): boolean {
    for (let id = since; id < this.#last; id++) if (fits(this.#trace[id]!)) return true
    return false
  }

  /**
   * Moves the cursor, from the nearest keyframe where that is shorter. Past the end it plays on.
   */
  seek(target: Target): void {
    if ('event' in target) {
      this.#approach((frame) => frame.last < target.event, target.event <= this.#last)
      while (this.#last < target.event && this.step());
      return
    }
    if ('step' in target) {
      this.#seekStep(target.step, target.step < this.#sim.steps)
      // Time may have passed there without a step. A command of that very instant may be the next
      // step.
      if (target.at > this.now && this.#sim.nextAt() > target.at) this.#sim.advance(target.at)
      this.#end = Math.max(this.#end, this.now)
      return
    }
    if (target.after !== undefined) return this.#seekInto(target.at, target.after)
    this.#approach((frame) => frame.saved.now <= target.at, target.at < this.now)
    this.advance(target.at)
  }

  /**
   * Seeks to just after the last step before the cursor's instant with an event that fits, else to
   * the start.
   */
  stepBack(fits: (event: TraceEvent) => boolean): void {
    // The step at the cursor may have had several events. The wanted event is before all of them.
    let id = this.#last
    const here = this.#stepOf(id)
    while (id > 0 && this.#stepOf(id) === here && this.now === this.#trace[id - 1]!.at) id--
    while (id > 0 && !fits(this.#trace[id - 1]!)) id--
    this.seek(id === 0 ? { at: 0 } : { event: id })
  }

  /**
   * Seeks to just before the last step up to the cursor with an event that fits, else to the start.
   */
  stepBefore(fits: (event: TraceEvent) => boolean): void {
    let id = this.#last
    while (id > 0 && !fits(this.#trace[id - 1]!)) id--
    this.seek(id === 0 ? { at: 0 } : { step: this.#stepOf(id), at: 0 })
  }

  /**
   * Submits a command at the cursor. The played future beyond it is gone; fork first to keep it. A
   * command that names something unknown is refused: it changes nothing and is not recorded.
   */
  submit(command: Command): Refusal | null {
    const refused = this.#sim.refusal(command)
    if (refused !== null) return refused
    this.#commands.length = this.#taken
    if (this.#trace.length > this.#last || this.#end > this.now) {
      this.#trace.length = this.#last
      this.#steps.length = this.#last
      this.#end = this.now
      this.#keyframes = this.#keyframes.until(this.#last, this.#sim.steps)
      this.#cuts++
    }
    const between = this.#sim.nextAt() <= this.now
    const recorded: RecordedCommand = {
      ...command,
      at: this.now,
      ...(between ? { after: this.#sim.stepsAtNow } : {}),
    }
    this.#commands.push(recorded)
    const before = this.#last
    this.#takeCommand(recorded)
    this.onStep?.(before, this.#last)
    // A chosen move brings its time along.
    this.#end = Math.max(this.#end, this.now)
    return null
  }

  /** Seeks to a time, and so many steps into it; fewer where the instant has no more. */
  #seekInto(at: number, after: number): void {
    this.#approach(
      (frame) => frame.saved.now < at,
      at <= this.now,
      at === 0 ? after : Number.POSITIVE_INFINITY,
    )
    while (this.nextAt() < at) this.step()
    if (this.#sim.nextAt() > at) this.#sim.advance(at)
    const isBefore = (): boolean => this.now < at || this.#sim.stepsAtNow < after
    while (this.nextAt() <= at && isBefore()) this.step()
    this.#end = Math.max(this.#end, this.now)
  }

  #seekStep(step: number, back: boolean): void {
    this.#approach((frame) => frame.saved.steps <= step, back, step)
    while (this.#sim.steps < step && this.step());
  }

  #begin(): void {
    this.#begun = this.#sim.steps
    this.#lastBegun = this.#last
  }

  /**
   * Runs a function with at most so many events. A step that would exceed the limit is undone, and
   * the answer is false.
   */
  #within(mostEvents: number, job: () => void): boolean {
    this.#mostEvents = mostEvents
    try {
      job()
      return true
    } catch (error) {
      if (!(error instanceof TooManyEvents)) throw error
      this.#trace.length = this.#lastBegun
      this.#steps.length = this.#lastBegun
      // The state is in the middle of that step.
      this.#seekStep(this.#begun, true)
      return false
    } finally {
      this.#mostEvents = Number.POSITIVE_INFINITY
    }
  }

  #stepOf(id: EventId): number {
    return this.#steps[id - 1] ?? 0
  }

  #start(): Simulation {
    this.#taken = 0
    this.#last = 0
    this.#begun = 0
    this.#lastBegun = 0
    return new Simulation(this.#config, this.#seed, (event) => this.#note(event))
  }

  /**
   * Goes to the latest keyframe that is not beyond the target: always to go back, forward only
   * where it saves steps. The start is a keyframe too.
   */
  #approach(
    isBefore: (frame: Keyframe) => boolean,
    back: boolean,
    mostSteps = Number.POSITIVE_INFINITY,
  ): void {
    const frame = this.#keyframes.latest(isBefore)
    if (!back && (frame === undefined || frame.saved.steps <= this.#sim.steps)) return
    if (frame === undefined) {
      this.#sim = this.#start()
      this.#takeCommandsDue(mostSteps)
      return
    }
    this.#taken = frame.taken
    this.#last = frame.last
    this.#sim = Simulation.load(frame.saved, (event) => this.#note(event))
  }

  /** Takes a keyframe where one is due. */
  #keep(): void {
    if (!this.#keyframes.wants(this.#last, this.#sim)) return
    this.#keyframes.add({ last: this.#last, taken: this.#taken, saved: this.#sim.save() })
  }

  /** A repeated event is compared; only an event beyond the trace is new. */
  #note(event: TraceEvent): void {
    const known = this.#trace[event.id - 1]
    if (known === undefined) {
      if (event.id > this.#mostEvents) throw new TooManyEvents()
      this.#trace[event.id - 1] = event
      this.#steps[event.id - 1] = this.#begun
    } else
      assert(
        known.type === event.type && known.at === event.at,
        `event ${event.id} was ${known.type} at ${known.at}, now ${event.type} at ${event.at}`,
      )
    this.#last = event.id
  }

  /** Before time passes: the commands of virtual 0, if nothing is due before them. */
  #takeCommandsDue(mostSteps = Number.POSITIVE_INFINITY): void {
    for (
      let command = this.#commands[this.#taken];
      command !== undefined && command.at <= this.now && this.#isNext(command);
    ) {
      if (this.#sim.steps >= mostSteps) return
      this.#takeCommand(command)
      this.#keep()
      command = this.#commands[this.#taken]
    }
  }

  /** Whether a recorded command comes before the next move (recording.ts says when). */
  #isNext(command: RecordedCommand): boolean {
    if (this.#sim.nextAt() > command.at) return true
    return (
      command.after !== undefined &&
      this.now === command.at &&
      this.#sim.stepsAtNow >= command.after
    )
  }

  #takeCommand(command: RecordedCommand): void {
    // Nothing is due before it: at most moves of this very instant, which stay.
    if (command.at > this.now) this.#sim.advance(command.at)
    this.#taken++
    this.#begin()
    const { at: _at, after: _after, ...bare } = command
    this.#sim.submit(bare)
  }
}
