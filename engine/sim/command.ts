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
 * `strict` answers as etcdctl does; `guided` also helps where people are commonly misled, and says
 * so in a note.
 */
export type ConsoleMode = 'strict' | 'guided'

/**
 * What a person or a script does to a run. A client that a command names and that does not exist
 * yet is started by it.
 */
export type Command =
  /**
   * Lines typed or pasted into a terminal: one command however many lines
   * (engine/etcdctl/shell.ts).
   */
  | { type: 'console'; terminal: ClientId; text: string; mode: ConsoleMode }
  /**
   * Ctrl-C in a terminal: stops what it runs in the foreground, or the job named. Unknown jobs are
   * ignored.
   */
  | { type: 'interrupt'; terminal: ClientId; job?: number }
  /** Starts a program in a client; one that is running already is stopped first. */
  | { type: 'program'; client: ClientId; program: Instructions }
  /**
   * Starts a program in its text form (client/program/parse.ts) in a client, in place of whatever
   * runs there.
   */
  | { type: 'script'; client: ClientId; source: string }
  /**
   * How a client's connections are kept alive from now on: milliseconds without news after which it
   * sends a ping, and for which it waits for the answer (clientv3.Config: DialKeepAliveTime,
   * DialKeepAliveTimeout). A time of 0 sends none. Without this command it is as the client's
   * library does: clientv3 sends none.
   */
  | { type: 'dial'; client: ClientId; keepAliveTimeMs: number; keepAliveTimeoutMs: number }
  /** A debugger's hand on a client that runs one; on any other it does nothing. */
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
  /** Closes such a stream; one that is not open is ignored. */
  | { type: 'close-stream'; client: ClientId; stream: string }
  /** Starts or stops a client's heartbeat for a lease. */
  | { type: 'heartbeat'; client: ClientId; lease: LeaseId; on: boolean }
  | { type: 'fault'; fault: Fault }
  /**
   * Takes a move that is not the first (sim/moves.ts), by the sequence number it is listed under;
   * with `machinery` after what of it is due before (sim/choose.ts).
   */
  | { type: 'take'; move: number; machinery?: Machinery }
  /**
   * Time passes until `until` (virtual ms), with `news` only until there is something new to choose
   * from, and nothing but the machinery moves: all else that is due by then stays to be chosen.
   */
  | { type: 'idle'; until: number; machinery: Machinery; news?: boolean }

/** A command that names what does not exist. `message` is a sentence that says what does. */
export interface Refusal {
  type: 'refused'
  message: string
}

/** What a run is made with, beside its seed. Times are virtual milliseconds. */
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
   * 0–499; where in its half second each member's expiry loop runs. Drawn from the seed when
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
   * Every message takes up to so many milliseconds longer, by the dice; of a hundred so many are
   * lost, doubled, overtaken (network/links.ts). None where absent.
   */
  jitterMs?: number
  lossPercent?: number
  duplicatePercent?: number
  reorderPercent?: number
  /** Milliseconds that a member's write to its disk takes; none where absent. */
  diskMs?: number
  /**
   * Whether the primary tells the others now and then how much of a long lease is left, so that a
   * new primary goes on from there; `persist` also writes it to the disk (semantics §1.12). Off
   * where absent.
   */
  checkpoint?: 'off' | 'on' | 'persist'
  /**
   * Milliseconds between two checkpoints of a lease, and how long a lease must be to have any:
   * etcd's 5 min where absent.
   */
  checkpointIntervalMs?: number
  /**
   * Entries that a member applies from one snapshot of Raft to the next, and how many before it it
   * keeps; etcd's own where absent (semantics §6.3).
   */
  snapshotCount?: number
  catchUpEntries?: number
  /** Rows of member/versions.ts that are set otherwise than the version has them. */
  differences?: Partial<Record<Difference, boolean>>
  /**
   * The member that a client without an endpoint asks: the first member, or any that is up, another
   * one after a failure. `first` where absent.
   */
  clientEndpoints?: 'first' | 'all'
  /**
   * By client: the library that its programs use, clientv3 for those that are not named. It decides
   * how leases are kept alive (client/libraries/).
   */
  libraries?: Readonly<Record<ClientId, Library>>
  /** The guarded resource refuses tokens lower than one it has seen, and writes without one. */
  checkTokens?: boolean
}

/**
 * What is meant where nothing is said: by a file of a story, a plain link, `leasescope api` and
 * `run`. All older ones that name no version mean 3.4.
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
