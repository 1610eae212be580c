// A program in its text form as it is driven: line by line, held and stepped by a debugger's hand,
// run to a line. What a line wants done it asks of its host.

import { unreachable } from '../base/assert'
import type { LeaseId, Reply, Request } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { MutexRules } from '../concurrency/mutex'
import type { Control } from './control'
import type { ProgramOutput, SavedProgram } from './program/outputs'
import { LINE_MS, ProgramRunner } from './program/runner'
import type { Turn } from './turn'

/** The client that runs a program. */
export interface ProgramHost {
  /** Makes a call and answers with its number. */
  send(request: Request, turn: Turn): number
  cancel(rpc: number, turn: Turn): void
  /** Cancels all calls and watches of the program. */
  cancelAll(turn: Turn): void
  keep(lease: LeaseId, on: boolean, turn: Turn): void
  /** The program ends with an error, and its process with it: nothing is kept alive any more. */
  fails(turn: Turn): void
  /** Whether it takes the lease for its own at that time. */
  believes(lease: LeaseId, now: number): boolean
  keeps(lease: LeaseId): boolean
}

/** How a program in its text form is driven. */
interface Driven {
  source: string
  /** Those of its library's Mutex. */
  rules: MutexRules
  held: boolean
  /** Its turn has come while it was held. */
  ready: boolean
  /** Lines that it may still do while it is held. */
  steps: number
  /** The line at which to hold. */
  until: number | null
  watch: number | null
}

export type SavedDrivenProgram = Driven & { saved: SavedProgram | null }

export class DrivenProgram {
  readonly #id: ClientId
  readonly #host: ProgramHost
  #driven: Driven | null = null
  #runner: ProgramRunner | null = null

  constructor(id: ClientId, host: ProgramHost) {
    this.#id = id
    this.#host = host
  }

