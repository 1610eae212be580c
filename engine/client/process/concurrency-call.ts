// One of etcd's recipes being run for a line of a program: which machine it is and where it stands.

import { unreachable } from '../../base/assert'
import type { Bytes, LeaseId, Reply } from '../../base/rpc'
import type { SavedElection, SavedObserver } from '../../concurrency/election'
import { Election, Observer } from '../../concurrency/election'
import type { SavedMutex } from '../../concurrency/mutex'
import { Mutex } from '../../concurrency/mutex'
import type { Want } from '../../concurrency/recipe'
import type { Instruction } from './instructions'

export type ConcurrencyInstruction = Extract<Instruction, { op: 'lock' | 'campaign' | 'observe' }>

type Machine =
  | { type: 'mutex'; mutex: Mutex }
  | { type: 'election'; election: Election }
  | { type: 'observer'; observer: Observer }

export interface SavedConcurrencyCall {
  line: number
  lease: LeaseId
  /** `leaving`: it gives back what it holds; `giving-up`: it no longer waits. */
  stage: 'taking' | 'holding' | 'leaving' | 'giving-up'
  machine:
    | { type: 'mutex'; saved: SavedMutex }
    | { type: 'election'; saved: SavedElection }
    | { type: 'observer'; saved: SavedObserver }
}

export class ConcurrencyCall {
  /** The program line it runs for, and the lease of its session. */
  readonly line: number
  readonly lease: LeaseId
  stage: SavedConcurrencyCall['stage'] = 'taking'
  readonly #machine: Machine

  private constructor(line: number, lease: LeaseId, machine: Machine) {
    this.line = line
    this.lease = lease
    this.#machine = machine
  }

  /** Begins a recipe in a session that has just been granted. */
  static begin(
    instruction: ConcurrencyInstruction,
    line: number,
    lease: LeaseId,
  ): { recipe: ConcurrencyCall; wants: Want[] } {
    switch (instruction.op) {
      case 'lock': {
        const mutex = new Mutex(instruction.name, lease, instruction.rules)
        return {
          recipe: new ConcurrencyCall(line, lease, { type: 'mutex', mutex }),
          wants: mutex.lock(),
        }
      }
      case 'campaign': {
        const election = new Election(instruction.name, lease)
        return {
          recipe: new ConcurrencyCall(line, lease, { type: 'election', election }),
          wants: election.campaign(instruction.value),
        }
      }
      case 'observe': {
        const observer = new Observer(instruction.name)
        return {
          recipe: new ConcurrencyCall(line, lease, { type: 'observer', observer }),
          wants: observer.observe(),
        }
      }
      default:
        return unreachable(instruction)
    }
  }

  /** Its own key in the queue and the key's create revision. */
  get holding(): { key: Bytes; revision: number } {
    if (this.#machine.type === 'mutex')
      return { key: this.#machine.mutex.key, revision: this.#machine.mutex.revision }
    if (this.#machine.type === 'election')
      return { key: this.#machine.election.leader.key, revision: this.#machine.election.leader.rev }
    return { key: '', revision: 0 }
  }

  next(last: Reply): Want[] {
    switch (this.#machine.type) {
      case 'mutex':
        return this.#machine.mutex.next(last)
      case 'election':
        return this.#machine.election.next(last)
      case 'observer':
        return this.#machine.observer.next(last)
    }
  }

  /**
   * Gives back what is held or asked for; nothing to do for an observer, or where nothing has been
   * asked for yet.
   */
  leave(): Want[] {
    const held = this.stage === 'holding'
    this.stage = held ? 'leaving' : 'giving-up'
    if (this.#machine.type === 'mutex')
      return held ? this.#machine.mutex.unlock() : this.#machine.mutex.giveUp()
    if (this.#machine.type === 'election')
      return held ? this.#machine.election.resign() : this.#machine.election.giveUp()
    return []
  }

  save(): SavedConcurrencyCall {
    const { line, lease, stage } = this
    switch (this.#machine.type) {
      case 'mutex':
        return { line, lease, stage, machine: { type: 'mutex', saved: this.#machine.mutex.save() } }
      case 'election':
        return {
          line,
          lease,
          stage,
          machine: { type: 'election', saved: this.#machine.election.save() },
        }
      case 'observer':
        return {
          line,
          lease,
          stage,
          machine: { type: 'observer', saved: this.#machine.observer.save() },
        }
    }
  }

  static load({ line, lease, stage, machine }: SavedConcurrencyCall): ConcurrencyCall {
    const recipe = new ConcurrencyCall(line, lease, loadMachine(machine))
    recipe.stage = stage
    return recipe
  }
}

function loadMachine(machine: SavedConcurrencyCall['machine']): Machine {
  switch (machine.type) {
    case 'mutex':
      return { type: 'mutex', mutex: Mutex.load(machine.saved) }
    case 'election':
      return { type: 'election', election: Election.load(machine.saved) }
    case 'observer':
      return { type: 'observer', observer: Observer.load(machine.saved) }
  }
}
