// Libraries that renew by hand only. Python: kragniz/python-etcd3, etcd3/client.py at 00285be:
// refresh_lease() sends one renewal on a stream. Rust: etcdv3/etcd-client, src/rpc/lease.rs at
// 09485fd, where each LeaseKeeper.keep_alive() sends one. Neither has a timer, and neither gives a
// lease up. No call is made again (client.py: _handle_errors), and no watch is opened again: a
// broken stream is the error of its watches (etcd3/watch.py at 184d0b9: _run).
//
// The lock of python is in ../locks/python-etcd3.ts; Rust's is the server's Lock service.

import { CLIENTV3 } from './clientv3'
import type { KeepAlivePolicy } from './policy'

export const NO_KEEP_ALIVE: KeepAlivePolicy = {
  ...CLIENTV3,
  library: 'none',
  keepsAlive: false,
  retries: { calls: new Set(), codes: [], attempts: 1, waits: null },
  resumesWatches: false,
  /** gRPC's default (grpc/grpc, doc/wait-for-ready.md): client.py sets no wait_for_ready. */
  failsFast: true,
}
