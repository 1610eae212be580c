// A program in its text form being run, a line at a time: what arrived goes in, what the line wants comes out. Each line has a turn of its own, so that a line of one
// client can come between any two of another.

import { assert, unreachable } from '../../base/assert'
import { prefixEnd, text, utf8 } from '../../base/bytes'
import { errors } from '../../base/errors'
import { goHex } from '../../base/int64'
import type { Bytes, Compare, KeyValue, LeaseId, RangeRequest, Reply, Request, RequestOp, WatchCreateRequest } from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { SavedElection, SavedObserver } from '../../concurrency/election'
import { Election, Observer } from '../../concurrency/election'
import type { MutexRules, SavedMutex } from '../../concurrency/mutex'
import { Mutex, RULES_OF_3_4 } from '../../concurrency/mutex'
import type { Want } from '../../concurrency/recipe'
import { firstCreated } from '../../concurrency/recipe'
import type { Branch, Script, ScriptCompare, ScriptLine, Step, Test } from './parse'
import { parseScript } from './parse'

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

export interface SavedScript {
  source: string
  rules: MutexRules
  /** The index of the line that runs, or that is next. */
  at: number
  waiting: 'turn' | 'sleep' | 'reply' | 'watch' | 'written' | 'machine' | null
  vars: [string, string][]
  /** Of the last answer: what a watch begins after. */
  revision: number
  told: Bytes[]
  section: string | null
  /** The lock that it has asked for and is not in. */
  asks: string | null
  mutexes: { name: string; saved: SavedMutex }[]
  elections: { name: string; saved: SavedElection }[]
  /** Of the elections that it observes: the leader's key and the revision at which it was told of it, and the machine while it waits for more. */
  observed: { name: string; key: Bytes; revision: number }[]
  observer: SavedObserver | null
  /** Why it ended; null while it runs. */
  ended: { failed: boolean; why: string } | null
}

interface Parsed extends ReturnType<typeof parseScript> {
  /** The variables that hold a lease. */
  leases: ReadonlySet<string>
}

/** By their text. A saved run has the texts of its programs, and a seek loads saved runs again and again. */
const known = new Map<string, Parsed>()
/** More programs than a run has. */
const MOST_KNOWN = 64

/** What a text says; nobody changes it. */
function parsed(source: string): Parsed {
  const before = known.get(source)
  if (before !== undefined) return before
  const { script, faults } = parseScript(source)
  const leases = new Set(script.lines.flatMap(({ step }) => (step.op === 'grant' ? [step.as] : [])))
  if (known.size === MOST_KNOWN) known.clear()
  known.set(source, { script, faults, leases })
  return { script, faults, leases }
}

/** Milliseconds from the end of one line to the beginning of the next. */
export const LINE_MS = 1

export class ScriptRunner {
  readonly source: string
  readonly #me: string
  readonly #rules: MutexRules
  readonly #script: Script
  #at = 0
  #waiting: SavedScript['waiting'] = 'turn'
  #vars = new Map<string, string>()
  #revision = 0
  /** Of the keys that this revision changed, those that a wait has told of; none where all of it is known. */
  #told: Bytes[] = []
  #section: string | null = null
  #asks: string | null = null
  #mutexes = new Map<string, Mutex>()
  #elections = new Map<string, Election>()
  #observed = new Map<string, { key: Bytes; revision: number }>()
  #observer: Observer | null = null
  #ended: SavedScript['ended'] = null
  /** The variables that hold a lease. */
  readonly #leases: ReadonlySet<string>

  /** The text must have no faults (parse.ts). `rules`: those of its library's locks (concurrency/mutex.ts). */
  constructor(me: string, source: string, rules = RULES_OF_3_4) {
    const { script, faults, leases } = parsed(source)
    assert(faults.length === 0, `the program has a mistake in line ${faults[0]?.line}: ${faults[0]?.message}`)
    this.#me = me
    this.#rules = rules
    this.source = source
    this.#script = script
    this.#leases = leases
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
    return this.#asks
  }

