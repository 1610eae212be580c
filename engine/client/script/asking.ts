// Which lock a program asks for, read off its requests: onlookers show it; the run does not depend on it.

import { utf8 } from '../../base/bytes'
import type { Bytes, Request, RequestOp, WatchCreateRequest } from '../../base/rpc'

/** A client that looks at a lock's key or tries to put it wants the lock; one that deletes the key does not any more. */
export class Asking {
  #lock: string | null

  constructor(saved: string | null) {
    this.#lock = saved
  }

  /** The lock; null where it wants none. */
  get lock(): string | null {
    return this.#lock
  }

  /** It is in the section, or has ended. */
  over(): void {
    this.#lock = null
  }

  /** `locks`: the names of its locks. */
  request(request: Request | RequestOp | WatchCreateRequest, locks: readonly string[]): void {
    switch (request.type) {
      case 'Range':
      case 'Put':
      case 'WatchCreate':
        this.#lock = lockOf(request.key, locks) ?? this.#lock
        return
      case 'Lock':
        this.#lock = lockOf(request.name, locks) ?? this.#lock
        return
      case 'DeleteRange':
      case 'Unlock':
        if (lockOf(request.key, locks) === this.#lock) this.#lock = null
        return
      case 'Txn':
        for (const operation of request.success ?? []) this.request(operation, locks)
    }
  }
}

function lockOf(key: Bytes, locks: readonly string[]): string | null {
  return locks.find((name) => key === utf8(name) || key.startsWith(`${utf8(name)}/`)) ?? null
}
