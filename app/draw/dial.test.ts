import { expect, test } from 'vitest'
import { arcPath, dialCaption, dialPhase, dialShare, graduations } from './dial'

const lease = { state: 'live' as const, deadline: 10_000, ttlSeconds: 10 }

test('a lease becomes more urgent: a quarter of its TTL, two seconds, due', () => {
  expect([0, 7500, 7501, 8000, 10_000, 10_200].map((now) => dialPhase(lease, now))).toEqual([
    'live',
    'live',
    'low',
    'soon',
    'due',
    'due',
  ])
  expect(dialPhase({ ...lease, deadline: null }, 0)).toBe('uncounted')
  expect(dialPhase({ ...lease, state: 'gone' }, 0)).toBe('gone')
})

test('the caption names the seconds that a new leader gave beyond the TTL, while they last', () => {
  expect(dialCaption({ ...lease, deadline: 11_000 }, 300, false)).toBe('of 10 + 1 s')
  expect(dialCaption({ ...lease, deadline: 11_000 }, 1000, false)).toBe('of 10 s')
  expect(dialCaption({ ...lease, deadline: 11_000 }, 1500, false, 1)).toBe('of 10 + 1 s')
  expect(dialCaption(lease, 9000, false)).toBe('expires in')
  expect(dialCaption(lease, 10_000, false)).toBe('due, not yet')
})

test('a dial is full above the TTL and empty from the deadline on', () => {
  expect([-1000, 0, 5000, 10_000, 12_000].map((now) => dialShare(10_000, 10, now))).toEqual([
    1, 1, 0.5, 0, 0,
  ])
  expect(dialShare(null, 10, 0)).toBe(0)
})

test('an arc goes from its edge, clockwise, to 12 o’clock', () => {
  expect(arcPath(0.25, 100)).toBe('M-100.00 0.00A100 100 0 0 1 0 -100')
  expect(arcPath(0.75, 100)).toBe('M100.00 0.00A100 100 0 1 1 0 -100')
  expect(arcPath(0, 100)).toBe('')
  expect(arcPath(1, 100)).toContain('A100 100 0 1 1 0 100')
})

test('graduations: fifths on a large dial, seconds on a smaller one, every five seconds above a TTL of 12, none on a small dial', () => {
  expect(graduations(10, 92)).toHaveLength(50)
  expect(graduations(10, 92).filter(({ length }) => length === 8)).toHaveLength(9)
  expect(graduations(5, 50).map(({ angle }) => angle)).toEqual([0, 72, 144, 216, 288])
  expect(graduations(60, 50)).toHaveLength(12)
  expect(graduations(3600, 50).length).toBeLessThanOrEqual(24)
  expect(graduations(10, 30)).toEqual([])
})
