// Go: etcd client/v3/lease.go, version 3.6.5.

import type { KeepAlivePolicy } from './policy'

export const CLIENTV3: KeepAlivePolicy = {
  library: 'clientv3',
  keepsAlive: true,
  timing: 'loops',
  /*
   * etcd waits 500 ms in a timer, and a timer never fires early. Measured against a real client a
   * turn takes a little longer: a lease of 6 s is renewed after 2.00, 4.01 and 6.01 s. With exactly
   * 500 every renewal would miss its turn by the round trip and come half a second late.
   */
  sendLoopMs: 501,
  /** A second, and the delay of its timer. */
  deadlineLoopMs: 1001,
  /** NewLease without a dial timeout. */
  firstTimeoutMs: 5000,
  /** retryConnWait. */
  reconnectMs: 500,
  requiresLeader: true,
  readsWallClock: false,
  endsWithoutLeader: true,
  pings: null,
}
