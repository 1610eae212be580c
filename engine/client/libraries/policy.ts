// How a client library keeps leases alive, as numbers and rules. The loops themselves are in
// keep-alive.ts; each library has a file here.

import type { Library } from '../../base/libraries'
import type { Request } from '../../base/rpc'

/** The unary calls that a library retries by itself, and when. */
export interface RetryPolicy {
  /** The calls that it retries. `all`: calls that change the store too. */
  calls: ReadonlySet<Request['type']> | 'all'
  /** The gRPC codes of the errors that it retries after. */
  codes: readonly number[]
  /** The most attempts of one call. */
  attempts: number
  /**
   * Milliseconds before the second attempt, doubled before each further one, and the longest wait.
   * Null for clientv3's rounds over its endpoints.
   */
  waits: { firstMs: number; longestMs: number } | null
}

export interface KeepAlivePolicy {
  library: Library
  /**
   * Whether the library renews by itself. If it does not, `keep` starts nothing, and the library
   * does not notice the end of a lease.
   */
  keepsAlive: boolean
  /**
   * `loops`: all leases share two loops (keep-alive.ts). `timers`: each has a timer of its own
   * (keep-alive-timers.ts), and the lengths of loops mean nothing.
   */
  timing: 'loops' | 'timers'
  /** Each lease has a stream of its own. Elsewhere all leases of a client share one. */
  streamPerLease: boolean
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
   * Times of renewals and deadlines are read from the wall clock, so setting that clock moves them.
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
   * Null if the library sends none by default.
   */
  pings: { timeMs: number; timeoutMs: number } | null
  retries: RetryPolicy
  /** A watch whose stream breaks is resumed. Elsewhere the error ends the watch. */
  resumesWatches: boolean
  /**
   * A call without a connection fails as soon as the attempts to connect have failed. Elsewhere it
   * waits for a connection.
   */
  failsFast: boolean
}
