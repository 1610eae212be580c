import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  base64,
  bytesText,
  fromBase64,
  hexEscaped,
  inRange,
  isUtf8,
  prefixEnd,
  quoted,
  text,
  textBytes,
  utf8,
} from './bytes'

const latin1 = (buffer: Uint8Array) => Buffer.from(buffer).toString('latin1')
const anyText = fc.string({ unit: 'binary' })
/** UTF-16 with surrogates anywhere. */
const anyUnits = fc
  .array(fc.oneof(fc.nat({ max: 0xffff }), fc.integer({ min: 0xd700, max: 0xe0ff })))
  .map((units) => String.fromCharCode(...units))
/** Bytes, many of which start or continue a UTF-8 sequence. */
const anyBytes = fc
  .array(
    fc.oneof(
      fc.nat({ max: 255 }),
      fc.integer({ min: 0x80, max: 0xbf }),
      fc.constantFrom(0xc0, 0xc2, 0xe0, 0xe2, 0xed, 0xef, 0xf0, 0xf4, 0xf5),
    ),
  )
  .map((bytes) => String.fromCharCode(...bytes))

describe('utf8', () => {
  test('utf8 encodes as the platform does', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, anyUnits), (t) => {
        expect(utf8(t)).toBe(latin1(new TextEncoder().encode(t)))
      }),
      { seed: 1, numRuns: 500 },
    )
  })
  test('every code point survives encoding and decoding', () => {
    for (let rune = 0; rune <= 0x10ffff; rune += rune < 0x900 ? 1 : 61) {
      if (rune >= 0xd800 && rune < 0xe000) continue
      const t = String.fromCodePoint(rune)
      if (text(utf8(t)) !== t || !isUtf8(utf8(t))) expect.fail(`U+${rune.toString(16)}`)
    }
  })
  test('half a surrogate pair becomes U+FFFD', () => {
    expect(utf8('\ud800')).toBe('\xef\xbf\xbd')
    expect(utf8('a\udc00b')).toBe('a\xef\xbf\xbdb')
    expect(utf8('\udc00\ud800')).toBe('\xef\xbf\xbd\xef\xbf\xbd')
  })
})

describe('text', () => {
  /** The platform decodes the valid stretches. Where it refuses, one byte is bad. */
  function asGo(bytes: string): string {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    let out = ''
    next: for (let i = 0; i < bytes.length; ) {
      for (let width = 1; width <= 4 && i + width <= bytes.length; width++) {
        try {
          out += strict.decode(Buffer.from(bytes.slice(i, i + width), 'latin1'))
          i += width
          continue next
        } catch {}
      }
      out += '\ufffd'
      i++
    }
    return out
  }
  test('text decodes as Go does', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(text(bytes)).toBe(asGo(bytes))
        expect(isUtf8(bytes)).toBe(Buffer.from(text(bytes)).equals(Buffer.from(bytes, 'latin1')))
      }),
      { seed: 2, numRuns: 1000 },
    )
  })
  test.each([
    ['cut short', '\xe2\x82', '\ufffd\ufffd'],
    ['too long a form', '\xc0\x80', '\ufffd\ufffd'],
    ['too long a form of three', '\xe0\x80\x80a', '\ufffd\ufffd\ufffda'],
    ['a surrogate', '\xed\xa0\x80', '\ufffd\ufffd\ufffd'],
    ['above U+10FFFF', '\xf4\x90\x80\x80', '\ufffd\ufffd\ufffd\ufffd'],
    ['a byte order mark, which is kept', '\xef\xbb\xbfa', '\ufeffa'],
    ['nothing', '', ''],
  ])('%s', (_, bytes, expected) => {
    expect(text(bytes)).toBe(expected)
  })
})

