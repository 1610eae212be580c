import { expect, test } from 'vitest'
import { MOST_PLACE, nextSpeed, placeOfSpeed, speedAtPlace, speeds, speedText } from './speeds'

test('speeds go up and down in steps and stop at their ends', () => {
  expect(nextSpeed(1, true)).toBe(2)
  expect(nextSpeed(1, false)).toBe(0.5)
  expect(nextSpeed(100, true)).toBe(100)
  expect(nextSpeed(0.1, false)).toBe(0.1)
  expect(nextSpeed(3, true)).toBe(5)
  expect(nextSpeed(3, false)).toBe(2)
})

test('the slider has the same length for every factor of ten, and snaps at 1×', () => {
  expect([0.1, 1, 10, 100].map(placeOfSpeed)).toEqual([0, 100, 200, MOST_PLACE])
  for (const speed of speeds)
    expect(speedAtPlace(placeOfSpeed(speed)), speedText(speed)).toBe(speed)
  expect([94, 100, 107].map(speedAtPlace)).toEqual([1, 1, 1])
  expect(speedAtPlace(92)).toBe(0.83)
  expect([-5, 400].map(speedAtPlace)).toEqual([0.1, 100])
})

test('a held speed is written in two digits', () => {
  expect([0.0912, 0.5, 1, 33.3].map(speedText)).toEqual(['0.091×', '0.5×', '1×', '33×'])
})
