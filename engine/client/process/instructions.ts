// The work of a client is data, not a callback: a list of instructions, with a line and variables
// as its state. It can be shown, stepped, saved and searched. A console command is such a program
// too (engine/etcdctl).

import type {
  Bytes,
  Header,
  KeyValue,
  LeaseId,
  LeaseKeepAliveResponse,
  Reply,
  Request,
  WatchCreateRequest,
  WatchResponse,
} from '../../base/rpc'
import type { MutexRules } from '../../concurrency/mutex'

/** A lease ID, or the variable (`$name`) that an earlier `session` or `grant` filled. */
export type LeaseRef = LeaseId | `$${string}`

/** One line of a client's process. */
export type Instruction =
  /**
   * One unary call; its reply is signalled. A failure ends the program, unless it is to `carryOn`.
   * After `timeoutMs` the client gives up with its own DeadlineExceeded (code 4, "context deadline
   * exceeded"). With 0 it sends nothing; without it, it waits for ever. `endpoint` names the member
   * by its client URL.
   */
  | { op: 'call'; request: Request; timeoutMs?: number; endpoint?: string; carryOn?: boolean }
  /**
   * Sends status requests to the endpoints, one after the other, and makes the call to the first
   * leader. Every reply is signalled. The program ends where a request fails or no endpoint leads.
   * `timeoutMs` is for all calls together.
   */
  | { op: 'call-leader'; request: Request; timeoutMs: number; endpoints: readonly string[] }
  /**
   * Grants a lease and keeps it alive, as concurrency.NewSession does; `as` names the variable for
   * its ID. With `requireLeader` (WithRequireLeader in its context) the session is lost as soon as
   * its stream ends without a leader. The lease is still there (semantics §7.1, §10.12).
   */
  | { op: 'session'; ttlSeconds: number; as: string; requireLeader?: boolean }
  | { op: 'grant'; ttlSeconds: number; as: string }
  | { op: 'put'; key: Bytes; value: Bytes; lease?: LeaseRef }
  | { op: 'get'; key: Bytes }
  | { op: 'delete'; key: Bytes }
  | { op: 'revoke'; lease: LeaseRef }
  /** Starts or stops clientv3's KeepAlive loop for a lease and goes on. */
  | { op: 'heartbeat'; lease: LeaseRef; on: boolean }
  /**
   * Keeps a lease alive and signals every answer, until the loop's channel closes
   * (`etcdctl lease keep-alive`).
   */
  | { op: 'keep-alive'; lease: LeaseRef }
  /** Watches and signals every response, until the server cancels. */
  | { op: 'watch'; request: WatchCreateRequest }
  | { op: 'sleep'; ms: number }
  /**
   * concurrency.Mutex in its own session: signals `held` when the lock is taken. With `release` it
   * releases the lock at once and goes on. Without it holds until the session is lost or the client
   * is interrupted, which releases the lock. `rules`: those of the library's version, 3.4's where
   * absent. With `readsKey` it reads its own key once it holds, and signals the reply.
   */
  | {
      op: 'lock'
      name: Bytes
      ttlSeconds: number
      release: boolean
      rules?: MutexRules
      readsKey?: true
    }
  /**
   * concurrency.Election in its own session: signals `held` when it leads. It leads until the
   * session is lost or the client is interrupted, which resigns. `readsKey` as for `lock`.
   */
  | { op: 'campaign'; name: Bytes; value: Bytes; ttlSeconds: number; readsKey?: true }
  /**
   * Observes an election in its own session (which etcdctl grants and does not need): signals
   * `told` for every leader and every proclaimed value.
   */
  | { op: 'observe'; name: Bytes; ttlSeconds: number }

/** The instructions of a process, line by line. */
export type Instructions = readonly Instruction[]

/** The signals of a running process to its terminal, in order. */
export type Signal =
  | { type: 'reply'; line: number; reply: Reply }
  | { type: 'kept'; line: number; response: LeaseKeepAliveResponse }
  | { type: 'watched'; line: number; response: WatchResponse }
  /** The keep-alive loop's channel closed: the lease is gone, or no answer came for a whole TTL. */
  | { type: 'channel-closed'; line: number }
  /**
   * A lock is taken, or an election won: the own key, its create revision (the fencing token), and
   * the header of the response that reported it.
   */
  | { type: 'held'; line: number; key: Bytes; revision: number; header: Header }
  | { type: 'told'; line: number; header: Header; kv: KeyValue }
  /** The last instruction is done, or one failed (its reply was signalled before). */
  | { type: 'ended'; failed: boolean }
