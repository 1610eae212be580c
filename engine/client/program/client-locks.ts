// The locks of other client libraries that a program has made, by library and name.

import { text } from '../../base/bytes'
import type { ClientLock, LockLibrary, SavedClientLock } from '../locks/client-lock'
import { loadLock, saveLock } from '../locks/client-lock'
import { NodeLock } from '../locks/node-etcd3'
import type { LockOutput } from '../locks/outputs'
import { PythonLock } from '../locks/python-etcd3'
import type { Step } from './steps'
import type { Variables } from './variables'

type OfLocks = Extract<Step, { op: 'client-lock' | 'client-unlock' }>

/** Whether a lock of another library runs for a step. */
export function isOfLocks(step: Step): step is OfLocks {
  return step.op === 'client-lock' || step.op === 'client-unlock'
}

export interface SavedClientLocks {
  /** Absent where the program has made none. */
  clientLocks?: (SavedClientLock & { name: string })[]
}

export class ClientLocks {
  readonly #locks: Map<string, ClientLock>

  constructor(saved: SavedClientLocks = {}) {
    this.#locks = new Map(
      saved.clientLocks?.map((lock) => [idOf(lock.of, lock.name), loadLock(lock)]),
    )
  }

  /**
   * Takes a lock, in place of a lock with that name, or releases it. A sentence where there is no
   * lock of that name.
   */
  begin(step: OfLocks, vars: Variables): LockOutput[] | string {
    const name = vars.fill(step.name)
    const id = idOf(step.of, name)
    if (step.op === 'client-unlock')
      return this.#locks.get(id)?.unlock() ?? `it has no lock ${name}`
    const key = vars.bytes(step.name)
    const lock =
      step.of === 'node'
        ? new NodeLock(key, step.ttlSeconds)
        : new PythonLock(key, step.ttlSeconds, vars.fill('$me'))
    this.#locks.set(id, lock)
    return lock.lock()
  }

  /** The lock that runs for a step that has begun. */
  machineOf(step: OfLocks, vars: Variables): ClientLock {
    return this.#locks.get(idOf(step.of, vars.fill(step.name)))!
  }

  /** The variable of an ended line: the token, the key and the lease; nothing without a lock. */
  ended(step: OfLocks, vars: Variables): void {
    const lock = this.machineOf(step, vars)
    if (step.op === 'client-unlock') {
      const isGone = lock instanceof PythonLock && lock.isReleased
      return vars.assign(step.as, isGone ? 'yes' : null)
    }
    if (!lock.isHeld) return vars.assign(step.as, null)
    vars.assign(step.as, String(lock.revision))
    vars.part(step.as, 'create', String(lock.revision))
    vars.part(step.as, 'key', text(lock.key))
    vars.part(step.as, 'lease', lock.lease!)
  }

  save(): SavedClientLocks {
    const clientLocks = [...this.#locks]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, lock]) => ({ ...saveLock(lock), name: id.slice(id.indexOf(' ') + 1) }))
    return clientLocks.length === 0 ? {} : { clientLocks }
  }
}

function idOf(of: LockLibrary, name: string): string {
  return `${of} ${name}`
}
