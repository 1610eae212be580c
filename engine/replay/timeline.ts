// A run that can be gone through in any direction. The recording is all there is: going back is playing it again from the start, so every seek proves that the
// same recording gives the same trace. Acting in the past cuts off the future that had been played.
//
//   commands   at 0     at 1.5            at 6.2
//   trace      ●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●●     played up to here: `end`
//                             ↑ cursor: the simulation stands here

import { assert } from '../base/assert'
import type { EventId, TraceEvent } from '../base/trace'
import type { Command } from '../sim/command'
import type { RecordedCommand, Recording } from '../sim/recording'
import { RECORDING_VERSION } from '../sim/recording'
import { Simulation } from '../sim/simulation'

/** Where a seek stops: virtual ms with everything due until then taken, or just after an event. */
export type Target = { at: number } | { event: EventId }

export class Timeline {
  readonly #seed: number
  readonly #config: Recording['config']
  #commands: RecordedCommand[]
  #trace: TraceEvent[] = []
  // Which step each event belongs to: a step's events share a number.
  #steps: number[] = []
  #end = 0
  #sim: Simulation
  // How many commands lie before the cursor, and the last event before it.
  #taken = 0
  #last: EventId = 0
  #cuts = 0

  constructor(recording: Recording) {
    this.#seed = recording.seed
    this.#config = recording.config
    this.#commands = recording.commands.map((command) => ({ ...command }))
    this.#sim = this.#start()
    this.#takeCommandsDue()
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

  /** Every event so far, those after the cursor too; event `id` stands at `id − 1`. */
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

  recording(): Recording {
    return {
      leasescope: RECORDING_VERSION,
      seed: this.#seed,
      config: this.#config,
      commands: this.#commands.map((command) => ({ ...command })),
    }
  }

  /** When the next thing happens, a recorded command or a move; Infinity for never. */
  nextAt(): number {
    return Math.min(this.#sim.nextAt(), this.#commands[this.#taken]?.at ?? Number.POSITIVE_INFINITY)
  }

  /** Takes the next recorded command or move; false when there is none. */
  step(): boolean {
    const command = this.#commands[this.#taken]
    if (command !== undefined && this.#isNext(command)) this.#takeCommand(command)
    else if (!this.#sim.step()) return false
    this.#end = Math.max(this.#end, this.#sim.now)
    return true
  }

  /** Plays on until `to` (virtual ms), commands included. A time that has passed changes nothing. */
  advance(to: number): void {
    while (this.nextAt() <= to) this.step()
    this.#sim.advance(to)
    this.#end = Math.max(this.#end, this.#sim.now)
  }

  /** Takes steps until one has an event that fits, or nothing more can happen, or `limit` steps are taken. Answers whether one fitted. */
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

  /** Moves the cursor. Forward it plays on, past the end if need be; backward it plays again from the start. */
  seek(target: Target): void {
    if ('at' in target) {
      if (target.at < this.now) this.#rewind()
      this.advance(target.at)
      return
    }
    if (target.event <= this.#last) this.#rewind()
    while (this.#last < target.event && this.step());
  }

  /** To just after the last step before this instant of the cursor that had an event that fits; to the start when there is none. */
  stepBack(fits: (event: TraceEvent) => boolean): void {
    // The step the cursor stands on may have had several events; the one wanted lies before the first of them.
    let id = this.#last
    const here = this.#stepOf(id)
    while (id > 0 && this.#stepOf(id) === here && this.now === this.#trace[id - 1]!.at) id--
    while (id > 0 && !fits(this.#trace[id - 1]!)) id--
    this.seek(id === 0 ? { at: 0 } : { event: id })
  }

  /** Acts at the cursor. What had been played beyond it is gone. */
  submit(command: Command): void {
    this.#commands.length = this.#taken
    if (this.#trace.length > this.#last || this.#end > this.now) {
      this.#trace.length = this.#last
      this.#steps.length = this.#last
      this.#end = this.now
      this.#cuts++
    }
    const between = this.#sim.nextAt() <= this.now
    const recorded: RecordedCommand = { ...command, at: this.now, ...(between ? { after: this.#sim.stepsAtNow } : {}) }
    this.#commands.push(recorded)
    this.#takeCommand(recorded)
    // A chosen move brings its time along.
    this.#end = Math.max(this.#end, this.now)
  }

  #stepOf(id: EventId): number {
    return this.#steps[id - 1] ?? 0
  }

  #start(): Simulation {
    this.#taken = 0
    this.#last = 0
    return new Simulation(this.#config, this.#seed, (event) => this.#note(event))
  }

  #rewind(): void {
    this.#sim = this.#start()
    this.#takeCommandsDue()
  }

  /** A played event comes again on the way through; only what lies beyond the trace is new. */
  #note(event: TraceEvent): void {
    this.#last = event.id
    const known = this.#trace[event.id - 1]
    if (known === undefined) {
      this.#trace[event.id - 1] = event
      this.#steps[event.id - 1] = this.#sim?.steps ?? 0
    } else
      assert(
        known.type === event.type && known.at === event.at,
        `event ${event.id} was ${known.type} at ${known.at}, now ${event.type} at ${event.at}`,
      )
  }

  /** Before time passes: the commands of virtual 0, if nothing is due before them. */
  #takeCommandsDue(): void {
    for (let command = this.#commands[this.#taken]; command !== undefined && command.at <= this.now && this.#isNext(command); ) {
      this.#takeCommand(command)
      command = this.#commands[this.#taken]
    }
  }

  /** Whether a recorded command comes before the next move (recording.ts says when). */
  #isNext(command: RecordedCommand): boolean {
    if (this.#sim.nextAt() > command.at) return true
    return command.after !== undefined && this.now === command.at && this.#sim.stepsAtNow >= command.after
  }

  #takeCommand(command: RecordedCommand): void {
    // Nothing is due before it: at most what is due at this very instant, which stays.
    if (command.at > this.now) this.#sim.advance(command.at)
    this.#taken++
    const { at: _at, after: _after, ...bare } = command
    this.#sim.submit(bare)
  }
}
