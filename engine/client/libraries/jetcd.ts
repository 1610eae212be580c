// Java: etcd-io/jetcd, jetcd-core/src/main/java/io/etcd/jetcd/impl/LeaseImpl.java at 05f92e0, with
// the defaults of ClientBuilder.java at 94788f6.

import type { KeepAlivePolicy } from './policy'

export const JETCD: KeepAlivePolicy = {
  library: 'jetcd',
  keepsAlive: true,
  timing: 'loops',
  /**
   * Vert.x keeps the pace of a periodic timer exactly, so a renewal that misses its turn by the
   * round trip waits for the next one.
   */
  sendLoopMs: 500,
  /** The lease is then completed and removed: nothing starts it again. */
  deadlineLoopMs: 1000,
  /**
   * The timeout of gRPC's pings, which ClientBuilder sets. The 5 s of LeaseImpl are for a builder
   * without it.
   */
  firstTimeoutMs: 10_000,
  reconnectMs: 500,
  /** System.currentTimeMillis(). */
  readsWallClock: true,
  requiresLeader: true,
  /** Observers hear of the error, and the lease stays. */
  endsWithoutLeader: false,
  pings: { timeMs: 30_000, timeoutMs: 10_000 },
}
