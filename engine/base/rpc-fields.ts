// The fields of etcd's wire messages: number, name, kind (rpc.proto, kv.proto, v3lock.proto,
// v3election.proto). Whatever reads, checks, measures or encodes a message goes by this table.
// A test holds it against the descriptors of etcd itself, and against the types of rpc.ts.

import type { Request, Response } from './rpc'

/**
 * `NUMBER name:kind` for each field. `lease` is an int64 and `member` a uint64, both hex digits in
 * the engine. Another word is an enum or a message. `*` marks a list, `?` a member of a oneof, and
 * `!` a field that the engine's form always has.
 */
export const MESSAGES = {
  ResponseHeader: '1 cluster_id:member! 2 member_id:member! 3 revision:int! 4 raft_term:uint!',
  KeyValue: `1 key:bytes! 2 create_revision:int! 3 mod_revision:int! 4 version:int! 5 value:bytes!
    6 lease:lease!`,
  Event: '1 type:EventType! 2 kv:KeyValue! 3 prev_kv:KeyValue',
  RangeRequest: `1 key:bytes! 2 range_end:bytes 3 limit:int 4 revision:int 5 sort_order:SortOrder
    6 sort_target:SortTarget 7 serializable:bool 8 keys_only:bool 9 count_only:bool
    10 min_mod_revision:int 11 max_mod_revision:int 12 min_create_revision:int
    13 max_create_revision:int`,
  RangeResponse: '1 header:ResponseHeader! 2 kvs:KeyValue*! 3 more:bool! 4 count:int!',
  PutRequest: `1 key:bytes! 2 value:bytes 3 lease:lease 4 prev_kv:bool 5 ignore_value:bool
    6 ignore_lease:bool`,
  PutResponse: '1 header:ResponseHeader! 2 prev_kv:KeyValue',
  DeleteRangeRequest: '1 key:bytes! 2 range_end:bytes 3 prev_kv:bool',
  DeleteRangeResponse: '1 header:ResponseHeader! 2 deleted:int! 3 prev_kvs:KeyValue*!',
  RequestOp: `1 request_range:RangeRequest? 2 request_put:PutRequest?
    3 request_delete_range:DeleteRangeRequest? 4 request_txn:TxnRequest?`,
  ResponseOp: `1 response_range:RangeResponse? 2 response_put:PutResponse?
    3 response_delete_range:DeleteRangeResponse? 4 response_txn:TxnResponse?`,
  Compare: `1 result:CompareResult 2 target:CompareTarget 3 key:bytes! 4 version:int?
    5 create_revision:int? 6 mod_revision:int? 7 value:bytes? 8 lease:lease? 64 range_end:bytes`,
  TxnRequest: '1 compare:Compare* 2 success:RequestOp* 3 failure:RequestOp*',
  TxnResponse: '1 header:ResponseHeader! 2 succeeded:bool! 3 responses:ResponseOp*!',
  CompactionRequest: '1 revision:int! 2 physical:bool',
  CompactionResponse: '1 header:ResponseHeader!',
  LeaseGrantRequest: '1 TTL:int! 2 ID:lease',
  LeaseGrantResponse: '1 header:ResponseHeader! 2 ID:lease! 3 TTL:int! 4 error:string',
  LeaseRevokeRequest: '1 ID:lease!',
  LeaseRevokeResponse: '1 header:ResponseHeader!',
  LeaseKeepAliveRequest: '1 ID:lease!',
  LeaseKeepAliveResponse: '1 header:ResponseHeader! 2 ID:lease! 3 TTL:int!',
  LeaseTimeToLiveRequest: '1 ID:lease! 2 keys:bool',
  LeaseTimeToLiveResponse: `1 header:ResponseHeader! 2 ID:lease! 3 TTL:int! 4 grantedTTL:int!
    5 keys:bytes*!`,
  LeaseLeasesRequest: '',
  LeaseStatus: '1 ID:lease!',
  LeaseLeasesResponse: '1 header:ResponseHeader! 2 leases:LeaseStatus*!',
  WatchRequest: `1 create_request:WatchCreateRequest? 2 cancel_request:WatchCancelRequest?
    3 progress_request:WatchProgressRequest?`,
  WatchCreateRequest: `1 key:bytes! 2 range_end:bytes 3 start_revision:int 4 progress_notify:bool
    5 filters:FilterType* 6 prev_kv:bool 7 watch_id:int 8 fragment:bool`,
  WatchCancelRequest: '1 watch_id:int!',
  WatchProgressRequest: '',
  WatchResponse: `1 header:ResponseHeader! 2 watch_id:int! 3 created:bool! 4 canceled:bool!
    5 compact_revision:int! 6 cancel_reason:string! 7 fragment:bool! 11 events:Event*!`,
  LockRequest: '1 name:bytes! 2 lease:lease',
  LockResponse: '1 header:ResponseHeader! 2 key:bytes!',
  UnlockRequest: '1 key:bytes!',
  UnlockResponse: '1 header:ResponseHeader!',
  LeaderKey: '1 name:bytes 2 key:bytes 3 rev:int 4 lease:lease',
  CampaignRequest: '1 name:bytes! 2 lease:lease 3 value:bytes',
  CampaignResponse: '1 header:ResponseHeader! 2 leader:LeaderKey!',
  ProclaimRequest: '1 leader:LeaderKey 2 value:bytes',
  ProclaimResponse: '1 header:ResponseHeader!',
  LeaderRequest: '1 name:bytes!',
  LeaderResponse: '1 header:ResponseHeader! 2 kv:KeyValue!',
  ResignRequest: '1 leader:LeaderKey',
  ResignResponse: '1 header:ResponseHeader!',
  Member: '1 ID:member! 2 name:string! 3 peerURLs:string*! 4 clientURLs:string*! 5 isLearner:bool!',
  MemberListRequest: '1 linearizable:bool',
  MemberListResponse: '1 header:ResponseHeader! 2 members:Member*!',
  MemberAddRequest: '1 peerURLs:string*! 2 isLearner:bool',
  MemberAddResponse: '1 header:ResponseHeader! 2 member:Member 3 members:Member*!',
  MemberRemoveRequest: '1 ID:member!',
  MemberRemoveResponse: '1 header:ResponseHeader! 2 members:Member*!',
  MemberPromoteRequest: '1 ID:member!',
  MemberPromoteResponse: '1 header:ResponseHeader! 2 members:Member*!',
  MemberUpdateRequest: '1 ID:member! 2 peerURLs:string*!',
  MemberUpdateResponse: '1 header:ResponseHeader! 2 members:Member*!',
  StatusRequest: '',
  StatusResponse: `1 header:ResponseHeader! 2 version:string! 3 dbSize:int! 4 leader:member!
    5 raftIndex:uint! 6 raftTerm:uint! 7 raftAppliedIndex:uint! 8 errors:string*! 9 dbSizeInUse:int!
    10 isLearner:bool! 11 storageVersion:string 12 dbSizeQuota:int 13 downgradeInfo:DowngradeInfo`,
  DowngradeInfo: '1 enabled:bool 2 targetVersion:string',
  MoveLeaderRequest: '1 targetID:member!',
  MoveLeaderResponse: '1 header:ResponseHeader',
} as const
export type MessageName = keyof typeof MESSAGES

