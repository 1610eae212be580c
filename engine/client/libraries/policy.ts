// How a client library keeps leases alive, as numbers and rules. The loops themselves are in
// keep-alive.ts; each library has a file here.

import type { Library } from '../../base/libraries'

export interface KeepAlivePolicy {
  library: Library
  /**
   * Whether the library renews by itself. Without that, `keep` starts nothing, and nothing notices
   * that a lease ends.
   */
  keepsAlive: boolean
  /**
   * `loops`: all leases share two loops (keep-alive.ts). `timers`: each has a timer of its own
   * (keep-alive-timers.ts), and the lengths of loops mean nothing.
   */
  timing: 'loops' | 'timers'
  /**
   * Milliseconds between two turns of the loop that sends keep-alives. All leases of a client share
   * it.
   */
  sendLoopMs: number
  /** Milliseconds between two turns of the loop that looks for leases without an answer. */
  deadlineLoopMs: number
  /** Milliseconds that the first answer may take. */
  firstTimeoutMs: number
  /** Milliseconds between the end of a stream and the next one. */
  reconnectMs: number
  /**
   * Times of renewals and deadlines are read off the wall clock: a clock that is set moves them.
   * The loops themselves wait by the monotonic clock.
   */
  readsWallClock: boolean
  /** Its stream asks the member to end it when it knows no leader. */
  requiresLeader: boolean
  /**
   * The keep-alive of a session that requires a leader ends as soon as a member says that it knows
   * none.
   */
  endsWithoutLeader: boolean
  /**
   * The gRPC pings of its connections: milliseconds of silence before a ping, and for its answer.
   * Null where it sends none unless told to.
   */
  pings: { timeMs: number; timeoutMs: number } | null
}
