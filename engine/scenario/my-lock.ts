// A user's own lock settings as a run: two clients want the lock, the first one stalls, and the
// leader fails.

import { assert } from '../base/assert'
import type { Fault } from '../network/fault'
import type { RecordedCommand, Recording } from '../sim/recording'
import { newRecording } from '../sim/recording'
import { RESOURCE } from '../sim/resource'
import type { LeaderTrouble, MyLock } from '../text/my-lock'
import { lockFault, lockProgram } from '../text/my-lock'

/** The clients in order, with their start times (virtual ms). */
const CLIENTS = [
  { name: 'a', at: 0 },
  { name: 'b', at: 50 },
] as const
const [FIRST] = CLIENTS
/** The first one leads. */
const MEMBERS = ['m1', 'm2', 'm3'] as const
const PEER_LATENCY_MS = 5

/** The run. Settings out of range throw. */
export function lockRecording(lock: MyLock): Recording {
  const fault = lockFault(lock)
  assert(fault === null, fault ?? '')
  const source = lockProgram(lock)
  const commands: RecordedCommand[] = [
    ...CLIENTS.map(
      ({ name, at }): RecordedCommand => ({ type: 'script', client: name, source, at }),
    ),
    ...stallOf(lock),
    ...leaderTrouble(lock),
  ]
  const recording = newRecording(1, {
    members: MEMBERS.length,
    etcd: lock.etcd,
    heartbeatMs: 100,
    electionMs: 1000,
    expiryPhaseMs: 200,
    boot: 'elected',
    latencyMs: Math.ceil(lock.roundTripMs / 2),
    peerLatencyMs: PEER_LATENCY_MS,
    clientEndpoints: 'all',
    ...(lock.checkTokens ? { checkTokens: true } : {}),
  })
  // The sort is stable: a client starts before it is paused at the same time.
  return { ...recording, commands: commands.sort((a, b) => a.at - b.at) }
}

function stallOf({ stallMs, stallFromMs }: MyLock): RecordedCommand[] {
  if (stallMs === 0) return []
  const fault = (type: 'pause-client' | 'resume-client', at: number): RecordedCommand => ({
    type: 'fault',
    fault: { type, client: FIRST.name },
    at,
  })
  return [fault('pause-client', stallFromMs), fault('resume-client', stallFromMs + stallMs)]
}

function leaderTrouble({ leader, leaderAtMs }: MyLock): RecordedCommand[] {
  const fault = leaderFault(leader)
  return fault === null ? [] : [{ type: 'fault', fault, at: leaderAtMs }]
}

function leaderFault(leader: LeaderTrouble): Fault | null {
  const [leading, ...others] = MEMBERS
  switch (leader) {
    case 'stays':
      return null
    case 'crashes':
      return { type: 'crash', member: leading }
    case 'stops':
      return { type: 'stop', member: leading }
    case 'freezes':
      return { type: 'pause', member: leading }
    case 'is cut off':
      return {
        type: 'partition',
        groups: [[leading], [...others, ...CLIENTS.map(({ name }) => name), RESOURCE]],
      }
  }
}
