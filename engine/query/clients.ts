// Clients and terminals as the page shows them: their programs, their processes, and their beliefs
// about their leases.

import type { EventId } from '../base/trace'
import type { Client } from '../client/client'
import { describeInstruction } from '../client/process/describe'
import { connections, doomedKeepAlives, holds, unansweredSince } from './keeping'
import type { Belief, ClientView, ProgramView } from './rows'
import type { Scene } from './scene'
import { authority, deadlineOf } from './scene'

/** The most waiting lines of a terminal. */
const WAITING_LINES = 20

/** Clients with a program, then terminals; a terminal represents the processes it runs. */
export function clientViews(scene: Scene): ClientView[] {
  const { sim } = scene
  const doomed = doomedKeepAlives(sim)
  const programs = sim.clients
    .filter(({ kind }) => kind === 'program')
    .map(
      (client): ClientView => ({
        id: client.id,
        kind: 'program',
        member: sim.endpoint,
        instructions: client.instructions.map(describeInstruction),
        line: client.line,
        sessions: beliefsOf(scene, client, doomed),
        state: sim.stateOf(client.id),
        since: scene.ledger.sections.stateSince(client.id, scene.last),
        clockPercent: sim.percentOf(client.id),
        clockAhead: sim.clockAheadOf(client.id),
        library: client.library,
        program: programOf(scene, client),
      }),
    )
  const terminals = sim.terminals.map((id): ClientView => {
    const running = sim.processes.filter(({ terminal }) => terminal === id)
    const clients = running.flatMap((process) =>
      sim.clients.filter((client) => client.id === process.id),
    )
    return {
      id,
      kind: 'terminal',
      member: sim.endpoint,
      instructions: sim.waiting(id).slice(0, WAITING_LINES),
      line: 0,
      sessions: clients.flatMap((client) => beliefsOf(scene, client, doomed)),
      ...NO_SCRIPT,
    }
  })
  return [...programs, ...terminals]
}

const NO_SCRIPT = {
  state: 'up',
  since: 0,
  clockPercent: 100,
  clockAhead: { at: 0, ahead: 0 },
  library: 'etcdctl',
  program: null,
} as const

function programOf({ ledger, last }: Scene, { id, program }: Client): ProgramView | null {
  if (program === null) return null
  const { source, held, ready, until, runner } = program
  return {
    source,
    line: runner?.line ?? null,
    waitsFor: runner?.waitsFor ?? null,
    vars: runner?.vars.map(([name, value]) => ({ name, value })) ?? [],
    held,
    ready,
    until,
    ended: runner?.ended ?? null,
    section: runner?.position.section ?? null,
    sectionSince: runner?.position.section == null ? null : ledger.sections.enteredAt(id, last),
  }
}

function beliefsOf(scene: Scene, client: Client, doomed: ReadonlySet<EventId>): Belief[] {
  const { sim, ledger, last } = scene
  const member = authority(sim)
  const isConnected = connections(scene, client)
  return client.beliefs.map((belief) => {
    const info = member.lease(belief.lease)
    const deadline = info === undefined ? null : deadlineOf(sim, info)
    const goneAt = info === undefined ? (ledger.endOf(belief.lease, last)?.at ?? null) : null
    const shown = (at: number | null): number | null =>
      at === null ? null : sim.virtualOf(client.id, at)
    // Each field by its name: a frame has up to a thousand of these, and spreads take ten times as
    // long.
    return {
      lease: belief.lease,
      name: ledger.names.nameOf(belief.lease, last),
      ttlSeconds: belief.ttlSeconds,
      until: shown(belief.until),
      lastAnswerAt: shown(belief.lastAnswerAt),
      lost: belief.lost !== null,
      lostHow: belief.lost,
      givesUpAt: shown(client.givesUpAt(belief.lease)),
      heartbeat: client.isKept(belief.lease),
      heartbeatAt: ledger.keepAlives.switchedAt(client.id, belief.lease, last),
      unansweredSince: unansweredSince(scene, client, belief.lease, doomed),
      connected: isConnected(belief.lease),
      holds: holds(scene, client.id, belief),
      truth: { deadline, goneAt },
    }
  })
}
