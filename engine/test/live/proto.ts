// Just enough of protobuf to talk to etcd over gRPC, from and to the normal form of the recordings:
// etcd's field names, bytes as strings, int64 as numbers where they are safe and as decimal strings
// where not, of headers the revision alone, defaults left out. Written from rpc.proto, kv.proto,
// v3lock.proto and v3election.proto; the engine's own sizes (engine/member/message-size.ts) are
// held against it.

/** A message in normal form. */
export type Plain = { [field: string]: unknown }

type Scalar = 'bytes' | 'string' | 'int' | 'uint' | 'bool'
type Kind = Scalar | readonly string[] | { message: string }
interface Field {
  number: number
  name: string
  kind: Kind
  repeated: boolean
  oneof: boolean
}

const ENUMS: Record<string, readonly string[]> = {
  SortOrder: ['NONE', 'ASCEND', 'DESCEND'],
  SortTarget: ['KEY', 'VERSION', 'CREATE', 'MOD', 'VALUE'],
  CompareResult: ['EQUAL', 'GREATER', 'LESS', 'NOT_EQUAL'],
  CompareTarget: ['VERSION', 'CREATE', 'MOD', 'VALUE', 'LEASE'],
  EventType: ['PUT', 'DELETE'],
  Filter: ['NOPUT', 'NODELETE'],
}

