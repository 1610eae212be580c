// A program in its text form under control. It runs line by line, may be held and stepped by a
// debugger, or run to a line. It sends its requests through its host.

import { unreachable } from '../base/assert'
import type { LeaseId, Reply, Request } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { MutexRules } from '../concurrency/mutex'
import type { ClientContext } from './context'
import type { Control } from './control'
import type { ProgramOutput, SavedProgram } from './program/outputs'
import { LINE_MS, ProgramRunner } from './program/runner'

/** The client that runs a program. */
export interface ProgramHost {
  /** Makes a call and answers with its number. */
  send(request: Request, context: ClientContext): number
  cancel(rpc: number, context: ClientContext): void
  /** Cancels all calls and watches of the program. */
  cancelAll(context: ClientContext): void
  keep(lease: LeaseId, on: boolean, context: ClientContext): void
  /** The program ends with an error, and its process with it: nothing is kept alive any more. */
  fails(context: ClientContext): void
  /** Whether the client takes the lease for its own at that time. */
  believes(lease: LeaseId, now: number): boolean
  keeps(lease: LeaseId): boolean
}

/** How a program in its text form is controlled. */
interface Driven {
  source: string
  /** The lock rules of its library's Mutex. */
  rules: MutexRules
  held: boolean
  /** Its turn has come while it was held. */
  ready: boolean
  /** The number of lines that it may still run while it is held. */
  steps: number
  /** The line to hold at. */
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
   * The program and its current line; null where the client has none. A crashed client has a text
   * and no runner.
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

  /** The program of a restarted client; null where it has none. */
  get text(): { source: string; rules: MutexRules } | null {
    return this.#driven
  }

  /** Starts from the first line; the earlier program must have been ended. */
  start(source: string, rules: MutexRules, context: ClientContext): void {
    this.#runner = new ProgramRunner(this.#id, source, rules)
    this.#driven = { source, rules, held: false, ready: false, steps: 0, until: null, watch: null }
    context.timer('line', context.now + LINE_MS)
  }

  /** Only its text is left. */
  end(context: ClientContext): void {
    context.timer('line', null)
    context.timer('give-up', null)
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

  /** Not even its text is left. */
  forget(): void {
    this.#driven = null
  }

  answered(reply: Reply, context: ClientContext): void {
    this.#handle(this.#runner?.answered(reply) ?? [], context)
  }

  watched(response: Extract<Reply, { type: 'Watch' }>, context: ClientContext): void {
    this.#handle(this.#runner?.watched(response) ?? [], context)
  }

  /** The guarded resource has answered. */
  written(accepted: boolean, context: ClientContext): void {
    this.#handle(this.#runner?.written(accepted) ?? [], context)
  }

  /** The deadline of its line has passed. */
  deadlinePassed(context: ClientContext): void {
    this.#handle(this.#runner?.deadlinePassed() ?? [], context)
  }

  /** A lease is no longer kept alive. */
  sessionEnded(lease: LeaseId, context: ClientContext): void {
    this.#handle(this.#runner?.sessionEnded(lease) ?? [], context)
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

  /** A debugger's control of the program. */
  control(control: Control, context: ClientContext): void {
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
        return this.#letGo(driven, context)
      case 'step':
        driven.held = true
        driven.until = null
        if (!driven.ready) {
          driven.steps = 1
          return
        }
        driven.ready = false
        return this.#runLine(context)
      case 'run-to':
        driven.until = control.line
        // At its current line it goes round once.
        if (driven.ready && this.#runner.next?.line === control.line) {
          driven.held = driven.ready = false
          return this.#runLine(context)
        }
        return this.#letGo(driven, context)
      default:
        return unreachable(control)
    }
  }

  #letGo(driven: Driven, context: ClientContext): void {
    driven.held = false
    driven.steps = 0
    if (!driven.ready) return
    driven.ready = false
    context.timer('line', context.now)
  }

  lineDue(context: ClientContext): void {
    const driven = this.#driven
    if (driven === null || this.#runner === null) return
    // A line is reached when it is next: the line itself does not begin.
    if (driven.until !== null && this.#runner.next?.line === driven.until) {
      driven.held = true
      driven.until = null
    }
    if (driven.held && driven.steps === 0) {
      driven.ready = true
      return
    }
    driven.steps = 0
    this.#runLine(context)
  }

  #runLine(context: ClientContext): void {
    const own = {
      now: context.now,
      isLive: (lease: LeaseId) => this.#host.believes(lease, context.now),
      isKept: (lease: LeaseId) => this.#host.keeps(lease),
    }
    this.#handle(this.#runner?.step(own) ?? [], context)
  }

  #handle(outputs: readonly ProgramOutput[], context: ClientContext): void {
    for (const output of outputs) {
      switch (output.type) {
        case 'begin':
          context.cause = context.emit({
            type: 'program-line',
            client: this.#id,
            line: output.line - 1,
            text: output.text,
          })
          break
        case 'call':
          this.#host.send(output.request, context)
          break
        case 'watch':
          this.#endWatch(context)
          this.#driven!.watch = this.#host.send(output.request, context)
          break
        case 'unwatch':
          this.#endWatch(context)
          break
        case 'deadline':
          context.timer('give-up', output.afterMs === null ? null : context.now + output.afterMs)
          break
        case 'abandon':
          context.cause = context.emit({ type: 'context-ended', client: this.#id, why: output.why })
          this.#host.cancelAll(context)
          this.#driven!.watch = null
          break
        case 'keep':
          this.#host.keep(output.lease, output.on, context)
          break
        case 'turn':
          context.timer('line', context.now + output.afterMs)
          break
        case 'write':
          context.write(output.value, output.token)
          break
        case 'enter':
          context.cause = context.emit({
            type: 'section-entered',
            client: this.#id,
            section: output.section,
            ...(output.room === null ? {} : { room: output.room }),
          })
          break
        case 'leave':
          context.cause = context.emit({
            type: 'section-left',
            client: this.#id,
            section: output.section,
          })
          break
        case 'end':
          context.cause = context.emit({
            type: 'program-ended',
            client: this.#id,
            failed: output.failed,
          })
          if (output.failed) this.#host.fails(context)
          break
        default:
          unreachable(output)
      }
    }
  }

  #endWatch(context: ClientContext): void {
    const watch = this.#driven?.watch ?? null
    if (watch === null) return
    this.#host.cancel(watch, context)
    this.#driven!.watch = null
  }
}
