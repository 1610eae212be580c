import { expect, test } from 'vitest'
import { createGlide } from './glide'

test('a renewal moves the dial from the old remaining time to the new one', () => {
  const glide = createGlide()
  expect(glide(10_000, 3000, 0, 200)).toEqual({ deadline: 10_000, moving: false })
  expect(glide(13_600, 3600, 16, 200)).toEqual({ deadline: 10_000, moving: true })
  const half = glide(13_600, 3700, 116, 200)
  expect(half.moving).toBe(true)
  expect(half.deadline).toBeCloseTo(13_150)
  expect(glide(13_600, 3800, 216, 200)).toEqual({ deadline: 13_600, moving: false })
})

test('a lease without a countdown starts from 0', () => {
  const glide = createGlide()
  glide(null, 9500, 0, 400)
  expect(glide(21_000, 10_565, 16, 400).moving).toBe(false)
  glide(null, 10_565, 20, 400)
  expect(glide(21_000, 10_600, 36, 400)).toEqual({ deadline: 10_600, moving: true })
})

test('a jump through time, reduced motion and an earlier deadline move nothing', () => {
  const glide = createGlide()
  glide(10_000, 3000, 0, 200)
  expect(glide(20_000, 11_000, 16, 200).moving).toBe(false)
  expect(glide(10_000, 4000, 32, 200).moving).toBe(false)
  expect(glide(13_000, 4010, 48, 0).moving).toBe(false)
  expect(glide(12_000, 4020, 64, 200)).toEqual({ deadline: 12_000, moving: false })
})
