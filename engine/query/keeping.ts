// Whether a client's heartbeats get answers, and the time up to which a client can act.

import type { EventId } from '../base/trace'
import type { Client } from '../client/client'
import type { Simulation } from '../sim/simulation'
import type { Scene } from './scene'

/**
 * The `request-sent` events of keep-alive requests in flight that will not arrive, or that a cut
 * holds.
 */
export function doomedKeepAlives(sim: Simulation): ReadonlySet<EventId> {
  const doomed = new Set<EventId>()
  for (const due of [...sim.moves().map((move) => move.due), ...sim.held]) {
    if (
      due.type !== 'deliver' ||
      due.message.body.type !== 'request' ||
      due.message.body.request.type !== 'LeaseKeepAlive'
    )
      continue
    const { client, member, cause, lost } = due.message
    const owner = sim.processes.find(({ id }) => id === client)?.client ?? client
    if (lost === true || !sim.arrives(owner, member)) doomed.add(cause)
  }
  return doomed
}

/** `Belief.unansweredSince`. `doomed`: the result of `doomedKeepAlives`. */
export function unansweredSince(
  { sim, ledger, last }: Scene,
  client: Client,
  lease: Client['beliefs'][number]['lease'],
  doomed: ReadonlySet<EventId>,
): number | null {
  const unanswered = client.isKept(lease)
    ? ledger.keepAlives.unanswered(client.id, lease, last)
    : null
  if (unanswered === null) return null
  const cannotArrive = unanswered.lost || doomed.has(unanswered.id)
  return cannotArrive || sim.now - unanswered.at > roundTripMs(sim) ? unanswered.at : null
}

/**
 * `Belief.connected` of a client's leases. Most of them go to one member, which is checked once.
 */
export function connections(
  { sim, ledger, last }: Scene,
  client: Client,
): (lease: Client['beliefs'][number]['lease']) => boolean {
  const known = new Map<string, boolean>()
  return (lease) => {
    const member = ledger.keepAlives.memberOf(client.id, lease, last) ?? sim.endpoint
    const connected = known.get(member) ?? areConnected(sim, client.id, member)
    known.set(member, connected)
    return connected
  }
}

function areConnected(sim: Simulation, client: string, member: string): boolean {
  const owner = sim.processes.find(({ id }) => id === client)?.client ?? client
  const isUp = sim.servers.some(
    ({ member: { options }, state }) => options.name === member && state === 'up',
  )
  const { state = 'established' } = sim.connection(client, member) ?? {}
  return (
    isUp &&
    state === 'established' &&
    sim.stateOf(client) === 'up' &&
    sim.arrives(owner, member) &&
    sim.arrives(member, owner)
  )
}

/**
 * Virtual ms that an answer takes on links without faults. A follower forwards to its leader, and a
 * leader may check that it still leads.
 */
function roundTripMs({ config, members }: Simulation): number {
  const { latencyMs, peerLatencyMs = latencyMs } = config
  return 2 * latencyMs + (members.length > 1 ? 4 * peerLatencyMs : 0)
}

/** The last instant (virtual ms) when a client could act: a paused client stopped at its pause. */
export function thoughtAt({ sim, ledger, last }: Scene, client: string): number {
  return sim.stateOf(client) === 'paused' ? ledger.sections.stateSince(client, last) : sim.now
}

/** Whether a client believed that it holds a lease, at the last instant when it could act. */
export function holds(
  scene: Scene,
  client: string,
  { lost, until }: Client['beliefs'][number],
): boolean {
  return (
    lost === null && until !== null && scene.sim.virtualOf(client, until) > thoughtAt(scene, client)
  )
}
