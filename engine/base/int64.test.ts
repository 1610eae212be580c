import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clamp,
  compareLeaseIds,
  decimal,
  fromHalves,
  goHex,
  hi,
  leaseId,
  lo,
  parseDecimalGo,
  parseDecimalInt64,
  parseHexInt64,
  parseHexUint64,
  unsignedDecimal,
} from './int64'
import type { LeaseId, MemberId } from './rpc'

const MIN = -(2n ** 63n)
const MAX = 2n ** 63n - 1n
const int64 = fc.oneof(
  fc.bigInt({ min: MIN, max: MAX }),
  fc.bigInt({ min: -20n, max: 20n }),
  fc.constantFrom(MIN, MIN + 1n, MAX - 1n, MAX),
)
const unsignedHex = (n: bigint) => BigInt.asUintN(64, n).toString(16).padStart(16, '0')

describe('lease IDs', () => {
  test('every function agrees with bigint', () => {
    fc.assert(
      fc.property(int64, int64, (n, m) => {
        const id = leaseId(n)
        expect(id).toBe(unsignedHex(n))
        expect(leaseId(n.toString())).toBe(id)
        expect(parseDecimalInt64(n.toString())).toBe(id)
        expect(decimal(id)).toBe(n.toString())
        expect(goHex(id)).toBe(n.toString(16))
        expect(parseHexInt64(n.toString(16))).toEqual({ ok: true, id })
        expect(hi(id)).toBe(Number(BigInt.asIntN(32, n >> 32n)))
        expect(lo(id)).toBe(Number(BigInt.asIntN(32, n)))
        expect(fromHalves(hi(id), lo(id))).toBe(id)
        expect(Math.sign(compareLeaseIds(id, leaseId(m)))).toBe(n < m ? -1 : n > m ? 1 : 0)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
  test('leaseId takes safe numbers', () => {
    expect(leaseId(0)).toBe('0000000000000000')
    expect(leaseId(-0)).toBe('0000000000000000')
    expect(leaseId(-1)).toBe('ffffffffffffffff')
    expect(leaseId(Number.MAX_SAFE_INTEGER)).toBe('001fffffffffffff')
  })
  test.each([2 ** 53, 1.5, Number.NaN, MAX + 1n, MIN - 1n, '9223372036854775808', 'x', ''])(
    '%s is not a lease ID',
    (n) => {
      expect(() => leaseId(n)).toThrow(/^not /)
    },
  )
  test('IDs sort by sign, not as text', () => {
    const ids = [
      'ffffffffffffffff',
      '8000000000000000',
      '7fffffffffffffff',
      '0000000000000001',
      '0000000000000000',
    ] as LeaseId[]
    expect(ids.toSorted(compareLeaseIds)).toEqual([
      '8000000000000000',
      'ffffffffffffffff',
      '0000000000000000',
      '0000000000000001',
      '7fffffffffffffff',
    ])
  })
  test('fromHalves takes any numbers', () => {
    expect(fromHalves(-1, 5)).toBe('ffffffff00000005')
    expect(fromHalves(2 ** 32 + 1, 2 ** 31)).toBe('0000000180000000')
  })
})

describe('as strconv.ParseInt(text, 16, 64)', () => {
  test.each([
    ['0', '0000000000000000'],
    ['-0', '0000000000000000'],
    ['+1f', '000000000000001f'],
    ['DeadBeef', '00000000deadbeef'],
    ['-5', 'fffffffffffffffb'],
    ['7fffffffffffffff', '7fffffffffffffff'],
    ['-8000000000000000', '8000000000000000'],
    ['00000000000000000000000000000001', '0000000000000001'],
  ])('%s', (text, id) => {
    expect(parseHexInt64(text)).toEqual({ ok: true, id })
  })
  test.each(['', '+', '-', '--1', '+-1', '0x1', '1_0', ' 1', '1 ', 'g', '12g', '１', '1.0'])(
    '%j: invalid syntax',
    (text) => {
      expect(parseHexInt64(text)).toEqual({ ok: false, why: 'invalid syntax' })
    },
  )
  // Go reads from the left and stops at the first digit beyond 64 bits: it never reads the z.
  test.each([
    '8000000000000000',
    '-8000000000000001',
    'ffffffffffffffff',
    '10000000000000000',
    '-fffffffffffffffff',
    'fffffffffffffffffz',
  ])('%s: value out of range', (text) => {
    expect(parseHexInt64(text)).toEqual({ ok: false, why: 'value out of range' })
  })
  test('a wrong character within 64 bits is found, however large the rest is', () => {
    expect(parseHexInt64('ffffffffffffffffz')).toEqual({ ok: false, why: 'invalid syntax' })
  })
})

test('as strconv.ParseInt(text, 10, 64)', () => {
  expect(parseDecimalGo('-9223372036854775808')).toEqual({ ok: true, value: MIN })
  expect(parseDecimalGo('+007')).toEqual({ ok: true, value: 7n })
  for (const text of ['9223372036854775808', '-9223372036854775809', '99999999999999999999x']) {
    expect(parseDecimalGo(text)).toEqual({ ok: false, why: 'value out of range' })
  }
  for (const text of ['', 'a', '1a', '1e3', '1.5', '9223372036854775808x']) {
    expect(parseDecimalGo(text)).toEqual({ ok: false, why: 'invalid syntax' })
  }
  expect(parseDecimalInt64('9223372036854775808')).toBeNull()
  expect(parseDecimalInt64('ff')).toBeNull()
})

test('as strconv.ParseUint(text, 16, 64)', () => {
  expect(parseHexUint64('8e9e05c52164694d')).toEqual({ ok: true, id: '8e9e05c52164694d' })
  expect(parseHexUint64('FFFFFFFFFFFFFFFF')).toEqual({ ok: true, id: 'ffffffffffffffff' })
  expect(parseHexUint64('10000000000000000')).toEqual({ ok: false, why: 'value out of range' })
  for (const text of ['', '+5', '-5', '0x5', 'm1'])
    expect(parseHexUint64(text)).toEqual({ ok: false, why: 'invalid syntax' })
})

test('unsignedDecimal prints unsigned decimals', () => {
  expect(unsignedDecimal('8e9e05c52164694d' as MemberId)).toBe('10276657743932975437')
  expect(unsignedDecimal('0000000000000000' as MemberId)).toBe('0')
})

test.each([
  [0, 0],
  [-0, 0],
  [-0.5, 0],
  [2.9, 2],
  [-2.9, -2],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 2 ** 53],
  [Number.NEGATIVE_INFINITY, -(2 ** 53)],
  [9.3e18, 2 ** 53],
  [-(2 ** 53) - 2, -(2 ** 53)],
  [2 ** 53 - 1, 2 ** 53 - 1],
])('clamp(%d) is %d', (n, expected) => {
  // toBe distinguishes 0 and -0.
  expect(clamp(n)).toBe(expected)
})
