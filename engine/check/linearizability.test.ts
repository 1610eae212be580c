import { describe, expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import { Random } from '../base/random'
import type { KeyValue } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { KeyInput, KeyResult, KeyState } from './histories'
import { judge, keyModel } from './histories'
import type { Operation } from './linearizability'
import { isLinearizable } from './linearizability'

type Op = Operation<KeyInput, KeyResult>
const NEVER = Number.POSITIVE_INFINITY
const LEASE = leaseId(7)

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
    kv:
      value === null
        ? null
        : { key: 'k', value, version, lease: NO_LEASE, create_revision: 2, mod_revision: 2 },
  },
})
const verdict = (ops: Op[], budget = 10_000) => isLinearizable(keyModel, ops, budget)

describe('a history is linearizable', () => {
  test('if nothing overlaps and each read sees the last write', () => {
    expect(verdict([put(1, 2, 'a'), got(3, 4, 'a'), put(5, 6, 'b'), got(7, 8, 'b', 2)])).toBe('yes')
  })

  test('if a read sees an overlapping write, or does not see it', () => {
    expect(verdict([put(1, 4, 'a'), got(2, 3, 'a')])).toBe('yes')
    expect(verdict([put(1, 4, 'a'), got(2, 3, null)])).toBe('yes')
  })

  test('if a write without an answer takes effect late, or never', () => {
    expect(verdict([put(1, NEVER, 'a'), got(2, 3, null), got(4, 5, 'a')])).toBe('yes')
    expect(verdict([put(1, NEVER, 'a'), got(2, 3, null), got(4, 5, null)])).toBe('yes')
  })
})

describe('a history is not linearizable', () => {
  test('if a read misses a write that was answered before', () => {
    expect(verdict([put(1, 2, 'a'), got(3, 4, null)])).toBe('no')
  })

  test('if two reads, one after the other, see the new value and then the old one', () => {
    expect(verdict([put(1, 2, 'a'), put(3, 8, 'b'), got(4, 5, 'b', 2), got(6, 7, 'a')])).toBe('no')
  })

  test('if a write without an answer is seen and later missing', () => {
    expect(verdict([put(1, NEVER, 'a'), got(2, 3, 'a'), got(4, 5, null)])).toBe('no')
  })

  test('if the lessor deleted a key that was not attached to the lease', () => {
    const revoke: Op = {
      calledAt: 3,
      answeredAt: 4,
      input: { type: 'revoke', lease: NO_LEASE },
      result: { type: 'deleted', deleted: false },
    }
    expect(verdict([put(1, 2, 'a'), revoke])).toBe('no')
  })
})

test('an exhausted budget gives the verdict unknown', () => {
  expect(verdict([put(1, 2, 'a'), got(3, 4, 'a')], 0)).toBe('unknown')
})

test('the verdict equals that of trying every order, on small histories', () => {
  let answers = { yes: 0, no: 0 }
  // Three operations at five times: every way to place two puts and a read of each value.
  const spans = [1, 2, 3, 4].flatMap((from) =>
    [from + 1, from + 2, NEVER].map((to) => [from, to] as const),
  )
  for (const [a, b] of spans) {
    for (const [c, d] of spans) {
      for (const [value, version] of [
        ['x', 1],
        ['y', 1],
        ['x', 2],
        ['y', 2],
        [null, 0],
      ] as const) {
        const ops = [
          put(a, b, 'x'),
          put(c + 0.1, d === NEVER ? NEVER : d + 0.1, 'y'),
          got(2.5, 3.5, value, version),
        ]
        const slow = anyOrder(ops) ? 'yes' : 'no'
        answers = { ...answers, [slow]: answers[slow] + 1 }
        expect(verdict(ops), JSON.stringify(ops)).toBe(slow)
      }
    }
  }
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(50)
})

describe('if answers carry the number of changes', () => {
  const at = (op: Op, rank: number): Op => ({ ...op, rank })

  test('a write without an answer goes only where a number is missing', () => {
    const [first, lost, last] = [
      at(put(1, 2, 'a'), 1),
      put(3, NEVER, 'b'),
      at(got(6, 7, 'c', 3), 3),
    ]
    expect(verdict([first, lost, at(put(4, 5, 'c'), 3), last])).toBe('yes')
    expect(verdict([first, lost, at(put(4, 5, 'c'), 2), at(got(6, 7, 'c', 3), 2)])).toBe('no')
  })

  test('later answers never have a lower number', () => {
    expect(verdict([at(put(1, 2, 'a'), 5), at(got(3, 4, 'a'), 5)])).toBe('yes')
    expect(verdict([at(put(1, 2, 'a'), 5), at(got(3, 4, 'a'), 4)])).toBe('no')
    expect(verdict([at(put(1, 2, 'a'), 5), at(put(3, 4, 'b'), 5)])).toBe('no')
  })

  test('many writes without an answer do not make the search long', () => {
    const lost = Array.from({ length: 40 }, (_, i) => put(3, NEVER, `lost ${i}`))
    const read = (from: number, value: string, rank: number) =>
      at(got(from, from + 1, value, rank), rank)
    expect(
      verdict([
        at(put(1, 2, 'a'), 1),
        ...lost,
        read(4, 'a', 1),
        at(put(6, 7, 'b'), 2),
        read(8, 'b', 2),
      ]),
    ).toBe('yes')
    expect(
      verdict([
        at(put(1, 2, 'a'), 1),
        ...lost,
        read(4, 'a', 1),
        at(put(6, 7, 'b'), 2),
        read(8, 'a', 2),
      ]),
    ).toBe('no')
  })
})

