// A running program in its text form, a line at a time: messages go in, requests come out. Each
// line has its own turn, so a line of one client can come between any two lines of another.

import { assert, unreachable } from '../../base/assert'
import { text } from '../../base/bytes'
import { errors } from '../../base/errors'
import type { KeyValue, LeaseId, Reply, Request } from '../../base/rpc'
import type { ConcurrencyOutput } from '../../concurrency/key'
import type { MutexRules } from '../../concurrency/mutex'
import { RULES_OF_3_4 } from '../../concurrency/mutex'
import type { LockOutput } from '../locks/outputs'
import { ClientLocks, isOfLocks } from './client-locks'
import type { OwnKnowledge } from './holds'
import { holds } from './holds'
import { isOfLibrary, Library } from './library'
import { lockKeysOf } from './lock-keys'
import { News } from './news'
import type { ProgramOutput, SavedProgram } from './outputs'
import { ProgramPosition } from './position'
import { guardedUnlock, missingLease, storeRequest, watchRequest } from './requests'
import type { Program, ProgramLine, Step } from './steps'
import { lineText, textOf } from './texts'
import { Variables } from './variables'

/** Milliseconds from the end of one line to the beginning of the next. */
export const LINE_MS = 1

/** The instructions with the name of a lock. */
const ENTERS: ReadonlySet<Step['op']> = new Set([
  'enter',
  'lock',
  'trylock',
  'server-lock',
  'client-lock',
  'campaign',
] as const)

export class ProgramRunner {
  readonly source: string
  readonly #rules: MutexRules
  readonly #program: Program
  #at = 0
  #waiting: SavedProgram['waiting'] = 'turn'
  readonly #vars: Variables
  readonly #library: Library
  readonly #clientLocks: ClientLocks
  readonly #news: News
  readonly #position: ProgramPosition
  #ended: SavedProgram['ended'] = null

  /**
   * The text must have no faults (parse.ts). `rules`: those of its library's locks
   * (concurrency/mutex.ts).
   */
  constructor(me: string, source: string, rules = RULES_OF_3_4, saved?: SavedProgram) {
    const { program, faults, leases } = textOf(source)
    assert(
      faults.length === 0,
      `the program has a mistake in line ${faults[0]?.line}: ${faults[0]?.message}`,
    )
    this.#rules = rules
    this.source = source
    this.#program = program
    this.#vars = new Variables(me, leases, saved)
    this.#library = new Library(rules, saved)
    this.#clientLocks = new ClientLocks(saved)
    this.#news = new News(saved)
    this.#position = new ProgramPosition(saved)
    if (saved === undefined) return
    this.#at = saved.at
    this.#waiting = saved.waiting
    this.#ended = saved.ended === null ? null : { ...saved.ended }
  }

  /** The line that runs or is next, as an editor counts; null after the end of the program. */
  get line(): number | null {
    return this.#ended !== null ? null : (this.#program.lines[this.#at]?.number ?? null)
  }

  get ended(): SavedProgram['ended'] {
    return this.#ended
  }

  /** The section that it is in, and the lock that it wants. */
  get position(): Readonly<Pick<ProgramPosition, 'section' | 'room' | 'asks'>> {
    return this.#position
  }

  /** The line that its next turn begins, and its text, or null. */
  get next(): { line: number; text: string } | null {
    const line =
      this.#ended === null
        ? this.#program.lines[this.#at + (this.#waiting === 'sleep' ? 1 : 0)]
        : undefined
    return line === undefined ? null : { line: line.number, text: lineText(this.source, line) }
  }

  /** The locks that its lines name. */
  get locks(): string[] {
    return [
      ...new Set(
        this.#program.lines.flatMap(({ step }) =>
          ENTERS.has(step.op) && 'name' in step ? [this.#vars.fill(step.name)] : [],
        ),
      ),
    ]
  }

