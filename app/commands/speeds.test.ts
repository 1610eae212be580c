import { expect, test } from 'vitest'
import { nextSpeed } from './speeds'

test('speeds go up and down in steps and stop at their ends', () => {
  expect(nextSpeed(1, true)).toBe(2)
  expect(nextSpeed(1, false)).toBe(0.5)
  expect(nextSpeed(100, true)).toBe(100)
  expect(nextSpeed(0.1, false)).toBe(0.1)
  expect(nextSpeed(3, true)).toBe(5)
  expect(nextSpeed(3, false)).toBe(2)
})
