// Keys and values are byte strings in the engine. A test writes and reads text, which is UTF-8 in
// the engine. An invalid byte becomes half a surrogate pair in the text, and back.

import { bytesText, textBytes } from '../base/bytes'

/** The fields of requests and answers that are bytes (base/rpc.ts). */
const BYTES: ReadonlySet<string> = new Set(['key', 'keys', 'range_end', 'value', 'name'])

/** A request with byte strings. */
export function toBytes<T>(request: T): T {
  return mapped(request, textBytes, false) as T
}

/** An answer with text. */
export function toText<T>(answer: T): T {
  return mapped(answer, bytesText, false) as T
}

function mapped(value: unknown, map: (text: string) => string, isBytes: boolean): unknown {
  if (typeof value === 'string') return isBytes ? map(value) : value
  if (Array.isArray(value)) return value.map((each) => mapped(each, map, isBytes))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, mapped(part, map, BYTES.has(name))]),
  )
}
