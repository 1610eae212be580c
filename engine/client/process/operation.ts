// A lock, campaign or observe instruction while it runs: its machine and its stage.

import { unreachable } from '../../base/assert'
import type { Bytes, LeaseId, Reply } from '../../base/rpc'
import type { SavedElection, SavedObserver } from '../../concurrency/election'
import { Election, Observer } from '../../concurrency/election'
import type { ConcurrencyOutput } from '../../concurrency/key'
import type { SavedMutex } from '../../concurrency/mutex'
import { Mutex } from '../../concurrency/mutex'
import type { Instruction } from './instructions'

export type OperationInstruction = Extract<Instruction, { op: 'lock' | 'campaign' | 'observe' }>

type Machine =
  | { type: 'mutex'; mutex: Mutex }
  | { type: 'election'; election: Election }
  | { type: 'observer'; observer: Observer }

export interface SavedOperation {
  line: number
  lease: LeaseId
  /** `leaving`: it releases its lock or resigns; `giving-up`: it no longer waits. */
  stage: 'taking' | 'holding' | 'leaving' | 'giving-up'
  machine:
    | { type: 'mutex'; saved: SavedMutex }
    | { type: 'election'; saved: SavedElection }
    | { type: 'observer'; saved: SavedObserver }
}

export class Operation {
  /** The program line it runs for, and the lease of its session. */
  readonly line: number
  readonly lease: LeaseId
  stage: SavedOperation['stage'] = 'taking'
  readonly #machine: Machine

  private constructor(line: number, lease: LeaseId, machine: Machine) {
    this.line = line
    this.lease = lease
    this.#machine = machine
  }

  /** Begins an operation in a session that has just been granted. */
  static begin(
    instruction: OperationInstruction,
    line: number,
    lease: LeaseId,
  ): { operation: Operation; outputs: ConcurrencyOutput[] } {
    switch (instruction.op) {
      case 'lock': {
        const mutex = new Mutex(instruction.name, lease, instruction.rules)
        return {
          operation: new Operation(line, lease, { type: 'mutex', mutex }),
          outputs: mutex.lock(),
        }
      }
      case 'campaign': {
        const election = new Election(instruction.name, lease)
        return {
          operation: new Operation(line, lease, { type: 'election', election }),
          outputs: election.campaign(instruction.value),
        }
      }
      case 'observe': {
        const observer = new Observer(instruction.name)
        return {
          operation: new Operation(line, lease, { type: 'observer', observer }),
          outputs: observer.observe(),
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

  next(last: Reply): ConcurrencyOutput[] {
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
   * Releases the lock, or withdraws the request for it. Does nothing for an observer, or before the
   * first request.
   */
  leave(): ConcurrencyOutput[] {
    const held = this.stage === 'holding'
    this.stage = held ? 'leaving' : 'giving-up'
    if (this.#machine.type === 'mutex')
      return held ? this.#machine.mutex.unlock() : this.#machine.mutex.giveUp()
    if (this.#machine.type === 'election')
      return held ? this.#machine.election.resign() : this.#machine.election.giveUp()
    return []
  }

  save(): SavedOperation {
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

  static load({ line, lease, stage, machine }: SavedOperation): Operation {
    const operation = new Operation(line, lease, loadMachine(machine))
    operation.stage = stage
    return operation
  }
}

function loadMachine(machine: SavedOperation['machine']): Machine {
  switch (machine.type) {
    case 'mutex':
      return { type: 'mutex', mutex: Mutex.load(machine.saved) }
    case 'election':
      return { type: 'election', election: Election.load(machine.saved) }
    case 'observer':
      return { type: 'observer', observer: Observer.load(machine.saved) }
  }
}
