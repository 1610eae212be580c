// A hash of the state that decides how a run continues. It leaves out counters, the generator and
// data that only onlookers read. Its times are relative.

import { hash } from '../base/hash'
import { HEALTH_INTERVAL_MS } from '../member/reconfiguration'
import type { SavedSimulation } from './saved-simulation'

/** After so many milliseconds the length of a connection between two members does not matter. */
const LONG_CONNECTED_MS = HEALTH_INTERVAL_MS

/** Two states with the same fingerprint behave alike from here on. */
export function fingerprint(saved: SavedSimulation): string {
  const {
    now,
    schedule,
    servers,
    connections,
    links,
    clients,
    processes,
    shells,
    config,
    clientStates,
    resource,
    sections,
    granted,
    held,
    channels,
    pings,
  } = saved
  const who = sections.map(([client, { section, room }]) => [client, section, room])
  // Only onlookers see the order in which clients came.
  const those = clients.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const connected = connections.map(([pair, since]) => [
    pair,
    Math.min(now - since, LONG_CONNECTED_MS),
  ])
  const state = {
    schedule: schedule.entries,
    held,
    channels,
    pings,
    servers,
    connected,
    links,
    those,
    processes,
    shells,
    // Guided lines name leases by their grants.
    grants: shells.length > 0 ? granted : [],
    config,
    clientStates,
    resource,
    who,
  }
  return hash(
    JSON.stringify(state, (name, value) =>
      LEFT_OUT.has(name) ? undefined : relative(name, value, now),
    ),
  )
}

const LEFT_OUT: ReadonlySet<string> = new Set([
  'cause',
  'seq',
  'id',
  'requestIds',
  'raftIndex',
  'grantedAt',
  'renewedAt',
  'nextRpc',
  'lastTurnAt',
  'streams',
  'asks',
])
const TIMES: ReadonlySet<string> = new Set(
  'at heardAt deadline queuedAt nextPassAt sentAt dueAt nextAt deadlineAt startedAt until lastAnswerAt logKeptUntil'.split(
    ' ',
  ),
)

function relative(name: string, value: unknown, now: number): unknown {
  // A time that is over counts as 0, however long ago it was.
  if ((name === 'logKeptUntil' || name === 'storageVersionAt') && typeof value === 'number')
    return Math.max(0, value - now)
  return TIMES.has(name) && typeof value === 'number' && value !== Number.MAX_SAFE_INTEGER
    ? value - now
    : value
}
