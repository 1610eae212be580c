// The settings with which etcdctl makes its clientv3: etcd etcdctl/ctlv3/ctl.go and
// command/global.go, version 3.6.5.

import { CLIENTV3 } from './clientv3'
import type { KeepAlivePolicy } from './policy'

export const ETCDCTL: KeepAlivePolicy = {
  ...CLIENTV3,
  library: 'etcdctl',
  /** NewLease with a dial timeout of 2 s, and a second more. */
  firstTimeoutMs: 3000,
  /** --keepalive-time 2s, which gRPC raises to its least; --keepalive-timeout 6s. */
  pings: { timeMs: 2000, timeoutMs: 6000 },
}
