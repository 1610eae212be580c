// etcd's wire messages with etcd's own field names (api/etcdserverpb/rpc.proto,
// api/mvccpb/kv.proto, v3lockpb, v3electionpb). So an exchange recorded with a real etcd needs no
// translation. Types only. An absent optional field has the proto's default.
//
// Three things differ from the proto, all at the edges. Bytes are byte strings (base/bytes.ts). A
// lease ID is sixteen hex digits (base/int64.ts). Every other int64 is a plain number, clamped to
// ±2^53 when a request arrives.

/** A string with one character (0–255) for each byte, so that `<` is etcd's key order. */
export type Bytes = string
/** A lease ID as sixteen lower-case hex digits (two's complement); `NO_LEASE` means no lease. */
export type LeaseId = string & { readonly brand: 'LeaseId' }
/** The ID of a member or a cluster as sixteen lower-case hex digits (unsigned). */
export type MemberId = string & { readonly brand: 'MemberId' }

export const NO_LEASE = '0000000000000000' as LeaseId
/** The member ID that means no member, such as an unknown leader. */
export const NO_MEMBER = '0000000000000000' as MemberId

export interface Header {
  cluster_id: MemberId
  member_id: MemberId
  revision: number
  raft_term: number
}

/**
 * One version of a key. In a DELETE event only `key` and `mod_revision` are set; the rest has the
 * proto's defaults (semantics §2.7).
 */
export interface KeyValue {
  key: Bytes
  create_revision: number
  mod_revision: number
  version: number
  value: Bytes
  lease: LeaseId
}

export type SortOrder = 'NONE' | 'ASCEND' | 'DESCEND'
export type SortTarget = 'KEY' | 'VERSION' | 'CREATE' | 'MOD' | 'VALUE'
/** The number of an enum value that the proto does not define. */
export type UnknownEnum = number

export interface RangeRequest {
  type: 'Range'
  key: Bytes
  range_end?: Bytes
  limit?: number
  revision?: number
  sort_order?: SortOrder | UnknownEnum
  sort_target?: SortTarget | UnknownEnum
  serializable?: boolean
  keys_only?: boolean
  count_only?: boolean
  min_mod_revision?: number
  max_mod_revision?: number
  min_create_revision?: number
  max_create_revision?: number
}
export interface PutRequest {
  type: 'Put'
  key: Bytes
  value?: Bytes
  lease?: LeaseId
  prev_kv?: boolean
  ignore_value?: boolean
  ignore_lease?: boolean
}
export interface DeleteRangeRequest {
  type: 'DeleteRange'
  key: Bytes
  range_end?: Bytes
  prev_kv?: boolean
}
export interface Compare {
  key: Bytes
  range_end?: Bytes
  target?: 'VERSION' | 'CREATE' | 'MOD' | 'VALUE' | 'LEASE'
  result?: 'EQUAL' | 'GREATER' | 'LESS' | 'NOT_EQUAL'
  version?: number
  create_revision?: number
  mod_revision?: number
  value?: Bytes
  lease?: LeaseId
}
/** An operation whose oneof is not set: etcd refuses it with "key not found". */
export interface EmptyOp {
  type: 'Empty'
}
/**
 * One operation of a transaction; `type` replaces the proto's oneof (request_range, request_put,
 * …).
 */
