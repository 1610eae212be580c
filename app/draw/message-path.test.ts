import { expect, test } from 'vitest'
import {
  bundles,
  flightAt,
  flightShare,
  linkAcross,
  linkBetween,
  linkPath,
  placeBetween,
  pointAt,
  reversed,
  tailShare,
} from './message-path'

const left = { x: 0, y: 0, width: 100, height: 100 }
const level = { from: { x: 0, y: 0 }, to: { x: 200, y: 0 } }

test('cards that share enough height are joined straight across', () => {
  expect(linkBetween(left, { x: 300, y: 50, width: 100, height: 200 })).toEqual({
    from: { x: 100, y: 75 },
    to: { x: 300, y: 75 },
  })
})

test('others are joined from the middle of the first to the nearest place of the second, off its corners', () => {
  expect(linkBetween(left, { x: 300, y: 90, width: 100, height: 100 })).toEqual({
    from: { x: 100, y: 50 },
    to: { x: 300, y: 110 },
  })
  expect(linkBetween({ ...left, y: 400 }, { ...left, x: 300 }).to).toEqual({ x: 300, y: 80 })
})

test('a message is where the time puts it, forwards and backwards', () => {
  const message = { sent: 1000, due: 1030 }
  expect(flightShare(message, 1000)).toBe(0)
  expect(flightShare(message, 1015)).toBe(0.5)
  expect(flightShare(message, 1030)).toBe(1)
  // The message is overdue because another move was taken first: it waits at its goal.
  expect(flightShare(message, 1200)).toBe(1)
  expect(flightShare(message, 900)).toBe(0)
  expect(flightShare({ sent: 5, due: 5 }, 5)).toBe(1)
})

test('a tail is as long as 350 ms of the viewer’s time', () => {
  const message = { sent: 0, due: 1000 }
  expect(tailShare(message, 500, 1)).toBeCloseTo(0.15)
  expect(tailShare(message, 500, 0.1)).toBeCloseTo(0.465)
  expect(tailShare(message, 100, 1)).toBe(0)
})

test('requests go along the link, replies go back', () => {
  expect(flightAt(level, 'request', 0.25)).toEqual({ x: 50, y: 0, heading: 0 })
  const { x, heading } = flightAt(level, 'reply', 0.25)
  expect([x, heading]).toEqual([150, 180])
})

test('messages that fly together fly side by side', () => {
  expect(flightAt(level, 'request', 0.5, 1).y).toBe(-13)
  expect(flightAt(level, 'reply', 0.5, 1).y).toBe(13)
  const messages = [
    { kind: 'request', sent: 60, due: 90, id: 1 },
    { kind: 'request', sent: 60, due: 90, id: 2 },
    { kind: 'reply', sent: 60, due: 90, id: 3 },
    { kind: 'request', sent: 61, due: 91, id: 4 },
  ]
  expect(bundles(messages).map((bundle) => bundle.map(({ id }) => id))).toEqual([[1, 2], [3], [4]])
})

test('a bent link passes beside what is between its ends', () => {
  const bent = { ...level, bend: { x: 100, y: -80 } }
  expect(pointAt(bent, 0.5)).toEqual({ x: 100, y: -40 })
  expect(pointAt(reversed(bent), 0)).toEqual({ x: 200, y: 0 })
  expect(linkPath(bent)).toBe('M0.0 0.0Q100.0 -80.0 200.0 0.0')
  expect(linkPath(level)).toBe('M0.0 0.0L200.0 0.0')
})

test('members are joined from middle to middle, at their edges', () => {
  expect(linkAcross(left, { x: 300, y: 0, width: 100, height: 100 })).toEqual({
    from: { x: 100, y: 50 },
    to: { x: 300, y: 50 },
  })
  expect(linkAcross(left, { x: 200, y: 200, width: 100, height: 100 })).toEqual({
    from: { x: 100, y: 100 },
    to: { x: 200, y: 200 },
  })
  // The link is steep: it leaves through the lower edge, not through the side.
  const { from } = linkAcross(left, { x: 50, y: 400, width: 100, height: 100 })
  expect(from.y).toBe(100)
  expect(from.x).toBe(56.25)
  expect(linkAcross(left, left)).toEqual({ from: { x: 50, y: 50 }, to: { x: 50, y: 50 } })
})

test('a label is beside the cards at its height, and anywhere else where it is wanted', () => {
  const boxes = [left, { x: 200, y: 0, width: 100, height: 100 }]
  expect(placeBetween(boxes, 190, 50, 30)).toBe(170)
  expect(placeBetween(boxes, 110, 50, 30)).toBe(130)
  expect(placeBetween(boxes, 150, 50, 80)).toBe(150)
  expect(placeBetween(boxes, 190, 200, 30)).toBe(190)
})
