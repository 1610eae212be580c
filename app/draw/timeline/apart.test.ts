import { expect, test } from 'vitest'
import { apart } from './apart'

const now = { x: 400, half: 20 }

test('a label stays where it is while nothing is there', () => {
  expect(apart({ x: 300, half: 50 }, [now], 0, 1000)).toBe(300)
})

test('a label goes to the nearer side of what is there, and to the other where that is taken or outside', () => {
  expect(apart({ x: 395, half: 50 }, [now], 0, 1000)).toBe(326)
  expect(apart({ x: 405, half: 50 }, [now], 0, 1000)).toBe(474)
  expect(apart({ x: 405, half: 50 }, [now, { x: 470, half: 40 }], 0, 1000)).toBe(326)
  expect(apart({ x: 395, half: 50 }, [now], 300, 1000)).toBe(474)
})

test('no label lies on another, whatever the places', () => {
  for (let x = 0; x < 1000; x += 7) {
    const others = [now, { x: (x * 37) % 1000, half: 40 }]
    const at = apart({ x, half: 50 }, others, 0, 1000)
    for (const other of others)
      expect(Math.abs(at - other.x)).toBeGreaterThanOrEqual(other.half + 50)
  }
})