export type RequestOp = RangeRequest | PutRequest | DeleteRangeRequest | TxnRequest | EmptyOp
export interface TxnRequest {
  type: 'Txn'
  compare?: Compare[]
  success?: RequestOp[]
  failure?: RequestOp[]
}
export interface CompactRequest {
  type: 'Compact'
  revision: number
  physical?: boolean
}
export interface LeaseGrantRequest {
  type: 'LeaseGrant'
  TTL: number
  ID?: LeaseId
}
export interface LeaseRevokeRequest {
  type: 'LeaseRevoke'
  ID: LeaseId
}
/** One request on a keep-alive stream. A unary caller sends one request and closes the stream. */
export interface LeaseKeepAliveRequest {
  type: 'LeaseKeepAlive'
  ID: LeaseId
}
export interface LeaseTimeToLiveRequest {
  type: 'LeaseTimeToLive'
  ID: LeaseId
  keys?: boolean
}
export interface LeaseLeasesRequest {
  type: 'LeaseLeases'
}
/** One message on a watch stream. */
export interface WatchCreateRequest {
  type: 'WatchCreate'
  key: Bytes
  range_end?: Bytes
  start_revision?: number
  progress_notify?: boolean
  filters?: ('NOPUT' | 'NODELETE')[]
  prev_kv?: boolean
  watch_id?: number
  fragment?: boolean
}
export interface WatchCancelRequest {
  type: 'WatchCancel'
  watch_id: number
}
export interface WatchProgressRequest {
  type: 'WatchProgress'
}
export interface LockRequest {
  type: 'Lock'
  name: Bytes
  lease?: LeaseId
}
export interface UnlockRequest {
  type: 'Unlock'
  key: Bytes
}
export interface LeaderKey {
  name?: Bytes
  key?: Bytes
  rev?: number
  lease?: LeaseId
}
export interface CampaignRequest {
  type: 'Campaign'
  name: Bytes
  lease?: LeaseId
  value?: Bytes
}
export interface ProclaimRequest {
  type: 'Proclaim'
  leader?: LeaderKey
  value?: Bytes
}
export interface LeaderRequest {
  type: 'Leader'
  name: Bytes
}
export interface ObserveRequest {
  type: 'Observe'
  name: Bytes
}
export interface ResignRequest {
  type: 'Resign'
  leader?: LeaderKey
}
export interface MemberListRequest {
  type: 'MemberList'
  /** From 3.5 on: read the list linearizably. 3.4 does not know the field. */
  linearizable?: boolean
}
export interface MemberAddRequest {
  type: 'MemberAdd'
  peerURLs: string[]
  isLearner?: boolean
}
export interface MemberRemoveRequest {
  type: 'MemberRemove'
  ID: MemberId
}
export interface MemberPromoteRequest {
  type: 'MemberPromote'
  ID: MemberId
}
export interface MemberUpdateRequest {
  type: 'MemberUpdate'
  ID: MemberId
  peerURLs: string[]
}
export interface StatusRequest {
  type: 'Status'
}
export interface MoveLeaderRequest {
  type: 'MoveLeader'
  targetID: MemberId
}

export type KvRequest = RangeRequest | PutRequest | DeleteRangeRequest | TxnRequest | CompactRequest
export type LeaseRequest =
  | LeaseGrantRequest
  | LeaseRevokeRequest
  | LeaseKeepAliveRequest
  | LeaseTimeToLiveRequest
  | LeaseLeasesRequest
export type WatchRequest = WatchCreateRequest | WatchCancelRequest | WatchProgressRequest
export type ConcurrencyRequest =
  | LockRequest
  | UnlockRequest
  | CampaignRequest
  | ProclaimRequest
  | LeaderRequest
  | ObserveRequest
  | ResignRequest
export type ClusterRequest =
  | MemberListRequest
  | MemberAddRequest
  | MemberRemoveRequest
  | MemberPromoteRequest
  | MemberUpdateRequest
  | StatusRequest
  | MoveLeaderRequest
/** The streaming RPCs. All are bidirectional except Observe, which takes one request. */
export type StreamCall = 'Watch' | 'LeaseKeepAlive' | 'Observe'
export type Request = KvRequest | LeaseRequest | WatchRequest | ConcurrencyRequest | ClusterRequest

export interface RangeResponse {
  type: 'Range'
  header: Header
  kvs: KeyValue[]
  more: boolean
  count: number
}
export interface PutResponse {
  type: 'Put'
  header: Header
  prev_kv?: KeyValue
}
export interface DeleteRangeResponse {
  type: 'DeleteRange'
  header: Header
  deleted: number
  prev_kvs: KeyValue[]
}
/**
 * A result inside a transaction. Its header has only the revision; a nested transaction has no
 * header (semantics §2.5).
 */
export type ResponseOp =
  | (Omit<RangeResponse, 'header'> & { revision: number })
  | (Omit<PutResponse, 'header'> & { revision: number })
  | (Omit<DeleteRangeResponse, 'header'> & { revision: number })
  | { type: 'Txn'; succeeded: boolean; responses: ResponseOp[] }
