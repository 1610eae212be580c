// The settings with which etcdctl makes its clientv3: go.etcd.io/etcd/etcdctl/v3 at v3.6.5:
// ctlv3/ctl.go and ctlv3/command/global.go.

import { CLIENTV3 } from './clientv3'
import type { KeepAlivePolicy } from './policy'

export const ETCDCTL: KeepAlivePolicy = {
  ...CLIENTV3,
  library: 'etcdctl',
  /** NewLease with defaultDialTimeout, 2 s, and a second more (client/v3/lease.go). */
  firstTimeoutMs: 3000,
  /** defaultKeepAliveTime, which gRPC raises to its least, and defaultKeepAliveTimeOut. */
  pings: { timeMs: 2000, timeoutMs: 6000 },
}