  /**
   * The program and where it stands; null where the client has none. A client that has crashed has
   * a text and no runner.
   */
  get state(): {
    source: string
    held: boolean
    ready: boolean
    until: number | null
    runner: ProgramRunner | null
  } | null {
    if (this.#driven === null) return null
    const { source, held, ready, until } = this.#driven
    return { source, held, ready, until, runner: this.#runner }
  }

  /** What the client would begin again with; null where it has no program. */
  get text(): { source: string; rules: MutexRules } | null {
    return this.#driven
  }

  /** From the first line; what ran before must have been ended. */
  start(source: string, rules: MutexRules, turn: Turn): void {
    this.#runner = new ProgramRunner(this.#id, source, rules)
    this.#driven = { source, rules, held: false, ready: false, steps: 0, until: null, watch: null }
    turn.timer('line', turn.now + LINE_MS)
  }

  /** Nothing is left but its text. */
  end(turn: Turn): void {
    turn.timer('line', null)
    turn.timer('give-up', null)
    this.#runner = null
    if (this.#driven !== null)
      this.#driven = {
        ...this.#driven,
        held: false,
        ready: false,
        steps: 0,
        until: null,
        watch: null,
      }
  }

  /** Not even that. */
  forget(): void {
    this.#driven = null
  }

  answered(reply: Reply, turn: Turn): void {
    this.#serve(this.#runner?.answered(reply) ?? [], turn)
  }

  watched(response: Extract<Reply, { type: 'Watch' }>, turn: Turn): void {
    this.#serve(this.#runner?.watched(response) ?? [], turn)
  }

  /** The guarded resource has answered. */
  written(accepted: boolean, turn: Turn): void {
    this.#serve(this.#runner?.written(accepted) ?? [], turn)
  }

  /** The deadline of its line has passed. */
  deadlinePassed(turn: Turn): void {
    this.#serve(this.#runner?.deadlinePassed() ?? [], turn)
  }

  /** A lease is kept alive no more. */
  sessionEnded(lease: LeaseId, turn: Turn): void {
    this.#serve(this.#runner?.sessionEnded(lease) ?? [], turn)
  }

  save(): SavedDrivenProgram | null {
    return this.#driven === null ? null : { ...this.#driven, saved: this.#runner?.save() ?? null }
  }

  static load(
    id: ClientId,
    host: ProgramHost,
    { saved, ...driven }: SavedDrivenProgram,
  ): DrivenProgram {
    const program = new DrivenProgram(id, host)
    program.#driven = { ...driven }
    program.#runner = saved === null ? null : ProgramRunner.load(id, saved)
    return program
  }

  /** A debugger's hand on it. */
  control(control: Control, turn: Turn): void {
    const driven = this.#driven
    if (driven === null || this.#runner === null) return
    switch (control.type) {
      case 'hold':
        driven.held = true
        driven.until = null
        driven.steps = 0
        return
      case 'release':
        driven.until = null
        return this.#letGo(driven, turn)
      case 'step':
        driven.held = true
        driven.until = null
        if (!driven.ready) {
          driven.steps = 1
          return
        }
        driven.ready = false
        return this.#runLine(turn)
      case 'run-to':
        driven.until = control.line
        // Where it stands already it goes round once.
        if (driven.ready && this.#runner.next?.line === control.line) {
          driven.held = driven.ready = false
          return this.#runLine(turn)
        }
        return this.#letGo(driven, turn)
      default:
        return unreachable(control)
    }
  }

  #letGo(driven: Driven, turn: Turn): void {
    driven.held = false
    driven.steps = 0
    if (!driven.ready) return
    driven.ready = false
    turn.timer('line', turn.now)
  }

  lineDue(turn: Turn): void {
    const driven = this.#driven
    if (driven === null || this.#runner === null) return
    // Reached is what is next: the line itself does not begin.
    if (driven.until !== null && this.#runner.next?.line === driven.until) {
      driven.held = true
      driven.until = null
    }
    if (driven.held && driven.steps === 0) {
      driven.ready = true
      return
    }
    driven.steps = 0
    this.#runLine(turn)
  }

  #runLine(turn: Turn): void {
    const own = {
      now: turn.now,
      isLive: (lease: LeaseId) => this.#host.believes(lease, turn.now),
      isKept: (lease: LeaseId) => this.#host.keeps(lease),
    }
    this.#serve(this.#runner?.turn(own) ?? [], turn)
  }

  #serve(wants: readonly ProgramOutput[], turn: Turn): void {
    for (const want of wants) {
      switch (want.type) {
        case 'begin':
          turn.cause = turn.emit({
            type: 'program-line',
            client: this.#id,
            line: want.line - 1,
            text: want.text,
          })
          break
        case 'call':
          this.#host.send(want.request, turn)
          break
        case 'watch':
          this.#endWatch(turn)
          this.#driven!.watch = this.#host.send(want.request, turn)
          break
        case 'unwatch':
          this.#endWatch(turn)
          break
        case 'deadline':
          turn.timer('give-up', want.afterMs === null ? null : turn.now + want.afterMs)
          break
        case 'abandon':
          turn.cause = turn.emit({ type: 'context-ended', client: this.#id, why: want.why })
          this.#host.cancelAll(turn)
          this.#driven!.watch = null
          break
        case 'keep':
          this.#host.keep(want.lease, want.on, turn)
          break
        case 'turn':
          turn.timer('line', turn.now + want.afterMs)
          break
        case 'write':
          turn.write(want.value, want.token)
          break
        case 'enter':
          turn.cause = turn.emit({
            type: 'section-entered',
            client: this.#id,
            section: want.section,
            ...(want.room === null ? {} : { room: want.room }),
          })
          break
        case 'leave':
          turn.cause = turn.emit({ type: 'section-left', client: this.#id, section: want.section })
          break
        case 'end':
          turn.cause = turn.emit({ type: 'program-ended', client: this.#id, failed: want.failed })
          if (want.failed) this.#host.fails(turn)
          break
        default:
          unreachable(want)
      }
    }
  }

  #endWatch(turn: Turn): void {
    const watch = this.#driven?.watch ?? null
    if (watch === null) return
    this.#host.cancel(watch, turn)
    this.#driven!.watch = null
  }
}
