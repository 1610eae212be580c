// What the lock of a client library wants of the client that it runs in.

import type { LeaseId } from '../../base/rpc'
import type { ConcurrencyOutput } from '../../concurrency/key'

/** What a lock wants, in order. `keep`: its client keeps a lease alive, or no longer does. */
export type LockOutput =
  | Exclude<ConcurrencyOutput, { type: 'done' | 'report' }>
  | { type: 'keep'; lease: LeaseId; on: boolean }
  /** The end of what was begun. */
  | { type: 'over' }
