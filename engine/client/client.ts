// One client of the cluster: a connection as clientv3 has it, a program that runs on it, and what the client believes of its leases, which is not what the
// servers know. A machine like the members: what arrives and the time go in, what it wishes sent comes out.

import { assert, unreachable } from '../base/assert'
import { Code, errors } from '../base/errors'
import type { Header, LeaseId, Reply, Request } from '../base/rpc'
import type { ClientId, EventId, Trace } from '../base/trace'
import type { MutexRules } from '../concurrency/mutex'
import type { Want } from '../concurrency/recipe'
import type { Belief } from './beliefs'
import { Beliefs } from './beliefs'
import type { Control } from './control'
import type { KeptLease, SavedKeepAliver } from './keep-alive'
import { KeepAliver } from './keep-alive'
import type { Instruction, LeaseRef, Program } from './program'
import { describeInstruction } from './program-text'
import type { RecipeInstruction, SavedRecipe } from './recipe'
import { Recipe } from './recipe'
import type { SavedScript, ScriptWant } from './script/runner'
import { LINE_MS, ScriptRunner } from './script/runner'
import type { ClientInput, ClientOutput, ClientTimer } from './turn'
import { Turn } from './turn'

/** Milliseconds a first keep-alive may take: a client without a dial timeout, and etcdctl with its two seconds (lease.go: KeepAlive). */
export const FIRST_KEEP_ALIVE_TIMEOUT_MS = { program: 5000, process: 3000 } as const

/** What the current line waits for. */
type Waiting =
  | { type: 'reply'; rpc: number }
  | { type: 'stream'; rpc: number }
  | { type: 'channel' }
  | { type: 'wake'; at: number }
  /** A recipe, once its session is granted. `watch` is the stream it watches on. */
  | { type: 'recipe'; watch: number | null }

interface Running {
  program: Program
  line: number
  waiting: Waiting | null
  ended: boolean
}

/** What a call in flight is for, so that its answer can be understood. */
interface Call {
  rpc: number
  /** The program line that made it, −1 for one by hand. */
  line: number
  /** `session`: the grant before a recipe; `recipe`: one of its calls; `script`: of a program in its text form. */
  role: 'line' | 'session' | 'recipe' | 'script'
  lease: LeaseId | null
  /** Of a call that is made again where the server was not available: what is asked, of whom, how often it failed, and when it is made again. */
  again?: { request: Request; endpoint: string | null; attempt: number; at: number | null }
}

/** Calls that clientv3 makes again (retry.go; semantics §4.1): a second time they do no harm, or little: a lease granted twice is left to run out. */
const RETRIED: ReadonlySet<Request['type']> = new Set([
  'Range',
  'LeaseGrant',
  'LeaseRevoke',
  'LeaseTimeToLive',
  'LeaseLeases',
  'MemberList',
  'Status',
  'MoveLeader',
] as const)
const MOST_ATTEMPTS = 100
/** Milliseconds between two attempts (options.go: defaultBackoffWaitBetween). */
const RETRY_WAIT_MS = 25

export interface SavedClient {
  nextRpc: number
  running: Running | null
  recipe: SavedRecipe | null
  vars: [string, LeaseId][]
  calls: Call[]
  stream: number | null
  keepAliver: SavedKeepAliver
  beliefs: Belief[]
  timers: [ClientTimer, number][]
  lastTurnAt: number
  streamFailures?: number
  scripted?: Scripted & { saved: SavedScript | null }
}

/** How a program in its text form is driven. */
interface Scripted {
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

export class Client {
  readonly id: ClientId
  /** A `process` is one run of etcdctl: it ends with its program and shows no lines of its own. */
  readonly kind: 'program' | 'process'
  #nextRpc = 1
  #running: Running | null = null
  #recipe: Recipe | null = null
  #vars = new Map<string, LeaseId>()
  // By rpc, which counts up: in the order in which they were made.
  #calls = new Map<number, Call>()
  #stream: number | null = null
  #streamFailures = 0
  #keepAliver = new KeepAliver()
  #beliefs = new Beliefs()
  // The turn that each loop has asked for.
  #timers = new Map<ClientTimer, number>()
  #script: ScriptRunner | null = null
  #scripted: Scripted | null = null
  // When the sending loop last had its turn: it has one at a time.
  #lastTurnAt = -1

