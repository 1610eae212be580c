// A 64-bit ID is sixteen lower-case hex digits everywhere (two's complement). A number would lose
// the last bits; a bigint is slow and not JSON. Only this file converts to the number, its sign or
// its decimal form.

import { assert } from './assert'
import type { LeaseId, MemberId } from './rpc'

/** The error of Go's strconv for an invalid or too large number. */
export type NotANumber = { ok: false; why: 'invalid syntax' | 'value out of range' }

const MAX_UINT64 = 0xffff_ffff_ffff_ffffn
const SIGN_BIT = 0x8000_0000_0000_0000n
/** Up to this integer a double has no gaps. */
const LARGEST = Number.MAX_SAFE_INTEGER + 1

/**
 * The lease ID with this signed value (a decimal if a string). Throws for a number outside int64 or
 * unsafe as a double.
 *
 * @example
 * expect(leaseId(255)).toBe('00000000000000ff')
 */
export function leaseId(n: number | bigint | string): LeaseId {
  if (typeof n === 'string') {
    const id = parseDecimalInt64(n)
    assert(id !== null, `not an int64: ${n}`)
    return id
  }
  assert(typeof n === 'bigint' || Number.isSafeInteger(n), `not a safe integer: ${n}`)
  const value = BigInt(n)
  assert(BigInt.asIntN(64, value) === value, `not an int64: ${n}`)
  return hex16(value) as LeaseId
}

/** Parses a signed decimal as a lease ID; null if invalid. */
export function parseDecimalInt64(text: string): LeaseId | null {
  const parsed = parseDecimalGo(text)
  return parsed.ok ? (hex16(parsed.value) as LeaseId) : null
}

/** Go's strconv.ParseInt(text, 16, 64), as etcdctl reads a lease ID. */
export function parseHexInt64(text: string): { ok: true; id: LeaseId } | NotANumber {
  const parsed = parseInt64(text, 16)
  return parsed.ok ? { ok: true, id: hex16(parsed.value) as LeaseId } : parsed
}

/** Go's strconv.ParseInt(text, 10, 64). */
export function parseDecimalGo(text: string): { ok: true; value: bigint } | NotANumber {
  return parseInt64(text, 10)
}

/** Go's strconv.ParseUint(text, 16, 64), as etcdctl reads a member ID. */
export function parseHexUint64(text: string): { ok: true; id: MemberId } | NotANumber {
  const parsed = parseUint64(text, 16)
  return parsed.ok ? { ok: true, id: hex16(parsed.value) as MemberId } : parsed
}

/**
 * The ID as a signed decimal, as in JSON.
 *
 * @example
 * expect(decimal(leaseId('-1'))).toBe('-1')
 */
export function decimal(id: LeaseId): string {
  return signed(id).toString()
}

/** The ID as an unsigned decimal, as in JSON. */
export function unsignedDecimal(id: MemberId): string {
  return BigInt(`0x${id}`).toString()
}

/**
 * The ID as Go's %x prints an int64: without leading zeros, and with a minus for negative values.
 */
export function goHex(id: LeaseId): string {
  return signed(id).toString(16)
}

/** Negative, 0 or positive, as the signed `a` is less than, equal to or greater than `b`. */
export function compareLeaseIds(a: LeaseId, b: LeaseId): number {
  if (a === b) return 0
  const negative = a >= '8'
  if (negative !== b >= '8') return negative ? -1 : 1
  return a < b ? -1 : 1
}

/** The upper half as an int32. */
export function hi(id: LeaseId): number {
  return Number.parseInt(id.slice(0, 8), 16) | 0
}

/** The lower half as an int32. */
export function lo(id: LeaseId): number {
  return Number.parseInt(id.slice(8), 16) | 0
}

/** The ID from two halves. Only the lower 32 bits of each number count. */
export function fromHalves(hi: number, lo: number): LeaseId {
  return ((hi >>> 0).toString(16).padStart(8, '0') +
    (lo >>> 0).toString(16).padStart(8, '0')) as LeaseId
}

/** Clamps a number of a request: truncated to an integer within ±2^53; NaN is 0. */
export function clamp(n: number): number {
  if (Number.isNaN(n)) return 0
  // The sum turns -0 into +0, because JSON would lose the sign.
  return Math.min(Math.max(Math.trunc(n), -LARGEST), LARGEST) + 0
}

function hex16(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16).padStart(16, '0')
}

function signed(id: LeaseId): bigint {
  return BigInt.asIntN(64, BigInt(`0x${id}`))
}

type Parsed = { ok: true; value: bigint } | NotANumber
const INVALID_SYNTAX: NotANumber = { ok: false, why: 'invalid syntax' }
const OUT_OF_RANGE: NotANumber = { ok: false, why: 'value out of range' }

function parseInt64(text: string, base: 10 | 16): Parsed {
  const sign = text.charAt(0)
  const magnitude = parseUint64(sign === '+' || sign === '-' ? text.slice(1) : text, base)
  if (!magnitude.ok) return magnitude
  if (sign === '-')
    return magnitude.value > SIGN_BIT ? OUT_OF_RANGE : { ok: true, value: -magnitude.value }
  return magnitude.value >= SIGN_BIT ? OUT_OF_RANGE : magnitude
}

function parseUint64(text: string, base: 10 | 16): Parsed {
  if (text === '') return INVALID_SYNTAX
  let value = 0n
  for (let i = 0; i < text.length; i++) {
    const digit = digitOf(text.charCodeAt(i))
    if (digit < 0 || digit >= base) return INVALID_SYNTAX
    value = value * BigInt(base) + BigInt(digit)
    // Go stops at the first digit beyond 64 bits and never reads a wrong character after it.
    if (value > MAX_UINT64) return OUT_OF_RANGE
  }
  return { ok: true, value }
}

function digitOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return unit - 48
  if (unit >= 65 && unit <= 70) return unit - 55
  if (unit >= 97 && unit <= 102) return unit - 87
  return -1
}
