// The size of a message in protobuf. etcd refuses a request over 1.5 MiB and gRPC one over 2 MiB,
// both by the encoded size (semantics §2.3), and a fragmented watch splits its responses by it. The
// table of the fields is base/rpc-fields.ts.

import { clamp } from '../base/int64'
import type { Request, RequestOp, WatchEvent, WatchResponse } from '../base/rpc'
import type { Field, MessageName } from '../base/rpc-fields'
import { fieldsOf, REQUESTS } from '../base/rpc-fields'

/** Bytes; etcd's --max-request-bytes: a larger entry is not proposed. */
export const MAX_REQUEST_BYTES = 1.5 * 1024 * 1024
/**
 * Bytes: gRPC's limit for a request, and the maximum size of a fragment of a watch response
 * (etcdserver/api/v3rpc/grpc.go: grpcOverheadBytes).
 */
export const MAX_MESSAGE_BYTES = MAX_REQUEST_BYTES + 512 * 1024

/**
 * Bytes of a request as a gRPC message. The requests of a watch stream are those inside the
 * stream's union.
 */
export function requestSize(request: Request): number {
  const size = sizeOf(REQUESTS[request.type], request)
  return request.type.startsWith('Watch') ? delimited(1, size) : size
}

/**
 * Bytes of a log entry's content: the request inside its union, and a header with the id of the
 * proposal (raft_internal.proto).
 */
export function proposalSize(request: Request, proposalIdBytes: number): number {
  // The union's numbers are below 16, the header's is 100.
  return delimited(1, requestSize(request)) + delimited(100, tagSize(1) + proposalIdBytes)
}

/** Bytes of a watch response without its events. */
export function watchHeadSize(response: WatchResponse): number {
  return sizeOf('WatchResponse', { ...response, events: [] })
}

/** Bytes that an event adds to a watch response. */
export function watchEventSize(event: WatchEvent): number {
  return delimited(11, sizeOf('Event', event))
}

function sizeOf(message: MessageName, value: object): number {
  let sum = 0
  for (const field of fieldsOf(message)) {
    const own = (value as Record<string, unknown>)[field.name]
    if (own === undefined) continue
    sum += field.isList ? listSize(field, own as readonly unknown[]) : fieldSize(field, own)
  }
  return sum
}

/** Numbers of a list are packed; strings and messages are fields of their own. */
function listSize(field: Field, list: readonly unknown[]): number {
  const { number } = field
  if (field.kind === 'enum') return list.length === 0 ? 0 : delimited(number, list.length)
  let sum = 0
  for (const item of list)
    sum +=
      field.kind === 'message' ? fieldSize(field, item) : delimited(number, (item as string).length)
  return sum
}

/** A default takes nothing, but for the set member of a oneof. */
function fieldSize(field: Field, value: unknown): number {
  const { number, isOneof } = field
  switch (field.kind) {
    case 'bytes':
    case 'string': {
      const { length } = value as string
      return length === 0 && !isOneof ? 0 : delimited(number, length)
    }
    case 'int':
    case 'uint': {
      const n = clamp(value as number)
      return n === 0 && !isOneof ? 0 : tagSize(number) + varintSize(n)
    }
    case 'lease':
    case 'member': {
      const bytes = idSize(value as string)
      return bytes === 0 && !isOneof ? 0 : tagSize(number) + Math.max(bytes, 1)
    }
    case 'bool':
      return value === true ? tagSize(number) + 1 : 0
    case 'enum': {
      const n = typeof value === 'number' ? value : field.values.indexOf(value as string)
      return n === 0 ? 0 : tagSize(number) + varintSize(n)
    }
    case 'message':
      return delimited(
        number,
        field.of === 'RequestOp' ? opSize(value as RequestOp) : sizeOf(field.of, value as object),
      )
  }
}

/** The operation inside its oneof, whose numbers are below 16. */
function opSize(op: RequestOp): number {
  return op.type === 'Empty' ? 0 : delimited(1, sizeOf(REQUESTS[op.type], op))
}

/** A field with a length prefix: a message, a byte string. */
function delimited(number: number, length: number): number {
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
