// Node: microsoft/etcd3 1.1.2, lib/lease.js (src/lease.ts).

import type { KeepAlivePolicy } from './policy'

export const NODE_ETCD3: KeepAlivePolicy = {
  library: 'node-etcd3',
  keepsAlive: true,
  timing: 'timers',
  sendLoopMs: 1,
  deadlineLoopMs: 1,
  /**
   * Stands for the TTL of a lease that the client has not granted. The library keeps no such lease
   * alive.
   */
  firstTimeoutMs: 5000,
  /** handleKeepaliveError. */
  reconnectMs: 100,
  requiresLeader: false,
  /** Date.now(). */
  readsWallClock: true,
  endsWithoutLeader: false,
  pings: null,
}
