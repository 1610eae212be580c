import type { RunState } from '../store/run'

/** Everything that a client can reach: the other clients, the members and the storage. */
export function clientNamesOf(
  { clients, members }: Pick<RunState, 'clients' | 'members'>,
  id: string,
): string[] {
  return [
    ...clients.map((client) => client.id).filter((other) => other !== id),
    ...members.map(({ name }) => name),
    'storage',
  ]
}
