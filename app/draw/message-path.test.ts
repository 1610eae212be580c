import { expect, test } from 'vitest'
import { bundles, doomedFlightAt, flightAt, flightShare, glowShare, labelX, linkAcross, linkBetween } from './message-path'

const left = { x: 0, y: 0, width: 100, height: 100 }

test('cards beside each other are joined at their facing sides, straight across', () => {
  const right = { x: 300, y: 50, width: 100, height: 200 }
  expect(linkBetween(left, right)).toEqual({ from: { x: 100, y: 75 }, to: { x: 300, y: 75 } })
  expect(linkBetween(right, left)).toEqual({ from: { x: 300, y: 75 }, to: { x: 100, y: 75 } })
})

test('cards that share no height are joined from middle to middle', () => {
  expect(linkBetween(left, { x: 300, y: 400, width: 100, height: 100 })).toEqual({ from: { x: 100, y: 50 }, to: { x: 300, y: 450 } })
})

test('cards one above the other are joined top to bottom', () => {
  const below = { x: 0, y: 150, width: 100, height: 100 }
  expect(linkBetween(left, below)).toEqual({ from: { x: 50, y: 100 }, to: { x: 50, y: 150 } })
  expect(linkBetween(below, left)).toEqual({ from: { x: 50, y: 150 }, to: { x: 50, y: 100 } })
})

test('a message is where the time puts it, forwards and backwards', () => {
  const message = { sent: 1000, due: 1030 }
  expect(flightShare(message, 1000)).toBe(0)
  expect(flightShare(message, 1015)).toBe(0.5)
  expect(flightShare(message, 1030)).toBe(1)
  // Overdue, since another move was taken first: it waits at its goal.
  expect(flightShare(message, 1200)).toBe(1)
  expect(flightShare(message, 900)).toBe(0)
  expect(flightShare({ sent: 5, due: 5 }, 5)).toBe(1)
})

test('requests and replies keep to lanes of their own and head opposite ways', () => {
  const link = { from: { x: 0, y: 0 }, to: { x: 200, y: 0 } }
  const request = flightAt(link, 'request', 0.25)
  const reply = flightAt(link, 'reply', 0.25)
  expect(request).toEqual({ x: 50, y: -7, heading: 0 })
  expect(reply).toEqual({ x: 150, y: 7, heading: 180 })
})

test('messages that fly together fly side by side', () => {
  const link = { from: { x: 0, y: 0 }, to: { x: 200, y: 0 } }
  expect(flightAt(link, 'request', 0.5, 1).y).toBe(-22)
  expect(flightAt(link, 'reply', 0.5, 1).y).toBe(22)
  const messages = [
    { kind: 'request', sent: 60, due: 90, id: 1 },
    { kind: 'request', sent: 60, due: 90, id: 2 },
    { kind: 'reply', sent: 60, due: 90, id: 3 },
    { kind: 'request', sent: 61, due: 91, id: 4 },
  ]
  expect(bundles(messages).map((bundle) => bundle.map(({ id }) => id))).toEqual([[1, 2], [3], [4]])
})

test('a label stays between the cards', () => {
  const link = { from: { x: 100, y: 0 }, to: { x: 300, y: 0 } }
  expect(labelX(link, 100, 80)).toBe(140)
  expect(labelX(link, 200, 80)).toBe(200)
  expect(labelX(link, 300, 80)).toBe(260)
  expect(labelX(link, 100, 300)).toBe(200)
})

test('a link glows after an answer and not before', () => {
  expect(glowShare(null, 0)).toBe(0)
  expect(glowShare(1000, 900)).toBe(0)
  expect(glowShare(1000, 1300)).toBe(0.5)
  expect(glowShare(1000, 1600)).toBe(0)
})

test('members are joined from middle to middle, at their edges', () => {
  expect(linkAcross(left, { x: 300, y: 0, width: 100, height: 100 })).toEqual({ from: { x: 100, y: 50 }, to: { x: 300, y: 50 } })
  expect(linkAcross(left, { x: 200, y: 200, width: 100, height: 100 })).toEqual({ from: { x: 100, y: 100 }, to: { x: 200, y: 200 } })
  // Steep: it leaves through the lower edge, not through the side.
  const { from } = linkAcross(left, { x: 50, y: 400, width: 100, height: 100 })
  expect(from.y).toBe(100)
  expect(from.x).toBe(56.25)
  expect(linkAcross(left, left)).toEqual({ from: { x: 50, y: 50 }, to: { x: 50, y: 50 } })
})

test('a doomed message flies like any other until it meets its end, turns, and lies still', () => {
  const link = { from: { x: 0, y: 0 }, to: { x: 200, y: 0 } }
  expect(doomedFlightAt(link, 'request', 0.4, 0.5)).toEqual({ ...flightAt(link, 'request', 0.4), dead: false })
  const turning = doomedFlightAt(link, 'request', 0.6, 0.5)
  expect(turning.dead).toBe(false)
  expect(turning.y).toBeLessThan(-7)
  expect(turning.x).toBeLessThan(100)
  const dead = doomedFlightAt(link, 'request', 0.8, 0.5)
  expect(dead.dead).toBe(true)
  expect([dead.x, dead.y].map(Math.round)).toEqual([92, -27])
  expect(doomedFlightAt(link, 'request', 1, 0.5)).toEqual(dead)
  // On the way back it turns to its own side.
  expect(doomedFlightAt(link, 'reply', 1, 0.5).y).toBeCloseTo(27)
})