export interface TxnResponse {
  type: 'Txn'
  header: Header
  succeeded: boolean
  responses: ResponseOp[]
}
export interface CompactResponse {
  type: 'Compact'
  header: Header
}
export interface LeaseGrantResponse {
  type: 'LeaseGrant'
  header: Header
  ID: LeaseId
  TTL: number
}
export interface LeaseRevokeResponse {
  type: 'LeaseRevoke'
  header: Header
}
/** `TTL` 0 means that the lease does not exist. That is not an error (semantics §1.6). */
export interface LeaseKeepAliveResponse {
  type: 'LeaseKeepAlive'
  header: Header
  ID: LeaseId
  TTL: number
}
/** `TTL` −1 with `grantedTTL` 0 means that the lease is unknown (semantics §1.8). */
export interface LeaseTimeToLiveResponse {
  type: 'LeaseTimeToLive'
  header: Header
  ID: LeaseId
  TTL: number
  grantedTTL: number
  keys: Bytes[]
}
export interface LeaseLeasesResponse {
  type: 'LeaseLeases'
  header: Header
  leases: LeaseId[]
}
export interface WatchEvent {
  type: 'PUT' | 'DELETE'
  kv: KeyValue
  prev_kv?: KeyValue
}
export interface WatchResponse {
  type: 'Watch'
  header: Header
  watch_id: number
  created: boolean
  canceled: boolean
  compact_revision: number
  cancel_reason: string
  fragment: boolean
  events: WatchEvent[]
}
export interface LockResponse {
  type: 'Lock'
  header: Header
  key: Bytes
}
export interface UnlockResponse {
  type: 'Unlock'
  header: Header
}
export interface CampaignResponse {
  type: 'Campaign'
  header: Header
  leader: Required<LeaderKey>
}
export interface ProclaimResponse {
  type: 'Proclaim'
  header: Header
}
export interface LeaderResponse {
  type: 'Leader'
  header: Header
  kv: KeyValue
}
export interface ResignResponse {
  type: 'Resign'
  header: Header
}
export interface MemberInfo {
  ID: MemberId
  /** Empty until the member has started and published itself. */
  name: string
  peerURLs: string[]
  clientURLs: string[]
  isLearner: boolean
}
export interface MemberListResponse {
  type: 'MemberList'
  header: Header
  members: MemberInfo[]
}
export interface MemberChangeResponse {
  type: 'MemberAdd' | 'MemberRemove' | 'MemberPromote' | 'MemberUpdate'
  header: Header
  /** The added member; absent in the answers to other changes. */
  member?: MemberInfo
  members: MemberInfo[]
}
export interface StatusResponse {
  type: 'Status'
  header: Header
  version: string
  dbSize: number
  dbSizeInUse: number
  /** The leader's ID; all zeros for an unknown leader. */
  leader: MemberId
  raftIndex: number
  raftTerm: number
  raftAppliedIndex: number
  errors: string[]
  isLearner: boolean
  /** From 3.6 on; absent before. The quota is in bytes. */
  storageVersion?: string
  dbSizeQuota?: number
  /** Empty if no downgrade is in progress. */
  downgradeInfo?: { enabled?: true; targetVersion?: string }
}
export interface MoveLeaderResponse {
  type: 'MoveLeader'
}

/**
 * Errors that a user can meet are values, with etcd's own codes and messages (base/errors.ts,
 * semantics §4).
 */
export interface RpcError {
  type: 'error'
  code: number
  message: string
}

export type Response =
  | RangeResponse
  | PutResponse
  | DeleteRangeResponse
  | TxnResponse
  | CompactResponse
  | LeaseGrantResponse
  | LeaseRevokeResponse
  | LeaseKeepAliveResponse
  | LeaseTimeToLiveResponse
  | LeaseLeasesResponse
  | WatchResponse
  | LockResponse
  | UnlockResponse
  | CampaignResponse
  | ProclaimResponse
  | LeaderResponse
  | ResignResponse
  | MemberListResponse
  | MemberChangeResponse
  | StatusResponse
  | MoveLeaderResponse
export type Reply = Response | RpcError