  /** The line that its next turn begins, and what it says; null where there is none. */
  get next(): { line: number; text: string } | null {
    const line = this.#ended === null ? this.#script.lines[this.#at + (this.#waiting === 'sleep' ? 1 : 0)] : undefined
    return line === undefined ? null : { line: line.number, text: this.#textOf(line) }
  }

  /** The locks that its lines name. */
  get locks(): string[] {
    return [
      ...new Set(
        this.#script.lines.flatMap(({ step }) =>
          step.op === 'enter' || step.op === 'lock' || step.op === 'trylock' || step.op === 'campaign' ? [this.#fill(step.name)] : [],
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
    return this.#sorted()
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
    const wants: ScriptWant[] = [{ type: 'begin', line: line.number, text: this.#textOf(line) }]
    return [...wants, ...this.#begin(line.step, isLive)]
  }

  /** The answer to its call. */
  answered(reply: Reply): ScriptWant[] {
    const line = this.#script.lines[this.#at]
    if (line === undefined) return []
    if ('header' in reply) this.#read(reply.header.revision)
    if (this.#waiting === 'machine') return this.#serve(this.#machineOf(line.step)!, reply)
    if (this.#waiting !== 'reply') return []
    if (reply.type === 'error') return this.#failed(line, reply.message)
    this.#keep(line.step, reply)
    return this.#next()
  }

  /** An answer on its watch. */
  watched(reply: Extract<Reply, { type: 'Watch' }>): ScriptWant[] {
    const line = this.#script.lines[this.#at]
    if (line === undefined) return []
    if (this.#waiting === 'machine') return this.#serve(this.#machineOf(line.step)!, reply)
    if (this.#waiting !== 'watch') return []
    if (reply.canceled) return [{ type: 'unwatch' }, ...this.#failed(line, reply.cancel_reason || 'the watch was cancelled')]
    const { step } = line
    if (step.op !== 'wait') return []
    const event = reply.events.find(({ type, kv }) => (step.news === 'changed' ? this.#isNews(kv) : type === 'DELETE'))
    if (event === undefined) return []
    if (step.news === 'deleted') this.#read(reply.header.revision)
    else {
      if (event.kv.mod_revision !== this.#revision) this.#read(event.kv.mod_revision)
      this.#told.push(event.kv.key)
    }
    this.#found(step.as, event.type === 'DELETE' ? undefined : event.kv, event.kv.mod_revision)
    this.#part(step.as, 'key', text(event.kv.key))
    return [{ type: 'unwatch' }, ...this.#next()]
  }

  /** What the guarded resource said to its write. */
  written(accepted: boolean): ScriptWant[] {
    const step = this.#script.lines[this.#at]?.step
    if (this.#waiting !== 'written' || step?.op !== 'write') return []
    this.#assign(step.as, accepted ? 'yes' : null)
    return this.#next()
  }

  save(): SavedScript {
    return {
      source: this.source,
      rules: this.#rules,
      at: this.#at,
      waiting: this.#waiting,
      vars: this.#sorted(),
      revision: this.#revision,
      told: [...this.#told],
      section: this.#section,
      asks: this.#asks,
      mutexes: [...this.#mutexes].map(([name, mutex]) => ({ name, saved: mutex.save() })).sort(byName),
      elections: [...this.#elections].map(([name, election]) => ({ name, saved: election.save() })).sort(byName),
      observed: [...this.#observed].map(([name, last]) => ({ name, ...last })).sort(byName),
      observer: this.#observer?.save() ?? null,
      ended: this.#ended === null ? null : { ...this.#ended },
    }
  }

  static load(me: string, saved: SavedScript): ScriptRunner {
    const runner = new ScriptRunner(me, saved.source, saved.rules)
    runner.#at = saved.at
    runner.#waiting = saved.waiting
    runner.#vars = new Map(saved.vars)
    runner.#revision = saved.revision
    runner.#told = [...saved.told]
    runner.#section = saved.section
    runner.#asks = saved.asks
    runner.#mutexes = new Map(saved.mutexes.map(({ name, saved: mutex }) => [name, Mutex.load(mutex)]))
    runner.#elections = new Map(saved.elections.map(({ name, saved: election }) => [name, Election.load(election)]))
    runner.#observed = new Map(saved.observed.map(({ name, key, revision }) => [name, { key, revision }]))
    runner.#observer = saved.observer === null ? null : Observer.load(saved.observer)
    runner.#ended = saved.ended === null ? null : { ...saved.ended }
    return runner
  }

  /** All up to that revision is known. */
  #read(revision: number): void {
    this.#revision = revision
    this.#told = []
  }

  #isNews({ key, mod_revision }: KeyValue): boolean {
    return mod_revision > this.#revision || !this.#told.includes(key)
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
        return this.#call(this.#range(step))
      case 'put':
        return this.#put(step, (put) => this.#call(put))
      case 'create':
        return this.#put(step, (put) =>
          this.#call({ type: 'Txn', compare: [{ key: put.key, target: 'CREATE', result: 'EQUAL', create_revision: 0 }], success: [put] }),
        )
      case 'delete':
        return this.#call(this.#deletion(step))
      case 'txn':
        return this.#txn(step)
      case 'wait': {
        const key = this.#bytes(step.key)
        this.#waiting = 'watch'
        // One key to go: from the revision of the last answer on, as etcd's own wait does (concurrency/key.go: waitDelete). Elsewhere what that answer showed is no news;
        // of a revision that changed several keys the others are.
        const isRead = step.news === 'changed' ? this.#told.length === 0 : step.prefix
        const start_revision = this.#revision + (isRead ? 1 : 0)
        const range = step.prefix ? { range_end: prefixEnd(key) } : {}
        const filters = step.prefix && step.news === 'deleted' ? { filters: ['NOPUT' as const] } : {}
        this.#noteAsking(key)
        return [{ type: 'watch', request: { type: 'WatchCreate', key, ...range, start_revision, ...filters } }]
      }
      case 'sleep':
        this.#waiting = 'sleep'
        return [{ type: 'turn', afterMs: step.ms }]
      case 'lock':
      case 'trylock':
        return this.#withLease(step.lease, (lease) => {
          const mutex = new Mutex(this.#bytes(step.name), lease, this.#rules)
          this.#mutexes.set(this.#fill(step.name), mutex)
          return this.#want(step.op === 'lock' ? mutex.lock() : mutex.tryLock())
        })
      case 'unlock': {
        const mutex = this.#mutexes.get(this.#fill(step.name))
        return mutex === undefined ? this.#end(true, `it has no lock ${this.#fill(step.name)}`) : this.#want(mutex.unlock())
      }
      case 'campaign':
        return this.#withLease(step.lease, (lease) => {
          const election = new Election(this.#bytes(step.name), lease)
          this.#elections.set(this.#fill(step.name), election)
          return this.#want(election.campaign(this.#bytes(step.value)))
        })
      case 'proclaim':
      case 'resign': {
        const election = this.#elections.get(this.#fill(step.name))
        if (election === undefined) return this.#end(true, `it stands for no election ${this.#fill(step.name)}`)
        return this.#want('value' in step ? election.proclaim(this.#bytes(step.value)) : election.resign())
      }
      case 'observe': {
        const last = this.#observed.get(this.#fill(step.name))
        this.#observer = new Observer(this.#bytes(step.name))
        return this.#want(last === undefined ? this.#observer.observe() : this.#observer.resume(last.key, last.revision))
      }
      case 'enter':
        this.#section = this.#fill(step.name)
        this.#asks = null
        return [{ type: 'enter', section: this.#section }, ...this.#next()]
      case 'leave': {
        const section = this.#section
        this.#section = null
        return section === null ? this.#next() : [{ type: 'leave', section }, ...this.#next()]
      }
      case 'write': {
        this.#waiting = 'written'
        const token = step.token === null ? '' : (this.#vars.get(step.token) ?? '')
        return [{ type: 'write', value: this.#fill(step.value), token: token === '' ? null : Number(token) }]
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

  /** Whoever looks at a lock's key or tries to put it wants the lock; whoever deletes it does not any more. */
  #noteAsked(request: Request | RequestOp): void {
    if (request.type === 'Range' || request.type === 'Put') this.#noteAsking(request.key)
    else if (request.type === 'DeleteRange') this.#asks = this.#lockOf(request.key) === this.#asks ? null : this.#asks
    else if (request.type === 'Txn') for (const operation of request.success ?? []) this.#noteAsked(operation)
  }

  #noteAsking(key: Bytes): void {
    const lock = this.#lockOf(key)
    if (lock !== null && this.#section === null) this.#asks = lock
  }

  #lockOf(key: Bytes): string | null {
    return this.locks.find((name) => key === utf8(name) || key.startsWith(`${utf8(name)}/`)) ?? null
  }

  #put({ key, value, lease }: { key: string; value: string; lease: string | null }, then: (put: PutOp) => ScriptWant[]): ScriptWant[] {
    const put: PutOp = { type: 'Put', key: this.#bytes(key), value: this.#bytes(value) }
    return lease === null ? then(put) : this.#withLease(lease, (id) => then({ ...put, lease: id }))
  }

  #txn({ compares, success, failure }: Extract<Step, { op: 'txn' }>): ScriptWant[] {
    const names = [...success, ...failure].flatMap((branch) => (branch.op === 'put' && branch.lease !== null ? [branch.lease] : []))
    const missing = names.find((name) => !this.#vars.has(name))
    if (missing !== undefined) return this.#end(true, `there is no lease in ${missing}`)
    const operations = (branches: readonly Branch[]): RequestOp[] => branches.map((branch) => this.#operation(branch))
    const otherwise = failure.length === 0 ? {} : { failure: operations(failure) }
    return this.#call({
      type: 'Txn',
      compare: compares.map((compare) => this.#compare(compare)),
      success: operations(success),
      ...otherwise,
    })
  }

  #operation(branch: Branch): RequestOp {
    switch (branch.op) {
      case 'get':
        return this.#range(branch)
      case 'delete':
        return { type: 'DeleteRange', key: this.#bytes(branch.key) }
      case 'put': {
        const lease = branch.lease === null ? {} : { lease: this.#vars.get(branch.lease) as LeaseId }
        return { type: 'Put', key: this.#bytes(branch.key), value: this.#bytes(branch.value), ...lease }
      }
      default:
        return unreachable(branch)
    }
  }

  #compare({ target, key, result, is }: ScriptCompare): Compare {
    const common = { key: this.#bytes(key), result: RESULTS[result] }
    const amount = Number(this.#vars.get(is) ?? (/^\d/.test(is) ? is : 0))
    switch (target) {
      case 'create':
        return { ...common, target: 'CREATE', create_revision: amount }
      case 'mod':
        return { ...common, target: 'MOD', mod_revision: amount }
      case 'version':
        return { ...common, target: 'VERSION', version: amount }
      case 'value':
        return { ...common, target: 'VALUE', value: this.#bytes(is) }
      case 'lease':
        return { ...common, target: 'LEASE', lease: (this.#vars.get(is) ?? NO_LEASE) as LeaseId }
      default:
        return unreachable(target)
    }
  }

  #range({ key, pick, before }: Extract<Step, { op: 'get' }>): RangeRequest {
    const bytes = this.#bytes(key)
    if (pick === 'key') return { type: 'Range', key: bytes }
    // What etcd's own recipes ask for (concurrency/recipe.ts), whatever the prefix ends in.
    const first = { ...firstCreated(''), key: bytes, range_end: prefixEnd(bytes) }
    if (pick === 'oldest') return first
    const revision = before === null ? undefined : Number(this.#vars.get(before) ?? 0) - 1
    return { ...first, sort_order: 'DESCEND', ...(revision === undefined ? {} : { max_create_revision: revision }) }
  }

  #deletion({ key, guard }: Extract<Step, { op: 'delete' }>): Request {
    const bytes = this.#bytes(key)
    const success: RequestOp[] = [{ type: 'DeleteRange', key: bytes }]
    if (guard === null) return { type: 'DeleteRange', key: bytes }
    if (guard.target === 'value') {
      return { type: 'Txn', compare: [{ key: bytes, target: 'VALUE', result: 'EQUAL', value: this.#bytes(guard.is) }], success }
    }
    const create_revision = Number(this.#vars.get(guard.is) ?? 0)
    return { type: 'Txn', compare: [{ key: bytes, target: 'CREATE', result: 'EQUAL', create_revision }], success }
  }

  #withLease(name: string, then: (lease: LeaseId) => ScriptWant[]): ScriptWant[] {
    const lease = this.#vars.get(name)
    return lease === undefined ? this.#end(true, `there is no lease in ${name}`) : then(lease as LeaseId)
  }

  #holds(test: Test, isLive: (lease: LeaseId) => boolean): boolean {
    const is =
      test.type === 'set'
        ? this.#vars.has(test.name)
        : test.type === 'equal'
          ? (this.#vars.get(test.a) ?? '') === (this.#vars.get(test.b) ?? this.#fill(test.b))
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
    this.#asks = null
    return [...(section === null ? [] : [{ type: 'leave' as const, section }]), { type: 'end', failed }]
  }

  // Recipes ----------------------------------------------------------------------------------------------------------------------------------------

  #machineOf(step: Step): Mutex | Election | Observer | undefined {
    if (step.op === 'observe') return this.#observer ?? undefined
    if (step.op === 'lock' || step.op === 'trylock' || step.op === 'unlock') return this.#mutexes.get(this.#fill(step.name))
    if (step.op === 'campaign' || step.op === 'proclaim' || step.op === 'resign') return this.#elections.get(this.#fill(step.name))
    return undefined
  }

  #serve(machine: Mutex | Election | Observer, reply: Reply): ScriptWant[] {
    return this.#want(machine.next(reply))
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
          if (line.step.op !== 'observe') this.#noteAsking(want.request.key)
          return [{ type: 'watch', request: want.request }]
        case 'done':
          this.#taken(line.step)
          return [{ type: 'unwatch' }, ...this.#next()]
        case 'failed':
          // Who only tries goes on without the lock.
          if (line.step.op === 'trylock' && want.error.message === errors.LockedByAnother.message) {
            this.#assign(line.step.as, null)
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

  /** One thing told is a line's; what comes after it the next one asks for, from there on. */
  #observe(kv: KeyValue): ScriptWant[] {
    const { step } = this.#script.lines[this.#at]!
    if (step.op !== 'observe') return []
    this.#observed.set(this.#fill(step.name), { key: kv.key, revision: kv.mod_revision })
    this.#observer = null
    this.#found(step.as, kv, kv.mod_revision)
    return [{ type: 'unwatch' }, ...this.#next()]
  }

  /** The variable of a line that took a lock or won an election: the token, and the key. */
  #taken(step: Step): void {
    if (step.op !== 'lock' && step.op !== 'trylock' && step.op !== 'campaign') return
    const machine = this.#machineOf(step)!
    if (machine instanceof Observer) return
    const { key, revision } = machine instanceof Mutex ? machine : { key: machine.leader.key, revision: machine.leader.rev }
    this.#assign(step.as, String(revision))
    this.#part(step.as, 'create', String(revision))
    this.#part(step.as, 'key', text(key))
  }

  // Variables --------------------------------------------------------------------------------------------------------------------------------------

  #keep(step: Step, reply: Reply): void {
    if (!('as' in step)) return
    switch (reply.type) {
      case 'LeaseGrant':
        return this.#assign(step.as, reply.ID)
      case 'Range':
        return this.#found(step.as, reply.kvs[0], reply.header.revision)
      case 'DeleteRange':
        return this.#assign(step.as, reply.deleted > 0 ? 'yes' : null)
      case 'Txn':
        this.#assign(step.as, reply.succeeded ? 'yes' : null)
        if (reply.succeeded) this.#part(step.as, 'create', String(reply.header.revision))
        if (step.op !== 'txn') return
        this.#part(step.as, 'rev', String(reply.header.revision))
        for (const [i, branch] of (reply.succeeded ? step.success : step.failure).entries()) {
          const part = reply.responses[i]
          if (part?.type === 'Range' && branch.op === 'get') this.#found(branch.as, part.kvs[0], reply.header.revision)
          if (part?.type === 'DeleteRange' && branch.op === 'delete') this.#assign(branch.as, part.deleted > 0 ? 'yes' : null)
        }
        return
    }
  }

  #found(name: string | null, kv: KeyValue | undefined, revision: number): void {
    this.#assign(name, kv === undefined ? null : text(kv.value))
    this.#part(name, 'rev', String(revision))
    if (kv === undefined) return
    this.#part(name, 'create', String(kv.create_revision))
    this.#part(name, 'mod', String(kv.mod_revision))
    this.#part(name, 'key', text(kv.key))
  }

  #sorted(): [string, string][] {
    return [...this.#vars].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  /** Sets a variable, or takes it away with all its parts. */
  #assign(name: string | null, value: string | null): void {
    if (name === null) return
    for (const known of [...this.#vars.keys()]) if (known === name || known.startsWith(`${name}.`)) this.#vars.delete(known)
    if (value !== null) this.#vars.set(name, value)
  }

  #part(name: string | null, part: string, value: string): void {
    if (name !== null) this.#vars.set(`${name}.${part}`, value)
  }

  #fill(template: string): string {
    return template.replace(/\$([a-z_]\w*(?:\.(?:create|mod|key|rev))?)/gi, (_all, name: string) =>
      name === 'me' ? this.#me : this.#shown(name),
    )
  }

  /** A lease as etcd's own recipes write it into their keys: without zeros in front. */
  #shown(name: string): string {
    const value = this.#vars.get(name) ?? ''
    return value !== '' && this.#leases.has(name) ? goHex(value as LeaseId) : value
  }

  #bytes(template: string): Bytes {
    return utf8(this.#fill(template))
  }

  /** As it stands in the source, without its comment. */
  #textOf({ number }: ScriptLine): string {
    return (this.source.split('\n')[number - 1] ?? '').replace(/#.*$/, '').trim()
  }
}

type PutOp = Extract<RequestOp, { type: 'Put' }>

const RESULTS = { '=': 'EQUAL', '!=': 'NOT_EQUAL', '<': 'LESS', '>': 'GREATER' } as const

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}
