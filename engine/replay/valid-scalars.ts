// Numbers, names, byte strings and IDs from outside, and the expected form of each.

import * as v from 'valibot'
import type { LeaseId, MemberId } from '../base/rpc'

/** Characters of one console command, and of a name. */
const LONGEST_TEXT = 4 * 1024 * 1024
export const LONGEST_NAME = 64

function isBytes(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 255) return false
  return true
}

export const wholeNumber = (least: number, most: number) =>
  v.pipe(
    v.number('a number'),
    v.integer('a whole number'),
    v.minValue(least, `at least ${least}`),
    v.maxValue(most, `at most ${most}`),
  )
export const int53 = wholeNumber(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
export const name = v.pipe(
  v.string('a name'),
  v.minLength(1, 'a name'),
  v.maxLength(LONGEST_NAME, `at most ${LONGEST_NAME} characters`),
)
export const longText = v.pipe(
  v.string('text'),
  v.maxLength(LONGEST_TEXT, `at most ${LONGEST_TEXT} characters`),
)
export const bytes = v.pipe(
  longText,
  v.check(isBytes, 'a byte string: one character of 0–255 per byte'),
)
const hex16 = v.pipe(
  v.string('an ID'),
  v.regex(/^[0-9a-f]{16}$/, 'an ID of 16 lower-case hex digits'),
)
export const leaseId = v.pipe(
  hex16,
  v.transform((id) => id as LeaseId),
)
export const memberId = v.pipe(
  hex16,
  v.transform((id) => id as MemberId),
)
export const leaseRef = v.pipe(
  v.string('a lease'),
  v.regex(/^([0-9a-f]{16}|\$[A-Za-z_]\w*)$/, 'a lease ID or a $variable'),
  v.transform((ref) => ref as LeaseId | `$${string}`),
)
export const flag = v.optional(v.boolean('true or false'))
