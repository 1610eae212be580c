// The outputs of a client library's lock to its client.

import type { LeaseId } from '../../base/rpc'
import type { ConcurrencyOutput } from '../../concurrency/key'

/** The outputs of a lock, in order. `keep`: its client keeps a lease alive, or no longer does. */
export type LockOutput =
  | Exclude<ConcurrencyOutput, { type: 'done' | 'report' }>
  | { type: 'keep'; lease: LeaseId; on: boolean }
  /** The end of the current operation. */
  | { type: 'over' }
