// One input of a terminal: what it sees of the cluster, and the outputs so far.

import type { EtcdVersion } from '../base/etcd-versions'
import type { LeaseId, MemberId } from '../base/rpc'
import { StepContext } from '../base/step-context'
import type { ClientId, EventId, Trace } from '../base/trace'
import type { Control } from '../client/control'
import type { Instructions } from '../client/process/instructions'
import type { MutexRules } from '../concurrency/mutex'
import type { Fault } from '../network/fault'
import type { Verdict } from '../network/fault-check'
import type { Dial, Globals } from './invocation'

export type ShellOutput =
  /** Run this program as a new process of that client. */
  | {
      type: 'start'
      job: number
      client: ClientId
      instructions: Instructions
      endpoints: string[]
      dial: Dial
      cause: EventId
    }
  /** SIGINT: the program releases its lock or candidacy, then ends. */
  | { type: 'interrupt'; job: number; cause: EventId }
  /** The process is gone. No effect on a process that has ended. */
  | { type: 'stop'; job: number; cause: EventId }
  /** A signal ends the process. */
  | { type: 'kill'; job: number; cause: EventId }
  /** SIGSTOP and SIGCONT. */
  | { type: 'pause' | 'resume'; job: number; cause: EventId }
  | { type: 'timer'; timer: string; at: number; cause: EventId }
  /** Requests the input `continue` after all earlier outputs. */
  | { type: 'continue'; cause: EventId }
  /** A fault word: applies to the simulated cluster. */
  | { type: 'fault'; fault: Fault; cause: EventId }
  /** Starts the process of a member that was added to the cluster. */
  | { type: 'start-member'; name: string; clientURLs: string[]; peerURLs: string[]; cause: EventId }
  /** A debugger's word: hold, step or continue the named client. */
  | { type: 'control'; client: ClientId; control: Control; cause: EventId }

/** The shell's view of the cluster. */
export interface World {
  /** The version of the terminal's etcdctl. */
  etcd: EtcdVersion
  /** The lock recipe of its client library; default: that of 3.4. */
  rules?: MutexRules
  members: readonly {
    id: MemberId
    name: string
    peerURLs: readonly string[]
    clientURLs: readonly string[]
    isDown?: boolean
  }[]
  /** Members that were added to the cluster and have never started. */
  added?: readonly { id: MemberId; peerURLs: readonly string[] }[]
  /** Whether any client was granted a lease with this ID in this run. */
  wasGranted(id: LeaseId): boolean
  /** All grants of the run in their order, of any client. */
  granted: readonly LeaseId[]
  /** Checks a fault; absent: every fault has an effect. */
  judge?(fault: Fault): Verdict
  /** Whether a client runs a program; absent: always. */
  hasProgram?(client: ClientId): boolean
}

/** Context of one input: its cause, and the outputs so far. */
export class ShellContext extends StepContext<ShellOutput> {
  readonly world: World
  readonly #terminal: ClientId

  constructor(terminal: ClientId, now: number, trace: Trace, cause: EventId, world: World) {
    super(now, trace, cause)
    this.#terminal = terminal
    this.world = world
  }

  /** From now on the line is the cause. */
  begin(job: number, line: string): void {
    this.cause = this.trace.emit(
      { type: 'console-line', terminal: this.#terminal, job, line },
      this.cause,
    )
  }

  print(job: number, stream: 'stdout' | 'stderr' | 'note', shown: string | undefined): void {
    if (shown === undefined || shown === '') return
    this.trace.emit(
      { type: 'console-output', terminal: this.#terminal, job, stream, text: shown },
      this.cause,
    )
  }

  note(job: number, note: string): void {
    this.print(job, 'note', `${note}\n`)
  }

  /** From now on the end of the line is the cause. */
  exit(job: number, exit: number): void {
    this.cause = this.trace.emit(
      { type: 'console-exit', terminal: this.#terminal, job, exit },
      this.cause,
    )
  }

  start(
    job: number,
    client: ClientId,
    instructions: Instructions,
    { endpoints, dial }: Pick<Globals, 'endpoints' | 'dial'>,
  ): void {
    this.outputs.push({
      type: 'start',
      job,
      client,
      instructions,
      endpoints: [...endpoints],
      dial,
      cause: this.cause,
    })
  }

  startMember(member: { name: string; clientURLs: string[]; peerURLs: string[] }): void {
    this.outputs.push({ type: 'start-member', ...member, cause: this.cause })
  }

  fault(fault: Fault): void {
    this.outputs.push({ type: 'fault', fault, cause: this.cause })
  }

  control(client: ClientId, control: Control): void {
    this.outputs.push({ type: 'control', client, control, cause: this.cause })
  }

  stop(job: number): void {
    this.outputs.push({ type: 'stop', job, cause: this.cause })
  }

  interrupt(job: number): void {
    this.outputs.push({ type: 'interrupt', job, cause: this.cause })
  }

  /** Whether an output changes what the next line sees. */
  get changesWorld(): boolean {
    return this.outputs.some(({ type }) => !['start', 'timer', 'interrupt'].includes(type))
  }

  continue(): void {
    this.outputs.push({ type: 'continue', cause: this.cause })
  }

  kill(job: number): void {
    this.outputs.push({ type: 'kill', job, cause: this.cause })
  }

  freeze(how: 'pause' | 'resume', job: number): void {
    this.outputs.push({ type: how, job, cause: this.cause })
  }

  timer(timer: string, at: number): void {
    this.outputs.push({ type: 'timer', timer, at, cause: this.cause })
  }
}