  /** The keys that its lines lock each name with. */
  get lockKeys(): ReturnType<typeof lockKeysOf> {
    return lockKeysOf(this.#program, (text) => this.#vars.fill(text))
  }

  /** Whether a line of it writes to the guarded resource. */
  get writes(): boolean {
    return this.#program.lines.some(({ step }) => step.op === 'write')
  }

  /** The event that the current line waits for; null where it waits only for its next turn. */
  get waitsFor(): 'sleep' | 'reply' | 'watch' | 'written' | null {
    return this.#waiting === 'machine' ? 'watch' : this.#waiting === 'turn' ? null : this.#waiting
  }

  /** By name. */
  get vars(): readonly (readonly [string, string])[] {
    return this.#vars.list()
  }

  /** Runs its next line. `own`: the client's own knowledge at this time. */
  step(own: OwnKnowledge): ProgramOutput[] {
    if (this.#ended !== null) return []
    if (this.#waiting === 'sleep') {
      this.#at++
      this.#waiting = 'turn'
    }
    if (this.#waiting !== 'turn') return []
    const line = this.#program.lines[this.#at]
    if (line === undefined) return this.#end(false, 'the last line is done')
    const outputs: ProgramOutput[] = [
      { type: 'begin', line: line.number, text: lineText(this.source, line) },
    ]
    // With an ended context nothing is sent; a lock of python tries once (tenacity).
    if (line.within === 0 && line.step.op !== 'client-lock')
      return [...outputs, ...this.#failed(line, errors.DeadlineExceeded.message)]
    if (line.within !== null) outputs.push({ type: 'deadline', afterMs: line.within })
    return [...outputs, ...this.#begin(line, own)]
  }

  /** The answer to its call. */
  answered(reply: Reply): ProgramOutput[] {
    const line = this.#program.lines[this.#at]
    if (line === undefined) return []
    if ('header' in reply) this.#news.read(reply.header.revision)
    if (this.#waiting === 'machine') return this.#handle(line.step, reply)
    // The stream of its watch broke, and its library opens none again.
    if (this.#waiting === 'watch' && reply.type === 'error')
      return [{ type: 'unwatch' }, ...this.#failed(line, reply.message)]
    if (this.#waiting !== 'reply') return []
    if (reply.type === 'error') return this.#failed(line, reply.message)
    // The result of KeepAliveOnce (client/v3/lease.go).
    if (reply.type === 'LeaseKeepAlive' && reply.TTL <= 0)
      return this.#failed(line, errors.LeaseNotFound.message)
    this.#vars.answer(line.step, reply)
    return this.#next()
  }

  /** An answer on its watch. */
  watched(reply: Extract<Reply, { type: 'Watch' }>): ProgramOutput[] {
    const line = this.#program.lines[this.#at]
    if (line === undefined) return []
    if (this.#waiting === 'machine') return this.#handle(line.step, reply)
    if (this.#waiting !== 'watch') return []
    if (reply.canceled)
      return [
        { type: 'unwatch' },
        ...this.#failed(line, reply.cancel_reason || 'the watch was cancelled'),
      ]
    const { step } = line
    if (step.op !== 'wait') return []
    const event = reply.events.find(({ type, kv }) =>
      step.news === 'changed' ? this.#news.isNews(kv) : type === 'DELETE',
    )
    if (event === undefined) return []
    if (step.news === 'deleted') this.#news.read(reply.header.revision)
    else this.#news.markReported(event.kv)
    this.#vars.found(step.as, event.type === 'DELETE' ? undefined : event.kv, event.kv.mod_revision)
    this.#vars.part(step.as, 'key', text(event.kv.key))
    return [{ type: 'unwatch' }, ...this.#next()]
  }

  /** The deadline of its call has passed. */
  deadlinePassed(): ProgramOutput[] {
    return this.#contextEnds('deadline')
  }

  /**
   * A lease is no longer kept alive. A line that waits only while the session of the lease lasts
   * stops waiting.
   */
  sessionEnded(lease: LeaseId): ProgramOutput[] {
    const step = this.#program.lines[this.#at]?.step
    const waits =
      (step?.op === 'lock' || step?.op === 'campaign') &&
      step.whileKept &&
      this.#vars.get(step.lease) === lease
    return waits && this.#ended === null && this.#waiting === 'machine'
      ? this.#contextEnds('session')
      : []
  }

  /** The guarded resource's answer to its write. */
  written(accepted: boolean): ProgramOutput[] {
    const step = this.#program.lines[this.#at]?.step
    if (this.#waiting !== 'written' || step?.op !== 'write') return []
    this.#vars.assign(step.as, accepted ? 'yes' : null)
    return this.#next()
  }

  save(): SavedProgram {
    return {
      source: this.source,
      rules: this.#rules,
      at: this.#at,
      waiting: this.#waiting,
      ...this.#vars.save(),
      ...this.#news.save(),
      ...this.#position.save(),
      ...this.#library.save(),
      ...this.#clientLocks.save(),
      ended: this.#ended === null ? null : { ...this.#ended },
    }
  }

  static load(me: string, saved: SavedProgram): ProgramRunner {
    return new ProgramRunner(me, saved.source, saved.rules, saved)
  }

  // A line ----------------------------------------------------------------------------------------

  #begin(line: ProgramLine, own: OwnKnowledge): ProgramOutput[] {
    const { step } = line
    switch (step.op) {
      case 'grant':
        return this.#call({ type: 'LeaseGrant', TTL: step.ttlSeconds })
      case 'revoke':
        return this.#withLease(step.lease, (ID) => this.#call({ type: 'LeaseRevoke', ID }))
      case 'keep':
        return this.#withLease(step.lease, (lease) => [
          { type: 'keep', lease, on: step.on },
          ...this.#next(),
        ])
      case 'renew':
        return this.#withLease(step.lease, (ID) => this.#call({ type: 'LeaseKeepAlive', ID }))
      case 'get':
      case 'count':
      case 'put':
      case 'create':
      case 'delete':
      case 'txn': {
        const missing = missingLease(step, this.#vars)
        return missing === undefined
          ? this.#call(storeRequest(step, this.#vars))
          : this.#withoutLease(missing)
      }
      case 'wait': {
        const request = watchRequest(step, this.#vars, this.#news.revision, this.#news.isPartly)
        this.#waiting = 'watch'
        this.#position.asked(request, this.locks)
        return [{ type: 'watch', request }]
      }
      case 'sleep':
        this.#waiting = 'sleep'
        return [{ type: 'turn', afterMs: step.ms }]
      case 'now':
        this.#vars.note(step.as, own.now)
        return this.#next()
      case 'lock':
      case 'trylock':
      case 'campaign':
        return this.#withLease(step.lease, (lease) => {
          if ('whileKept' in step && step.whileKept && !own.isKept(lease))
            return this.#failed(line, errors.Canceled.message)
          return this.#outputsOf(this.#library.enter(step, lease, this.#vars))
        })
      case 'unlock':
      case 'proclaim':
      case 'resign': {
        const outputs = this.#library.goOn(step, this.#vars)
        return typeof outputs === 'string' ? this.#end(true, outputs) : this.#outputsOf(outputs)
      }
      case 'unlock-if': {
        const name = this.#vars.fill(step.name)
        const key = this.#library.keyOf(name)
        return key === undefined
          ? this.#end(true, `it has no lock ${name}`)
          : this.#call(guardedUnlock(key, step.token, this.#vars))
      }
      case 'server-lock':
        return this.#withLease(step.lease, (lease) =>
          this.#call({ type: 'Lock', name: this.#vars.bytes(step.name), lease }),
        )
      case 'server-unlock':
        return this.#call({ type: 'Unlock', key: this.#vars.bytes(step.key) })
      case 'client-lock':
      case 'client-unlock': {
        const outputs = this.#clientLocks.begin(step, this.#vars)
        return typeof outputs === 'string' ? this.#end(true, outputs) : this.#outputsOf(outputs)
      }
      case 'observe':
        return this.#outputsOf(this.#library.observe(step, this.#vars))
      case 'enter': {
        const section = this.#vars.fill(step.name)
        this.#position.enter(section, step.room)
        return [{ type: 'enter', section, room: step.room }, ...this.#next()]
      }
      case 'leave': {
        const section = this.#position.leave()
        return section === null ? this.#next() : [{ type: 'leave', section }, ...this.#next()]
      }
      case 'write': {
        this.#waiting = 'written'
        const token = step.token === null ? '' : (this.#vars.get(step.token) ?? '')
        return [
          {
            type: 'write',
            value: this.#vars.fill(step.value),
            token: token === '' ? null : Number(token),
          },
        ]
      }
      case 'if':
        return holds(step.test, this.#vars, own) ? this.#go(step.target) : this.#next()
      case 'goto':
        return this.#go(step.target)
      case 'stop':
        return this.#end(false, 'it stopped')
      default:
        return unreachable(step)
    }
  }

  #contextEnds(why: 'deadline' | 'session'): ProgramOutput[] {
    const line = this.#program.lines[this.#at]
    if (line === undefined) return []
    const error = why === 'deadline' ? errors.DeadlineExceeded : errors.Canceled
    if (this.#waiting === 'reply' || this.#waiting === 'watch')
      return [{ type: 'abandon', why }, ...this.#failed(line, error.message)]
    if (this.#waiting !== 'machine') return []
    const outputs = this.#machineOf(line.step)?.contextEnded(error) ?? null
    return outputs === null ? [] : [{ type: 'abandon', why }, ...this.#outputsOf(outputs)]
  }

  #call(request: Request): ProgramOutput[] {
    this.#waiting = 'reply'
    this.#position.asked(request, this.locks)
    return [{ type: 'call', request }]
  }

  #withLease(name: string, then: (lease: LeaseId) => ProgramOutput[]): ProgramOutput[] {
    const lease = this.#vars.get(name)
    return lease === undefined ? this.#withoutLease(name) : then(lease as LeaseId)
  }

  #withoutLease(name: string): ProgramOutput[] {
    return this.#end(true, `there is no lease in ${name}`)
  }

  #go(label: string): ProgramOutput[] {
    return this.#moveTo(this.#program.labels.get(label)!)
  }

  #next(): ProgramOutput[] {
    return this.#moveTo(this.#at + 1)
  }

  #moveTo(at: number): ProgramOutput[] {
    const over = this.#withoutDeadline()
    this.#at = at
    this.#waiting = 'turn'
    return [...over, { type: 'turn', afterMs: LINE_MS }]
  }

  /** Cancels the deadline of the current line. */
  #withoutDeadline(): ProgramOutput[] {
    return (this.#program.lines[this.#at]?.within ?? null) === null
      ? []
      : [{ type: 'deadline', afterMs: null }]
  }

  #failed(line: ProgramLine, why: string): ProgramOutput[] {
    if (line.otherwise === null) return this.#end(true, why)
    this.#vars.assign('error', why)
    return this.#go(line.otherwise)
  }

  /** A program that ends leaves its section. */
  #end(failed: boolean, why: string): ProgramOutput[] {
    const section = this.#position.end()
    this.#ended = { failed, why }
    this.#waiting = null
    return [
      ...this.#withoutDeadline(),
      ...(section === null ? [] : [{ type: 'leave' as const, section }]),
      { type: 'end', failed },
    ]
  }

  // Recipes ---------------------------------------------------------------------------------------

  #handle(step: Step, reply: Reply): ProgramOutput[] {
    return this.#outputsOf(this.#machineOf(step)?.next(reply) ?? [])
  }

  /** The machine that runs for a step; undefined where the step is a single call. */
  #machineOf(step: Step) {
    if (isOfLocks(step)) return this.#clientLocks.machineOf(step, this.#vars)
    return isOfLibrary(step) ? this.#library.machineOf(step, this.#vars) : undefined
  }

  #outputsOf(outputs: readonly (ConcurrencyOutput | LockOutput)[]): ProgramOutput[] {
    this.#waiting = 'machine'
    const told = outputs.find((output) => output.type === 'report')
    if (told !== undefined) return this.#observe(told.kv)
    return outputs.flatMap((output): ProgramOutput[] => {
      const line = this.#program.lines[this.#at]!
      switch (output.type) {
        case 'call':
          if (line.step.op !== 'observe') this.#position.asked(output.request, this.locks)
          return [{ type: 'unwatch' }, { type: 'call', request: output.request }]
        case 'watch':
          if (line.step.op !== 'observe') this.#position.asked(output.request, this.locks)
          return [{ type: 'watch', request: output.request }]
        case 'done':
          if (isOfLibrary(line.step)) this.#library.taken(line.step, this.#vars)
          return [{ type: 'unwatch' }, ...this.#next()]
        case 'over':
          if (isOfLocks(line.step)) this.#clientLocks.ended(line.step, this.#vars)
          return this.#next()
        case 'keep':
          return [output]
        case 'failed':
          // A client that only tries goes on without the lock.
          if (
            line.step.op === 'trylock' &&
            output.error.message === errors.LockedByAnother.message
          ) {
            this.#vars.assign(line.step.as, null)
            return this.#next()
          }
          return [{ type: 'unwatch' }, ...this.#failed(line, output.error.message)]
        case 'report':
          return []
        default:
          return unreachable(output)
      }
    })
  }

  #observe(kv: KeyValue): ProgramOutput[] {
    const { step } = this.#program.lines[this.#at]!
    if (step.op !== 'observe') return []
    this.#library.told(step, kv, this.#vars)
    this.#vars.found(step.as, kv, kv.mod_revision)
    return [{ type: 'unwatch' }, ...this.#next()]
  }
}