/** The values of each enum, in the order of their numbers. */
export const ENUMS = {
  SortOrder: ['NONE', 'ASCEND', 'DESCEND'],
  SortTarget: ['KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE'],
  CompareResult: ['EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL'],
  CompareTarget: ['VERSION', 'CREATE', 'MOD', 'VALUE', 'LEASE'],
  EventType: ['PUT', 'DELETE'],
  FilterType: ['NOPUT', 'NODELETE'],
} as const
export type EnumName = keyof typeof ENUMS

/** Enums whose unnamed numbers the engine knows as well: `UnknownEnum` in rpc.ts. */
const OPEN: readonly string[] = ['SortOrder', 'SortTarget']

/** The message of each request. Those of a watch stream are inside `WatchRequest`. */
export const REQUESTS = {
  Range: 'RangeRequest',
  Put: 'PutRequest',
  DeleteRange: 'DeleteRangeRequest',
  Txn: 'TxnRequest',
  Compact: 'CompactionRequest',
  LeaseGrant: 'LeaseGrantRequest',
  LeaseRevoke: 'LeaseRevokeRequest',
  LeaseKeepAlive: 'LeaseKeepAliveRequest',
  LeaseTimeToLive: 'LeaseTimeToLiveRequest',
  LeaseLeases: 'LeaseLeasesRequest',
  Lock: 'LockRequest',
  Unlock: 'UnlockRequest',
  Campaign: 'CampaignRequest',
  Proclaim: 'ProclaimRequest',
  Leader: 'LeaderRequest',
  Observe: 'LeaderRequest',
  Resign: 'ResignRequest',
  MemberList: 'MemberListRequest',
  MemberAdd: 'MemberAddRequest',
  MemberRemove: 'MemberRemoveRequest',
  MemberPromote: 'MemberPromoteRequest',
  MemberUpdate: 'MemberUpdateRequest',
  Status: 'StatusRequest',
  MoveLeader: 'MoveLeaderRequest',
  WatchCreate: 'WatchCreateRequest',
  WatchCancel: 'WatchCancelRequest',
  WatchProgress: 'WatchProgressRequest',
} as const satisfies Record<Request['type'], MessageName>

/** The message of a response. */
export function responseMessage(type: Response['type']): MessageName {
  return type === 'Compact' ? 'CompactionResponse' : `${type}Response`
}

export type Scalar = 'bytes' | 'string' | 'int' | 'uint' | 'bool' | 'lease' | 'member'

/** One field. */
export type Field = {
  number: number
  name: string
  isList: boolean
  isOneof: boolean
  /** The engine's form always has it; where the message has not, its default. */
  isAlways: boolean
} & (
  | { kind: Scalar }
  | { kind: 'enum'; values: readonly string[]; isOpen: boolean }
  | { kind: 'message'; of: MessageName }
)

const FIELDS = new Map(
  Object.entries(MESSAGES).map(([message, text]) => [message, [...fieldsIn(text)]]),
)

/** The fields of a message by number, least first. */
export function fieldsOf(message: MessageName): readonly Field[] {
  return FIELDS.get(message)!
}

function* fieldsIn(text: string): Generator<Field> {
  for (const [, number, name, kind, marks] of text.matchAll(/(\d+) (\w+):(\w+)([*?!]*)/g))
    yield {
      number: Number(number),
      name: name!,
      isList: marks!.includes('*'),
      isOneof: marks!.includes('?'),
      isAlways: marks!.includes('!'),
      ...kindOf(kind!),
    }
}

function kindOf(word: string) {
  if (Object.hasOwn(ENUMS, word)) {
    const values: readonly string[] = ENUMS[word as EnumName]
    return { kind: 'enum', values, isOpen: OPEN.includes(word) } as const
  }
  return Object.hasOwn(MESSAGES, word)
    ? ({ kind: 'message', of: word as MessageName } as const)
    : { kind: word as Scalar }
}
