// The locks of other client libraries, each a machine like those of the concurrency package: the
// last response goes in, the next request comes out.

import type { SavedNodeLock } from './node-etcd3'
import { NodeLock } from './node-etcd3'
import type { SavedPythonLock } from './python-etcd3'
import { PythonLock } from './python-etcd3'

/** The library of the lock: microsoft/etcd3 of node, kragniz/python-etcd3. */
export type LockLibrary = 'node' | 'python'

/** Seconds of TTL of a lock's lease where the program names none. */
export const DEFAULT_TTL: Readonly<Record<LockLibrary, number>> = { node: 30, python: 60 }

export type ClientLock = NodeLock | PythonLock

export type SavedClientLock =
  | { of: 'node'; saved: SavedNodeLock }
  | { of: 'python'; saved: SavedPythonLock }

export function saveLock(lock: ClientLock): SavedClientLock {
  return lock instanceof NodeLock
    ? { of: 'node', saved: lock.save() }
    : { of: 'python', saved: lock.save() }
}

export function loadLock(lock: SavedClientLock): ClientLock {
  return lock.of === 'node' ? NodeLock.load(lock.saved) : PythonLock.load(lock.saved)
}