// `NUMBER name:kind`; `*` marks a list, `?` a member of a oneof.
const SOURCES: Record<string, string> = {
  Header: '1 cluster_id:uint 2 member_id:uint 3 revision:int 4 raft_term:uint',
  KeyValue:
    '1 key:bytes 2 create_revision:int 3 mod_revision:int 4 version:int 5 value:bytes 6 lease:int',
  Event: '1 type:EventType 2 kv:KeyValue 3 prev_kv:KeyValue',
  RangeRequest:
    '1 key:bytes 2 range_end:bytes 3 limit:int 4 revision:int 5 sort_order:SortOrder 6 sort_target:SortTarget 7 serializable:bool 8 keys_only:bool 9 count_only:bool ' +
    '10 min_mod_revision:int 11 max_mod_revision:int 12 min_create_revision:int 13 max_create_revision:int',
  RangeResponse: '1 header:Header 2 kvs:KeyValue* 3 more:bool 4 count:int',
  PutRequest:
    '1 key:bytes 2 value:bytes 3 lease:int 4 prev_kv:bool 5 ignore_value:bool 6 ignore_lease:bool',
  PutResponse: '1 header:Header 2 prev_kv:KeyValue',
  DeleteRangeRequest: '1 key:bytes 2 range_end:bytes 3 prev_kv:bool',
  DeleteRangeResponse: '1 header:Header 2 deleted:int 3 prev_kvs:KeyValue*',
  RequestOp:
    '1 request_range:RangeRequest? 2 request_put:PutRequest? 3 request_delete_range:DeleteRangeRequest? 4 request_txn:TxnRequest?',
  ResponseOp:
    '1 response_range:RangeResponse? 2 response_put:PutResponse? 3 response_delete_range:DeleteRangeResponse? 4 response_txn:TxnResponse?',
  Compare:
    '1 result:CompareResult 2 target:CompareTarget 3 key:bytes 4 version:int? 5 create_revision:int? 6 mod_revision:int? 7 value:bytes? 8 lease:int? 64 range_end:bytes',
  TxnRequest: '1 compare:Compare* 2 success:RequestOp* 3 failure:RequestOp*',
  TxnResponse: '1 header:Header 2 succeeded:bool 3 responses:ResponseOp*',
  CompactionRequest: '1 revision:int 2 physical:bool',
  CompactionResponse: '1 header:Header',
  LeaseGrantRequest: '1 TTL:int 2 ID:int',
  LeaseGrantResponse: '1 header:Header 2 ID:int 3 TTL:int 4 error:string',
  LeaseRevokeRequest: '1 ID:int',
  LeaseRevokeResponse: '1 header:Header',
  LeaseKeepAliveRequest: '1 ID:int',
  LeaseKeepAliveResponse: '1 header:Header 2 ID:int 3 TTL:int',
  LeaseTimeToLiveRequest: '1 ID:int 2 keys:bool',
  LeaseTimeToLiveResponse: '1 header:Header 2 ID:int 3 TTL:int 4 grantedTTL:int 5 keys:bytes*',
  LeaseLeasesRequest: '',
  LeaseStatus: '1 ID:int',
  LeaseLeasesResponse: '1 header:Header 2 leases:LeaseStatus*',
  WatchRequest:
    '1 create_request:WatchCreateRequest? 2 cancel_request:WatchCancelRequest? 3 progress_request:WatchProgressRequest?',
  WatchCreateRequest:
    '1 key:bytes 2 range_end:bytes 3 start_revision:int 4 progress_notify:bool 5 filters:Filter* 6 prev_kv:bool 7 watch_id:int 8 fragment:bool',
  WatchCancelRequest: '1 watch_id:int',
  WatchProgressRequest: '',
  WatchResponse:
    '1 header:Header 2 watch_id:int 3 created:bool 4 canceled:bool 5 compact_revision:int 6 cancel_reason:string 7 fragment:bool 11 events:Event*',
  LockRequest: '1 name:bytes 2 lease:int',
  LockResponse: '1 header:Header 2 key:bytes',
  UnlockRequest: '1 key:bytes',
  UnlockResponse: '1 header:Header',
  LeaderKey: '1 name:bytes 2 key:bytes 3 rev:int 4 lease:int',
  CampaignRequest: '1 name:bytes 2 lease:int 3 value:bytes',
  CampaignResponse: '1 header:Header 2 leader:LeaderKey',
  ProclaimRequest: '1 leader:LeaderKey 2 value:bytes',
  ProclaimResponse: '1 header:Header',
  LeaderRequest: '1 name:bytes',
  LeaderResponse: '1 header:Header 2 kv:KeyValue',
  ResignRequest: '1 leader:LeaderKey',
  ResignResponse: '1 header:Header',
  Member: '1 ID:uint 2 name:string 3 peerURLs:string* 4 clientURLs:string* 5 isLearner:bool',
  MemberListRequest: '',
  MemberListResponse: '1 header:Header 2 members:Member*',
  MemberAddRequest: '1 peerURLs:string* 2 isLearner:bool',
  MemberAddResponse: '1 header:Header 2 member:Member 3 members:Member*',
  MemberRemoveRequest: '1 ID:uint',
  MemberPromoteRequest: '1 ID:uint',
  MemberUpdateRequest: '1 ID:uint 2 peerURLs:string*',
  MemberChangeResponse: '1 header:Header 2 members:Member*',
  StatusRequest: '',
  StatusResponse:
    '1 header:Header 2 version:string 3 dbSize:int 4 leader:uint 5 raftIndex:uint 6 raftTerm:uint 7 raftAppliedIndex:uint 8 errors:string* 9 dbSizeInUse:int 10 isLearner:bool',
  MoveLeaderRequest: '1 targetID:uint',
  MoveLeaderResponse: '',
}
const SCALARS: ReadonlySet<string> = new Set(['bytes', 'string', 'int', 'uint', 'bool'])

const MESSAGES = new Map<string, Field[]>(
  Object.entries(SOURCES).map(([message, source]) => [
    message,
    [...source.matchAll(/(\d+) (\w+):(\w+)([*?]?)/g)].map(
      ([, number, name, kind, mark]): Field => ({
        number: Number(number),
        name: name!,
        kind: SCALARS.has(kind!) ? (kind as Scalar) : (ENUMS[kind!] ?? { message: kind! }),
        repeated: mark === '*',
        oneof: mark === '?',
      }),
    ),
  ]),
)

function fieldsOf(message: string): Field[] {
  const fields = MESSAGES.get(message)
  if (fields === undefined) throw new Error(`no message ${message}`)
  return fields
}

