// Reads requests in normal form.

import { utf8 } from '../../base/bytes'
import { clamp, leaseId, parseDecimalInt64 } from '../../base/int64'
import type { Request } from '../../base/rpc'
import { NO_LEASE, NO_MEMBER } from '../../base/rpc'
import type { Field, MessageName } from '../../base/rpc-fields'
import { fieldsOf, REQUESTS } from '../../base/rpc-fields'
import type { Plain, StreamCall } from './form'

/** The names of the calls. */
export const CALLS = Object.keys(REQUESTS) as readonly Request['type'][]

/**
 * Converts a request in normal form to the engine's form. A bad request throws with the field's
 * name. Unknown fields are ignored, as in etcd.
 */
export function readRequest(call: string, plain: Plain): Request {
  const type = CALLS.find((name) => name === call)
  if (type === undefined) throw new Error(`there is no call ${call}`)
  // The table says what the types say (base/rpc-fields.test.ts).
  return { type, ...readMessage(REQUESTS[type], plain, call) } as unknown as Request
}

/**
 * One message of a stream; null for an empty watch message, which etcd ignores. A bad message
 * throws with the field's name.
 */
export function readStreamMessage(call: StreamCall, plain: Plain): Request | null {
  if (call !== 'Watch') return readRequest(call, plain)
  const set = memberOfOneof('WatchRequest', plain)
  return set === null
    ? null
    : readRequest(typeOf(set), asPlain(plain[set.name], `Watch.${set.name}`))
}

function readMessage(message: MessageName, plain: Plain, path: string): Plain {
  const read: Plain = {}
  for (const field of fieldsOf(message)) {
    const value = plain[field.name]
    const place = `${path}.${field.name}`
    if (value === undefined || value === null) {
      if (field.isAlways) read[field.name] = defaultOf(field)
    } else if (!field.isList) read[field.name] = readValue(field, value, place)
    else if (Array.isArray(value))
      read[field.name] = value.map((item, i) => readValue(field, item, `${place}[${i}]`))
    else throw wrong(place, 'a list', value)
  }
  return read
}

function readValue(field: Field, value: unknown, place: string): unknown {
  switch (field.kind) {
    case 'bytes':
      if (typeof value !== 'string') throw wrong(place, 'a string', value)
      return utf8(value)
    case 'string':
      if (typeof value !== 'string') throw wrong(place, 'a string', value)
      return value
    case 'bool':
      if (typeof value !== 'boolean') throw wrong(place, 'true or false', value)
      return value
    case 'int':
      if (!isInt64(value)) throw wrong(place, 'an int64', value)
      return clamp(Number(value))
    case 'lease':
      if (!isInt64(value)) throw wrong(place, 'an int64', value)
      return leaseId(value)
    case 'uint':
    case 'member': {
      const id = uint64(value)
      if (id === undefined) throw wrong(place, 'a uint64', value)
      return field.kind === 'uint' ? clamp(Number(id)) : id.toString(16).padStart(16, '0')
    }
    case 'enum':
      return readEnum(field, value, place)
    case 'message':
      return field.of === 'RequestOp'
        ? readOp(asPlain(value, place), place)
        : readMessage(field.of, asPlain(value, place), place)
  }
}

/** A value of an enum by its name or number. A number without a name stays where it may. */
function readEnum(
  { values, isOpen }: Extract<Field, { kind: 'enum' }>,
  value: unknown,
  place: string,
): string | number {
  const found = typeof value === 'number' ? values[value] : values.find((name) => name === value)
  if (found !== undefined) return found
  if (isOpen && typeof value === 'number' && Number.isInteger(value) && isInt32(value)) return value
  throw new Error(`${place} is not one of ${values.join(', ')}: ${JSON.stringify(value)}`)
}

/** An operation: `type` takes the place of the oneof. */
function readOp(plain: Plain, place: string): Plain {
  const set = memberOfOneof('RequestOp', plain)
  if (set === null) return { type: 'Empty' }
  const path = `${place}.${set.name}`
  return { type: typeOf(set), ...readMessage(set.of, asPlain(plain[set.name], path), path) }
}

type MessageField = Extract<Field, { kind: 'message' }>

/** The first field of a oneof of messages that is there; null where none is. */
function memberOfOneof(message: MessageName, plain: Plain): MessageField | null {
  const set = fieldsOf(message).find(({ name }) => plain[name] !== undefined)
  return set?.kind === 'message' ? set : null
}

/** `Put` for a field of PutRequest. */
function typeOf({ of }: MessageField): string {
  return of.replace(/Request$/, '')
}

function defaultOf({ kind, isList }: Field): unknown {
  if (isList) return []
  if (kind === 'lease') return NO_LEASE
  if (kind === 'member') return NO_MEMBER
  if (kind === 'bool') return false
  return kind === 'int' || kind === 'uint' ? 0 : ''
}

function isInt64(value: unknown): value is number | string {
  return (
    (typeof value === 'number' && Number.isSafeInteger(value)) ||
    (typeof value === 'string' && parseDecimalInt64(value) !== null)
  )
}

const isInt32 = (value: number): boolean => Math.abs(value) <= 0x7fff_ffff

function uint64(value: unknown): bigint | undefined {
  if (
    !(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) &&
    !(typeof value === 'string' && /^\d{1,20}$/.test(value))
  )
    return undefined
  const number = BigInt(value)
  return number < 1n << 64n ? number : undefined
}

function wrong(place: string, what: string, value: unknown): Error {
  return new Error(`${place} is not ${what}: ${JSON.stringify(value)}`)
}

/** A message in normal form. Throws with the path if the value is not an object. */
export function asPlain(value: unknown, path: string): Plain {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path} is not an object`)
  return value as Plain
}
