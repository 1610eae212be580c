// What the lock of a client library wants of the client that it runs in.

import type { LeaseId } from '../../base/rpc'
import type { Want } from '../../concurrency/recipe'

/** What a lock wants, in order. `keep`: its client keeps a lease alive, or no longer does. */
export type LockWant =
  | Exclude<Want, { type: 'done' | 'tell' }>
  | { type: 'keep'; lease: LeaseId; on: boolean }
  /** The end of what was begun. */
  | { type: 'over' }
