// One client of the cluster: a connection as clientv3 has it, the keep-alive loop of its library, a
// program that runs on it, and what the client believes of its leases, which is not what the
// servers know. A machine like the members: what arrives and the time go in, what it wishes sent
// comes out.

import { assert, unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { Library } from '../base/libraries'
import type { Header, LeaseId, Reply, Request } from '../base/rpc'
import type { ClientId, EventId, Trace } from '../base/trace'
import type { MutexRules } from '../concurrency/mutex'
import type { Want } from '../concurrency/recipe'
import type { Belief } from './beliefs'
import { Beliefs } from './beliefs'
import type { Call, Retries, SavedCalls } from './calls'
import { Calls } from './calls'
import type { ProgramHost, SavedDrivenProgram } from './driven-program'
import { DrivenProgram } from './driven-program'
import type { Closed, LibraryOptions, SavedHeartbeats } from './heartbeats'
import { Heartbeats } from './heartbeats'
import { policyOf } from './libraries/table'
import type { ConcurrencyInstruction, SavedConcurrencyCall } from './process/concurrency-call'
import { ConcurrencyCall } from './process/concurrency-call'
import { describeInstruction } from './process/describe'
import type { Instruction, Instructions, LeaseRef } from './process/instructions'
import type { SavedStreams } from './streams'
import { Streams } from './streams'
import type { ClientInput, ClientOutput, ClientTimer } from './turn'
import { Turn } from './turn'

type LeaderCall = Extract<Instruction, { op: 'call-leader' }>

/** What the current line waits for. */
type Waiting =
  /** `asked`: of `call-leader`, how many endpoints were asked for their status. */
  | { type: 'reply'; rpc: number; asked?: number }
  | { type: 'stream'; rpc: number }
  | { type: 'channel' }
  | { type: 'wake'; at: number }
  /** A recipe, once its session is granted. `watch` is the stream it watches on. */
  | { type: 'recipe'; watch: number | null }

interface Running {
  instructions: Instructions
  line: number
  waiting: Waiting | null
  ended: boolean
}

export interface SavedClient extends SavedCalls, SavedHeartbeats {
  running: Running | null
  recipe: SavedConcurrencyCall | null
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
  #recipe: ConcurrencyCall | null = null
  #vars = new Map<string, LeaseId>()
  #calls: Calls
  #heartbeats: Heartbeats
  #beliefs = new Beliefs()
  #program: DrivenProgram
  #streams = new Streams()

  /** `retries`: one endpoint and a seed of its own where absent. */
  constructor(
    id: ClientId,
    kind: 'program' | 'process',
    retries: Retries = { seed: 0, endpoints: 1 },
    options: LibraryOptions = {},
  ) {
    this.id = id
    this.kind = kind
    this.#heartbeats = new Heartbeats(id, kind, options)
    this.#calls = new Calls(id, retries, policyOf(this.#heartbeats.library).retries)
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
   * The program in its text form and where it stands; null where the client has none. A client that
   * has crashed has a text and no runner.
   */
  get program(): DrivenProgram['state'] {
    return this.#program.state
  }

  /**
   * The numbers of its calls in flight, watches among them, in the order in which they were made.
   * The stream of its keep-alive loop is none.
   */
  get openCalls(): readonly number[] {
    return this.#calls.open
  }

  /** Whether it still waits for what the call brings. */
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
   * When its keep-alive gives the lease up if no answer comes (ms on its monotonic clock); null for
   * a lease that it does not keep alive.
   */
  givesUpAt(lease: LeaseId): number | null {
    return this.#heartbeats.givesUpAt(lease)
  }

  /**
   * When it renews next (ms on its monotonic clock), where its wall clock was set since the last
   * answer and the library reads it; null elsewhere.
   */
  sleepsUntil(lease: LeaseId): number | null {
    return this.#heartbeats.sleepsUntil(lease)
  }

  /** Whether a call is a stream of its keep-alive. */
  isKeepAliveStream(rpc: number): boolean {
    return this.#heartbeats.isStream(rpc)
  }

  step(input: ClientInput, now: number, trace: Trace, cause: EventId): ClientOutput[] {
    const turn = new Turn(now, trace, cause)
    this.#take(input, turn)
    if (input.type !== 'stop') this.#heartbeats.wind(turn)
    return turn.outputs
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
      recipe: this.#recipe?.save() ?? null,
      vars: [...this.#vars].sort(([a], [b]) => (a < b ? -1 : 1)),
      beliefs: this.#beliefs.list(),
      ...(program === null ? {} : { program: program }),
      ...(openStreams.length === 0 ? {} : { openStreams }),
    }
  }

  static load(id: ClientId, kind: 'program' | 'process', saved: SavedClient): Client {
    const client = new Client(id, kind)
    client.#running = saved.running === null ? null : { ...saved.running }
    client.#recipe = saved.recipe === null ? null : ConcurrencyCall.load(saved.recipe)
    client.#vars = new Map(saved.vars)
    client.#heartbeats = Heartbeats.load(id, kind, saved)
    client.#calls = Calls.load(id, saved, policyOf(client.library).retries)
    client.#beliefs = Beliefs.load(saved.beliefs)
    if (saved.openStreams !== undefined) client.#streams = Streams.load(saved.openStreams)
    if (saved.program !== undefined)
      client.#program = DrivenProgram.load(id, client.#host(), saved.program)
    return client
  }

  #take(input: ClientInput, turn: Turn): void {
    switch (input.type) {
      case 'instructions':
        this.#endProgram(turn)
        this.#program.forget()
        this.#stopProgram(turn)
        this.#running = { instructions: input.instructions, line: -1, waiting: null, ended: false }
        return this.#next(turn)
      case 'request':
        this.#calls.send(input.request, -1, 'line', turn, { endpoint: input.endpoint ?? null })
        return
      case 'open-stream':
        return this.#streams.open(input.stream, input.call, this.#calls.newRpc(), input, turn)
      case 'send-on-stream':
        return this.#streams.send(input.stream, input.request, turn)
      case 'close-stream':
        return this.#streams.close(input.stream, turn)
      case 'heartbeat':
        return this.#keep(input.lease, input.on, turn)
      case 'reply':
        return this.#reply(input.rpc, input.reply, turn)
      case 'timer':
        return this.#timer(input.timer, turn)
      case 'waits':
        return this.#heartbeats.waits()
      case 'connected':
        return this.#heartbeats.connected(turn)
      case 'unreachable':
        return this.#heartbeats.unreachable(turn)
      case 'program':
        return this.#startProgram(input.source, input.rules, turn)
      case 'control':
        return this.#program.control(input.control, turn)
      case 'written':
        return this.#program.written(input.accepted, turn)
      case 'clock-set':
        this.#heartbeats.clockSet(input.ms, turn)
        return this.#beliefs.clockSet(input.ms)
      case 'crash':
        this.#stop(turn)
        this.#beliefs = new Beliefs()
        return
      case 'restart': {
        const { text } = this.#program
        if (text !== null) this.#startProgram(text.source, text.rules, turn)
        return
      }
      case 'interrupt':
        return this.#interrupt(turn)
      case 'stop':
        return this.#stop(turn)
      default:
        return unreachable(input)
    }
  }

  // The program -----------------------------------------------------------------------------------

  /** Goes on to the next line, and through every line that need not wait. */
  #next(turn: Turn): void {
    const running = this.#running
    assert(running !== null, `${this.id} has no program to go on with`)
    for (;;) {
      running.line++
      const instruction = running.instructions[running.line]
      if (instruction === undefined) return this.#end(false, turn)
      if (this.kind === 'program') {
        turn.cause = turn.emit({
          type: 'program-line',
          client: this.id,
          line: running.line,
          text: describeInstruction(instruction),
        })
      }
      running.waiting = this.#begin(instruction, running.line, turn)
      if (running.waiting !== null) return
    }
  }

  /** Begins a line and answers with what it waits for, null where it is done at once. */
  #begin(instruction: Instruction, line: number, turn: Turn): Waiting | null {
    const call = (request: Request): Waiting => ({
      type: 'reply',
      rpc: this.#calls.send(request, line, 'line', turn),
    })
    switch (instruction.op) {
      case 'call':
        if (instruction.timeoutMs !== undefined)
          turn.timer('give-up', turn.now + instruction.timeoutMs)
        // A context whose deadline has passed sends nothing.
        if (instruction.timeoutMs === 0) return { type: 'reply', rpc: this.#calls.newRpc() }
        return {
          type: 'reply',
          rpc: this.#calls.send(instruction.request, line, 'line', turn, {
            endpoint: instruction.endpoint ?? null,
          }),
        }
      case 'call-leader':
        turn.timer('give-up', turn.now + instruction.timeoutMs)
        return this.#askLeader(instruction, line, 0, turn)
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
        this.#keep(this.#lease(instruction.lease), instruction.on, turn)
        return null
      case 'keep-alive':
        this.#heartbeats.start(this.#lease(instruction.lease), line, this.#beliefs, turn)
        return { type: 'channel' }
      case 'watch':
        return {
          type: 'stream',
          rpc: this.#calls.send(instruction.request, line, 'line', turn, {
            requiresLeader: this.kind === 'process',
          }),
        }
      case 'sleep':
        turn.timer('wake', turn.now + instruction.ms)
        return { type: 'wake', at: turn.now + instruction.ms }
      case 'lock':
      case 'campaign':
      case 'observe':
        return {
          type: 'reply',
          rpc: this.#calls.send(
            { type: 'LeaseGrant', TTL: instruction.ttlSeconds },
            line,
            'session',
            turn,
          ),
        }
      default:
        return unreachable(instruction)
    }
  }

  #end(failed: boolean, turn: Turn): void {
    assert(this.#running !== null, `${this.id} has no program to end`)
    this.#endRecipeWatch(turn)
    this.#recipe = null
    this.#running.ended = true
    this.#running.waiting = null
    const ended =
      this.kind === 'program'
        ? turn.emit({ type: 'program-ended', client: this.id, failed })
        : turn.cause
    turn.signal({ type: 'ended', failed }, ended)
  }

  /** What an earlier program still waits for is not waited for any more; its streams are closed. */
  #stopProgram(turn: Turn): void {
    const waiting = this.#running?.waiting
    if (waiting?.type === 'reply' || waiting?.type === 'stream') turn.cancel(waiting.rpc)
    if (waiting?.type === 'wake') turn.timer('wake', null)
    turn.timer('give-up', null)
    this.#endRecipeWatch(turn)
    this.#recipe = null
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

  #reply(rpc: number, reply: Reply, turn: Turn): void {
    if (this.#heartbeats.isStream(rpc))
      return this.#closeChannels(this.#heartbeats.answered(rpc, reply, this.#beliefs, turn), turn)
    if (this.#streams.has(rpc)) {
      if (reply.type === 'LeaseKeepAlive') this.#renewed(reply, turn)
      return this.#streams.answered(rpc, reply)
    }
    const call = this.#calls.find(rpc)
    if (call === undefined || this.#calls.isMadeAgain(call, reply, turn)) return
    if (reply.type === 'Watch' && !this.#calls.isNews(call, reply)) return
    if (reply.type === 'Watch' && call.role === 'program') return this.#program.watched(reply, turn)
    if (reply.type === 'Watch')
      return call.role === 'recipe'
        ? this.#recipeAnswered(reply, turn)
        : this.#watched(call, reply, turn)
    this.#calls.forget(call.rpc)
    if (reply.type === 'LeaseGrant') this.#beliefs.hold(reply.ID, reply.TTL, turn.now)
    if (reply.type === 'LeaseKeepAlive') {
      // A request of its own on a stream of its own (lease.go: KeepAliveOnce): the stream is closed
      // once it is answered.
      turn.cancel(rpc)
      this.#renewed(reply, turn)
    }
    if (reply.type === 'LeaseRevoke' && call.lease !== null) this.#beliefs.lose(call.lease, 'told')
    if (call.role === 'program') return this.#program.answered(reply, turn)
    if (call.line < 0) return
    if (call.role === 'recipe') return this.#recipeAnswered(reply, turn)
    if (call.role === 'own-key') {
      turn.signal({ type: 'reply', line: call.line, reply })
      if (this.#recipe !== null) this.#lookAtSession(this.#recipe, turn)
      return
    }
    const instruction = this.#running?.instructions[call.line]
    if (call.role === 'session' && reply.type === 'LeaseGrant')
      return this.#beginRecipe(instruction as ConcurrencyInstruction, call.line, reply.ID, turn)
    this.#answered(call.line, reply, turn)
  }

  /** A TTL of 0 says that the lease is gone. */
  #renewed({ ID, TTL }: Extract<Reply, { type: 'LeaseKeepAlive' }>, turn: Turn): void {
    if (TTL > 0) this.#beliefs.hold(ID, TTL, turn.now)
    else this.#beliefs.lose(ID, 'told')
  }

  /** The answer to a line's own call: it is signalled, and the program goes on or ends with it. */
  #answered(line: number, reply: Reply, turn: Turn): void {
    const instruction = this.#running?.instructions[line]
    const isStatus = instruction?.op === 'call-leader' && reply.type === 'Status'
    if (!isStatus) turn.timer('give-up', null)
    turn.signal({ type: 'reply', line, reply })
    if (isStatus) return this.#statusTold(instruction, line, reply, turn)
    if (reply.type === 'error') {
      if (instruction?.op === 'call' && instruction.carryOn) return this.#next(turn)
      return this.#end(true, turn)
    }
    if (
      (instruction?.op === 'session' || instruction?.op === 'grant') &&
      reply.type === 'LeaseGrant'
    ) {
      this.#vars.set(instruction.as, reply.ID)
      if (instruction.op === 'session')
        this.#heartbeats.start(reply.ID, -1, this.#beliefs, turn, instruction.requireLeader)
    }
    this.#next(turn)
  }

  /** Asks the endpoint at `index` for its status. */
  #askLeader({ endpoints }: LeaderCall, line: number, index: number, turn: Turn): Waiting {
    const rpc = this.#calls.send({ type: 'Status' }, line, 'line', turn, {
      endpoint: endpoints[index] ?? null,
    })
    return { type: 'reply', rpc, asked: index + 1 }
  }

  #statusTold(
    instruction: LeaderCall,
    line: number,
    { leader, header }: Extract<Reply, { type: 'Status' }>,
    turn: Turn,
  ): void {
    const running = this.#running
    const asked = running?.waiting?.type === 'reply' ? (running.waiting.asked ?? 0) : 0
    if (running === null) return
    if (leader === header.member_id) {
      const endpoint = instruction.endpoints[asked - 1] ?? null
      running.waiting = {
        type: 'reply',
        rpc: this.#calls.send(instruction.request, line, 'line', turn, { endpoint }),
      }
    } else if (asked < instruction.endpoints.length)
      running.waiting = this.#askLeader(instruction, line, asked, turn)
    else this.#end(true, turn)
  }

  #watched(call: Call, response: Extract<Reply, { type: 'Watch' }>, turn: Turn): void {
    if (call.line < 0) return
    turn.signal({ type: 'watched', line: call.line, response })
    if (!response.canceled) return
    this.#calls.cancel(call.rpc, turn)
    this.#end(true, turn)
  }

  // Recipes ---------------------------------------------------------------------------------------

  #beginRecipe(
    instruction: ConcurrencyInstruction,
    line: number,
    lease: LeaseId,
    turn: Turn,
  ): void {
    this.#heartbeats.start(lease, line, this.#beliefs, turn)
    const { recipe, wants } = ConcurrencyCall.begin(instruction, line, lease)
    this.#recipe = recipe
    this.#running!.waiting = { type: 'recipe', watch: null }
    this.#serve(recipe, wants, turn)
  }

  #recipeAnswered(reply: Reply, turn: Turn): void {
    if (this.#recipe !== null) this.#serve(this.#recipe, this.#recipe.next(reply), turn)
  }

  /** Does what a recipe wants next. The watch it had is over as soon as it wants anything else. */
  #serve(recipe: ConcurrencyCall, wants: Want[], turn: Turn): void {
    for (const want of wants) {
      if (want.type !== 'tell') this.#endRecipeWatch(turn)
      switch (want.type) {
        case 'call':
          this.#calls.send(want.request, recipe.line, 'recipe', turn)
          break
        case 'watch':
          this.#running!.waiting = {
            type: 'recipe',
            watch: this.#calls.send(want.request, recipe.line, 'recipe', turn),
          }
          break
        case 'tell':
          turn.signal({ type: 'told', line: recipe.line, header: want.header, kv: want.kv })
          break
        case 'failed':
          turn.signal({ type: 'reply', line: recipe.line, reply: want.error })
          return this.#end(true, turn)
        case 'done':
          return this.#recipeDone(recipe, want.header, turn)
        default:
          unreachable(want)
      }
    }
  }

  #recipeDone(recipe: ConcurrencyCall, header: Header, turn: Turn): void {
    if (recipe.stage === 'leaving') {
      this.#recipe = null
      return this.#next(turn)
    }
    if (recipe.stage === 'giving-up') return this.#givenUp(recipe, turn)
    recipe.stage = 'holding'
    turn.signal({ type: 'held', line: recipe.line, ...recipe.holding, header })
    const instruction = this.#running!.instructions[recipe.line]
    if (instruction?.op === 'lock' && instruction.release)
      return this.#serve(recipe, recipe.leave(), turn)
    const reads =
      (instruction?.op === 'lock' || instruction?.op === 'campaign') &&
      instruction.readsKey === true
    if (reads)
      this.#calls.send({ type: 'Range', key: recipe.holding.key }, recipe.line, 'own-key', turn)
    else this.#lookAtSession(recipe, turn)
  }

  #endRecipeWatch(turn: Turn): void {
    const waiting = this.#running?.waiting
    if (waiting?.type !== 'recipe' || waiting.watch === null) return
    this.#calls.cancel(waiting.watch, turn)
    waiting.watch = null
  }

  #interrupt(turn: Turn): void {
    const recipe = this.#recipe
    if (recipe === null) {
      if (this.#running !== null && !this.#running.ended) this.#end(false, turn)
      return
    }
    const wants = recipe.leave()
    if (wants.length > 0) this.#serve(recipe, wants, turn)
    else this.#givenUp(recipe, turn)
  }

  /**
   * The context of the call is cancelled: a lock or a campaign ends with that error. An observer
   * ends as it should.
   */
  #givenUp(recipe: ConcurrencyCall, turn: Turn): void {
    const isObserver = this.#running?.instructions[recipe.line]?.op === 'observe'
    if (!isObserver) turn.signal({ type: 'reply', line: recipe.line, reply: errors.Canceled })
    this.#end(!isObserver, turn)
  }

  // A program in its text form --------------------------------------------------------------------

  #startProgram(source: string, rules: MutexRules, turn: Turn): void {
    this.#endProgram(turn)
    this.#stopProgram(turn)
    this.#program.start(source, rules, turn)
  }

  /** What it waits for is not waited for any more. */
  #endProgram(turn: Turn): void {
    this.#calls.cancelProgram(turn)
    this.#program.end(turn)
  }

  #host(): ProgramHost {
    return {
      send: (request, turn) => this.#calls.send(request, -1, 'program', turn),
      cancel: (rpc, turn) => this.#calls.cancel(rpc, turn),
      cancelAll: (turn) => this.#calls.cancelProgram(turn),
      keep: (lease, on, turn) => this.#keep(lease, on, turn),
      fails: (turn) => this.#heartbeats.exit(turn),
      believes: (lease, now) => this.#beliefs.holds(lease, now),
      keeps: (lease) => this.#heartbeats.keeps(lease, this.#beliefs),
    }
  }

  // Keeping leases alive --------------------------------------------------------------------------

  #keep(lease: LeaseId, on: boolean, turn: Turn): void {
    if (on) this.#heartbeats.start(lease, -1, this.#beliefs, turn)
    else {
      this.#heartbeats.stop(lease, turn)
      this.#program.sessionEnded(lease, turn)
    }
  }

  #closeChannels(closed: readonly Closed[], turn: Turn): void {
    for (const each of closed) this.#closeChannel(each, turn)
  }

  #closeChannel({ kept, why }: Closed, turn: Turn): void {
    this.#beliefs.lose(kept.lease, why === 'gone' ? 'told' : 'given-up')
    // Silence has no event: what the client gives up began with its loop.
    const cause = turn.emit(
      { type: 'lease-believed-lost', client: this.id, lease: kept.lease, why },
      why === 'no-answer' ? kept.cause : why === 'clock-set' ? kept.set!.cause : turn.cause,
    )
    if (kept.line < 0) return this.#endSession(kept.lease, cause, turn)
    // Who waits for a lock or a leadership looks for the end of its session afterwards
    // (lock_command.go, elect_command.go).
    if (this.#recipe?.line === kept.line && this.#recipe.stage === 'taking') return
    turn.signal({ type: 'channel-closed', line: kept.line }, cause)
    if (this.#running?.line !== kept.line) return
    if (this.#running.waiting?.type === 'channel') this.#next(turn)
    // The session of a recipe is lost, and with it what it held.
    else if (this.#running.waiting?.type === 'recipe') this.#end(true, turn)
  }

  /** A program in its text form may wait only as long as the session lasts. */
  #endSession(lease: LeaseId, cause: EventId, turn: Turn): void {
    const before = turn.cause
    turn.cause = cause
    this.#program.sessionEnded(lease, turn)
    turn.cause = before
  }

  /** What a recipe was waiting for has come: its session may have ended meanwhile. */
  #lookAtSession({ line, lease, stage }: ConcurrencyCall, turn: Turn): void {
    if (stage !== 'holding' || this.#heartbeats.has(lease)) return
    turn.signal({ type: 'channel-closed', line })
    this.#end(true, turn)
  }

  #timer(timer: ClientTimer, turn: Turn): void {
    switch (timer) {
      case 'wake':
        return this.#next(turn)
      case 'line':
        return this.#program.lineDue(turn)
      case 'give-up':
        return this.#giveUp(turn)
      case 'retry':
        return this.#calls.retry(turn)
      case 'keep-alive-deadline':
        return this.#closeChannels(this.#heartbeats.giveUp(turn), turn)
      case 'keep-alive-send':
        return this.#heartbeats.send(this.#calls, turn)
      default:
        return unreachable(timer)
    }
  }

  /**
   * The line's own deadline has passed: the call is cancelled, and its answer, should it still
   * come, is nobody's.
   */
  #giveUp(turn: Turn): void {
    const running = this.#running
    if (running === null) return this.#program.deadlinePassed(turn)
    if (running.waiting?.type !== 'reply') return
    const { rpc } = running.waiting
    this.#calls.cancel(rpc, turn)
    this.#answered(running.line, errors.DeadlineExceeded, turn)
  }

  #stop(turn: Turn): void {
    this.#endProgram(turn)
    this.#calls.cancelAll(turn)
    this.#heartbeats.closeStreams(turn)
    this.#streams.closeAll(turn)
    this.#calls.forgetAll()
    this.#running = null
    this.#recipe = null
    turn.timer('wake', null)
    turn.timer('give-up', null)
    turn.timer('retry', null)
    this.#heartbeats.endAll(turn)
  }
}
