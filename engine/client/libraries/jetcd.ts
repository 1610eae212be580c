// Java: etcd-io/jetcd, jetcd-core/src/main/java/io/etcd/jetcd/: LeaseImpl.java, KVImpl.java and
// Impl.java at 05f92e0, LockImpl.java at 2fac4da, in its folder impl, with the defaults of
// ClientBuilder.java at 94788f6. Its timers are Vert.x's: vertx-core, impl/VertxImpl.java at
// 007a43a; its retries are Failsafe's: RetryPolicyBuilder.java at 0430b39.
//
// Its lock is the server's Lock service, on a lease of the caller: `server lock` in a program.
//
// Not modelled: its channel picks the first endpoint that answers (ClientConnectionManager.java at
// 0fd01db: pick_first), not each in turn. A call without a connection waits for one, as with
// waitForReady. Watches resume as clientv3's do.

import { Code } from '../../base/errors'
import { CLIENTV3 } from './clientv3'
import type { KeepAlivePolicy } from './policy'

export const JETCD: KeepAlivePolicy = {
  ...CLIENTV3,
  library: 'jetcd',
  /**
   * setPeriodic(0, 500) is scheduleAtFixedRate (VertxImpl.java: scheduleTimeout). The pace is
   * exact, so a renewal that misses its turn by the round trip waits for the next one. The first
   * one goes at once here; LeaseImpl waits a turn where both times are of one millisecond.
   */
  sendLoopMs: 500,
  /** setPeriodic(0, 1000). The lease is then completed and removed: nothing starts it again. */
  deadlineLoopMs: 1000,
  /**
   * keepaliveTimeout, the timeout of gRPC's pings, which ClientBuilder sets. LeaseImpl's own 5 s
   * are for a builder without it.
   */
  firstTimeoutMs: 10_000,
  /** handleException. */
  reconnectMs: 500,
  /** System.currentTimeMillis(). */
  readsWallClock: true,
  /** applyRequireLeader(true, …). */
  requiresLeader: true,
  /** Observers receive the error, and the lease stays. */
  endsWithoutLeader: false,
  /** keepaliveTime and keepaliveTimeout. */
  pings: { timeMs: 30_000, timeoutMs: 10_000 },
  retries: {
    /**
     * isRetryableForSafeRedoOp. A put, a delete and a transaction are made once: isAutoRetry is
     * false unless the program sets it. keepAliveOnce is made once too.
     */
    calls: new Set([
      'Range',
      'Compact',
      'LeaseGrant',
      'LeaseRevoke',
      'LeaseTimeToLive',
      'Lock',
      'Unlock',
    ] as const),
    codes: [Code.Unavailable],
    /** Failsafe's DEFAULT_MAX_RETRIES is 2. */
    attempts: 3,
    /** retryDelay and retryMaxDelay. */
    waits: { firstMs: 500, longestMs: 2500 },
  },
}
