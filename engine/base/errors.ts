import type { RpcError } from './rpc'

/**
 * gRPC's status codes that etcd uses.
 *
 * @example
 * expect(Code.NotFound).toBe(5)
 */
export const Code = {
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  OutOfRange: 11,
  Unavailable: 14,
} as const

const error = (code: number, message: string): RpcError =>
  Object.freeze({ type: 'error', code, message })
const server = (code: number, text: string): RpcError => error(code, `etcdserver: ${text}`)

/**
 * etcd's errors, with the names of api/v3rpc/rpctypes/error.go without their `ErrGRPC` (semantics
 * §4).
 */
export const errors = {
  EmptyKey: server(Code.InvalidArgument, 'key is not provided'),
  KeyNotFound: server(Code.InvalidArgument, 'key not found'),
  ValueProvided: server(Code.InvalidArgument, 'value is provided'),
  LeaseProvided: server(Code.InvalidArgument, 'lease is provided'),
  TooManyOps: server(Code.InvalidArgument, 'too many operations in txn request'),
  DuplicateKey: server(Code.InvalidArgument, 'duplicate key given in txn request'),
  RequestTooLarge: server(Code.InvalidArgument, 'request is too large'),
  MemberBadURLs: server(Code.InvalidArgument, 'given member URLs are invalid'),
  LeaseNotFound: server(Code.NotFound, 'requested lease not found'),
  MemberNotFound: server(Code.NotFound, 'member not found'),
  LeaseExist: server(Code.FailedPrecondition, 'lease already exists'),
  MemberExist: server(Code.FailedPrecondition, 'member ID already exist'),
  PeerURLExist: server(Code.FailedPrecondition, 'Peer URLs already exists'),
  MemberNotLearner: server(Code.FailedPrecondition, 'can only promote a learner member'),
  LearnerNotReady: server(
    Code.FailedPrecondition,
    'can only promote a learner member which is in sync with leader',
  ),
  TooManyLearners: server(Code.FailedPrecondition, 'too many learner members in cluster'),
  /** 3.6. Earlier releases use another code. */
  NotSupportedForLearner: server(Code.FailedPrecondition, 'rpc not supported for learner'),
  NotSupportedForLearnerUnavailable: server(Code.Unavailable, 'rpc not supported for learner'),
  NotLeader: server(Code.FailedPrecondition, 'not leader'),
  BadLeaderTransferee: server(Code.FailedPrecondition, 'bad leader transferee'),
  LeaseTTLTooLarge: server(Code.OutOfRange, 'too large lease TTL'),
  Compacted: server(Code.OutOfRange, 'mvcc: required revision has been compacted'),
  FutureRev: server(Code.OutOfRange, 'mvcc: required revision is a future revision'),
  NoLeader: server(Code.Unavailable, 'no leader'),
  LeaderChanged: server(Code.Unavailable, 'leader changed'),
  Timeout: server(Code.Unavailable, 'request timed out'),
  TimeoutDueToLeaderFail: server(
    Code.Unavailable,
    'request timed out, possibly due to previous leader failure',
  ),
  TimeoutDueToConnectionLost: server(
    Code.Unavailable,
    'request timed out, possibly due to connection lost',
  ),
  TimeoutWaitAppliedIndex: server(
    Code.Unavailable,
    'request timed out, waiting for the applied index took too long',
  ),
  Unhealthy: server(Code.Unavailable, 'unhealthy cluster'),
  Stopped: server(Code.Unavailable, 'server stopped'),
  NotEnoughStartedMembers: server(
    Code.Unknown,
    're-configuration failed due to not enough started members',
  ),
  /** The client's own deadline has passed. */
  DeadlineExceeded: error(Code.DeadlineExceeded, 'context deadline exceeded'),
  /** The client's own context was cancelled. */
  Canceled: error(Code.Canceled, 'context canceled'),
  /** The error of a client whose connection broke. */
  ConnectionClosed: error(Code.Unavailable, 'transport is closing'),
  /** The error of a call that waits for no connection (grpc-js 1.8.20). */
  NoConnection: error(Code.Unavailable, 'No connection established'),
  /** No leader could receive the proposal during the whole request timeout (3.4; semantics §4). */
  NeverProposed: error(Code.Unknown, 'context deadline exceeded'),
  /** A proposal during a leadership transfer. */
  ProposalDropped: error(Code.Unknown, 'raft proposal dropped'),
  /** lease/lessor.go: ErrNotPrimary, which etcd returns unchanged. */
  NotPrimary: error(Code.Unknown, 'not a primary lessor'),
  ElectionNoLeader: error(Code.Unknown, 'election: no leader'),
  ElectionNotLeader: error(Code.Unknown, 'election: not leader'),
  MissingLeaderKey: error(Code.Unknown, '"leader" field must be provided'),
  ObserveClosed: error(Code.Unknown, 'election: observe closed early'),
  /** The next two are not etcd's: they report what this model does not answer. */
  NotModelled: error(12, 'leasescope: this call is not modelled'),
  MemberPanics: error(
    12,
    'leasescope: etcd does not survive this: it puts a key with ignore_value or ignore_lease that the same transaction deletes',
  ),
  /** From 3.6 on. */
  InvalidSortOption: error(Code.InvalidArgument, 'etcdserver: invalid sort option'),
  /**
   * Not an answer of etcd: up to 3.5 the process panics on an unknown sort target and ends
   * (server/etcdserver/apply.go).
   */
  SortPanics: error(Code.Unknown, 'leasescope: unexpected sort target'),
  SessionExpired: error(Code.Unknown, 'mutex: session is expired'),
  LockReleased: error(Code.Unknown, 'mutex: lock has already been released'),
  LockedByAnother: error(Code.Unknown, 'mutex: Locked by another session'),
} as const

/**
 * The same message under code Unknown, as a concurrency service inside the server returns an error
 * (semantics §3.3, Lock with an unknown lease). A deadline keeps its code: the service receives it
 * as Go's own error (status.FromContextError).
 */
export function asUnknown(cause: RpcError): RpcError {
  return cause.code === Code.DeadlineExceeded ? cause : error(Code.Unknown, cause.message)
}
