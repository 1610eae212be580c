// The size of a message in protobuf. etcd refuses a request over 1.5 MiB and gRPC one over 2 MiB,
// both by the encoded size (semantics §2.3), and a fragmented watch splits its responses by it. The
// tables name the fields by their numbers in rpc.proto, kv.proto, v3lock.proto and
// v3election.proto.

import { clamp } from '../base/int64'
import type { KeyValue, Request, RequestOp, WatchEvent, WatchResponse } from '../base/rpc'

/** Bytes; etcd's --max-request-bytes: a larger entry is not proposed. */
export const MAX_REQUEST_BYTES = 1.5 * 1024 * 1024
/**
 * Bytes: gRPC's limit for a request, and the maximum size of a fragment of a watch response
 * (etcdserver/api/v3rpc/grpc.go: grpcOverheadBytes).
 */
export const MAX_MESSAGE_BYTES = MAX_REQUEST_BYTES + 512 * 1024

/**
 * `id` is a 64-bit ID in hex digits; `enum X` is an enum whose zero is X; a `oneof` number or byte
 * string is encoded even if it is zero.
 */
type Kind =
  | 'bytes'
  | 'int'
  | 'bool'
  | 'id'
  | 'strings'
  | 'oneof-int'
  | 'oneof-bytes'
  | 'oneof-id'
  | `enum ${string}`
  | ((message: never) => number)
type Table = readonly (readonly [number: number, name: string, kind: Kind])[]

const RANGE: Table = [
  [1, 'key', 'bytes'],
  [2, 'range_end', 'bytes'],
  [3, 'limit', 'int'],
  [4, 'revision', 'int'],
  [5, 'sort_order', 'enum NONE'],
  [6, 'sort_target', 'enum KEY'],
  [7, 'serializable', 'bool'],
  [8, 'keys_only', 'bool'],
  [9, 'count_only', 'bool'],
  [10, 'min_mod_revision', 'int'],
  [11, 'max_mod_revision', 'int'],
  [12, 'min_create_revision', 'int'],
  [13, 'max_create_revision', 'int'],
]
const PUT: Table = [
  [1, 'key', 'bytes'],
  [2, 'value', 'bytes'],
  [3, 'lease', 'id'],
  [4, 'prev_kv', 'bool'],
  [5, 'ignore_value', 'bool'],
  [6, 'ignore_lease', 'bool'],
]
const DELETE_RANGE: Table = [
  [1, 'key', 'bytes'],
  [2, 'range_end', 'bytes'],
  [3, 'prev_kv', 'bool'],
]
const COMPARE: Table = [
  [1, 'result', 'enum EQUAL'],
  [2, 'target', 'enum VERSION'],
  [3, 'key', 'bytes'],
  [4, 'version', 'oneof-int'],
  [5, 'create_revision', 'oneof-int'],
  [6, 'mod_revision', 'oneof-int'],
  [7, 'value', 'oneof-bytes'],
  [8, 'lease', 'oneof-id'],
  [64, 'range_end', 'bytes'],
]
const TXN: Table = [
  [1, 'compare', (compares: object[]) => many(1, compares, (compare) => sizeOf(compare, COMPARE))],
  [2, 'success', (ops: RequestOp[]) => many(2, ops, opSize)],
  [3, 'failure', (ops: RequestOp[]) => many(3, ops, opSize)],
]
const LEADER_KEY: Table = [
  [1, 'name', 'bytes'],
  [2, 'key', 'bytes'],
  [3, 'rev', 'int'],
  [4, 'lease', 'id'],
]
const LEADER: Table[number] = [
  1,
  'leader',
  (leader: object) => field(1, sizeOf(leader, LEADER_KEY)),
]
const ID: Table = [[1, 'ID', 'id']]
const NAME: Table = [[1, 'name', 'bytes']]

const TABLES: Record<Request['type'], Table> = {
  Range: RANGE,
  Put: PUT,
  DeleteRange: DELETE_RANGE,
  Txn: TXN,
  Compact: [
    [1, 'revision', 'int'],
    [2, 'physical', 'bool'],
  ],
  LeaseGrant: [
    [1, 'TTL', 'int'],
    [2, 'ID', 'id'],
  ],
  LeaseRevoke: ID,
  LeaseKeepAlive: ID,
  LeaseTimeToLive: [...ID, [2, 'keys', 'bool']],
  LeaseLeases: [],
  WatchCreate: [
    [1, 'key', 'bytes'],
    [2, 'range_end', 'bytes'],
    [3, 'start_revision', 'int'],
    [4, 'progress_notify', 'bool'],
    [5, 'filters', (filters: string[]) => (filters.length === 0 ? 0 : field(5, filters.length))],
    [6, 'prev_kv', 'bool'],
    [7, 'watch_id', 'int'],
    [8, 'fragment', 'bool'],
  ],
  WatchCancel: [[1, 'watch_id', 'int']],
  WatchProgress: [],
  Lock: [...NAME, [2, 'lease', 'id']],
  Unlock: [[1, 'key', 'bytes']],
  Campaign: [...NAME, [2, 'lease', 'id'], [3, 'value', 'bytes']],
  Proclaim: [LEADER, [2, 'value', 'bytes']],
  Leader: NAME,
  Observe: NAME,
  Resign: [LEADER],
  MemberList: [[1, 'linearizable', 'bool']],
  MemberAdd: [
    [1, 'peerURLs', 'strings'],
    [2, 'isLearner', 'bool'],
  ],
  MemberRemove: ID,
  MemberPromote: ID,
  MemberUpdate: [...ID, [2, 'peerURLs', 'strings']],
  Status: [],
  MoveLeader: [[1, 'targetID', 'id']],
}

