import { describe, expect, test } from 'vitest'
import { crosses, Labels, type Wish } from './labels'
import { fonts, measure } from './test-tape'

const wish = (text: string, ...at: Wish['at'][number][]): Wish => ({
  text,
  font: 'label',
  colour: 'ink',
  ground: 'past',
  at,
})
const sheet = (now?: number): Labels =>
  new Labels(measure, fonts, { x: 0, y: 0, w: 400, h: 100 }, now)

describe('a label', () => {
  test('takes the first place that is free', () => {
    const labels = sheet()
    labels.block({ x: 0, y: 0, w: 400, h: 50 })
    expect(labels.place(wish('one', { x: 10, y: 20 }, { x: 10, y: 70 }))).toBe(true)
    expect(labels.placed).toMatchObject([{ text: 'one', x: 10, y: 70 }])
  })

  test('is left out if every position is taken', () => {
    const labels = sheet()
    expect(labels.place(wish('first', { x: 10, y: 50 }))).toBe(true)
    expect(labels.place(wish('second', { x: 30, y: 52 }))).toBe(false)
    expect(labels.placed).toHaveLength(1)
  })

  test('avoids a line that slopes through its box', () => {
    const labels = sheet()
    labels.blockLine({ x1: 0, y1: 0, x2: 400, y2: 100 })
    expect(labels.place(wish('across', { x: 180, y: 50 }))).toBe(false)
    expect(labels.place(wish('below', { x: 20, y: 80 }))).toBe(true)
  })

  test('stays within its row, and a label of the past left of now', () => {
    expect(sheet().place(wish('out', { x: 390, y: 50 }))).toBe(false)
    expect(sheet().place(wish('out', { x: 20, y: 2 }))).toBe(false)
    expect(sheet(60).place(wish('a long one', { x: 20, y: 50 }))).toBe(false)
    expect(sheet(60).place({ ...wish('a long one', { x: 20, y: 50 }), ground: 'bg' })).toBe(true)
  })

  test('that ends at a place is as wide as its text to the left of it', () => {
    const labels = sheet()
    labels.place(wish('1234', { x: 100, y: 50, end: true }))
    expect(labels.placed[0]?.x).toBe(72)
  })
})

test('a label has no character that hides or reorders, and is as wide as what is painted', () => {
  const labels = sheet()
  labels.place(wish('\u202eab', { x: 20, y: 50, end: false }))
  expect(labels.placed[0]?.text).toBe('\\u202eab')
  expect(labels.place(wish('beside', { x: 60, y: 50 }))).toBe(false)
})

test('a segment crosses a box where they share a point', () => {
  const box = { x: 10, y: 10, w: 10, h: 10 }
  expect(crosses(box, { x1: 0, y1: 0, x2: 30, y2: 30 })).toBe(true)
  expect(crosses(box, { x1: 0, y1: 15, x2: 30, y2: 15 })).toBe(true)
  expect(crosses(box, { x1: 15, y1: 12, x2: 16, y2: 13 })).toBe(true)
  expect(crosses(box, { x1: 0, y1: 25, x2: 30, y2: 25 })).toBe(false)
  expect(crosses(box, { x1: 0, y1: 15, x2: 9, y2: 15 })).toBe(false)
  expect(crosses(box, { x1: 0, y1: 30, x2: 30, y2: 25 })).toBe(false)
})
