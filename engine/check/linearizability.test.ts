import { describe, expect, test } from 'vitest'
import { NO_LEASE } from '../base/rpc'
import type { KeyInput, KeyResult } from './histories'
import { keyModel } from './histories'
import type { Operation } from './linearizability'
import { isLinearizable } from './linearizability'

type Op = Operation<KeyInput, KeyResult>
const NEVER = Number.POSITIVE_INFINITY

const put = (calledAt: number, answeredAt: number, value: string): Op => ({
  calledAt,
  answeredAt,
  input: { type: 'put', value, lease: NO_LEASE },
  result: answeredAt === NEVER ? null : { type: 'done' },
})
const got = (calledAt: number, answeredAt: number, value: string | null, version = 1): Op => ({
  calledAt,
  answeredAt,
  input: { type: 'get' },
  result: {
    type: 'got',
    kv: value === null ? null : { key: 'k', value, version, lease: NO_LEASE, create_revision: 2, mod_revision: 2 },
  },
})
const verdict = (ops: Op[], budget = 10_000) => isLinearizable(keyModel, ops, budget)

describe('a history is linearizable', () => {
  test('where nothing overlaps and each read sees the last write', () => {
    expect(verdict([put(1, 2, 'a'), got(3, 4, 'a'), put(5, 6, 'b'), got(7, 8, 'b', 2)])).toBe('yes')
  })

  test('where a read sees a write that overlaps it, or does not', () => {
    expect(verdict([put(1, 4, 'a'), got(2, 3, 'a')])).toBe('yes')
    expect(verdict([put(1, 4, 'a'), got(2, 3, null)])).toBe('yes')
  })

  test('where a write without an answer takes effect late, or never', () => {
    expect(verdict([put(1, NEVER, 'a'), got(2, 3, null), got(4, 5, 'a')])).toBe('yes')
    expect(verdict([put(1, NEVER, 'a'), got(2, 3, null), got(4, 5, null)])).toBe('yes')
  })
})

describe('a history is not linearizable', () => {
  test('where a read misses a write that was answered before', () => {
    expect(verdict([put(1, 2, 'a'), got(3, 4, null)])).toBe('no')
  })

  test('where two reads one after the other see new and then old', () => {
    expect(verdict([put(1, 2, 'a'), put(3, 8, 'b'), got(4, 5, 'b', 2), got(6, 7, 'a')])).toBe('no')
  })

  test('where a write without an answer is seen and then gone', () => {
    expect(verdict([put(1, NEVER, 'a'), got(2, 3, 'a'), got(4, 5, null)])).toBe('no')
  })

  test('where the lessor deleted a key that did not hang on the lease', () => {
    const revoke: Op = {
      calledAt: 3,
      answeredAt: 4,
      input: { type: 'revoke', lease: NO_LEASE },
      result: { type: 'deleted', deleted: false },
    }
    expect(verdict([put(1, 2, 'a'), revoke])).toBe('no')
  })
})

test('a budget that is spent says unknown', () => {
  expect(verdict([put(1, 2, 'a'), got(3, 4, 'a')], 0)).toBe('unknown')
})

test('agrees with trying every order of small histories', () => {
  let answers = { yes: 0, no: 0 }
  // Three operations on five instants: every way to place two puts and a read of each value.
  const spans = [1, 2, 3, 4].flatMap((from) => [from + 1, from + 2, NEVER].map((to) => [from, to] as const))
  for (const [a, b] of spans) {
    for (const [c, d] of spans) {
      for (const [value, version] of [
        ['x', 1],
        ['y', 1],
        ['x', 2],
        ['y', 2],
        [null, 0],
      ] as const) {
        const ops = [put(a, b, 'x'), put(c + 0.1, d === NEVER ? NEVER : d + 0.1, 'y'), got(2.5, 3.5, value, version)]
        const slow = anyOrder(ops) ? 'yes' : 'no'
        answers = { ...answers, [slow]: answers[slow] + 1 }
        expect(verdict(ops), JSON.stringify(ops)).toBe(slow)
      }
    }
  }
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(50)
})

/** Tries every order of every choice of the unanswered. */
function anyOrder(ops: readonly Op[], state = keyModel.initial): boolean {
  if (ops.every(({ answeredAt }) => answeredAt === NEVER)) return true
  return ops.some((op, i) => {
    const rest = ops.filter((_, j) => j !== i)
    if (rest.some(({ answeredAt }) => answeredAt < op.calledAt)) return false
    const after = keyModel.step(state, op.input, op.result)
    return after !== undefined && anyOrder(rest, after)
  })
}
