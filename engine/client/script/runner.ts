// A program in its text form being run, a line at a time: what arrived goes in, what the line wants comes out. Each line has a turn of its own, so that a line of one
// client can come between any two of another.

import { assert, unreachable } from '../../base/assert'
import { text } from '../../base/bytes'
import { errors } from '../../base/errors'
import type { KeyValue, LeaseId, Reply, Request, WatchCreateRequest } from '../../base/rpc'
import type { MutexRules } from '../../concurrency/mutex'
import { RULES_OF_3_4 } from '../../concurrency/mutex'
import type { Want } from '../../concurrency/recipe'
import { Asking } from './asking'
import type { SavedLibrary } from './library'
import { isOfLibrary, Library } from './library'
import type { SavedNews } from './news'
import { News } from './news'
import { missingLease, storeRequest, watchRequest } from './requests'
import type { Script, ScriptLine, Step, Test } from './steps'
import { lineText, textOf } from './texts'
import { Variables } from './variables'

export type ScriptWant =
  /** A line begins; everything that follows comes of it. */
  | { type: 'begin'; line: number; text: string }
  | { type: 'call'; request: Request }
  /** In place of the watch there was. */
  | { type: 'watch'; request: WatchCreateRequest }
  | { type: 'unwatch' }
  | { type: 'keep'; lease: LeaseId; on: boolean }
  /** Its next turn, after so many milliseconds. */
  | { type: 'turn'; afterMs: number }
  | { type: 'write'; value: string; token: number | null }
  | { type: 'enter' | 'leave'; section: string }
  | { type: 'end'; failed: boolean }

export interface SavedScript extends SavedLibrary, SavedNews {
  source: string
  rules: MutexRules
  /** The index of the line that runs, or that is next. */
  at: number
  waiting: 'turn' | 'sleep' | 'reply' | 'watch' | 'written' | 'machine' | null
  vars: [string, string][]
  section: string | null
  /** The lock that it has asked for and is not in. */
  asks: string | null
  /** Why it ended; null while it runs. */
  ended: { failed: boolean; why: string } | null
}

/** Milliseconds from the end of one line to the beginning of the next. */
export const LINE_MS = 1

export class ScriptRunner {
  readonly source: string
  readonly #rules: MutexRules
  readonly #script: Script
  #at = 0
  #waiting: SavedScript['waiting'] = 'turn'
  readonly #vars: Variables
  readonly #library: Library
  readonly #news: News
  readonly #asking: Asking
  #section: string | null = null
  #ended: SavedScript['ended'] = null

  /** The text must have no faults (parse.ts). `rules`: those of its library's locks (concurrency/mutex.ts). */
  constructor(me: string, source: string, rules = RULES_OF_3_4, saved?: SavedScript) {
    const { script, faults, leases } = textOf(source)
    assert(faults.length === 0, `the program has a mistake in line ${faults[0]?.line}: ${faults[0]?.message}`)
    this.#rules = rules
    this.source = source
    this.#script = script
    this.#vars = new Variables(me, leases, saved?.vars)
    this.#library = new Library(rules, saved)
    this.#news = new News(saved)
    this.#asking = new Asking(saved?.asks ?? null)
    if (saved === undefined) return
    this.#at = saved.at
    this.#waiting = saved.waiting
    this.#section = saved.section
    this.#ended = saved.ended === null ? null : { ...saved.ended }
  }

  /** The line that runs or is next, as an editor counts; null when it has ended. */
  get line(): number | null {
    return this.#ended !== null ? null : (this.#script.lines[this.#at]?.number ?? null)
  }

  get ended(): SavedScript['ended'] {
    return this.#ended
  }

  /** The section that it is in. */
  get section(): string | null {
    return this.#section
  }

  /** The lock whose key it has looked at or tried to put since it last was in it or let it go; null where it wants none. */
  get asks(): string | null {
    return this.#asking.lock
  }

  /** The line that its next turn begins, and what it says; null where there is none. */
  get next(): { line: number; text: string } | null {
    const line = this.#ended === null ? this.#script.lines[this.#at + (this.#waiting === 'sleep' ? 1 : 0)] : undefined
    return line === undefined ? null : { line: line.number, text: lineText(this.source, line) }
  }

  /** The locks that its lines name. */
  get locks(): string[] {
    return [
      ...new Set(
        this.#script.lines.flatMap(({ step }) =>
          step.op === 'enter' || step.op === 'lock' || step.op === 'trylock' || step.op === 'campaign' ? [this.#vars.fill(step.name)] : [],
        ),
      ),
    ]
  }

  /** Whether a line of it writes to the guarded resource. */
  get writes(): boolean {
    return this.#script.lines.some(({ step }) => step.op === 'write')
  }

  /** What the current line waits for; null where it is only its next turn that it waits for. */
  get waitsFor(): 'sleep' | 'reply' | 'watch' | 'written' | null {
    return this.#waiting === 'machine' ? 'watch' : this.#waiting === 'turn' ? null : this.#waiting
  }

