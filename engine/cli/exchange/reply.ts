// Writes answers in normal form.

import { text } from '../../base/bytes'
import { decimal, unsignedDecimal } from '../../base/int64'
import type { LeaseId, MemberId, Reply, ResponseOp, WatchEvent } from '../../base/rpc'
import type { Field, MessageName } from '../../base/rpc-fields'
import { fieldsOf, responseMessage } from '../../base/rpc-fields'
import type { Plain } from './form'

/** A reply in normal form. */
export function writeReply(
  reply: Reply,
): { response: Plain } | { error: { code: number; message: string } } {
  if (reply.type === 'error') return { error: { code: reply.code, message: reply.message } }
  return { response: writeMessage(responseMessage(reply.type), reply) }
}

/** A watch event in normal form: no type means PUT. */
export function writeEvent(event: WatchEvent): Plain {
  return writeMessage('Event', event)
}

function writeMessage(message: MessageName, value: object): Plain {
  const plain: Plain = {}
  for (const field of fieldsOf(message)) {
    const own = (value as Record<string, unknown>)[field.name]
    if (own === undefined) continue
    const written = field.isList
      ? (own as readonly unknown[]).map((item) => writeValue(field, item))
      : writeValue(field, own)
    if (!isDefault(written)) plain[field.name] = written
  }
  return plain
}

function writeValue(field: Field, value: unknown): unknown {
  switch (field.kind) {
    case 'bytes':
      return text(value as string)
    case 'lease':
      return numberIfSafe(decimal(value as LeaseId))
    case 'member':
      return numberIfSafe(unsignedDecimal(value as MemberId))
    case 'enum':
      return value === field.values[0] ? '' : value
    case 'message':
      if (field.of === 'ResponseHeader') return headerOf(value as { revision: number })
      if (field.of === 'ResponseOp') return writeOp(value as ResponseOp)
      // The engine lists the IDs themselves.
      if (field.of === 'LeaseStatus') return writeMessage(field.of, { ID: value })
      return writeMessage(field.of, value as object)
    default:
      return value
  }
}

function writeOp(op: ResponseOp): Plain {
  const message = responseMessage(op.type)
  const set = fieldsOf('ResponseOp').find(
    (field) => field.kind === 'message' && field.of === message,
  )
  // A nested transaction has an empty header (semantics §2.5).
  const header = op.type === 'Txn' ? {} : headerOf(op)
  return { [set!.name]: { header, ...writeMessage(message, op) } }
}

/** Of a header the revision alone. */
function headerOf({ revision }: { revision: number }): Plain {
  return revision === 0 ? {} : { revision }
}

function numberIfSafe(digits: string): number | string {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : digits
}

function isDefault(value: unknown): boolean {
  return (
    value === 0 || value === '' || value === false || (Array.isArray(value) && value.length === 0)
  )
}
