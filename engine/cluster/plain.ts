// Checks of values that TypeScript would refuse, for tests in plain JavaScript.

import type { LeaseId, Request } from '../base/rpc'
import { fieldsOf, REQUESTS } from '../base/rpc-fields'
import { existing } from '../network/exists'
import { validCommand } from '../replay/validate'
import type { Command } from '../sim/command'

/** The longest span of one call: 30 days, 15 seconds of computing with one member. */
export const LONGEST_SPAN_MS = 30 * 86_400_000

/** A span of virtual time. */
export function spanMs(ms: number, name = 'time'): number {
  if (!Number.isSafeInteger(ms) || ms < 0)
    throw new RangeError(`${name}: expected whole milliseconds from 0 on, got ${String(ms)}`)
  if (ms <= LONGEST_SPAN_MS) return ms
  throw new RangeError(`${name}: expected at most 30 days (${LONGEST_SPAN_MS} ms), got ${ms}`)
}

/** What a predicate returned. An object is always true, and nothing here waits for a promise. */
export function truth(method: string, returned: unknown): boolean {
  if (typeof returned === 'boolean') return returned
  const got =
    typeof (returned as { then?: unknown } | null | undefined)?.then === 'function'
      ? 'a promise: virtual time passes in the call, and nothing is awaited'
      : kindOf(returned)
  throw new TypeError(`${method}: expected a predicate that returns true or false, got ${got}`)
}

/** Checks a lease ID. */
export function leaseIdOf(method: string, lease: unknown): LeaseId {
  if (typeof lease === 'string' && /^[0-9a-f]{16}$/.test(lease)) return lease as LeaseId
  const hint =
    typeof lease === 'number' || typeof lease === 'bigint' ? `: leaseId(${lease}) is one` : ''
  const got = typeof lease === 'string' ? JSON.stringify(lease) : kindOf(lease)
  throw new TypeError(
    `${method}: expected a lease ID of 16 lower-case hex digits, got ${got}${hint}`,
  )
}

/** Refuses options that are not an object, and those with another name than the known ones. */
export function checkOptions(method: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`${method}: expected options as an object, got ${kindOf(options)}`)
  const unknown = Object.keys(options).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new TypeError(`${method}: there is no option ${unknown}; ${existing(known)}`)
}

/** The options of a method that sends this request: its fields without those `given` before. */
export function optionsFor(type: Request['type'], given: readonly string[]): string[] {
  const names = fieldsOf(REQUESTS[type]).map(({ name }) => name)
  return names.filter((name) => !given.includes(name))
}

/** Refuses a command that no recording can hold, such as a request with a number for a value. */
export function checkCommand(command: Command): void {
  const valid = validCommand(command)
  // The server has its own error for a request that is too long.
  if (valid.ok || /: expected at most \d+ characters/.test(valid.reason)) return
  const type = command?.type === 'request' ? command.request?.type : undefined
  throw new TypeError(valid.reason.replace(/^request\b/, type ?? 'request'))
}

/** The kind of a value, to end a sentence that refuses it. */
function kindOf(value: unknown): string {
  return value === null || value === undefined ? `${value}` : `a value of type ${typeof value}`
}
