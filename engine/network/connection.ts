// One connection of a client's process to a member, as gRPC has it (grpc-go: clientconn.go,
// resetTransport; internal/backoff; http2_client.go, keepalive). Data and arithmetic: who connects
// to whom, and when, is sim/channels.ts.
//
//   connecting ──▶ established ──▶ idle ──▶ connecting
//       └──▶ broken (waits) ──▶ connecting

import type { RandomState } from '../base/random'
import { Random } from '../base/random'

/**
 * `connecting`: an attempt that has neither failed nor succeeded, for example over a cut.
 * `established`: calls are sent on it, also while its member is silent. `broken`: an attempt
 * failed, and the next one waits. `idle`: its client's process has ended.
 */
export type ConnectionState = 'connecting' | 'established' | 'broken' | 'idle'

export interface Connection {
  client: string
  member: string
  state: ConnectionState
  /** Counts how often it was established. Messages of an earlier time are refused. */
  epoch: number
  /**
   * Messages of earlier times than this have no receiver at the member: its process has ended
   * since.
   */
  servedFrom: number
  /** Attempts that failed since it was last established. */
  failures: number
  /**
   * Virtual ms at which its attempt ends, the next one begins, or its pings have failed; null where
   * none of them is due.
   */
  at: number | null
  /** Virtual ms of the last message from the member; only for a connection that sends pings. */
  heardAt?: number
  /** The event that told of it last; 0 while there is none. */
  cause: number
  jitter: RandomState
}

/** Milliseconds between two pings without news from the member, and how long an answer may take. */
export interface Pings {
  timeMs: number
  timeoutMs: number
}

/** gRPC's least time between pings (internal.KeepaliveMinPingTime). */
const LEAST_PING_MS = 10_000
/** How long an attempt may take at least (clientconn.go: minConnectTimeout). */
const LEAST_CONNECT_MS = 20_000
/**
 * backoff.DefaultConfig: the first wait, each next one longer by 3/5, and the longest one; by
 * chance a fifth more or less.
 */
const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 120_000

/**
 * A connection that nobody has tried to establish. Its waits are drawn from a stream of its own.
 */
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

/** Milliseconds until the next attempt, after one more that failed. */
export function nextWaitMs(connection: Connection): number {
  const wait = backOffMs(connection)
  const random = Random.load(connection.jitter)
  const part = Math.floor(wait / 5)
  const waitMs = wait - part + random.below(2 * part + 1)
  connection.jitter = random.save()
  connection.failures++
  return waitMs
}

/** How long an attempt may take, in milliseconds, before it fails. */
export function attemptMs(connection: Connection): number {
  return Math.max(LEAST_CONNECT_MS, backOffMs(connection))
}

function backOffMs({ failures }: Connection): number {
  let wait = FIRST_WAIT_MS
  for (let i = 0; i < failures && wait < LONGEST_WAIT_MS; i++) wait = Math.floor((wait * 8) / 5)
  return Math.min(LONGEST_WAIT_MS, wait)
}

/**
 * When (virtual ms) the pings of a connection fail whose member has been silent since `silentAt`.
 * `isUsed`: calls were under way, so pings were answered until then. A ping is sent so long after
 * the last news, and has no answer. Without a call under way none is sent before the next call.
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

/** Pings as gRPC sends them: not more often than every 10 s, whatever is asked for. */
export function pingsOf(timeMs: number, timeoutMs: number): Pings {
  return { timeMs: Math.max(LEAST_PING_MS, timeMs), timeoutMs }
}
