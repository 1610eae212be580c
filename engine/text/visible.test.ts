import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesText, textBytes } from '../base/bytes'
import { visible, visibleBytes, visibleLine, visibleLines } from './visible'

/** Text with many invisible characters, and with the characters of escapes. */
const stranger = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\\',
        '\\',
        ' ',
        'n',
        'r',
        't',
        '0',
        'x',
        'u',
        '{',
        '}',
        '2',
        '0',
        'e',
        'f',
        '\n',
        '\0',
        '\t',
        '\x1b',
        '\x7f',
      ),
      fc.constantFrom(
        '\u202e',
        '\u2066',
        '\u200b',
        '\u200d',
        '\ufeff',
        '\ufe0f',
        '\u3164',
        '\u00a0',
        '\u{e0041}',
        '\ud800',
        '\udcff',
        'ä',
        'א',
        '😀',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''))

/** Reads the escapes from left to right, as a person does. */
function read(shown: string): string {
  const short: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0', '\\': '\\' }
  return shown.replace(
    /\\(?:([nrt0\\])|x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})/g,
    (_, letter, byte, unit, rune) => {
      if (letter !== undefined) return short[letter]!
      if (byte !== undefined)
        return String.fromCharCode(Number.parseInt(byte, 16) + (byte < '80' ? 0 : 0xdc00))
      return String.fromCodePoint(Number.parseInt(unit ?? rune, 16))
    },
  )
}

/**
 * Invisible characters by the platform's own Unicode data: controls, format characters, surrogates,
 * unassigned, spaces, and default ignorables.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}|\u2800/u

test('shown text has no invisible characters and none that reorder their neighbours', () => {
  fc.assert(
    fc.property(stranger, (text) => {
      expect(visible(text)).not.toMatch(HIDDEN)
      expect(visible(text)).not.toMatch(/^ | $| {2}/)
      expect(visibleLine(text)).not.toMatch(HIDDEN)
      expect(visibleLines(text).replace(/[\n\t]/g, '')).not.toMatch(HIDDEN)
    }),
    { seed: 1, numRuns: 2000 },
  )
})

test('every invisible character of Unicode is escaped', () => {
  for (let rune = 0; rune <= 0x10ffff; rune++) {
    const shown = visible(String.fromCodePoint(rune))
    if (HIDDEN.test(shown)) expect.fail(`U+${rune.toString(16)} is shown as it is`)
  }
})

test('shown text can be read back, so no two texts look the same', () => {
  fc.assert(
    fc.property(stranger, (text) => {
      // Two halves of a surrogate pair make one character.
      expect(read(visible(text))).toBe(text)
    }),
    { seed: 2, numRuns: 2000 },
  )
})

test('a backslash is doubled only if it would read as an escape', () => {
  fc.assert(
    fc.property(stranger, (text) => {
      const shown = visible(text)
      for (let at = shown.indexOf('\\\\'); at >= 0; at = shown.indexOf('\\\\', at + 2)) {
        const single = shown.slice(0, at) + shown.slice(at + 1)
        expect(read(single)).not.toBe(text)
      }
    }),
    { seed: 3, numRuns: 1000 },
  )
})

test('every byte of a key is visible', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (numbers) => {
      const bytes = String.fromCharCode(...numbers)
      expect(textBytes(read(visibleBytes(bytes)))).toBe(bytes)
      expect(visibleBytes(bytes)).toBe(visible(bytesText(bytes)))
    }),
    { seed: 4, numRuns: 1000 },
  )
})

describe('text is shown', () => {
  test.each([
    ['/svc/a', '/svc/a'],
    ['grüße 你好 😀', 'grüße 你好 😀'],
    ['', ''],
    ['\u202eabc', '\\u202eabc'],
    ['a\u200bb\n', 'a\\u200bb\\n'],
    ['\0\x1b[31m', '\\0\\x1b[31m'],
    ['\ud800x', '\\ud800x'],
    ['\u{e0001}', '\\u{e0001}'],
    [' a  b ', '\\x20a \\x20b\\x20'],
    ['C:\\dir', 'C:\\dir'],
    ['C:\\new', 'C:\\\\new'],
    ['\\u202e', '\\\\u202e'],
    ['\\\u202e', '\\\\\\u202e'],
    ['\\', '\\'],
    ['\\ ', '\\\\\\x20'],
    ['\\\\', '\\\\\\'],
  ])('%j as %j', (text, shown) => {
    expect(visible(text)).toBe(shown)
  })
  test('with an escape for a byte that is not UTF-8', () => {
    expect(visibleBytes('a\xff\xc3\xa4')).toBe('a\\xffä')
  })
  test('as a line, with its spaces and backslashes', () => {
    expect(visibleLine("$ printf  'a\\n\u202e' ")).toBe("$ printf  'a\\n\\u202e' ")
  })
  test('as printed text, with its line ends and tabs', () => {
    expect(visibleLines('k\u2066\n\tv\r\n')).toBe('k\\u2066\n\tv\\r\n')
  })
})