  /** By name. */
  get vars(): readonly (readonly [string, string])[] {
    return this.#vars.list()
  }

  /** Runs its next line. `isLive` is what the client believes of a lease. */
  turn(isLive: (lease: LeaseId) => boolean): ScriptWant[] {
    if (this.#ended !== null) return []
    if (this.#waiting === 'sleep') {
      this.#at++
      this.#waiting = 'turn'
    }
    if (this.#waiting !== 'turn') return []
    const line = this.#script.lines[this.#at]
    if (line === undefined) return this.#end(false, 'the last line is done')
    const wants: ScriptWant[] = [{ type: 'begin', line: line.number, text: lineText(this.source, line) }]
    return [...wants, ...this.#begin(line.step, isLive)]
  }

  /** The answer to its call. */
  answered(reply: Reply): ScriptWant[] {
    const line = this.#script.lines[this.#at]
    if (line === undefined) return []
    if ('header' in reply) this.#news.read(reply.header.revision)
    if (this.#waiting === 'machine') return this.#serve(line.step, reply)
    if (this.#waiting !== 'reply') return []
    if (reply.type === 'error') return this.#failed(line, reply.message)
    this.#vars.answer(line.step, reply)
    return this.#next()
  }

  /** An answer on its watch. */
  watched(reply: Extract<Reply, { type: 'Watch' }>): ScriptWant[] {
    const line = this.#script.lines[this.#at]
    if (line === undefined) return []
    if (this.#waiting === 'machine') return this.#serve(line.step, reply)
    if (this.#waiting !== 'watch') return []
    if (reply.canceled) return [{ type: 'unwatch' }, ...this.#failed(line, reply.cancel_reason || 'the watch was cancelled')]
    const { step } = line
    if (step.op !== 'wait') return []
    const event = reply.events.find(({ type, kv }) => (step.news === 'changed' ? this.#news.isNews(kv) : type === 'DELETE'))
    if (event === undefined) return []
    if (step.news === 'deleted') this.#news.read(reply.header.revision)
    else this.#news.tell(event.kv)
    this.#vars.found(step.as, event.type === 'DELETE' ? undefined : event.kv, event.kv.mod_revision)
    this.#vars.part(step.as, 'key', text(event.kv.key))
    return [{ type: 'unwatch' }, ...this.#next()]
  }

  /** What the guarded resource said to its write. */
  written(accepted: boolean): ScriptWant[] {
    const step = this.#script.lines[this.#at]?.step
    if (this.#waiting !== 'written' || step?.op !== 'write') return []
    this.#vars.assign(step.as, accepted ? 'yes' : null)
    return this.#next()
  }

  save(): SavedScript {
    return {
      source: this.source,
      rules: this.#rules,
      at: this.#at,
      waiting: this.#waiting,
      vars: this.#vars.list(),
      ...this.#news.save(),
      section: this.#section,
      asks: this.#asking.lock,
      ...this.#library.save(),
      ended: this.#ended === null ? null : { ...this.#ended },
    }
  }

  static load(me: string, saved: SavedScript): ScriptRunner {
    return new ScriptRunner(me, saved.source, saved.rules, saved)
  }

  // A line -----------------------------------------------------------------------------------------------------------------------------------------

  #begin(step: Step, isLive: (lease: LeaseId) => boolean): ScriptWant[] {
    switch (step.op) {
      case 'grant':
        return this.#call({ type: 'LeaseGrant', TTL: step.ttlSeconds })
      case 'revoke':
        return this.#withLease(step.lease, (ID) => this.#call({ type: 'LeaseRevoke', ID }))
      case 'keep':
        return this.#withLease(step.lease, (lease) => [{ type: 'keep', lease, on: step.on }, ...this.#next()])
      case 'get':
      case 'put':
      case 'create':
      case 'delete':
      case 'txn': {
        const missing = step.op === 'get' || step.op === 'delete' ? undefined : missingLease(step, this.#vars)
        return missing === undefined ? this.#call(storeRequest(step, this.#vars)) : this.#withoutLease(missing)
      }
      case 'wait': {
        const request = watchRequest(step, this.#vars, this.#news.revision, this.#news.isPartly)
        this.#waiting = 'watch'
        this.#noteAsked(request)
        return [{ type: 'watch', request }]
      }
      case 'sleep':
        this.#waiting = 'sleep'
        return [{ type: 'turn', afterMs: step.ms }]
      case 'lock':
      case 'trylock':
      case 'campaign':
        return this.#withLease(step.lease, (lease) => this.#want(this.#library.enter(step, lease, this.#vars)))
      case 'unlock':
      case 'proclaim':
      case 'resign': {
        const wants = this.#library.goOn(step, this.#vars)
        return typeof wants === 'string' ? this.#end(true, wants) : this.#want(wants)
      }
      case 'observe':
        return this.#want(this.#library.observe(step, this.#vars))
      case 'enter':
        this.#section = this.#vars.fill(step.name)
        this.#asking.over()
        return [{ type: 'enter', section: this.#section }, ...this.#next()]
      case 'leave': {
        const section = this.#section
        this.#section = null
        return section === null ? this.#next() : [{ type: 'leave', section }, ...this.#next()]
      }
      case 'write': {
        this.#waiting = 'written'
        const token = step.token === null ? '' : (this.#vars.get(step.token) ?? '')
        return [{ type: 'write', value: this.#vars.fill(step.value), token: token === '' ? null : Number(token) }]
      }
      case 'if':
        return this.#holds(step.test, isLive) ? this.#go(step.target) : this.#next()
      case 'goto':
        return this.#go(step.target)
      case 'stop':
        return this.#end(false, 'it stopped')
      default:
        return unreachable(step)
    }
  }

  #call(request: Request): ScriptWant[] {
    this.#waiting = 'reply'
    this.#noteAsked(request)
    return [{ type: 'call', request }]
  }

  #noteAsked(request: Request | WatchCreateRequest): void {
    this.#asking.request(request, this.#section === null ? this.locks : [])
  }

  #withLease(name: string, then: (lease: LeaseId) => ScriptWant[]): ScriptWant[] {
    const lease = this.#vars.get(name)
    return lease === undefined ? this.#withoutLease(name) : then(lease as LeaseId)
  }

  #withoutLease(name: string): ScriptWant[] {
    return this.#end(true, `there is no lease in ${name}`)
  }

  #holds(test: Test, isLive: (lease: LeaseId) => boolean): boolean {
    const is =
      test.type === 'set'
        ? this.#vars.has(test.name)
        : test.type === 'equal'
          ? (this.#vars.get(test.a) ?? '') === (this.#vars.get(test.b) ?? this.#vars.fill(test.b))
          : isLive((this.#vars.get(test.lease) ?? '') as LeaseId)
    return is !== test.not
  }

  #go(label: string): ScriptWant[] {
    this.#at = this.#script.labels.get(label)!
    this.#waiting = 'turn'
    return [{ type: 'turn', afterMs: LINE_MS }]
  }

  #next(): ScriptWant[] {
    this.#at++
    this.#waiting = 'turn'
    return [{ type: 'turn', afterMs: LINE_MS }]
  }

  #failed(line: ScriptLine, why: string): ScriptWant[] {
    return line.otherwise === null ? this.#end(true, why) : this.#go(line.otherwise)
  }

  /** A program that ends is in no section any more. */
  #end(failed: boolean, why: string): ScriptWant[] {
    const section = this.#section
    this.#ended = { failed, why }
    this.#waiting = null
    this.#section = null
    this.#asking.over()
    return [...(section === null ? [] : [{ type: 'leave' as const, section }]), { type: 'end', failed }]
  }

  // Recipes ----------------------------------------------------------------------------------------------------------------------------------------

  #serve(step: Step, reply: Reply): ScriptWant[] {
    return isOfLibrary(step) ? this.#want(this.#library.machineOf(step, this.#vars)!.next(reply)) : []
  }

  #want(wants: readonly Want[]): ScriptWant[] {
    this.#waiting = 'machine'
    const told = wants.find((want) => want.type === 'tell')
    if (told !== undefined) return this.#observe(told.kv)
    return wants.flatMap((want): ScriptWant[] => {
      const line = this.#script.lines[this.#at]!
      switch (want.type) {
        case 'call':
          if (line.step.op !== 'observe') this.#noteAsked(want.request)
          return [{ type: 'unwatch' }, { type: 'call', request: want.request }]
        case 'watch':
          if (line.step.op !== 'observe') this.#noteAsked(want.request)
          return [{ type: 'watch', request: want.request }]
        case 'done':
          if (isOfLibrary(line.step)) this.#library.taken(line.step, this.#vars)
          return [{ type: 'unwatch' }, ...this.#next()]
        case 'failed':
          // Who only tries goes on without the lock.
          if (line.step.op === 'trylock' && want.error.message === errors.LockedByAnother.message) {
            this.#vars.assign(line.step.as, null)
            return this.#next()
          }
          return [{ type: 'unwatch' }, ...this.#failed(line, want.error.message)]
        case 'tell':
          return []
        default:
          return unreachable(want)
      }
    })
  }

  #observe(kv: KeyValue): ScriptWant[] {
    const { step } = this.#script.lines[this.#at]!
    if (step.op !== 'observe') return []
    this.#library.told(step, kv, this.#vars)
    this.#vars.found(step.as, kv, kv.mod_revision)
    return [{ type: 'unwatch' }, ...this.#next()]
  }

  /** As it stands in the source, without its comment. */
  #textOf({ number }: ScriptLine): string {
    return (this.source.split('\n')[number - 1] ?? '').replace(/#.*$/, '').trim()
  }
}