const HEADER: Table = [
  [1, 'cluster_id', 'id'],
  [2, 'member_id', 'id'],
  [3, 'revision', 'int'],
  [4, 'raft_term', 'int'],
]
const KEY_VALUE: Table = [
  [1, 'key', 'bytes'],
  [2, 'create_revision', 'int'],
  [3, 'mod_revision', 'int'],
  [4, 'version', 'int'],
  [5, 'value', 'bytes'],
  [6, 'lease', 'id'],
]
const WATCH_EVENT: Table = [
  [2, 'kv', (kv: KeyValue) => field(2, sizeOf(kv, KEY_VALUE))],
  [3, 'prev_kv', (kv: KeyValue) => field(3, sizeOf(kv, KEY_VALUE))],
]
const WATCH_RESPONSE: Table = [
  [1, 'header', (header: object) => field(1, sizeOf(header, HEADER))],
  [2, 'watch_id', 'int'],
  [3, 'created', 'bool'],
  [4, 'canceled', 'bool'],
  [5, 'compact_revision', 'int'],
  [6, 'cancel_reason', 'bytes'],
  [7, 'fragment', 'bool'],
]

/**
 * Bytes of a request as a gRPC message. The requests of a watch stream are those inside the
 * stream's union.
 */
export function requestSize(request: Request): number {
  const size = sizeOf(request, TABLES[request.type])
  return request.type.startsWith('Watch') ? field(1, size) : size
}

/**
 * Bytes of a log entry's content: the request inside its union, and a header with the id of the
 * proposal (raft_internal.proto).
 */
export function proposalSize(request: Request, proposalIdBytes: number): number {
  // The union's numbers are below 16, the header's is 100.
  return field(1, requestSize(request)) + field(100, tagSize(1) + proposalIdBytes)
}

/** Bytes of a watch response without its events. */
export function watchHeadSize(response: WatchResponse): number {
  return sizeOf(response, WATCH_RESPONSE)
}

/** Bytes that an event adds to a watch response. */
export function watchEventSize(event: WatchEvent): number {
  return field(11, (event.type === 'DELETE' ? 2 : 0) + sizeOf(event, WATCH_EVENT))
}

function opSize(op: RequestOp): number {
  return op.type === 'Empty' ? 0 : field(1, sizeOf(op, TABLES[op.type]))
}

function many<T>(number: number, messages: readonly T[], size: (message: T) => number): number {
  let sum = 0
  for (const message of messages) sum += field(number, size(message))
  return sum
}

function sizeOf(message: object, table: Table): number {
  let sum = 0
  for (const [number, name, kind] of table) {
    const value = (message as Record<string, unknown>)[name]
    if (value !== undefined) sum += valueSize(number, value, kind)
  }
  return sum
}

function valueSize(number: number, value: unknown, kind: Kind): number {
  if (typeof kind === 'function') return kind(value as never)
  const oneof = kind.startsWith('oneof')
  switch (kind) {
    case 'bytes':
    case 'oneof-bytes': {
      const { length } = value as string
      return length === 0 && !oneof ? 0 : field(number, length)
    }
    case 'int':
    case 'oneof-int': {
      const n = clamp(value as number)
      return n === 0 && !oneof ? 0 : tagSize(number) + varintSize(n)
    }
    case 'id':
    case 'oneof-id': {
      const bytes = idSize(value as string)
      return bytes === 0 && !oneof ? 0 : tagSize(number) + Math.max(bytes, 1)
    }
    case 'bool':
      return value === true ? tagSize(number) + 1 : 0
    case 'strings':
      return many(number, value as string[], ({ length }) => length)
    default:
      // A name encodes as a small number.
      return kind === `enum ${String(value)}`
        ? 0
        : tagSize(number) + (typeof value === 'number' ? varintSize(value) : 1)
  }
}

/** A field with a length prefix: a message, a byte string. */
function field(number: number, length: number): number {
  return tagSize(number) + varintSize(length) + length
}

function tagSize(number: number): number {
  return varintSize(number * 8)
}

/** Bytes of an int64; a negative one takes all ten. */
export function varintSize(n: number): number {
  if (n < 0) return 10
  let bytes = 1
  for (let rest = n; rest >= 128; rest = Math.floor(rest / 128)) bytes++
  return bytes
}

/** Bytes of a 64-bit ID in hex digits; 0 for the ID zero. */
export function idSize(id: string): number {
  const digits = id.replace(/^0+/, '')
  if (digits === '') return 0
  const first = Number.parseInt(digits.charAt(0), 16)
  const bits = (digits.length - 1) * 4 + (first >= 8 ? 4 : first >= 4 ? 3 : first >= 2 ? 2 : 1)
  return Math.ceil(bits / 7)
}
