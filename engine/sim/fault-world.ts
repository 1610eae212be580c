// The members, clients and links that exist now, for the checks of faults (network/fault-check.ts).

import type { ClientId } from '../base/trace'
import type { FaultWorld } from '../network/fault-check'
import type { ClientStates } from './client-states'
import type { RunContext } from './context'
import { flightOf } from './post'
import { RESOURCE } from './resource'
import type { Servers } from './servers'

/** The terminal that every run has, also before its first line. */
const FIRST_TERMINAL = 't1'

/** The clients that may be paused, killed or cut off. */
interface Known {
  list: readonly { id: ClientId; kind: 'program' | 'process' }[]
  processes: readonly { id: ClientId; client: ClientId }[]
  terminals: readonly ClientId[]
  speakers: readonly ClientId[]
  states: ClientStates
}

/**
 * Clients are those with a program, and those whose name console lines have used, in the order of
 * their names.
 */
export function faultWorld(
  { post, schedule }: RunContext,
  servers: Servers,
  clients: Known,
): FaultWorld {
  const programs = clients.list.flatMap(({ id, kind }) => (kind === 'program' ? [id] : []))
  const names = new Set([
    FIRST_TERMINAL,
    ...programs,
    ...clients.terminals,
    ...clients.speakers,
    ...clients.processes.map(({ client }) => client),
  ])
  const { links } = post
  return {
    members: servers.list.map(({ member, state }) => ({ name: member.options.name, state })),
    clients: [...names].sort().map((name) => ({
      name,
      program: programs.includes(name) ? clients.states.stateOf(name) : null,
      processes: clients.processes.flatMap(({ id, client }) =>
        client === name ? [clients.states.stateOf(id)] : [],
      ),
    })),
    others: [RESOURCE],
    isWhole: links.groups === null && links.cuts.length === 0 && links.turned.length === 0,
    isInFlight: (message) => schedule.list().some(({ entry }) => flightOf(entry)?.id === message),
  }
}