describe('ranges', () => {
  test.each([
    ['foo', 'fop'],
    ['a\xff', 'b'],
    ['a\xfe\xff\xff', 'a\xff'],
    ['\xff', '\0'],
    ['\xff\xff', '\0'],
    ['', '\0'],
    ['a\0', 'a\x01'],
  ])('the end of prefix %j is %j', (prefix, end) => {
    expect(prefixEnd(prefix)).toBe(end)
  })
  test('a prefix range holds the keys with the prefix, and no others', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\xfe', '\xff'), maxLength: 4 })
    fc.assert(
      fc.property(short, short, (prefix, key) => {
        // etcd's empty prefix becomes the key '\0' with the end '\0': no key is empty.
        expect(inRange(key, prefix, prefixEnd(prefix))).toBe(
          /^\xff*$/.test(prefix) ? key >= prefix : key.startsWith(prefix),
        )
      }),
      { seed: 3, numRuns: 1000 },
    )
  })
  test.each<[string, string, string, boolean]>([
    ['b', 'b', '', true],
    ['ba', 'b', '', false],
    ['b', 'b', '\0', true],
    ['a', 'b', '\0', false],
    ['\xff\xff', 'b', '\0', true],
    ['b', 'b', 'c', true],
    ['bzz', 'b', 'c', true],
    ['c', 'b', 'c', false],
    ['a', 'b', 'c', false],
    ['b', 'b', 'b', false],
    ['b', 'c', 'a', false],
  ])('%j in [%j, %j): %s', (key, from, end, expected) => {
    expect(inRange(key, from, end)).toBe(expected)
  })
})

describe('base64', () => {
  test('base64 encodes and decodes as the platform does', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect(base64(bytes)).toBe(Buffer.from(bytes, 'latin1').toString('base64'))
        expect(fromBase64(base64(bytes))).toBe(bytes)
      }),
      { seed: 4 },
    )
  })
  test('line ends are skipped, and loose last bits are ignored, as in Go', () => {
    expect(fromBase64('Zm9v\r\nYmFy\n')).toBe('foobar')
    expect(fromBase64('YR==')).toBe('a')
  })
  test.each(['Zg', 'Zg=', 'Z===', '====', 'Zm9v=', 'Zm 9v', 'Zm-_', 'Zg==Zg==', '=Zg=', 'Zmé='])(
    '%j is not base64',
    (bad) => {
      expect(fromBase64(bad)).toBeNull()
    },
  )
})

test('hexEscaped', () => {
  expect(hexEscaped('ab\0\xff')).toBe('\\x61\\x62\\x00\\xff')
  expect(hexEscaped('')).toBe('')
})

// The output of fmt.Sprintf("%q", …).
test.each([
  ['plain', 'foo bar', '"foo bar"'],
  ['quotes and backslash', 'a"b\\c\'', '"a\\"b\\\\c\'"'],
  ['short escapes', '\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['control characters', '\0\x1b\x7f', '"\\x00\\x1b\\x7f"'],
  ['printable', utf8('é世😀'), '"é世😀"'],
  [
    'not printable',
    utf8('\u0085\u00a0\u200b\u2028\ufeff\ue000'),
    '"\\u0085\\u00a0\\u200b\\u2028\\ufeff\\ue000"',
  ],
  ['not printable, above U+FFFF', utf8('\u{e0001}\u{10ffff}'), '"\\U000e0001\\U0010ffff"'],
  ['soft hyphen', utf8('\u00ad'), '"\\u00ad"'],
  ['a real U+FFFD', utf8('\ufffd'), '"\ufffd"'],
  ['invalid bytes', 'a\xff\xe2\x82', '"a\\xff\\xe2\\x82"'],
])('quoted: %s', (_, bytes, expected) => {
  expect(quoted(bytes)).toBe(expected)
})

test('bytesText keeps every byte, and equals text for valid UTF-8', () => {
  fc.assert(
    fc.property(fc.oneof(anyBytes, anyText.map(utf8)), (bytes) => {
      expect(textBytes(bytesText(bytes))).toBe(bytes)
      if (isUtf8(bytes)) expect(bytesText(bytes)).toBe(text(bytes))
    }),
    { seed: 1, numRuns: 500 },
  )
})