/** The bytes of a message. Fields that the message does not have are refused. */
export function encode(message: string, plain: Plain): Buffer {
  const fields = fieldsOf(message)
  for (const name of Object.keys(plain)) {
    if (!fields.some((field) => field.name === name))
      throw new Error(`${message} has no field ${name}`)
  }
  const parts: Buffer[] = []
  for (const field of fields) {
    const value = plain[field.name]
    if (value === undefined) continue
    if (!field.repeated) parts.push(encodeField(field, value))
    else if (typeof field.kind === 'object' && !Array.isArray(field.kind)) {
      for (const item of value as unknown[])
        parts.push(encodeField({ ...field, oneof: true }, item))
    } else if (field.kind === 'string' || field.kind === 'bytes') {
      for (const item of value as unknown[])
        parts.push(encodeField({ ...field, oneof: true }, item))
    } else {
      // A list of numbers is packed.
      const packed = Buffer.concat(
        (value as unknown[]).map((item) => varint(numberOf(field, item))),
      )
      if (packed.length > 0)
        parts.push(varint(tag(field.number, 2)), varint(BigInt(packed.length)), packed)
    }
  }
  return Buffer.concat(parts)
}

function encodeField(field: Field, value: unknown): Buffer {
  const { kind, number, oneof } = field
  if (typeof kind === 'object' && 'message' in kind)
    return delimited(number, encode(kind.message, value as Plain))
  if (kind === 'bytes' || kind === 'string') {
    const bytes = Buffer.from(value as string, 'utf8')
    return bytes.length === 0 && !oneof ? Buffer.alloc(0) : delimited(number, bytes)
  }
  const n = numberOf(field, value)
  return n === 0n && !oneof ? Buffer.alloc(0) : Buffer.concat([varint(tag(number, 0)), varint(n)])
}

function numberOf({ kind, name }: Field, value: unknown): bigint {
  if (kind === 'bool') return value === true ? 1n : 0n
  if (Array.isArray(kind)) {
    const at = kind.indexOf(value as string)
    if (at < 0) throw new Error(`${name} is none of ${kind.join(', ')}: ${String(value)}`)
    return BigInt(at)
  }
  return BigInt(value as number | string)
}

/** The message that the bytes are, in normal form. */
export function decode(message: string, bytes: Buffer): Plain {
  const out: Plain = {}
  const fields = fieldsOf(message)
  for (let at = 0; at < bytes.length; ) {
    const [key, afterKey] = readVarint(bytes, at)
    const number = Number(key >> 3n)
    const wire = Number(key & 7n)
    const field = fields.find((other) => other.number === number)
    if (wire === 0) {
      const [value, next] = readVarint(bytes, afterKey)
      at = next
      if (field !== undefined) put(out, field, scalar(field, value))
    } else if (wire === 2) {
      const [length, start] = readVarint(bytes, afterKey)
      at = start + Number(length)
      const content = bytes.subarray(start, at)
      if (field === undefined) continue
      const { kind } = field
      if (typeof kind === 'object' && 'message' in kind)
        put(out, field, decode(kind.message, content))
      else put(out, field, content.toString('utf8'))
    } else throw new Error(`${message}: wire type ${wire} of field ${number}`)
  }
  if (message === 'Header') return out.revision === undefined ? {} : { revision: out.revision }
  return out
}

function scalar({ kind }: Field, value: bigint): unknown {
  if (kind === 'bool') return value !== 0n
  if (Array.isArray(kind)) return kind[Number(value)] ?? Number(value)
  const n = kind === 'uint' ? value : BigInt.asIntN(64, value)
  const safe = Number(n)
  return Number.isSafeInteger(safe) ? safe : n.toString()
}

function put(out: Plain, { name, repeated }: Field, value: unknown): void {
  if (!repeated) out[name] = value
  else out[name] = [...((out[name] as unknown[] | undefined) ?? []), value]
}

function tag(number: number, wire: number): bigint {
  return BigInt(number * 8 + wire)
}

function delimited(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint(tag(number, 2)), varint(BigInt(content.length)), content])
}

function varint(n: bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, n)
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Buffer.from(bytes)
}

function readVarint(bytes: Buffer, from: number): [bigint, number] {
  let value = 0n
  for (let at = from, shift = 0n; ; at++, shift += 7n) {
    const byte = bytes[at]
    if (byte === undefined) throw new Error('a varint without an end')
    value |= BigInt(byte & 127) << shift
    if (byte < 128) return [value, at + 1]
  }
}
