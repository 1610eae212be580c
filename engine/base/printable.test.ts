import { expect, test } from 'vitest'
import { isPrintable } from './printable'

test("printable characters are the platform's letters, marks, numbers, punctuation and symbols, and no others", () => {
  const graphic = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u
  let count = 0
  for (let rune = 0; rune <= 0x10ffff; rune++) {
    if (!isPrintable(rune)) continue
    count++
    // Assigned characters stay assigned; the platform's Unicode may only have more.
    if (!graphic.test(String.fromCodePoint(rune))) expect.fail(`U+${rune.toString(16)}`)
  }
  // Counted with strconv.IsPrint.
  expect(count).toBe(148998)
})

test.each([
  ['the last of a stretch', 0x377, true],
  ['the one behind it', 0x378, false],
  ['a no-break space', 0xa0, false],
  ['a soft hyphen', 0xad, false],
  ['half a pair', 0xd800, false],
  ['private use', 0xe000, false],
  ['a letter of Unicode 15', 0x11f02, true],
  ['a letter of Unicode 16', 0x1c89, false],
  ['the last of all', 0x10ffff, false],
])('%s', (_, rune, expected) => {
  expect(isPrintable(rune)).toBe(expected)
})
