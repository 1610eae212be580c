// One connection of a client's process to a member, as in gRPC (grpc-go: clientconn.go,
// resetTransport; internal/backoff; http2_client.go, keepalive). Only data and arithmetic;
// sim/channels.ts decides when to connect.
//
//   connecting ──▶ established ──▶ idle ──▶ connecting
//       └──▶ broken (waits) ──▶ connecting

import type { RandomState } from '../base/random'
import { Random } from '../base/random'

/**
 * `connecting`: an attempt in progress, for example over a cut. `established`: calls are sent on
 * it, also while its member is silent. `broken`: an attempt failed, and the next one waits. `idle`:
 * the client's process has ended.
 */
export type ConnectionState = 'connecting' | 'established' | 'broken' | 'idle'

export interface Connection {
  client: string
  member: string
  state: ConnectionState
  /** Counts the times it was established. Messages of an earlier epoch are refused. */
  epoch: number
  /** Messages of earlier epochs have no receiver: the member's process has ended since. */
  servedFrom: number
  /** Failed attempts since it was last established. */
  failures: number
  /**
   * Virtual ms of the end of its attempt, of its next attempt, or of the failure of its pings; null
   * if none is pending.
   */
  at: number | null
  /** Virtual ms of the last message from the member; only for a connection that sends pings. */
  heardAt?: number
  /** The last event that reported it; 0 for none. */
  cause: number
  jitter: RandomState
}

/**
 * Milliseconds without a message from the member before a ping, and the longest wait for an answer.
 */
export interface Pings {
  timeMs: number
  timeoutMs: number
}

/** gRPC's minimum time between pings (internal.KeepaliveMinPingTime). */
const LEAST_PING_MS = 10_000
/** The minimum time limit of an attempt (clientconn.go: minConnectTimeout). */
const LEAST_CONNECT_MS = 20_000
/**
 * backoff.DefaultConfig: the first wait, the growth of 3/5, and the longest wait; at random a fifth
 * more or less.
 */
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 120_000

/** A connection without an attempt so far. Its random waits have their own stream. */
export function newConnection(client: string, member: string, seed: number): Connection {
  const jitter = new Random(seed, `connection/${client} ${member}`).save()
  return {
    client,
    member,
    state: 'idle',
    epoch: 0,
    servedFrom: 0,
    failures: 0,
    at: null,
    cause: 0,
    jitter,
  }
}

/** Milliseconds until the next attempt, after one more failure. */
export function nextWaitMs(connection: Connection): number {
  const wait = backOffMs(connection)
  const random = Random.load(connection.jitter)
  const part = Math.floor(wait / 5)
  const waitMs = wait - part + random.below(2 * part + 1)
  connection.jitter = random.save()
  connection.failures++
  return waitMs
}

/** The time limit of an attempt in milliseconds. */
export function attemptMs(connection: Connection): number {
  return Math.max(LEAST_CONNECT_MS, backOffMs(connection))
}

function backOffMs({ failures }: Connection): number {
  let wait = FIRST_WAIT_MS
  for (let i = 0; i < failures && wait < LONGEST_WAIT_MS; i++) wait = Math.floor((wait * 8) / 5)
  return Math.min(LONGEST_WAIT_MS, wait)
}

/**
 * The time (virtual ms) when the pings of a connection fail. Its member is silent since `silentAt`.
 * `isUsed` means that calls were in progress, so pings were answered until then. A ping follows the
 * last message after a fixed time, and gets no answer. Without a call in progress no ping is sent
 * before the next call.
 */
export function pingsFailAt(
  heardAt: number,
  silentAt: number,
  isUsed: boolean,
  { timeMs, timeoutMs }: Pings,
): number {
  if (!isUsed) return Math.max(heardAt + timeMs, silentAt) + timeoutMs
  const answered = Math.floor(Math.max(0, silentAt - heardAt) / timeMs)
  return heardAt + (answered + 1) * timeMs + timeoutMs
}

/** gRPC sends pings at most every 10 s, even if the setting is shorter. */
export function pingsOf(timeMs: number, timeoutMs: number): Pings {
  return { timeMs: Math.max(LEAST_PING_MS, timeMs), timeoutMs }
}
