// Checks of values that TypeScript would refuse, for tests in plain JavaScript.

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

/** The kind of a value, to end a sentence that refuses it. */
function kindOf(value: unknown): string {
  return value === null || value === undefined ? `${value}` : `a value of type ${typeof value}`
}
