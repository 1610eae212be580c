// The keep-alive policy of each library.

import type { Library } from '../../base/libraries'
import { CLIENTV3 } from './clientv3'
import { ETCDCTL } from './etcdctl'
import { JETCD } from './jetcd'
import { NODE_ETCD3 } from './node-etcd3'
import { NO_KEEP_ALIVE } from './none'
import type { KeepAlivePolicy } from './policy'

const POLICIES: Readonly<Record<Library, KeepAlivePolicy>> = {
  clientv3: CLIENTV3,
  etcdctl: ETCDCTL,
  jetcd: JETCD,
  'node-etcd3': NODE_ETCD3,
  none: NO_KEEP_ALIVE,
}

export function policyOf(library: Library): KeepAlivePolicy {
  return POLICIES[library]
}
