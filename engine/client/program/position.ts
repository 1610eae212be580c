// Where a program is: the critical section it is in, and the lock it asks for. Only onlookers read
// it; the run does not depend on it.

import { utf8 } from '../../base/bytes'
import type { Room } from '../../base/room'
import type { Bytes, Request, RequestOp, WatchCreateRequest } from '../../base/rpc'

export interface SavedPosition {
  section: string | null
  /** With how many it shares the section; absent where it is to be alone. */
  room?: Room
  asks: string | null
}

export class ProgramPosition {
  #section: string | null
  #room: Room | null
  #asks: string | null

  constructor(saved: SavedPosition = { section: null, asks: null }) {
    this.#section = saved.section
    this.#room = saved.room ?? null
    this.#asks = saved.asks
  }

  /** The section that it is in. */
  get section(): string | null {
    return this.#section
  }

  /** With how many it shares its section; null where it is to be alone. */
  get room(): Room | null {
    return this.#room
  }

  /**
   * The lock whose key it has looked at or tried to put since it last was in it or let it go; null
   * where it wants none.
   */
  get asks(): string | null {
    return this.#asks
  }

  enter(section: string, room: Room | null): void {
    this.#section = section
    this.#room = room
    this.#asks = null
  }

  /** Answers with the section that it was in. */
  leave(): string | null {
    const section = this.#section
    this.#section = this.#room = null
    return section
  }

  /** The program has ended. Answers with the section that it was in. */
  end(): string | null {
    this.#asks = null
    return this.leave()
  }

  /**
   * A client that looks at a lock's key or tries to put it wants the lock; one that deletes the key
   * does not any more. `locks`: the names of its locks.
   */
  asked(request: Request | RequestOp | WatchCreateRequest, locks: readonly string[]): void {
    if (this.#section !== null) return
    switch (request.type) {
      case 'Range':
      case 'Put':
      case 'WatchCreate':
        this.#asks = lockOf(request.key, locks) ?? this.#asks
        return
      case 'Lock':
        this.#asks = lockOf(request.name, locks) ?? this.#asks
        return
      case 'DeleteRange':
      case 'Unlock':
        if (lockOf(request.key, locks) === this.#asks) this.#asks = null
        return
      case 'Txn':
        for (const operation of request.success ?? []) this.asked(operation, locks)
    }
  }

  save(): SavedPosition {
    return {
      section: this.#section,
      ...(this.#room === null ? {} : { room: this.#room }),
      asks: this.#asks,
    }
  }
}

function lockOf(key: Bytes, locks: readonly string[]): string | null {
  return locks.find((name) => key === utf8(name) || key.startsWith(`${utf8(name)}/`)) ?? null
}
