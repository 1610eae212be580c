// Requests from outside, by the table of their fields (base/rpc-fields.ts).

import * as v from 'valibot'
import type { Request } from '../base/rpc'
import type { Field, MessageName } from '../base/rpc-fields'
import { fieldsOf, REQUESTS } from '../base/rpc-fields'
import { bytes, int53, leaseId, memberId, name, wholeNumber } from './valid-scalars'

/** A request that goes into an operation of a transaction. */
const OPERATIONS = ['Range', 'Put', 'DeleteRange', 'Txn'] as const
const BY_KIND = {
  bytes,
  string: name,
  int: int53,
  uint: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  bool: v.boolean('true or false'),
  lease: leaseId,
  member: memberId,
} as const

type RequestSchema = v.StrictObjectSchema<
  { type: v.LiteralSchema<Request['type'], undefined> } & v.ObjectEntries,
  undefined
>

function entriesOf(message: MessageName): v.ObjectEntries {
  return Object.fromEntries(
    fieldsOf(message).map((field) => {
      const one = schemaOf(field)
      const schema = field.isList ? v.array(one) : one
      return [field.name, field.isAlways ? schema : v.optional(schema)]
    }),
  )
}

function schemaOf(field: Field): v.GenericSchema {
  switch (field.kind) {
    case 'enum': {
      const { values } = field
      return field.isOpen ? v.union([v.picklist(values), unnamed(values)]) : v.picklist(values)
    }
    case 'message':
      return field.of === 'RequestOp'
        ? v.lazy(() => operation)
        : v.strictObject(entriesOf(field.of))
    default:
      return BY_KIND[field.kind]
  }
}

/** A number without a name in the enum. */
function unnamed(values: readonly string[]) {
  return v.pipe(
    wholeNumber(-0x8000_0000, 0x7fff_ffff),
    v.check((value) => values[value] === undefined, 'the name of the value'),
  )
}

function requestOf(type: Request['type']): RequestSchema {
  return v.strictObject({ ...entriesOf(REQUESTS[type]), type: v.literal(type) })
}

const types = Object.keys(REQUESTS) as Request['type'][]
const schemas = new Map(types.map((type) => [type, requestOf(type)]))
const operation = v.variant(
  'type',
  OPERATIONS.map((type) => schemas.get(type)!),
)

/** A request of any call. */
export const requestSchema = v.variant('type', [...schemas.values()])
/** The request that opens a watch. */
export const watchCreateSchema = schemas.get('WatchCreate')!