  constructor(id: ClientId, kind: 'program' | 'process') {
    this.id = id
    this.kind = kind
  }

  get program(): Program {
    return this.#running?.program ?? []
  }

  /** The index of the current line; the length of the program when it has ended. */
  get line(): number {
    return this.#running === null ? 0 : this.#running.ended ? this.#running.program.length : this.#running.line
  }

  /** In the order in which the client came to know the leases. */
  get beliefs(): readonly Belief[] {
    return this.#beliefs.list()
  }

  /** The program in its text form and where it stands; null where the client has none. A client that has crashed has a text and no runner. */
  get script(): { source: string; held: boolean; ready: boolean; until: number | null; runner: ScriptRunner | null } | null {
    if (this.#scripted === null) return null
    const { source, held, ready, until } = this.#scripted
    return { source, held, ready, until, runner: this.#script }
  }

  isKept(lease: LeaseId): boolean {
    return this.#keepAliver.has(lease)
  }

  step(input: ClientInput, now: number, trace: Trace, cause: EventId): ClientOutput[] {
    const turn = new Turn(now, trace, cause)
    this.#take(input, turn)
    if (input.type !== 'stop') this.#wind(turn)
    return turn.outputs
  }

  save(): SavedClient {
    return {
      nextRpc: this.#nextRpc,
      running:
        this.#running === null ? null : { ...this.#running, waiting: this.#running.waiting === null ? null : { ...this.#running.waiting } },
      recipe: this.#recipe?.save() ?? null,
      vars: [...this.#vars].sort(([a], [b]) => (a < b ? -1 : 1)),
      calls: [...this.#calls.values()].map((call) => ({ ...call })),
      stream: this.#stream,
      keepAliver: this.#keepAliver.save(),
      beliefs: this.#beliefs.list(),
      timers: [...this.#timers].sort(([a], [b]) => (a < b ? -1 : 1)),
      lastTurnAt: this.#lastTurnAt,
      ...(this.#streamFailures === 0 ? {} : { streamFailures: this.#streamFailures }),
      ...(this.#scripted === null ? {} : { scripted: { ...this.#scripted, saved: this.#script?.save() ?? null } }),
    }
  }

  static load(id: ClientId, kind: 'program' | 'process', saved: SavedClient): Client {
    const client = new Client(id, kind)
    client.#nextRpc = saved.nextRpc
    client.#running = saved.running === null ? null : { ...saved.running }
    client.#recipe = saved.recipe === null ? null : Recipe.load(saved.recipe)
    client.#vars = new Map(saved.vars)
    client.#calls = new Map(saved.calls.map((call) => [call.rpc, { ...call }]))
    client.#stream = saved.stream
    client.#keepAliver = KeepAliver.load(saved.keepAliver)
    client.#beliefs = Beliefs.load(saved.beliefs)
    client.#timers = new Map(saved.timers)
    client.#lastTurnAt = saved.lastTurnAt
    client.#streamFailures = saved.streamFailures ?? 0
    if (saved.scripted !== undefined) {
      const { saved: script, ...scripted } = saved.scripted
      client.#scripted = { ...scripted }
      client.#script = script === null ? null : ScriptRunner.load(id, script)
    }
    return client
  }

  #take(input: ClientInput, turn: Turn): void {
    switch (input.type) {
      case 'program':
        this.#endScript(turn)
        this.#scripted = null
        this.#stopProgram(turn)
        this.#running = { program: input.program, line: -1, waiting: null, ended: false }
        return this.#next(turn)
      case 'request':
        this.#send(input.request, -1, 'line', turn, input.endpoint ?? null)
        return
      case 'heartbeat':
        return input.on ? this.#startHeartbeat(input.lease, -1, turn) : this.#stopHeartbeat(input.lease, turn)
      case 'reply':
        return this.#reply(input.rpc, input.reply, turn)
      case 'timer':
        return this.#timer(input.timer, turn)
      case 'script':
        return this.#startScript(input.source, input.rules, turn)
      case 'control':
        return this.#control(input.control, turn)
      case 'written':
        return this.#serveScript(this.#script?.written(input.accepted) ?? [], turn)
      case 'clock-set':
        return this.#beliefs.clockSet(input.ms)
      case 'crash':
        this.#stop(turn)
        this.#beliefs = new Beliefs()
        return
      case 'restart':
        if (this.#scripted !== null) this.#startScript(this.#scripted.source, this.#scripted.rules, turn)
        return
      case 'interrupt':
        return this.#interrupt(turn)
      case 'stop':
        return this.#stop(turn)
      default:
        return unreachable(input)
    }
  }

  // The program ------------------------------------------------------------------------------------------------------------------------------------

  /** Goes on to the next line, and through every line that need not wait. */
  #next(turn: Turn): void {
    const running = this.#running
    assert(running !== null, `${this.id} has no program to go on with`)
    for (;;) {
      running.line++
      const instruction = running.program[running.line]
      if (instruction === undefined) return this.#end(false, turn)
      if (this.kind === 'program') {
        turn.cause = turn.emit({ type: 'program-line', client: this.id, line: running.line, text: describeInstruction(instruction) })
      }
      running.waiting = this.#begin(instruction, running.line, turn)
      if (running.waiting !== null) return
    }
  }

  /** Begins a line and answers with what it waits for, null where it is done at once. */
  #begin(instruction: Instruction, line: number, turn: Turn): Waiting | null {
    const call = (request: Request): Waiting => ({ type: 'reply', rpc: this.#send(request, line, 'line', turn) })
    switch (instruction.op) {
      case 'call':
        if (instruction.timeoutMs !== undefined) turn.timer('give-up', turn.now + instruction.timeoutMs)
        return { type: 'reply', rpc: this.#send(instruction.request, line, 'line', turn, instruction.endpoint ?? null) }
      case 'session':
      case 'grant':
        return call({ type: 'LeaseGrant', TTL: instruction.ttlSeconds })
      case 'put': {
        const { key, value, lease } = instruction
        return call({ type: 'Put', key, value, ...(lease === undefined ? {} : { lease: this.#lease(lease) }) })
      }
      case 'get':
        return call({ type: 'Range', key: instruction.key })
      case 'delete':
        return call({ type: 'DeleteRange', key: instruction.key })
      case 'revoke':
        return call({ type: 'LeaseRevoke', ID: this.#lease(instruction.lease) })
      case 'heartbeat':
        if (instruction.on) this.#startHeartbeat(this.#lease(instruction.lease), -1, turn)
        else this.#stopHeartbeat(this.#lease(instruction.lease), turn)
        return null
      case 'keep-alive':
        this.#startHeartbeat(this.#lease(instruction.lease), line, turn)
        return { type: 'channel' }
      case 'watch':
        return { type: 'stream', rpc: this.#send(instruction.request, line, 'line', turn) }
      case 'sleep':
        turn.timer('wake', turn.now + instruction.ms)
        return { type: 'wake', at: turn.now + instruction.ms }
      case 'lock':
      case 'campaign':
      case 'observe':
        return { type: 'reply', rpc: this.#send({ type: 'LeaseGrant', TTL: instruction.ttlSeconds }, line, 'session', turn) }
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
    const ended = this.kind === 'program' ? turn.emit({ type: 'program-ended', client: this.id, failed }) : turn.cause
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
    for (const [rpc, { line }] of this.#calls) if (line !== -1) this.#calls.delete(rpc)
  }

  #lease(ref: LeaseRef): LeaseId {
    if (!ref.startsWith('$')) return ref as LeaseId
    const lease = this.#vars.get(ref.slice(1))
    assert(lease !== undefined, `${this.id} uses ${ref} before any line has set it`)
    return lease
  }

  // What arrives -----------------------------------------------------------------------------------------------------------------------------------

  #send(request: Request, line: number, role: Call['role'], turn: Turn, endpoint: string | null = null): number {
    const rpc = this.#nextRpc++
    const again = line >= 0 && RETRIED.has(request.type) ? { again: { request, endpoint, attempt: 0, at: null } } : {}
    this.#calls.set(rpc, { rpc, line, role, lease: request.type === 'LeaseRevoke' ? request.ID : null, ...again })
    turn.send(rpc, request, { endpoint, requiresLeader: this.kind === 'process' && request.type === 'WatchCreate' && role === 'line' })
    return rpc
  }

  #reply(rpc: number, reply: Reply, turn: Turn): void {
    if (rpc === this.#stream) return this.#kept(reply, turn)
    const call = this.#calls.get(rpc)
    if (call === undefined) return
    if (reply.type === 'error' && reply.code === Code.Unavailable && call.again !== undefined && call.again.attempt < MOST_ATTEMPTS - 1) {
      call.again = { ...call.again, attempt: call.again.attempt + 1, at: turn.now + RETRY_WAIT_MS }
      return this.#windRetries(turn)
    }
    if (reply.type === 'Watch' && call.role === 'script') return this.#serveScript(this.#script?.watched(reply) ?? [], turn)
    if (reply.type === 'Watch') return call.role === 'recipe' ? this.#recipeAnswered(reply, turn) : this.#watched(call, reply, turn)
    this.#calls.delete(call.rpc)
    if (reply.type === 'LeaseGrant') this.#beliefs.hold(reply.ID, reply.TTL, turn.now)
    if (reply.type === 'LeaseKeepAlive') {
      // A request of its own on a stream of its own (lease.go: KeepAliveOnce): the stream is closed once it is answered.
      turn.cancel(rpc)
      if (reply.TTL > 0) this.#beliefs.hold(reply.ID, reply.TTL, turn.now)
      else this.#beliefs.lose(reply.ID)
    }
    if (reply.type === 'LeaseRevoke' && call.lease !== null) this.#beliefs.lose(call.lease)
    if (call.role === 'script') return this.#serveScript(this.#script?.answered(reply) ?? [], turn)
    if (call.line < 0) return
    if (call.role === 'recipe') return this.#recipeAnswered(reply, turn)
    const instruction = this.#running?.program[call.line]
    if (call.role === 'session' && reply.type === 'LeaseGrant')
      return this.#beginRecipe(instruction as RecipeInstruction, call.line, reply.ID, turn)
    this.#answered(call.line, reply, turn)
  }

  /** The answer to a line's own call: it is signalled, and the program goes on or ends with it. */
  #answered(line: number, reply: Reply, turn: Turn): void {
    turn.timer('give-up', null)
    turn.signal({ type: 'reply', line, reply })
    const instruction = this.#running?.program[line]
    if (reply.type === 'error') {
      if (instruction?.op === 'call' && instruction.carryOn) return this.#next(turn)
      return this.#end(true, turn)
    }
    if ((instruction?.op === 'session' || instruction?.op === 'grant') && reply.type === 'LeaseGrant') {
      this.#vars.set(instruction.as, reply.ID)
      if (instruction.op === 'session') this.#startHeartbeat(reply.ID, -1, turn, instruction.requireLeader)
    }
    this.#next(turn)
  }

  #watched(call: Call, response: Extract<Reply, { type: 'Watch' }>, turn: Turn): void {
    if (call.line < 0) return
    turn.signal({ type: 'watched', line: call.line, response })
    if (!response.canceled) return
    this.#calls.delete(call.rpc)
    turn.cancel(call.rpc)
    this.#end(true, turn)
  }

  // Recipes ----------------------------------------------------------------------------------------------------------------------------------------

  #beginRecipe(instruction: RecipeInstruction, line: number, lease: LeaseId, turn: Turn): void {
    this.#startHeartbeat(lease, line, turn)
    const { recipe, wants } = Recipe.begin(instruction, line, lease)
    this.#recipe = recipe
    this.#running!.waiting = { type: 'recipe', watch: null }
    this.#serve(recipe, wants, turn)
  }

  #recipeAnswered(reply: Reply, turn: Turn): void {
    if (this.#recipe !== null) this.#serve(this.#recipe, this.#recipe.next(reply), turn)
  }

  /** Does what a recipe wants next. The watch it had is over as soon as it wants anything else. */
  #serve(recipe: Recipe, wants: Want[], turn: Turn): void {
    for (const want of wants) {
      if (want.type !== 'tell') this.#endRecipeWatch(turn)
      switch (want.type) {
        case 'call':
          this.#send(want.request, recipe.line, 'recipe', turn)
          break
        case 'watch':
          this.#running!.waiting = { type: 'recipe', watch: this.#send(want.request, recipe.line, 'recipe', turn) }
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

  #recipeDone(recipe: Recipe, header: Header, turn: Turn): void {
    if (recipe.stage === 'leaving') {
      this.#recipe = null
      return this.#next(turn)
    }
    recipe.stage = 'holding'
    turn.signal({ type: 'held', line: recipe.line, ...recipe.holding, header })
    const instruction = this.#running!.program[recipe.line]
    if (instruction?.op === 'lock' && instruction.release) this.#serve(recipe, recipe.leave(), turn)
  }

  #endRecipeWatch(turn: Turn): void {
    const waiting = this.#running?.waiting
    if (waiting?.type !== 'recipe' || waiting.watch === null) return
    turn.cancel(waiting.watch)
    this.#calls.delete(waiting.watch)
    waiting.watch = null
  }

  #interrupt(turn: Turn): void {
    const recipe = this.#recipe
    if (recipe === null) {
      if (this.#running !== null && !this.#running.ended) this.#end(false, turn)
      return
    }
    const wants = recipe.leave()
    if (wants.length === 0) this.#end(false, turn)
    else this.#serve(recipe, wants, turn)
  }

  // A program in its text form ---------------------------------------------------------------------------------------------------------------------

  #startScript(source: string, rules: MutexRules, turn: Turn): void {
    this.#endScript(turn)
    this.#stopProgram(turn)
    this.#script = new ScriptRunner(this.id, source, rules)
    this.#scripted = { source, rules, held: false, ready: false, steps: 0, until: null, watch: null }
    turn.timer('line', turn.now + LINE_MS)
  }

  /** What it waits for is not waited for any more. */
  #endScript(turn: Turn): void {
    for (const [rpc, { role }] of this.#calls) {
      if (role !== 'script') continue
      turn.cancel(rpc)
      this.#calls.delete(rpc)
    }
    turn.timer('line', null)
    this.#script = null
    if (this.#scripted !== null) this.#scripted = { ...this.#scripted, held: false, ready: false, steps: 0, until: null, watch: null }
  }

  #control(control: Control, turn: Turn): void {
    const scripted = this.#scripted
    if (scripted === null || this.#script === null) return
    switch (control.type) {
      case 'hold':
        scripted.held = true
        scripted.until = null
        scripted.steps = 0
        return
      case 'release':
        scripted.until = null
        return this.#letGo(scripted, turn)
      case 'step':
        scripted.held = true
        scripted.until = null
        if (!scripted.ready) {
          scripted.steps = 1
          return
        }
        scripted.ready = false
        return this.#runLine(turn)
      case 'run-to':
        scripted.until = control.line
        // Where it stands already it goes round once.
        if (scripted.ready && this.#script.next?.line === control.line) {
          scripted.held = scripted.ready = false
          return this.#runLine(turn)
        }
        return this.#letGo(scripted, turn)
      default:
        return unreachable(control)
    }
  }

  #letGo(scripted: Scripted, turn: Turn): void {
    scripted.held = false
    scripted.steps = 0
    if (!scripted.ready) return
    scripted.ready = false
    turn.timer('line', turn.now)
  }

  #lineDue(turn: Turn): void {
    const scripted = this.#scripted
    if (scripted === null || this.#script === null) return
    // Reached is what is next: the line itself does not begin.
    if (scripted.until !== null && this.#script.next?.line === scripted.until) {
      scripted.held = true
      scripted.until = null
    }
    if (scripted.held && scripted.steps === 0) {
      scripted.ready = true
      return
    }
    scripted.steps = 0
    this.#runLine(turn)
  }

  #runLine(turn: Turn): void {
    this.#serveScript(this.#script?.turn((lease) => this.#believes(lease, turn.now)) ?? [], turn)
  }

  /** By its own clock: a lease that it has heard of, that it has not given up, and whose time is not over. */
  #believes(lease: LeaseId, now: number): boolean {
    const belief = this.#beliefs.list().find((known) => known.lease === lease)
    return belief !== undefined && !belief.lost && belief.until !== null && belief.until > now
  }

  #serveScript(wants: readonly ScriptWant[], turn: Turn): void {
    for (const want of wants) {
      switch (want.type) {
        case 'begin':
          turn.cause = turn.emit({ type: 'program-line', client: this.id, line: want.line - 1, text: want.text })
          break
        case 'call':
          this.#send(want.request, -1, 'script', turn)
          break
        case 'watch':
          this.#endScriptWatch(turn)
          this.#scripted!.watch = this.#send(want.request, -1, 'script', turn)
          break
        case 'unwatch':
          this.#endScriptWatch(turn)
          break
        case 'keep':
          if (want.on) this.#startHeartbeat(want.lease, -1, turn)
          else this.#stopHeartbeat(want.lease, turn)
          break
        case 'turn':
          turn.timer('line', turn.now + want.afterMs)
          break
        case 'write':
          turn.write(want.value, want.token)
          break
        case 'enter':
          turn.cause = turn.emit({ type: 'section-entered', client: this.id, section: want.section })
          break
        case 'leave':
          turn.cause = turn.emit({ type: 'section-left', client: this.id, section: want.section })
          break
        case 'end':
          turn.emit({ type: 'program-ended', client: this.id, failed: want.failed })
          break
        default:
          unreachable(want)
      }
    }
  }

  #endScriptWatch(turn: Turn): void {
    const watch = this.#scripted?.watch ?? null
    if (watch === null) return
    turn.cancel(watch)
    this.#calls.delete(watch)
    this.#scripted!.watch = null
  }

  // Keeping leases alive ---------------------------------------------------------------------------------------------------------------------------

  #startHeartbeat(lease: LeaseId, line: number, turn: Turn, requireLeader = false): void {
    if (this.#keepAliver.has(lease)) return
    this.#keepAliver.add(lease, line, turn.now, FIRST_KEEP_ALIVE_TIMEOUT_MS[this.kind], requireLeader)
    if (this.kind === 'program') turn.emit({ type: 'heartbeat-started', client: this.id, lease })
    this.#beliefs.expect(lease)
  }

  #stopHeartbeat(lease: LeaseId, turn: Turn): void {
    if (this.#keepAliver.remove(lease) === undefined) return
    turn.emit({ type: 'heartbeat-stopped', client: this.id, lease })
  }

  /** An answer on the keep-alive stream (lease.go: recvKeepAlive). */
  #kept(reply: Reply, turn: Turn): void {
    if (reply.type === 'error') {
      this.#stream = null
      this.#streamFailures++
      this.#keepAliver.broken(turn.now)
      if (reply.message !== errors.NoLeader.message) return
      for (const kept of this.#keepAliver.takeRequireLeader()) {
        this.#beliefs.lose(kept.lease)
        this.#closeChannel(kept, 'no-leader', turn)
      }
      return
    }
    assert(reply.type === 'LeaseKeepAlive', `${this.id} got ${reply.type} on its keep-alive stream`)
    if (reply.TTL <= 0) {
      const kept = this.#keepAliver.remove(reply.ID)
      this.#beliefs.lose(reply.ID)
      if (kept !== undefined) this.#closeChannel(kept, 'gone', turn)
      return
    }
    // An answer to a request sent before the heartbeat was stopped still tells the client what it tells.
    this.#beliefs.hold(reply.ID, reply.TTL, turn.now)
    const kept = this.#keepAliver.answered(reply.ID, reply.TTL, turn.now)
    if (kept !== undefined && kept.line >= 0) turn.signal({ type: 'kept', line: kept.line, response: reply })
  }

  #closeChannel(kept: KeptLease, why: 'gone' | 'no-answer' | 'no-leader', turn: Turn): void {
    const cause = turn.emit({ type: 'lease-believed-lost', client: this.id, lease: kept.lease, why })
    if (kept.line < 0) return
    turn.signal({ type: 'channel-closed', line: kept.line }, cause)
    if (this.#running?.line !== kept.line) return
    if (this.#running.waiting?.type === 'channel') this.#next(turn)
    // The session of a recipe is lost, and with it what it held.
    else if (this.#running.waiting?.type === 'recipe') this.#end(true, turn)
  }

  #timer(timer: ClientTimer, turn: Turn): void {
    if (timer === 'wake') return this.#next(turn)
    if (timer === 'line') return this.#lineDue(turn)
    if (timer === 'give-up') return this.#giveUp(turn)
    if (timer === 'retry') return this.#retry(turn)
    this.#timers.delete(timer)
    if (timer === 'keep-alive-deadline') {
      for (const kept of this.#keepAliver.takeOverdue(turn.now)) {
        this.#beliefs.lose(kept.lease)
        this.#closeChannel(kept, 'no-answer', turn)
      }
      return
    }
    for (const lease of this.#keepAliver.toSend(turn.now)) {
      this.#stream ??= this.#nextRpc++
      turn.send(this.#stream, { type: 'LeaseKeepAlive', ID: lease }, { attempt: this.#streamFailures, requiresLeader: true })
    }
    this.#lastTurnAt = turn.now
  }

  /** Makes the calls again whose wait is over. */
  #retry(turn: Turn): void {
    for (const call of this.#calls.values()) {
      if (call.again?.at == null || call.again.at > turn.now) continue
      const { request, endpoint, attempt } = call.again
      call.again = { ...call.again, at: null }
      turn.send(call.rpc, request, { endpoint, attempt })
    }
    this.#windRetries(turn)
  }

  #windRetries(turn: Turn): void {
    const waiting = [...this.#calls.values()].flatMap(({ again }) => (again?.at == null ? [] : [again.at]))
    if (waiting.length > 0) turn.timer('retry', Math.min(...waiting))
  }

  /** Sets the loops to the next turns at which they have something to do: an answer puts the next request off, a new lease may want one at once. */
  #wind(turn: Turn): void {
    this.#setLoop('keep-alive-send', this.#keepAliver.nextSendAt(this.#lastTurnAt === turn.now ? turn.now + 1 : turn.now), turn)
    this.#setLoop('keep-alive-deadline', this.#keepAliver.nextDeadlineAt(turn.now + 1), turn)
  }

  #setLoop(timer: ClientTimer, at: number | null, turn: Turn): void {
    if (at === (this.#timers.get(timer) ?? null)) return
    if (at === null) this.#timers.delete(timer)
    else this.#timers.set(timer, at)
    turn.timer(timer, at)
  }

  /** The line's own deadline has passed: the call is cancelled, and its answer, should it still come, is nobody's. */
  #giveUp(turn: Turn): void {
    const running = this.#running
    if (running?.waiting?.type !== 'reply') return
    const { rpc } = running.waiting
    turn.cancel(rpc)
    this.#calls.delete(rpc)
    this.#answered(running.line, errors.DeadlineExceeded, turn)
  }

  #stop(turn: Turn): void {
    this.#endScript(turn)
    for (const rpc of this.#calls.keys()) turn.cancel(rpc)
    if (this.#stream !== null) turn.cancel(this.#stream)
    this.#calls.clear()
    this.#stream = null
    this.#running = null
    this.#keepAliver = new KeepAliver()
    this.#recipe = null
    turn.timer('wake', null)
    turn.timer('give-up', null)
    turn.timer('retry', null)
    this.#setLoop('keep-alive-send', null, turn)
    this.#setLoop('keep-alive-deadline', null, turn)
  }
}
