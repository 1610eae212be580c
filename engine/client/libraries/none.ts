// Libraries that renew by hand only. Python: kragniz/python-etcd3, etcd3/leases.py at 3852a31 and
// etcd3/locks.py at 015840e, where refresh() sends one renewal. Rust: etcdv3/etcd-client,
// src/rpc/lease.rs at 09485fd, where each LeaseKeeper.keep_alive() sends one. Neither has a timer,
// and neither gives a lease up.

import { CLIENTV3 } from './clientv3'
import type { KeepAlivePolicy } from './policy'

export const NO_KEEP_ALIVE: KeepAlivePolicy = { ...CLIENTV3, library: 'none', keepsAlive: false }
