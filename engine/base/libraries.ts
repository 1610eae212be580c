// The client libraries that a program may use. Their keep-alive loops differ (client/libraries/).

/** In menu order. */
export const LIBRARIES = ['clientv3', 'etcdctl', 'jetcd', 'node-etcd3', 'none'] as const
export type Library = (typeof LIBRARIES)[number]

/** The library of a client that names no library. */
export const DEFAULT_LIBRARY: Library = 'clientv3'

/** The library's name in sentences. */
export const LIBRARY_NAMES: Readonly<Record<Library, string>> = {
  clientv3: 'Go clientv3',
  etcdctl: 'etcdctl',
  jetcd: 'jetcd',
  'node-etcd3': 'node etcd3',
  none: 'no keep-alive',
}
