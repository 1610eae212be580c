import { expect, test } from 'vitest'
import { linkLabel, messageLabel, overlaps } from './stage-labels'

const cards = [
  { x: 0, y: 0, width: 376, height: 200 },
  { x: 424, y: 40, width: 148, height: 134 },
]
const narrow = { from: { x: 376, y: 110 }, to: { x: 424, y: 110 } }
const wide = { from: { x: 376, y: 260 }, to: { x: 872, y: 260 } }

test('the words of a message are above its wire, or else below it, or left out if neither is free', () => {
  const above = messageLabel(wide, { x: 600, y: 260 }, 'write', cards)!
  expect(above.box.y + above.box.height).toBeLessThan(260)
  const below = messageLabel(wide, { x: 600, y: 260 }, 'write', [...cards, above.box])!
  expect(below.box.y).toBeGreaterThan(260)
  expect(messageLabel(narrow, { x: 400, y: 110 }, 'LeaseKeepAlive', cards)).toBeNull()
  // At the ends of the wire the words stay on the wire.
  expect(messageLabel(wide, { x: 870, y: 260 }, 'write ok', cards)!.box.x).toBeLessThanOrEqual(
    872 - 8 * 6,
  )
})

test('a bad link has its words in a narrow gap too, on no card', () => {
  for (const words of [['505 ms'], ['10 % lost'], ['505 ms', 'up to +20 ms']]) {
    const label = linkLabel(narrow, words, cards)
    expect(label.lines.join(' ')).toBe(words.join(' '))
    for (const card of cards) expect(overlaps(label.box, card), words.join()).toBe(false)
  }
  // Two members of a pile, 9 px apart: the words are beside the pile.
  const pile = [
    { x: 396, y: 40, width: 192, height: 78 },
    { x: 396, y: 127, width: 192, height: 78 },
  ]
  const label = linkLabel({ from: { x: 492, y: 118 }, to: { x: 492, y: 127 } }, ['505 ms'], pile)
  for (const card of pile) expect(overlaps(label.box, card)).toBe(false)
  expect(label.box.y + label.box.height / 2).toBeCloseTo(122.5, 0)
  const upright = { from: { x: 700, y: 190 }, to: { x: 700, y: 230 } }
  expect(linkLabel(upright, ['505 ms'], cards).box.x).not.toBeCloseTo(700 - 20, 0)
})
