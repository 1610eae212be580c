// One client of the cluster: a connection as in clientv3, the keep-alive loop of its library, a
// program, and its beliefs about its leases. The beliefs differ from the servers' state. The client
// is a machine like the members: inputs and the time go in, outputs come out.

import { assert, unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { Library } from '../base/libraries'
import type { Header, LeaseId, Reply, Request } from '../base/rpc'
import type { ClientId, EventId, Trace } from '../base/trace'
import type { ConcurrencyOutput } from '../concurrency/key'
import type { MutexRules } from '../concurrency/mutex'
import type { Belief } from './beliefs'
import { Beliefs } from './beliefs'
import type { Call, Retries, SavedCalls } from './calls'
import { Calls } from './calls'
import type { ClientInput, ClientOutput, ClientTimer } from './context'
import { ClientContext } from './context'
import type { ProgramHost, SavedDrivenProgram } from './driven-program'
import { DrivenProgram } from './driven-program'
import type { Closed, LibraryOptions, SavedHeartbeats } from './heartbeats'
import { Heartbeats } from './heartbeats'
import { policyOf } from './libraries/table'
import { describeInstruction } from './process/describe'
import type { Instruction, Instructions, LeaseRef } from './process/instructions'
import type { OperationInstruction, SavedOperation } from './process/operation'
import { Operation } from './process/operation'
import type { SavedStreams } from './streams'
import { Streams } from './streams'

type LeaderCall = Extract<Instruction, { op: 'call-leader' }>

/** The answer or event that the current line waits for. */
type Waiting =
  /** `asked`: for `call-leader`, the number of endpoints that got a status request. */
  | { type: 'reply'; rpc: number; asked?: number }
  | { type: 'stream'; rpc: number }
  | { type: 'channel' }
  | { type: 'wake'; at: number }
  /** A lock, campaign or observe, once its session is granted. `watch` is its watch stream. */
  | { type: 'operation'; watch: number | null }

interface Running {
  instructions: Instructions
  line: number
  waiting: Waiting | null
  ended: boolean
}

export interface SavedClient extends SavedCalls, SavedHeartbeats {
  running: Running | null
  operation: SavedOperation | null
  vars: [string, LeaseId][]
  beliefs: Belief[]
  program?: SavedDrivenProgram
  /** Absent while no stream is open. */
  openStreams?: SavedStreams
}

export class Client {
  readonly id: ClientId
  /** A `process` is one run of etcdctl: it ends with its program and shows no lines of its own. */
  readonly kind: 'program' | 'process'
  #running: Running | null = null
  #operation: Operation | null = null
  #vars = new Map<string, LeaseId>()
  #calls: Calls
  #heartbeats: Heartbeats
  #beliefs = new Beliefs()
  #program: DrivenProgram
  #streams = new Streams()

  /** `retries`: one endpoint and its own seed where absent. */
  constructor(
    id: ClientId,
    kind: 'program' | 'process',
    retries: Retries = { seed: 0, endpoints: 1 },
    options: LibraryOptions = {},
  ) {
    this.id = id
    this.kind = kind
    this.#heartbeats = new Heartbeats(id, kind, options)
    this.#calls = new Calls(id, retries, policyOf(this.#heartbeats.library))
    this.#program = new DrivenProgram(id, this.#host())
  }

  get instructions(): Instructions {
    return this.#running?.instructions ?? []
  }

  /** The index of the current line; the length of the program when it has ended. */
  get line(): number {
    return this.#running === null
      ? 0
      : this.#running.ended
        ? this.#running.instructions.length
        : this.#running.line
  }

  /** In the order in which the client came to know the leases. */
  get beliefs(): readonly Belief[] {
    return this.#beliefs.list()
  }

  /**
   * The program in its text form and its current line; null where the client has none. A crashed
   * client has a text and no runner.
   */
  get program(): DrivenProgram['state'] {
    return this.#program.state
  }

  /**
   * The numbers of its calls in flight, watches among them, in the order in which they were made.
   * The stream of its keep-alive loop does not count.
   */
  get openCalls(): readonly number[] {
    return this.#calls.open
  }

  /** Whether the client still waits for the result of the call. */
  isOpen(rpc: number): boolean {
    return this.#calls.find(rpc) !== undefined
  }

  /** The library that it keeps its leases alive with. */
  get library(): Library {
    return this.#heartbeats.library
  }

  isKept(lease: LeaseId): boolean {
    return this.#heartbeats.has(lease)
  }

  /**
   * When its keep-alive gives the lease up without an answer (ms on its monotonic clock); null for
   * a lease that it does not keep alive.
   */
  givesUpAt(lease: LeaseId): number | null {
    return this.#heartbeats.givesUpAt(lease)
  }

  /**
   * When it renews next (ms on its monotonic clock). Only where its wall clock was set since the
   * last answer and the library reads that clock; else null.
   */
  sleepsUntil(lease: LeaseId): number | null {
    return this.#heartbeats.sleepsUntil(lease)
  }

  /** Whether a call is a stream of its keep-alive. */
  isKeepAliveStream(rpc: number): boolean {
    return this.#heartbeats.isStream(rpc)
  }

  step(input: ClientInput, now: number, trace: Trace, cause: EventId): ClientOutput[] {
    const context = new ClientContext(now, trace, cause)
    this.#take(input, context)
    if (input.type !== 'stop') this.#heartbeats.wind(context)
    return context.outputs
  }

  save(): SavedClient {
    const program = this.#program.save()
    const openStreams = this.#streams.save()
    return {
      ...this.#calls.save(),
      ...this.#heartbeats.save(),
      running:
        this.#running === null
          ? null
          : {
              ...this.#running,
              waiting: this.#running.waiting === null ? null : { ...this.#running.waiting },
            },
      operation: this.#operation?.save() ?? null,
      vars: [...this.#vars].sort(([a], [b]) => (a < b ? -1 : 1)),
      beliefs: this.#beliefs.list(),
      ...(program === null ? {} : { program: program }),
      ...(openStreams.length === 0 ? {} : { openStreams }),
    }
  }

  static load(id: ClientId, kind: 'program' | 'process', saved: SavedClient): Client {
    const client = new Client(id, kind)
    client.#running = saved.running === null ? null : { ...saved.running }
    client.#operation = saved.operation === null ? null : Operation.load(saved.operation)
    client.#vars = new Map(saved.vars)
    client.#heartbeats = Heartbeats.load(id, kind, saved)
    client.#calls = Calls.load(id, saved, policyOf(client.library))
    client.#beliefs = Beliefs.load(saved.beliefs)
    if (saved.openStreams !== undefined) client.#streams = Streams.load(saved.openStreams)
    if (saved.program !== undefined)
      client.#program = DrivenProgram.load(id, client.#host(), saved.program)
    return client
  }

  #take(input: ClientInput, context: ClientContext): void {
    switch (input.type) {
      case 'instructions':
        this.#endProgram(context)
        this.#program.forget()
        this.#stopProgram(context)
        this.#running = { instructions: input.instructions, line: -1, waiting: null, ended: false }
        return this.#next(context)
      case 'request':
        this.#calls.send(input.request, -1, 'line', context, { endpoint: input.endpoint ?? null })
        return
      case 'cancel': {
        const call = this.#calls.find(input.rpc)
        if (call?.line === -1 && call.role === 'line') this.#calls.cancel(input.rpc, context)
        return
      }
      case 'open-stream':
        return this.#streams.open(input.stream, input.call, this.#calls.newRpc(), input, context)
      case 'send-on-stream':
        return this.#streams.send(input.stream, input.request, context)
      case 'close-stream':
        return this.#streams.close(input.stream, context)
      case 'heartbeat':
        return this.#keep(input.lease, input.on, context)
      case 'reply':
        return this.#reply(input.rpc, input.reply, context)
      case 'timer':
        return this.#timer(input.timer, context)
      case 'waits':
        return this.#heartbeats.waits()
      case 'connected':
        return this.#heartbeats.connected(context)
      case 'unreachable':
        return this.#heartbeats.unreachable(context)
      case 'program':
        return this.#startProgram(input.source, input.rules, context)
      case 'control':
        return this.#program.control(input.control, context)
      case 'written':
        return this.#program.written(input.accepted, context)
      case 'clock-set':
        this.#heartbeats.clockSet(input.ms, context)
        return this.#beliefs.clockSet(input.ms)
      case 'crash':
        this.#stop(context)
        this.#beliefs = new Beliefs()
        return
      case 'restart': {
        const { text } = this.#program
        if (text !== null) this.#startProgram(text.source, text.rules, context)
        return
      }
      case 'interrupt':
        return this.#interrupt(context)
      case 'stop':
        return this.#stop(context)
      default:
        return unreachable(input)
    }
  }

  // The program -----------------------------------------------------------------------------------

  /** Goes on to the next line, and through every line that does not wait. */
  #next(context: ClientContext): void {
    const running = this.#running
    assert(running !== null, `${this.id} has no program to go on with`)
    for (;;) {
      running.line++
      const instruction = running.instructions[running.line]
      if (instruction === undefined) return this.#end(false, context)
      if (this.kind === 'program') {
        context.cause = context.emit({
          type: 'program-line',
          client: this.id,
          line: running.line,
          text: describeInstruction(instruction),
        })
      }
      running.waiting = this.#begin(instruction, running.line, context)
      if (running.waiting !== null) return
    }
  }

  /** Begins a line and answers with the event that it waits for; null where it is done at once. */
  #begin(instruction: Instruction, line: number, context: ClientContext): Waiting | null {
    const call = (request: Request): Waiting => ({
      type: 'reply',
      rpc: this.#calls.send(request, line, 'line', context),
    })
    switch (instruction.op) {
      case 'call':
        if (instruction.timeoutMs !== undefined)
          context.timer('give-up', context.now + instruction.timeoutMs)
        // A context whose deadline has passed sends nothing.
        if (instruction.timeoutMs === 0) return { type: 'reply', rpc: this.#calls.newRpc() }
        return {
          type: 'reply',
          rpc: this.#calls.send(instruction.request, line, 'line', context, {
            endpoint: instruction.endpoint ?? null,
          }),
        }
      case 'call-leader':
        context.timer('give-up', context.now + instruction.timeoutMs)
        return this.#askLeader(instruction, line, 0, context)
      case 'session':
      case 'grant':
        return call({ type: 'LeaseGrant', TTL: instruction.ttlSeconds })
      case 'put': {
        const { key, value, lease } = instruction
        return call({
          type: 'Put',
          key,
          value,
          ...(lease === undefined ? {} : { lease: this.#lease(lease) }),
        })
      }
      case 'get':
        return call({ type: 'Range', key: instruction.key })
      case 'delete':
        return call({ type: 'DeleteRange', key: instruction.key })
      case 'revoke':
        return call({ type: 'LeaseRevoke', ID: this.#lease(instruction.lease) })
      case 'heartbeat':
        this.#keep(this.#lease(instruction.lease), instruction.on, context)
        return null
      case 'keep-alive':
        this.#heartbeats.start(this.#lease(instruction.lease), line, this.#beliefs, context)
        return { type: 'channel' }
      case 'watch':
        return {
          type: 'stream',
          rpc: this.#calls.send(instruction.request, line, 'line', context, {
            requiresLeader: this.kind === 'process',
          }),
        }
      case 'sleep':
        context.timer('wake', context.now + instruction.ms)
        return { type: 'wake', at: context.now + instruction.ms }
      case 'lock':
      case 'campaign':
      case 'observe':
        return {
          type: 'reply',
          rpc: this.#calls.send(
            { type: 'LeaseGrant', TTL: instruction.ttlSeconds },
            line,
            'session',
            context,
          ),
        }
      default:
        return unreachable(instruction)
    }
  }

  #end(failed: boolean, context: ClientContext): void {
    assert(this.#running !== null, `${this.id} has no program to end`)
    this.#endOperationWatch(context)
    this.#operation = null
    this.#running.ended = true
    this.#running.waiting = null
    const ended =
      this.kind === 'program'
        ? context.emit({ type: 'program-ended', client: this.id, failed })
        : context.cause
    context.signal({ type: 'ended', failed }, ended)
  }

  /** The waits of an earlier program are dropped; its streams are closed. */
  #stopProgram(context: ClientContext): void {
    const waiting = this.#running?.waiting
    if (waiting?.type === 'reply' || waiting?.type === 'stream') context.cancel(waiting.rpc)
    if (waiting?.type === 'wake') context.timer('wake', null)
    context.timer('give-up', null)
    this.#endOperationWatch(context)
    this.#operation = null
    this.#running = null
    this.#calls.forgetProgram()
  }

  #lease(ref: LeaseRef): LeaseId {
    if (!ref.startsWith('$')) return ref as LeaseId
    const lease = this.#vars.get(ref.slice(1))
    assert(lease !== undefined, `${this.id} uses ${ref} before any line has set it`)
    return lease
  }

  // What arrives ----------------------------------------------------------------------------------

  #reply(rpc: number, reply: Reply, context: ClientContext): void {
    if (this.#heartbeats.isStream(rpc))
      return this.#closeChannels(
        this.#heartbeats.answered(rpc, reply, this.#beliefs, context),
        context,
      )
    if (this.#streams.has(rpc)) {
      if (reply.type === 'LeaseKeepAlive') this.#renewed(reply, context)
      return this.#streams.answered(rpc, reply)
    }
    const call = this.#calls.find(rpc)
    if (call === undefined || this.#calls.isMadeAgain(call, reply, context)) return
    if (reply.type === 'Watch' && !this.#calls.isNews(call, reply)) return
    if (reply.type === 'Watch' && call.role === 'program')
      return this.#program.watched(reply, context)
    if (reply.type === 'Watch')
      return call.role === 'operation'
        ? this.#operationAnswered(reply, context)
        : this.#watched(call, reply, context)
    this.#calls.forget(call.rpc)
    if (reply.type === 'LeaseGrant') this.#beliefs.hold(reply.ID, reply.TTL, context.now)
    if (reply.type === 'LeaseKeepAlive') {
      // Its own request on its own stream (lease.go: KeepAliveOnce): the stream is closed after the
      // answer.
      context.cancel(rpc)
      this.#renewed(reply, context)
    }
    if (reply.type === 'LeaseRevoke' && call.lease !== null) this.#beliefs.lose(call.lease, 'told')
    if (call.role === 'program') return this.#program.answered(reply, context)
    if (call.line < 0) return
    if (call.role === 'operation') return this.#operationAnswered(reply, context)
    if (call.role === 'own-key') {
      context.signal({ type: 'reply', line: call.line, reply })
      if (this.#operation !== null) this.#lookAtSession(this.#operation, context)
      return
    }
    const instruction = this.#running?.instructions[call.line]
    if (call.role === 'session' && reply.type === 'LeaseGrant')
      return this.#beginOperation(instruction as OperationInstruction, call.line, reply.ID, context)
    this.#answered(call.line, reply, context)
  }

  /** A TTL of 0 means that the lease is gone. */
  #renewed({ ID, TTL }: Extract<Reply, { type: 'LeaseKeepAlive' }>, context: ClientContext): void {
    if (TTL > 0) this.#beliefs.hold(ID, TTL, context.now)
    else this.#beliefs.lose(ID, 'told')
  }

  /** The answer to a line's own call: it is signalled, and the program goes on or ends. */
  #answered(line: number, reply: Reply, context: ClientContext): void {
    const instruction = this.#running?.instructions[line]
    const isStatus = instruction?.op === 'call-leader' && reply.type === 'Status'
    if (!isStatus) context.timer('give-up', null)
    context.signal({ type: 'reply', line, reply })
    if (isStatus) return this.#statusTold(instruction, line, reply, context)
    if (reply.type === 'error') {
      if (instruction?.op === 'call' && instruction.carryOn) return this.#next(context)
      return this.#end(true, context)
    }
    if (
      (instruction?.op === 'session' || instruction?.op === 'grant') &&
      reply.type === 'LeaseGrant'
    ) {
      this.#vars.set(instruction.as, reply.ID)
      if (instruction.op === 'session')
        this.#heartbeats.start(reply.ID, -1, this.#beliefs, context, instruction.requireLeader)
    }
    this.#next(context)
  }

  /** Sends a status request to the endpoint at `index`. */
  #askLeader(
    { endpoints }: LeaderCall,
    line: number,
    index: number,
    context: ClientContext,
  ): Waiting {
    const rpc = this.#calls.send({ type: 'Status' }, line, 'line', context, {
      endpoint: endpoints[index] ?? null,
    })
    return { type: 'reply', rpc, asked: index + 1 }
  }

  #statusTold(
    instruction: LeaderCall,
    line: number,
    { leader, header }: Extract<Reply, { type: 'Status' }>,
    context: ClientContext,
  ): void {
    const running = this.#running
    const asked = running?.waiting?.type === 'reply' ? (running.waiting.asked ?? 0) : 0
    if (running === null) return
    if (leader === header.member_id) {
      const endpoint = instruction.endpoints[asked - 1] ?? null
      running.waiting = {
        type: 'reply',
        rpc: this.#calls.send(instruction.request, line, 'line', context, { endpoint }),
      }
    } else if (asked < instruction.endpoints.length)
      running.waiting = this.#askLeader(instruction, line, asked, context)
    else this.#end(true, context)
  }

  #watched(call: Call, response: Extract<Reply, { type: 'Watch' }>, context: ClientContext): void {
    if (call.line < 0) return
    context.signal({ type: 'watched', line: call.line, response })
    if (!response.canceled) return
    this.#calls.cancel(call.rpc, context)
    this.#end(true, context)
  }

  // Locks and elections ---------------------------------------------------------------------------

  #beginOperation(
    instruction: OperationInstruction,
    line: number,
    lease: LeaseId,
    context: ClientContext,
  ): void {
    this.#heartbeats.start(lease, line, this.#beliefs, context)
    const { operation, outputs } = Operation.begin(instruction, line, lease)
    this.#operation = operation
    this.#running!.waiting = { type: 'operation', watch: null }
    this.#handle(operation, outputs, context)
  }

  #operationAnswered(reply: Reply, context: ClientContext): void {
    if (this.#operation !== null)
      this.#handle(this.#operation, this.#operation.next(reply), context)
  }

  /** Handles the outputs of an operation. Any output but a report ends its watch. */
  #handle(operation: Operation, outputs: ConcurrencyOutput[], context: ClientContext): void {
    for (const output of outputs) {
      if (output.type !== 'report') this.#endOperationWatch(context)
      switch (output.type) {
        case 'call':
          this.#calls.send(output.request, operation.line, 'operation', context)
          break
        case 'watch':
          this.#running!.waiting = {
            type: 'operation',
            watch: this.#calls.send(output.request, operation.line, 'operation', context),
          }
          break
        case 'report':
          context.signal({
            type: 'told',
            line: operation.line,
            header: output.header,
            kv: output.kv,
          })
          break
        case 'failed':
          context.signal({ type: 'reply', line: operation.line, reply: output.error })
          return this.#end(true, context)
        case 'done':
          return this.#operationDone(operation, output.header, context)
        default:
          unreachable(output)
      }
    }
  }

  #operationDone(operation: Operation, header: Header, context: ClientContext): void {
    if (operation.stage === 'leaving') {
      this.#operation = null
      return this.#next(context)
    }
    if (operation.stage === 'giving-up') return this.#givenUp(operation, context)
    operation.stage = 'holding'
    context.signal({ type: 'held', line: operation.line, ...operation.holding, header })
    const instruction = this.#running!.instructions[operation.line]
    if (instruction?.op === 'lock' && instruction.release)
      return this.#handle(operation, operation.leave(), context)
    const reads =
      (instruction?.op === 'lock' || instruction?.op === 'campaign') &&
      instruction.readsKey === true
    if (reads)
      this.#calls.send(
        { type: 'Range', key: operation.holding.key },
        operation.line,
        'own-key',
        context,
      )
    else this.#lookAtSession(operation, context)
  }

  #endOperationWatch(context: ClientContext): void {
    const waiting = this.#running?.waiting
    if (waiting?.type !== 'operation' || waiting.watch === null) return
    this.#calls.cancel(waiting.watch, context)
    waiting.watch = null
  }

  #interrupt(context: ClientContext): void {
    const operation = this.#operation
    if (operation === null) {
      if (this.#running !== null && !this.#running.ended) this.#end(false, context)
      return
    }
    const outputs = operation.leave()
    if (outputs.length > 0) this.#handle(operation, outputs, context)
    else this.#givenUp(operation, context)
  }

  /**
   * The context of the call is cancelled. A lock or a campaign ends with that error; an observer
   * ends without an error.
   */
  #givenUp(operation: Operation, context: ClientContext): void {
    const isObserver = this.#running?.instructions[operation.line]?.op === 'observe'
    if (!isObserver) context.signal({ type: 'reply', line: operation.line, reply: errors.Canceled })
    this.#end(!isObserver, context)
  }

  // A program in its text form --------------------------------------------------------------------

  #startProgram(source: string, rules: MutexRules, context: ClientContext): void {
    this.#endProgram(context)
    this.#stopProgram(context)
    this.#program.start(source, rules, context)
  }

  /** The waits of the program are dropped. */
  #endProgram(context: ClientContext): void {
    this.#calls.cancelProgram(context)
    this.#program.end(context)
  }

  #host(): ProgramHost {
    return {
      send: (request, context) => this.#calls.send(request, -1, 'program', context),
      cancel: (rpc, context) => this.#calls.cancel(rpc, context),
      cancelAll: (context) => this.#calls.cancelProgram(context),
      keep: (lease, on, context) => this.#keep(lease, on, context),
      fails: (context) => this.#heartbeats.exit(context),
      believes: (lease, now) => this.#beliefs.holds(lease, now),
      keeps: (lease) => this.#heartbeats.keeps(lease, this.#beliefs),
    }
  }

  // Keeping leases alive --------------------------------------------------------------------------

  #keep(lease: LeaseId, on: boolean, context: ClientContext): void {
    if (on) this.#heartbeats.start(lease, -1, this.#beliefs, context)
    else {
      this.#heartbeats.stop(lease, context)
      this.#program.sessionEnded(lease, context)
    }
  }

  #closeChannels(closed: readonly Closed[], context: ClientContext): void {
    for (const each of closed) this.#closeChannel(each, context)
  }

  #closeChannel({ kept, why }: Closed, context: ClientContext): void {
    this.#beliefs.lose(kept.lease, why === 'gone' ? 'told' : 'given-up')
    // Silence has no event, so the loop's start is the cause of a lease that the client gives up.
    const cause = context.emit(
      { type: 'lease-believed-lost', client: this.id, lease: kept.lease, why },
      why === 'no-answer' ? kept.cause : why === 'clock-set' ? kept.set!.cause : context.cause,
    )
    if (kept.line < 0) return this.#endSession(kept.lease, cause, context)
    // A client that waits for a lock or a leadership checks the end of its session afterwards
    // (lock_command.go, elect_command.go).
    if (this.#operation?.line === kept.line && this.#operation.stage === 'taking') return
    context.signal({ type: 'channel-closed', line: kept.line }, cause)
    if (this.#running?.line !== kept.line) return
    if (this.#running.waiting?.type === 'channel') this.#next(context)
    // The session of the operation is lost, and with it the lock or the leadership.
    else if (this.#running.waiting?.type === 'operation') this.#end(true, context)
  }

  /** A program in its text form may wait only while the session lasts. */
  #endSession(lease: LeaseId, cause: EventId, context: ClientContext): void {
    const before = context.cause
    context.cause = cause
    this.#program.sessionEnded(lease, context)
    context.cause = before
  }

  /** Ends an operation that holds, if its session ended while it waited. */
  #lookAtSession({ line, lease, stage }: Operation, context: ClientContext): void {
    if (stage !== 'holding' || this.#heartbeats.has(lease)) return
    context.signal({ type: 'channel-closed', line })
    this.#end(true, context)
  }

  #timer(timer: ClientTimer, context: ClientContext): void {
    switch (timer) {
      case 'wake':
        return this.#next(context)
      case 'line':
        return this.#program.lineDue(context)
      case 'give-up':
        return this.#giveUp(context)
      case 'retry':
        return this.#calls.retry(context)
      case 'keep-alive-deadline':
        return this.#closeChannels(this.#heartbeats.giveUp(context), context)
      case 'keep-alive-send':
        return this.#heartbeats.send(this.#calls, context)
      default:
        return unreachable(timer)
    }
  }

  /** The line's own deadline has passed. The call is cancelled, and a late answer is ignored. */
  #giveUp(context: ClientContext): void {
    const running = this.#running
    if (running === null) return this.#program.deadlinePassed(context)
    if (running.waiting?.type !== 'reply') return
    const { rpc } = running.waiting
    this.#calls.cancel(rpc, context)
    this.#answered(running.line, errors.DeadlineExceeded, context)
  }

  #stop(context: ClientContext): void {
    this.#endProgram(context)
    this.#calls.cancelAll(context)
    this.#heartbeats.closeStreams(context)
    this.#streams.closeAll(context)
    this.#calls.forgetAll()
    this.#running = null
    this.#operation = null
    context.timer('wake', null)
    context.timer('give-up', null)
    context.timer('retry', null)
    this.#heartbeats.endAll(context)
  }
}