describe('if other keys change as well', () => {
  const at = (op: Op, rank: number) => ({ ...op, rank, client: 'c' })
  const verdicts = (a: Op[], b: Op[]) =>
    judge(
      new Map([
        ['a', a.map((op) => ({ client: 'c', ...op }))],
        ['b', b.map((op) => ({ client: 'c', ...op }))],
      ]),
      10_000,
    ).map(({ verdict }) => verdict)

  test('their revisions are no place for a write without an answer', () => {
    const a = [
      at(put(1, 2, 'x'), 1),
      put(3, NEVER, 'lost'),
      at(put(6, 7, 'y'), 3),
      at(got(8, 9, 'y', 3), 3),
    ]
    expect(verdicts(a, [])).toEqual(['yes', 'yes'])
    expect(verdicts(a, [at(put(4, 5, 'z'), 2)])).toEqual(['no', 'yes'])
  })

  test('two writes never change a key at one revision', () => {
    const first = at(put(0.1, 0.2, 'first'), 1)
    expect(verdicts([first, at(put(1, 2, 'x'), 3)], [at(put(1, 2, 'y'), 2)])).toEqual([
      'yes',
      'yes',
    ])
    expect(
      verdicts([first, at(put(1, 2, 'x'), 2)], [at(put(3, 4, 'w'), 3), at(put(5, 6, 'y'), 3)]),
    ).toEqual(['yes', 'no'])
  })

  test('a revoke that deletes both keys is one change of each', () => {
    const revoke = {
      ...at(put(3, 4, ''), 3),
      input: { type: 'revoke', lease: LEASE } as const,
      result: { type: 'deleted', deleted: true } as const,
    }
    const leased = (value: string, rank: number) => ({
      ...at(put(1, 2, value), rank),
      input: { type: 'put', value, lease: LEASE } as const,
    })
    expect(
      verdicts(
        [leased('x', 1), revoke, at(got(5, 6, null), 3)],
        [leased('y', 2), revoke, at(got(5, 6, null), 3)],
      ),
    ).toEqual(['yes', 'yes'])
  })
})

test('the verdict equals that of trying every order, on small random histories', () => {
  const answers = { yes: 0, no: 0 }
  for (let seed = 1; seed <= 3000; seed++) {
    const ops = smallHistory(new Random(seed, 'small history'))
    const slow = anyOrder(ops) ? 'yes' : 'no'
    answers[slow]++
    if (verdict(ops) !== slow)
      expect(verdict(ops), `seed ${seed}: ${JSON.stringify(ops)}`).toBe(slow)
  }
  expect(Math.min(answers.yes, answers.no)).toBeGreaterThan(200)
})

/**
 * Five operations as a sequential object answers them, with calls moved earlier and answers later.
 * Some lose their answer, and every other history has one altered answer.
 */
function smallHistory(random: Random): Op[] {
  let state: KeyState = null
  let rank = 3
  const ops: Op[] = []
  for (let i = 0; i < 5; i++) {
    const value = `${i}`
    const input: KeyInput =
      random.below(2) === 0
        ? { type: 'put', value, lease: NO_LEASE }
        : random.below(3) === 0
          ? { type: 'delete' }
          : { type: 'get' }
    const kv: KeyValue | null =
      state === null
        ? null
        : { key: 'k', ...(state as NonNullable<KeyState>), create_revision: 2, mod_revision: 2 }
    const result: KeyResult =
      input.type === 'get'
        ? { type: 'got', kv }
        : input.type === 'put'
          ? { type: 'done' }
          : { type: 'deleted', deleted: state !== null }
    const after: KeyState = keyModel.step(state, input, result)!
    // Other keys change too.
    rank += (keyModel.key(after) === keyModel.key(state) ? 0 : 1) + random.below(2)
    state = after
    const [calledAt, answeredAt] = [
      i + 0.01 * i - random.below(2),
      i + 0.6 + 0.01 * i + random.below(2),
    ]
    if (random.below(3) > 0)
      ops.push({ calledAt, answeredAt, input, result, ...(random.below(3) > 0 ? { rank } : {}) })
    else if (input.type !== 'get') ops.push({ calledAt, answeredAt: NEVER, input, result: null })
  }
  const altered = ops[random.below(6)]
  if (altered?.rank !== undefined) altered.rank += random.below(7) - 3
  return ops
}

/** Tries every order with every choice of the unanswered operations. */
function anyOrder(ops: readonly Op[], state = keyModel.initial, rank = 0): boolean {
  if (ops.every(({ answeredAt }) => answeredAt === NEVER)) return true
  return ops.some((op, i) => {
    const rest = ops.filter((_, j) => j !== i)
    if (rest.some(({ answeredAt }) => answeredAt < op.calledAt)) return false
    const after = keyModel.step(state, op.input, op.result)
    if (after === undefined) return false
    const least = keyModel.key(after) === keyModel.key(state) ? rank : rank + 1
    return (op.rank ?? least) >= least && anyOrder(rest, after, op.rank ?? least)
  })
}
