// The locks and elections of clientv3's concurrency package that a program has made, by name, and
// the state of its observers.

import { unreachable } from '../../base/assert'
import { text } from '../../base/bytes'
import type { Bytes, KeyValue, LeaseId } from '../../base/rpc'
import type { SavedElection, SavedObserver } from '../../concurrency/election'
import { Election, Observer } from '../../concurrency/election'
import type { ConcurrencyOutput } from '../../concurrency/key'
import type { MutexRules, SavedMutex } from '../../concurrency/mutex'
import { Mutex } from '../../concurrency/mutex'
import type { Step } from './steps'
import type { Variables } from './variables'

const OPS = ['lock', 'trylock', 'unlock', 'campaign', 'proclaim', 'resign', 'observe'] as const
type OfLibrary = Extract<Step, { op: (typeof OPS)[number] }>

/** Whether a machine of the package runs for a step. */
export function isOfLibrary(step: Step): step is OfLibrary {
  return (OPS as readonly string[]).includes(step.op)
}

export interface SavedLibrary {
  mutexes: { name: string; saved: SavedMutex }[]
  elections: { name: string; saved: SavedElection }[]
  /**
   * For observed elections: the leader's key and the revision that reported it, and the machine
   * while it waits for more.
   */
  observed: { name: string; key: Bytes; revision: number }[]
  observer: SavedObserver | null
}

export class Library {
  readonly #rules: MutexRules
  readonly #mutexes: Map<string, Mutex>
  readonly #elections: Map<string, Election>
  readonly #observed: Map<string, { key: Bytes; revision: number }>
  #observer: Observer | null

  /** `rules`: those of its version's locks (concurrency/mutex.ts). */
  constructor(
    rules: MutexRules,
    saved: SavedLibrary = { mutexes: [], elections: [], observed: [], observer: null },
  ) {
    this.#rules = rules
    this.#mutexes = new Map(
      saved.mutexes.map(({ name, saved: mutex }) => [name, Mutex.load(mutex)]),
    )
    this.#elections = new Map(
      saved.elections.map(({ name, saved: election }) => [name, Election.load(election)]),
    )
    this.#observed = new Map(
      saved.observed.map(({ name, key, revision }) => [name, { key, revision }]),
    )
    this.#observer = saved.observer === null ? null : Observer.load(saved.observer)
  }

  /** Begins a lock or a candidacy in the session of a lease, in place of one with that name. */
  enter(
    step: Extract<Step, { op: 'lock' | 'trylock' | 'campaign' }>,
    lease: LeaseId,
    vars: Variables,
  ): ConcurrencyOutput[] {
    const name = vars.fill(step.name)
    if (step.op === 'campaign') {
      const election = new Election(vars.bytes(step.name), lease)
      this.#elections.set(name, election)
      return election.campaign(vars.bytes(step.value))
    }
    const mutex = new Mutex(vars.bytes(step.name), lease, this.#rules)
    this.#mutexes.set(name, mutex)
    return step.op === 'lock' ? mutex.lock() : mutex.tryLock()
  }

  /** Goes on with a lock or election; a sentence where the program has none of that name. */
  goOn(
    step: Extract<Step, { op: 'unlock' | 'proclaim' | 'resign' }>,
    vars: Variables,
  ): ConcurrencyOutput[] | string {
    const name = vars.fill(step.name)
    if (step.op === 'unlock') return this.#mutexes.get(name)?.unlock() ?? `it has no lock ${name}`
    const election = this.#elections.get(name)
    if (election === undefined) return `it stands for no election ${name}`
    return step.op === 'proclaim' ? election.proclaim(vars.bytes(step.value)) : election.resign()
  }

  /** The own key of a lock; undefined where there is no lock of that name. */
  keyOf(lock: string): Bytes | undefined {
    return this.#mutexes.get(lock)?.key
  }

  /** Waits for the next change of an election, after the last reported one. */
  observe({ name }: Extract<Step, { op: 'observe' }>, vars: Variables): ConcurrencyOutput[] {
    const last = this.#observed.get(vars.fill(name))
    this.#observer = new Observer(vars.bytes(name))
    return last === undefined
      ? this.#observer.observe()
      : this.#observer.resume(last.key, last.revision)
  }

  /** A line reports one change; the next line asks for the change after it. */
  told(
    { name }: Extract<Step, { op: 'observe' }>,
    { key, mod_revision }: KeyValue,
    vars: Variables,
  ): void {
    this.#observed.set(vars.fill(name), { key, revision: mod_revision })
    this.#observer = null
  }

  /** The machine that runs for a step. */
  machineOf(step: OfLibrary, vars: Variables): Mutex | Election | Observer | undefined {
    switch (step.op) {
      case 'observe':
        return this.#observer ?? undefined
      case 'lock':
      case 'trylock':
      case 'unlock':
        return this.#mutexes.get(vars.fill(step.name))
      case 'campaign':
      case 'proclaim':
      case 'resign':
        return this.#elections.get(vars.fill(step.name))
      default:
        return unreachable(step)
    }
  }

  /** The variable of a line that took a lock or won an election: the token, and the key. */
  taken(step: OfLibrary, vars: Variables): void {
    if (step.op !== 'lock' && step.op !== 'trylock' && step.op !== 'campaign') return
    const machine = this.machineOf(step, vars)!
    if (machine instanceof Observer) return
    const { key, revision } =
      machine instanceof Mutex ? machine : { key: machine.leader.key, revision: machine.leader.rev }
    vars.assign(step.as, String(revision))
    vars.part(step.as, 'create', String(revision))
    vars.part(step.as, 'key', text(key))
  }

  save(): SavedLibrary {
    return {
      mutexes: [...this.#mutexes]
        .map(([name, mutex]) => ({ name, saved: mutex.save() }))
        .sort(byName),
      elections: [...this.#elections]
        .map(([name, election]) => ({ name, saved: election.save() }))
        .sort(byName),
      observed: [...this.#observed].map(([name, last]) => ({ name, ...last })).sort(byName),
      observer: this.#observer?.save() ?? null,
    }
  }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}
