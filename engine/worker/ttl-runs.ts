// The run that shows a figure of what-ttl.ts at its worst. The times of the death or the pause, and
// of the passes, come from a run without faults.

import { leaseId } from '../base/int64'
import type { TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import {
  grantedTtl,
  keepAliveGap,
  leaderMs,
  oneWay,
  PEER_LATENCY_MS,
  pauseMs,
  timesOf,
  unusableMs,
} from '../scenario/what-ttl'
import type { RecordedCommand, Recording } from '../sim/recording'
import { newRecording } from '../sim/recording'
import { MY_SECTION } from '../text/my-lock'
import type { FigureName, TtlNeeds } from '../text/ttl-needs'

/** A run, and the start of the measurement (virtual ms). */
export interface TtlRun {
  recording: Recording
  from: number
  /** The end of the run. */
  until: number
}

/** The maximum of clients in the run: more would only take more time. */
export const MOST_CLIENTS = 100
const HOLDER = 'a'
const WAITER = 'b'
/** For a client that sends each request by hand. */
const LEASE = leaseId(0xa)
const PASS_MS = 500
/** Seeds; the one with the longest election is shown, without split votes. */
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
/** Time after the last event. */
const REST_MS = 2000

/** The run of a figure. The inputs are within their limits. */
export function ttlRun(name: FigureName, needs: TtlNeeds): TtlRun {
  switch (name) {
    case 'notice':
      return deathOf(needs, [], oneWay(needs))
    case 'unusable':
      return deathOf(
        needs,
        [
          {
            type: 'script',
            client: WAITER,
            source: program(needs, true),
            at: 4 * needs.roundTripMs + 50,
          },
        ],
        unusableMs(needs).ms,
      )
    case 'leader':
      return leaderRun(needs)
    case 'pause':
      return pausedRun(needs, pauseMs(needs).ms)
    case 'renewals':
      return renewalsRun(needs)
  }
}

/** A client that pauses for this long, just before a keep-alive. */
export function pausedRun(needs: TtlNeeds, forMs: number): TtlRun {
  const [sent, next] = sends(needs)
  const from = Math.max(sent + 1, next - 1)
  const until = from + forMs + 2 * oneWay(needs) + REST_MS
  if (needs.keepAliveMs !== null) {
    // The keep-alives that were due in the pause come at its end.
    const after = [from + forMs, from + forMs + needs.keepAliveMs].filter((at) => at <= until)
    return {
      recording: recordingOf(needs, 1, phaseOf(needs, sent), byHand(needs, sent, after)),
      from,
      until,
    }
  }
  const fault = (type: 'pause-client' | 'resume-client', at: number): RecordedCommand => ({
    type: 'fault',
    fault: { type, client: HOLDER },
    at,
  })
  const commands = [
    ...holder(needs, sent),
    fault('pause-client', from),
    fault('resume-client', from + forMs),
  ]
  return { recording: recordingOf(needs, 1, phaseOf(needs, sent), commands), from, until }
}

/**
 * The holder dies just after it has sent a keep-alive. The pass before the end of its lease comes a
 * millisecond too early.
 */
function deathOf(
  needs: TtlNeeds,
  others: RecordedCommand[],
  afterMs: number,
  seed = 1,
  phaseMs?: number,
): TtlRun {
  const [sent] = sends(needs, others)
  const commands = [...holder(needs, sent), ...others, ...death(needs, sent)]
  const recording = recordingOf(needs, seed, phaseMs ?? phaseOf(needs, sent), commands)
  return { recording, from: sent, until: sent + grantedTtl(needs) * 1000 + afterMs + REST_MS }
}

function death({ keepAliveMs }: TtlNeeds, at: number): RecordedCommand[] {
  return keepAliveMs === null
    ? [{ type: 'fault', fault: { type: 'crash-client', client: HOLDER }, at }]
    : []
}

/** The leader dies just before it would end the lease. */
function leaderRun(needs: TtlNeeds): TtlRun {
  const [sent] = sends(needs)
  const crash: RecordedCommand = {
    type: 'fault',
    fault: { type: 'crash', member: 'm1' },
    at: sent + oneWay(needs) + grantedTtl(needs) * 1000 + PASS_MS - 2,
  }
  let longest: { run: TtlRun; promoted: number } | null = null
  for (const seed of SEEDS) {
    const run = deathOf(needs, [crash], leaderMs(needs).ms, seed)
    const after = played(run.recording, crash.at + 3 * timesOf(needs).electionMs).filter(
      ({ at }) => at > crash.at,
    )
    const asked = after.filter(
      (event) => event.type === 'role-changed' && event.role === 'candidate',
    )
    const found = after.find(({ type }) => type === 'promoted')
    if (asked.length === 1 && found !== undefined && found.at > (longest?.promoted ?? 0))
      longest = { run, promoted: found.at }
  }
  return longest?.run ?? deathOf(needs, [crash], leaderMs(needs).ms)
}

/** Clients that start one after the other within one gap. */
function renewalsRun(needs: TtlNeeds): TtlRun {
  const count = Math.min(needs.clients, MOST_CLIENTS)
  const gap = keepAliveGap(needs)
  const from = gap + 6 * oneWay(needs) + 1000
  const until = from + 2 * gap
  const commands = Array.from({ length: count }, (_, i): RecordedCommand[] => {
    const [client, at] = [`c${i + 1}`, Math.floor((i * gap) / count)]
    if (needs.keepAliveMs === null)
      return [
        { type: 'script', client, source: `lease = grant ${needs.ttlSeconds}\nkeep lease`, at },
      ]
    const ID = leaseId(0x100 + i)
    const times = Array.from(
      { length: Math.ceil((until - at) / gap) },
      (_, k) => at + (k + 1) * gap,
    )
    return [
      { type: 'request', client, request: { type: 'LeaseGrant', TTL: needs.ttlSeconds, ID }, at },
      ...times.map(
        (each): RecordedCommand => ({
          type: 'request',
          client,
          request: { type: 'LeaseKeepAlive', ID },
          at: each,
        }),
      ),
    ]
  }).flat()
  return { recording: recordingOf(needs, 1, 0, commands), from, until }
}

/** The trace of a run, played until then. */
export function played(recording: Recording, until: number): readonly TraceEvent[] {
  const run = new Timeline(recording, undefined, Number.POSITIVE_INFINITY)
  run.advance(until)
  return run.trace
}

/** The virtual ms when the holder sends a keep-alive, and the next one, once it has the lock. */
function sends(needs: TtlNeeds, others: RecordedCommand[] = []): [number, number] {
  const settled = 8 * oneWay(needs) + 1000
  if (needs.keepAliveMs !== null) return [settled, settled + needs.keepAliveMs]
  const trace = played(
    recordingOf(needs, 1, 0, [
      ...holder(needs, 0),
      ...others.filter(({ type }) => type === 'script'),
    ]),
    settled + 4 * keepAliveGap(needs),
  )
  const found = trace.filter(
    (event) =>
      event.type === 'request-sent' &&
      event.client === HOLDER &&
      event.request.type === 'LeaseKeepAlive' &&
      event.at >= settled,
  )
  // A client whose answer takes longer than a turn sends two: the longest time without a keep-alive
  // counts.
  const times = found.map(({ at }) => at)
  const gaps = times.slice(1).map((at, i) => at - times[i]!)
  const longest = gaps.indexOf(Math.max(...gaps))
  return [times[longest] ?? settled, times[longest + 1] ?? settled]
}

/** The phase of each member's passes: one of them comes a millisecond before the lease is due. */
function phaseOf(needs: TtlNeeds, sent: number): number {
  return (sent + oneWay(needs) + grantedTtl(needs) * 1000 - 1) % PASS_MS
}

/** The client with the lease; one that renews by hand sends its last keep-alive then. */
function holder(needs: TtlNeeds, last: number): RecordedCommand[] {
  if (needs.keepAliveMs !== null) return byHand(needs, last, [])
  return [{ type: 'script', client: HOLDER, source: program(needs, true), at: 0 }]
}

function byHand(
  { ttlSeconds, roundTripMs, keepAliveMs }: TtlNeeds,
  last: number,
  after: number[],
): RecordedCommand[] {
  const gap = keepAliveMs ?? last
  const before = Array.from(
    { length: Math.floor((last - 2 * roundTripMs) / gap) },
    (_, i) => last - (i + 1) * gap,
  ).reverse()
  const ask = (
    request: Extract<RecordedCommand, { type: 'request' }>['request'],
    at: number,
  ): RecordedCommand => ({
    type: 'request',
    client: HOLDER,
    request,
    at,
  })
  return [
    ask({ type: 'LeaseGrant', TTL: ttlSeconds, ID: LEASE }, 0),
    ask({ type: 'Lock', name: MY_SECTION, lease: LEASE }, 2 * roundTripMs + 20),
    ...[...before, last, ...after].map((at) => ask({ type: 'LeaseKeepAlive', ID: LEASE }, at)),
  ]
}

function program({ ttlSeconds }: TtlNeeds, locks: boolean): string {
  const lock = locks ? [`lock ${MY_SECTION} with lease`, `enter ${MY_SECTION}`] : []
  return [
    `lease = grant ${ttlSeconds}`,
    'keep lease',
    ...lock,
    'work:',
    'sleep 1s',
    'goto work',
  ].join('\n')
}

function recordingOf(
  needs: TtlNeeds,
  seed: number,
  expiryPhaseMs: number,
  commands: RecordedCommand[],
): Recording {
  const { heartbeatMs, electionMs } = timesOf(needs)
  const recording = newRecording(seed, {
    members: 3,
    etcd: needs.etcd,
    heartbeatMs,
    electionMs,
    expiryPhaseMs,
    boot: 'elected',
    latencyMs: oneWay(needs),
    peerLatencyMs: PEER_LATENCY_MS,
    clientEndpoints: 'all',
  })
  return { ...recording, commands: [...commands].sort((a, b) => a.at - b.at) }
}
