// The table against two witnesses: the descriptors of etcd itself, and the types of rpc.ts.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { encode, type Plain } from '../test/live/proto'
import type { Request, Response } from './rpc'
import type { Field, MessageName } from './rpc-fields'
import { ENUMS, fieldsOf, MESSAGES, REQUESTS, responseMessage } from './rpc-fields'

/** test/recordings/README.md: the descriptor of each message, and a filled one in bytes. */
interface Descriptors {
  enums: Record<string, string[]>
  messages: Record<string, { fields: string; hex: string }>
}
const theirs = JSON.parse(
  readFileSync(join(import.meta.dirname, '../test/recordings/wire/3.7.json'), 'utf8'),
) as Descriptors
const names = Object.keys(MESSAGES) as MessageName[]

const WIRE: Record<string, string> = {
  int: 'int64',
  lease: 'int64',
  uint: 'uint64',
  member: 'uint64',
}

/** A field as the descriptors write it. */
function written(field: Field): string {
  const { number, name, isList, isOneof } = field
  const enumName = () =>
    Object.entries(ENUMS).find(
      ([, values]) => values === (field as { values?: unknown }).values,
    )![0]
  const kind =
    field.kind === 'message' ? field.of : field.kind === 'enum' ? enumName() : WIRE[field.kind]
  return `${number} ${name}:${kind ?? field.kind}${isList ? '*' : isOneof ? '?' : ''}`
}

test.each(names)('%s has the fields that etcd describes', (name) => {
  expect(fieldsOf(name).map(written).join(' ')).toBe(theirs.messages[name]!.fields)
})

test('enums have the values that etcd describes', () => {
  expect(ENUMS).toEqual(theirs.enums)
})

/**
 * Each field with a value that follows from its number. Of a oneof its last member is set, of an
 * operation the first. Compare is without range_end: Go writes that before the oneof.
 */
function filled(name: MessageName): Plain {
  const fields = fieldsOf(name)
  const oneof = fields.filter(({ isOneof }) => isOneof)
  const set = /Op$/.test(name) ? oneof[0] : oneof.at(-1)
  const there = fields.filter((field) => (field.isOneof ? field === set : field.number < 64))
  return Object.fromEntries(
    there.map((field) => [field.name, field.isList ? [value(field), value(field)] : value(field)]),
  )
}

function value(field: Field): unknown {
  switch (field.kind) {
    case 'bytes':
    case 'string':
      return `f${field.number}`
    case 'int':
    case 'lease':
      return 1000 + field.number
    case 'uint':
    case 'member':
      return 2000 + field.number
    case 'bool':
      return true
    case 'enum':
      return field.values[1]
    case 'message':
      return filled(field.of)
  }
}

test.each(names)('%s is encoded as etcd encodes it', (name) => {
  expect(encode(name, filled(name)).toString('hex')).toBe(theirs.messages[name]!.hex)
})

// What the types of rpc.ts say is held by the compiler: a field more or less does not compile.

type Words<Text> = Text extends `${infer Word} ${infer Rest}` ? Word | Words<Rest> : Text
type NameOf<Word> = Word extends `${infer Name}:${string}` ? Name : never
type AlwaysOf<Word> = Word extends `${infer Name}:${string}!${string}` ? Name : never
type Required<T> = { [K in keyof T]-?: undefined extends T[K] ? never : K }[keyof T]
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

type MessageOf<R extends Request> = Words<(typeof MESSAGES)[(typeof REQUESTS)[R['type']]]>
type Agrees = {
  [R in Request as R['type']]: [
    Same<NameOf<MessageOf<R>>, Exclude<keyof R, 'type'>>,
    Same<AlwaysOf<MessageOf<R>>, Exclude<Required<R>, 'type'>>,
  ]
}
/** Each request with what its type and its fields come to. */
const agrees = Object.fromEntries(
  Object.keys(REQUESTS).map((type) => [type, [true, true]]),
) as unknown as Agrees satisfies Record<Request['type'], [true, true]>

test('the types of the requests have the fields of their messages', () => {
  expect(Object.keys(agrees)).toHaveLength(27)
})

test('every response has a message', () => {
  const types: Response['type'][] = ['Compact', 'Watch', 'MemberUpdate', 'Leader', 'Status']
  expect(types.map((type) => names.includes(responseMessage(type)))).not.toContain(false)
})
