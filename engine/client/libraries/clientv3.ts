// Go: go.etcd.io/etcd/client/v3 at v3.6.5: lease.go, and for calls retry.go, retry_interceptor.go
// and options.go.

import { Code } from '../../base/errors'
import type { KeepAlivePolicy } from './policy'

export const CLIENTV3: KeepAlivePolicy = {
  library: 'clientv3',
  keepsAlive: true,
  timing: 'loops',
  streamPerLease: false,
  /*
   * etcd waits 500 ms in a timer, and a timer never fires early. Measured against a real client a
   * turn takes a little longer: a lease of 6 s is renewed after 2.00, 4.01 and 6.01 s. With exactly
   * 500 every renewal would miss its turn by the round trip and come half a second late.
   */
  sendLoopMs: 501,
  /** deadlineLoop: a second, and the delay of its timer. */
  deadlineLoopMs: 1001,
  /** defaultTTL: NewLease without a dial timeout. */
  firstTimeoutMs: 5000,
  /** retryConnWait. */
  reconnectMs: 500,
  requiresLeader: true,
  readsWallClock: false,
  endsWithoutLeader: true,
  pings: null,
  retries: {
    /**
     * Calls that do little or no harm when repeated: a lease granted twice is left to expire
     * (retry.go). Calls that change the store or the group are sent once (isSafeRetryMutableRPC):
     * they wait for a connection, and fail with it.
     */
    calls: new Set([
      'Range',
      'LeaseGrant',
      'LeaseRevoke',
      'LeaseTimeToLive',
      'LeaseLeases',
      'MemberList',
      'Status',
      'MoveLeader',
      // KeepAliveOnce (lease.go).
      'LeaseKeepAlive',
    ] as const),
    codes: [Code.Unavailable],
    /** defaultUnaryMaxRetries. */
    attempts: 100,
    waits: null,
  },
  /** watch.go: serveWatchClient. */
  resumesWatches: true,
  failsFast: false,
}
