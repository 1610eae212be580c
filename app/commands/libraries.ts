// Changes the library of a client. The run's commands are replayed from the start.

import {
  DEFAULT_LIBRARY,
  LIBRARIES,
  LIBRARY_NAMES,
  type Library,
} from '../../engine/text/libraries'
import type { Change, ClientView, Config } from '../../engine/worker/protocol'

export { LIBRARIES, LIBRARY_NAMES, type Library }

/** How each library detects the loss of a lease, in a sentence. */
export const LIBRARY_NOTES: Readonly<Record<Library, string>> = {
  clientv3: 'Go: gives up one TTL after the last answer, by a clock that nothing sets.',
  etcdctl: 'As Go, and pings find a connection that is dead.',
  jetcd: 'Java: gives up one TTL after the last answer, by the wall clock, and for good.',
  'node-etcd3': 'Node: believes for two TTLs after the last answer, by the wall clock.',
  none: 'As in Python and Rust: nothing renews the lease, and nothing notices its end.',
}

/** The clients whose library can be chosen. A terminal always has etcdctl's. */
export function libraryOwners(clients: readonly ClientView[]): string[] {
  return clients.filter(({ kind }) => kind === 'program').map(({ id }) => id)
}

/** The library that a run gives to a client. */
export function libraryOf({ libraries }: Pick<Config, 'libraries'>, client: string): Library {
  return libraries?.[client] ?? DEFAULT_LIBRARY
}

/** Null if the client already has that library, and for an unknown name. */
export function libraryChange(
  config: Pick<Config, 'libraries'>,
  client: string,
  word: string,
): NonNullable<Change['library']> | null {
  const to = LIBRARIES.find((each) => each === word)
  return to === undefined || to === libraryOf(config, client) ? null : { clients: [client], to }
}
