// Node: microsoft/etcd3, the npm package etcd3 1.1.2: lib/lease.js, lib/connection-pool.js and
// lib/errors.js; its retries are those of cockatiel 3.1.1, dist/RetryPolicy.js.
//
// Its lock is in ../locks/node-etcd3.ts.
//
// Not modelled: each attempt picks a random host, here the next one. Three errors of a host in a
// row close it for 5 s (defaultCircuitBreaker). Each error closes the connections of its host
// (resetAllServices). Watches resume as clientv3's do, and not after cockatiel's back-off.

import { Code } from '../../base/errors'
import type { KeepAlivePolicy } from './policy'

export const NODE_ETCD3: KeepAlivePolicy = {
  library: 'node-etcd3',
  keepsAlive: true,
  timing: 'timers',
  /** keepalive: each Lease opens one, and ends it when the lease is revoked or lost. */
  streamPerLease: true,
  sendLoopMs: 1,
  deadlineLoopMs: 1,
  /**
   * A value for the TTL of a lease that the client has not granted. The library keeps no such lease
   * alive.
   */
  firstTimeoutMs: 5000,
  /** handleKeepaliveError. */
  reconnectMs: 100,
  /** leaseKeepAlive sends no hasleader metadata. */
  requiresLeader: false,
  /** Date.now(). */
  readsWallClock: true,
  endsWithoutLeader: false,
  /** grpc-js 1.8.20, build/src/subchannel.js: keepaliveTime is -1 unless it is set. */
  pings: null,
  retries: {
    /**
     * exec: every unary call, a put and a transaction too. A call whose answer was lost may be
     * applied twice.
     */
    calls: 'all',
    /** isRecoverableError, as far as etcd uses these codes. */
    codes: [
      Code.Canceled,
      Code.Unknown,
      Code.DeadlineExceeded,
      Code.ResourceExhausted,
      Code.Unavailable,
    ],
    /** retry with maxAttempts 3, which counts those after the first. */
    attempts: 4,
    /** ConstantBackoff(0): a timer of node takes at least a millisecond. */
    waits: { firstMs: 1, longestMs: 1 },
  },
  /** lib/watch.js: handleError. */
  resumesWatches: true,
  /** grpc-js 1.8.20, build/src/load-balancing-call.js: TRANSIENT_FAILURE without waitForReady. */
  failsFast: true,
}
