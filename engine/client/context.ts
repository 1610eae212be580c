// The inputs and outputs of a client, and the context of one step.

import type { LeaseId, Reply, Request, StreamCall } from '../base/rpc'
import { StepContext } from '../base/step-context'
import type { EventId, Trace } from '../base/trace'
import type { MutexRules } from '../concurrency/mutex'
import type { Control } from './control'
import type { Instructions, Signal } from './process/instructions'

export type ClientTimer =
  | 'wake'
  | 'retry'
  | 'line'
  | 'give-up'
  | 'keep-alive-send'
  | 'keep-alive-deadline'

export type ClientInput =
  /** Runs a program from its first line, in place of the running one. */
  | { type: 'instructions'; instructions: Instructions }
  /**
   * Runs a program in its text form from its first line, in place of any running program. It must
   * have no faults (program/parse.ts). `rules`: those of its library's locks.
   */
  | { type: 'program'; source: string; rules: MutexRules }
  | { type: 'control'; control: Control }
  /** The guarded resource's answer. */
  | { type: 'written'; accepted: boolean }
  /** Its wall clock was set so many milliseconds ahead, or back where negative. */
  | { type: 'clock-set'; ms: number }
  /** Killed: only the text of its program is left. */
  | { type: 'crash' }
  /** Its program from the first line, if it has one. */
  | { type: 'restart' }
  /** One call by hand, beside any running program. */
  | { type: 'request'; request: Request; endpoint?: string | null }
  /** The context of a call by hand ends. */
  | { type: 'cancel'; rpc: number }
  /** A stream by hand: opened under a name, one message on it, closed. */
  | {
      type: 'open-stream'
      stream: string
      call: StreamCall
      endpoint: string | null
      requiresLeader: boolean
    }
  | { type: 'send-on-stream'; stream: string; request: Request }
  | { type: 'close-stream'; stream: string }
  | { type: 'heartbeat'; lease: LeaseId; on: boolean }
  | { type: 'reply'; rpc: number; reply: Reply }
  | { type: 'timer'; timer: ClientTimer }
  /** Its keep-alive stream finds no connection; it opens with the next connection. */
  | { type: 'waits' }
  | { type: 'connected' }
  /** No attempt to connect succeeds, and its library does not wait for one. */
  | { type: 'unreachable' }
  /**
   * Ctrl-C: a lock is released, a candidacy too, then the program ends. Any other program ends at
   * its current line.
   */
  | { type: 'interrupt' }
  /** The process is gone: its streams are closed, and it sends nothing more. */
  | { type: 'stop' }

export type ClientOutput =
  /** `endpoint` is the client URL of the member to call; without it any member. */
  /**
   * `attempt` counts the failures before it, so that the next endpoint is taken; `requiresLeader`
   * is the stream's metadata.
   */
  | {
      type: 'send'
      rpc: number
      request: Request
      endpoint: string | null
      attempt: number
      requiresLeader: boolean
      cause: EventId
    }
  /** Opens a stream without a message. */
  | {
      type: 'open'
      rpc: number
      call: StreamCall
      endpoint: string | null
      requiresLeader: boolean
      cause: EventId
    }
  | { type: 'cancel'; rpc: number; cause: EventId }
  /** To the guarded resource. */
  | { type: 'write'; value: string; token: number | null; cause: EventId }
  /** Sets a timer or moves it; null cancels it. */
  | { type: 'timer'; timer: ClientTimer; at: number | null; cause: EventId }
  | { type: 'signal'; signal: Signal; cause: EventId }

export interface SendOptions {
  endpoint?: string | null
  attempt?: number
  requiresLeader?: boolean
  /** The event that caused the call, if it is not the cause of the step. */
  cause?: EventId
}

/** The context of one step of a client. */
export class ClientContext extends StepContext<ClientOutput> {
  emit(body: Parameters<Trace['emit']>[0], cause = this.cause): EventId {
    return this.trace.emit(body, cause)
  }

  send(
    rpc: number,
    request: Request,
    { endpoint = null, attempt = 0, requiresLeader = false, cause = this.cause }: SendOptions = {},
  ): void {
    this.outputs.push({ type: 'send', rpc, request, endpoint, attempt, requiresLeader, cause })
  }

  open(
    rpc: number,
    call: StreamCall,
    { endpoint = null, requiresLeader = false }: Pick<SendOptions, 'endpoint' | 'requiresLeader'>,
  ): void {
    this.outputs.push({ type: 'open', rpc, call, endpoint, requiresLeader, cause: this.cause })
  }

  cancel(rpc: number): void {
    this.outputs.push({ type: 'cancel', rpc, cause: this.cause })
  }

  timer(timer: ClientTimer, at: number | null): void {
    this.outputs.push({ type: 'timer', timer, at, cause: this.cause })
  }

  write(value: string, token: number | null): void {
    this.outputs.push({ type: 'write', value, token, cause: this.cause })
  }

  signal(signal: Signal, cause = this.cause): void {
    this.outputs.push({ type: 'signal', signal, cause })
  }
}
