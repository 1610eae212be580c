import { expect, test } from 'vitest'
import { apart } from './apart'

const now = { x: 400, half: 20 }

test('a label keeps its position while that is free', () => {
  expect(apart({ x: 300, half: 50 }, [now], 0, 1000)).toBe(300)
})

test('a label moves to the nearer free side, and to the other side if that is taken or outside', () => {
  expect(apart({ x: 395, half: 50 }, [now], 0, 1000)).toBe(326)
  expect(apart({ x: 405, half: 50 }, [now], 0, 1000)).toBe(474)
  expect(apart({ x: 405, half: 50 }, [now, { x: 470, half: 40 }], 0, 1000)).toBe(326)
  expect(apart({ x: 395, half: 50 }, [now], 300, 1000)).toBe(474)
})

test('no labels overlap, for any positions', () => {
  for (let x = 0; x < 1000; x += 7) {
    const others = [now, { x: (x * 37) % 1000, half: 40 }]
    const at = apart({ x, half: 50 }, others, 0, 1000)
    for (const other of others)
      expect(Math.abs(at - other.x)).toBeGreaterThanOrEqual(other.half + 50)
  }
})
