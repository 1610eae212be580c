// The position of a program: its critical section, and the lock it wants. Only onlookers read it;
// the run does not depend on it.

import { utf8 } from '../../base/bytes'
import type { Room } from '../../base/room'
import type { Bytes, Request, RequestOp, WatchCreateRequest } from '../../base/rpc'

export interface SavedPosition {
  section: string | null
  /** How many clients may share the section; absent where only one may be in it. */
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

  /** How many clients may share its section; null where only one may be in it. */
  get room(): Room | null {
    return this.#room
  }

  /**
   * The lock whose key it has read or tried to put since it last left the section or released the
   * lock. Null where it wants none.
   */
  get asks(): string | null {
    return this.#asks
  }

  enter(section: string, room: Room | null): void {
    this.#section = section
    this.#room = room
    this.#asks = null
  }

  /** Answers with the section that it left. */
  leave(): string | null {
    const section = this.#section
    this.#section = this.#room = null
    return section
  }

  /** The program has ended. Answers with the section that it left. */
  end(): string | null {
    this.#asks = null
    return this.leave()
  }

  /**
   * A client that reads a lock's key or tries to put it wants the lock. A client that deletes the
   * key no longer does. `locks`: the names of its locks.
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
