// The part of protobuf that calls of etcd need, from and to the normal form of the recordings. That
// form has etcd's field names, bytes as strings, and int64 as numbers where they are safe and else
// as decimal strings. Headers have their revision alone, and defaults are left out. The fields are
// those of base/rpc-fields.ts.

import type { Field, MessageName } from '../../base/rpc-fields'
import { fieldsOf } from '../../base/rpc-fields'

/** A message in normal form. */
export type Plain = { [field: string]: unknown }

/** The bytes of a message. Unknown fields are refused. */
export function encode(message: MessageName, plain: Plain): Buffer {
  const fields = fieldsOf(message)
  for (const name of Object.keys(plain)) {
    if (!fields.some((field) => field.name === name))
      throw new Error(`${message} has no field ${name}`)
  }
  const parts = fields.flatMap((field) => {
    const value = plain[field.name]
    if (value === undefined) return []
    if (!field.isList) return [encodeField(field, value, field.isOneof)]
    const list = value as unknown[]
    if (isDelimited(field)) return list.map((item) => encodeField(field, item, true))
    // A list of numbers is packed.
    const packed = Buffer.concat(list.map((item) => varint(numberOf(field, item))))
    return packed.length === 0 ? [] : [delimited(field.number, packed)]
  })
  return Buffer.concat(parts)
}

/** `always`: also for the default value. */
function encodeField(field: Field, value: unknown, always: boolean): Buffer {
  const { kind, number } = field
  if (kind === 'message') return delimited(number, encode(field.of, value as Plain))
  if (kind === 'bytes' || kind === 'string') {
    const bytes = Buffer.from(value as string, 'utf8')
    return bytes.length === 0 && !always ? Buffer.alloc(0) : delimited(number, bytes)
  }
  const n = numberOf(field, value)
  return n === 0n && !always ? Buffer.alloc(0) : Buffer.concat([varint(tag(number, 0)), varint(n)])
}

/** A length comes before its content. */
function isDelimited({ kind }: Field): boolean {
  return kind === 'message' || kind === 'bytes' || kind === 'string'
}

function numberOf(field: Field, value: unknown): bigint {
  if (field.kind === 'bool') return value === true ? 1n : 0n
  if (field.kind !== 'enum') return BigInt(value as number | string)
  const at = field.values.indexOf(value as string)
  if (at < 0)
    throw new Error(`${field.name} is none of ${field.values.join(', ')}: ${String(value)}`)
  return BigInt(at)
}

/** The message in the bytes, in normal form. */
export function decode(message: MessageName, bytes: Buffer): Plain {
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
      put(
        out,
        field,
        field.kind === 'message' ? decode(field.of, content) : content.toString('utf8'),
      )
    } else throw new Error(`${message}: wire type ${wire} of field ${number}`)
  }
  if (message === 'ResponseHeader')
    return out.revision === undefined ? {} : { revision: out.revision }
  return out
}

function scalar(field: Field, value: bigint): unknown {
  if (field.kind === 'bool') return value !== 0n
  if (field.kind === 'enum') return field.values[Number(value)] ?? Number(value)
  const isUnsigned = field.kind === 'uint' || field.kind === 'member'
  const n = isUnsigned ? value : BigInt.asIntN(64, value)
  const safe = Number(n)
  return Number.isSafeInteger(safe) ? safe : n.toString()
}

function put(out: Plain, { name, isList }: Field, value: unknown): void {
  if (!isList) out[name] = value
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
