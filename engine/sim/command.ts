import type { EtcdVersion } from '../base/etcd-versions'
import type { Library } from '../base/libraries'
import type { LeaseId, Request, StreamCall } from '../base/rpc'
import type { ClientId, MemberName } from '../base/trace'
import type { Control } from '../client/control'
import type { Instructions } from '../client/process/instructions'
import type { Difference } from '../member/versions'
import type { Fault } from '../network/fault'
import type { Machinery } from './choose'

export type { Fault } from '../network/fault'

/**
 * `strict` answers as etcdctl does. `guided` also helps where people are commonly misled, with a
 * note.
 */
export type ConsoleMode = 'strict' | 'guided'

/**
 * A command of a person or a script to a run. An unknown client that a command names is started.
 */
export type Command =
  /**
   * Lines typed or pasted into a terminal: one command, however many lines
   * (engine/etcdctl/shell.ts).
   */
  | { type: 'console'; terminal: ClientId; text: string; mode: ConsoleMode }
  /**
   * Ctrl-C in a terminal: stops the foreground process, or the job named. Unknown jobs are ignored.
   */
  | { type: 'interrupt'; terminal: ClientId; job?: number }
  /** Starts a program in a client; a running program is stopped first. */
  | { type: 'program'; client: ClientId; program: Instructions }
  /**
   * Starts a program in its text form (client/program/parse.ts) in a client, in place of any
   * running program.
   */
  | { type: 'script'; client: ClientId; source: string }
  /**
   * Sets the pings of a client's connections: milliseconds of silence before a ping, and
   * milliseconds to wait for its answer (clientv3.Config: DialKeepAliveTime, DialKeepAliveTimeout).
   * A time of 0 sends none. Without this command the client's library decides: clientv3 sends none.
   */
  | { type: 'dial'; client: ClientId; keepAliveTimeMs: number; keepAliveTimeoutMs: number }
  /** A debugger's control of a client with a running program; ignored for any other client. */
  | { type: 'control'; client: ClientId; control: Control }
  /** One call by hand, to the member named or the client's own. */
  | { type: 'request'; client: ClientId; request: Request; member?: MemberName }
  /**
   * Ends the context of a `request`. `rpc` is the number in its `request-sent` event. The client
   * ignores the answer, and the member closes the watch. Other numbers are ignored.
   */
  | { type: 'cancel'; client: ClientId; rpc: number }
  /**
   * Opens a gRPC stream by hand, to the member named or the client's own. An open stream of that
   * name is closed first.
   */
  | {
      type: 'open-stream'
      client: ClientId
      stream: string
      call: StreamCall
      member?: MemberName
      requiresLeader?: boolean
    }
  /** One message on such a stream; nothing is sent where it is not open. */
  | { type: 'send-on-stream'; client: ClientId; stream: string; request: Request }
  /** Closes such a stream; a closed stream is ignored. */
  | { type: 'close-stream'; client: ClientId; stream: string }
  /** Starts or stops a client's heartbeat for a lease. */
  | { type: 'heartbeat'; client: ClientId; lease: LeaseId; on: boolean }
  | { type: 'fault'; fault: Fault }
  /**
   * Takes a move that is not the first (sim/moves.ts), by its sequence number in the list. With
   * `machinery`, internal moves due before it are taken first (sim/choose.ts).
   */
  | { type: 'take'; move: number; machinery?: Machinery }
  /**
   * Time passes until `until` (virtual ms) and only internal moves are taken. With `news` this
   * stops at the first new choice. All other moves due by then stay to be chosen.
   */
  | { type: 'idle'; until: number; machinery: Machinery; news?: boolean }

/** A command that names something unknown. `message` is a sentence that lists the known names. */
export interface Refusal {
  type: 'refused'
  message: string
}

/** The configuration of a run, beside its seed. Times are virtual milliseconds. */
export interface Config {
  /** How many members: 1, 3, 5 or 7. */
  members: number
  /** The version whose behaviour is modelled (member/versions.ts). */
  etcd: EtcdVersion
  /** Milliseconds: raft's tick. */
  heartbeatMs: number
  /** Milliseconds: the election timeout; decides the least TTL (semantics §1.3). */
  electionMs: number
  /**
   * 0–499: the place of each member's expiry loop within its half second. Drawn from the seed when
   * absent.
   */
  expiryPhaseMs?: number
  /** `elected`: before time 0 the cluster has run until m1 leads and all have applied. */
  boot: 'elected' | 'cold'
  /** Milliseconds that a message between client and member takes, each way. */
  latencyMs: number
  /** The same between members; a client's where absent. */
  peerLatencyMs?: number
  /**
   * Random delays and faults of messages: the largest extra delay in milliseconds, and the
   * percentages that are lost, doubled or overtaken (network/links.ts). None where absent.
   */
  jitterMs?: number
  lossPercent?: number
  duplicatePercent?: number
  reorderPercent?: number
  /** Milliseconds that a member's write to its disk takes; none where absent. */
  diskMs?: number
  /**
   * Whether the primary sends checkpoints (remaining TTL) of long leases to the other members, so
   * that a new primary continues from them. `persist` also writes them to the disk (semantics
   * §1.12). Off where absent.
   */
  checkpoint?: 'off' | 'on' | 'persist'
  /**
   * Milliseconds between two checkpoints of a lease, and the least TTL of a lease with checkpoints;
   * etcd's 5 min where absent.
   */
  checkpointIntervalMs?: number
  /**
   * The entries that a member applies between two snapshots of Raft, and the entries before a
   * snapshot that it keeps. etcd's own numbers where absent (semantics §6.3).
   */
  snapshotCount?: number
  catchUpEntries?: number
  /** Rows of member/versions.ts that differ from the version. */
  differences?: Partial<Record<Difference, boolean>>
  /**
   * The member that a client without an endpoint calls: the first member, or any member that is up,
   * with a switch after a failure. `first` where absent.
   */
  clientEndpoints?: 'first' | 'all'
  /**
   * By client: the library of its programs; clientv3 for clients without an entry. It decides how
   * leases are kept alive (client/libraries/).
   */
  libraries?: Readonly<Record<ClientId, Library>>
  /** The guarded resource refuses tokens lower than one it has seen, and writes without one. */
  checkTokens?: boolean
}

/**
 * The configuration of a story's file, a plain link, `leasescope api` and `run` that set nothing.
 * Older files and links name no version and mean 3.4.
 *
 * @example
 * expect(DEFAULT_CONFIG.etcd).toBe('3.4')
 */
export const DEFAULT_CONFIG: Config = {
  members: 1,
  etcd: '3.4',
  heartbeatMs: 100,
  electionMs: 1000,
  boot: 'elected',
  latencyMs: 1,
}

/**
 * A new run: that of `new Cluster()` and the page's own.
 *
 * @example
 * expect(NEW_RUN_CONFIG.etcd).toBe('3.6')
 */
export const NEW_RUN_CONFIG: Config = { ...DEFAULT_CONFIG, etcd: '3.6' }
