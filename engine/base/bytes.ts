// Keys and values are byte strings: one character (0–255) for each byte. So `<` is etcd's key
// order, `===` and Map keys work, and JSON and structured clone can carry the strings. An array of
// bytes has none of these. UTF-8 is encoded and decoded here, at the edges, and as in Go: one
// U+FFFD for each invalid byte. The platform's decoder merges several into one.

import { isPrintable } from './printable'
import type { Bytes } from './rpc'

/** U+FFFD, the replacement for an invalid byte. */
const REPLACEMENT = 0xfffd

/** The base of the characters that keep an invalid byte in a text. */
const LONE_BYTES = 0xdc00

/**
 * The UTF-8 bytes of a text; half a surrogate pair becomes U+FFFD.
 *
 * @example
 * expect(utf8('é')).toBe('\u00c3\u00a9')
 */
export function utf8(text: string): Bytes {
  let bytes = ''
  for (const character of text) {
    const rune = character.codePointAt(0)!
    bytes += rune < 0x80 ? character : encoded(rune >= 0xd800 && rune < 0xe000 ? REPLACEMENT : rune)
  }
  return bytes
}

/**
 * The bytes decoded as UTF-8, with one U+FFFD for each invalid byte.
 *
 * @example
 * expect(text(utf8('é'))).toBe('é')
 */
export function text(bytes: Bytes): string {
  let out = ''
  for (let i = 0; i < bytes.length; ) {
    const rune = runeAt(bytes, i)
    out += String.fromCodePoint(rune < 0 ? REPLACEMENT : rune)
    i += rune < 0 ? 1 : widthOf(rune)
  }
  return out
}

/**
 * The bytes decoded as UTF-8 without loss: an invalid byte becomes half a surrogate pair, U+DC80 to
 * U+DCFF, as in Python's `surrogateescape`.
 */
export function bytesText(bytes: Bytes): string {
  let out = ''
  for (let i = 0; i < bytes.length; ) {
    const rune = runeAt(bytes, i)
    out +=
      rune < 0 ? String.fromCharCode(LONE_BYTES + bytes.charCodeAt(i)) : String.fromCodePoint(rune)
    i += rune < 0 ? 1 : widthOf(rune)
  }
  return out
}

/** The inverse of `bytesText`. */
export function textBytes(text: string): Bytes {
  let bytes = ''
  for (const character of text) {
    const rune = character.codePointAt(0)!
    bytes +=
      rune >= LONE_BYTES + 0x80 && rune <= LONE_BYTES + 0xff
        ? String.fromCharCode(rune - LONE_BYTES)
        : utf8(character)
  }
  return bytes
}

/** Whether all bytes are valid UTF-8. */
export function isUtf8(bytes: Bytes): boolean {
  for (let i = 0; i < bytes.length; ) {
    const rune = runeAt(bytes, i)
    if (rune < 0) return false
    i += widthOf(rune)
  }
  return true
}

/**
 * The `range_end` that covers every key with this prefix, as in clientv3's GetPrefixRangeEnd; '\0'
 * (no end) if no key is greater.
 */
export function prefixEnd(prefix: Bytes): Bytes {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix.charCodeAt(i)
    if (byte < 0xff) return prefix.slice(0, i) + String.fromCharCode(byte + 1)
  }
  return '\0'
}

/**
 * Whether `key` is in etcd's range. The end '' means `from` alone, '\0' means no end; any other end
 * is the first key outside the range.
 */
export function inRange(key: Bytes, from: Bytes, end: Bytes): boolean {
  if (end === '') return key === from
  return key >= from && (end === '\0' || key < end)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Standard base64 with padding. */
export function base64(bytes: Bytes): string {
  let out = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const three =
      (bytes.charCodeAt(i) << 16) |
      (left > 1 ? bytes.charCodeAt(i + 1) << 8 : 0) |
      (left > 2 ? bytes.charCodeAt(i + 2) : 0)
    out += ALPHABET[three >>> 18]! + ALPHABET[(three >>> 12) & 63]!
    out += left > 1 ? ALPHABET[(three >>> 6) & 63]! : '='
    out += left > 2 ? ALPHABET[three & 63]! : '='
  }
  return out
}

/**
 * Decodes standard base64 as Go's base64.StdEncoding does: padding is required, and line ends are
 * skipped. Null for invalid input.
 */
export function fromBase64(text: string): Bytes | null {
  const digits = text.replace(/[\r\n]/g, '')
  if (digits.length % 4 !== 0) return null
  const padding = digits.endsWith('==') ? 2 : digits.endsWith('=') ? 1 : 0
  const length = digits.length - padding
  let bytes = ''
  let bits = 0
  let held = 0
  for (let i = 0; i < length; i++) {
    const digit = ALPHABET.indexOf(digits.charAt(i))
    if (digit < 0) return null
    bits = ((bits << 6) | digit) & 0xffff
    held += 6
    if (held >= 8) {
      held -= 8
      bytes += String.fromCharCode((bits >>> held) & 0xff)
    }
  }
  return bytes
}

/** Every byte as `\x6a`, as etcdctl prints it with --hex. */
export function hexEscaped(bytes: Bytes): string {
  let out = ''
  for (let i = 0; i < bytes.length; i++) out += hexByte(bytes.charCodeAt(i))
  return out
}

/** The bash word for a text of `bytesText`, with its bytes escaped: `$'a\xff'`. */
export function shellBytes(text: string): string {
  return `$'${textBytes(text).replace(/[^ -~]|['\\!]/g, (byte) => hexByte(byte.charCodeAt(0)))}'`
}

/** A Go string in double quotes, as strconv.Quote and %q print these bytes. */
export function quoted(bytes: Bytes): string {
  let out = '"'
  for (let i = 0; i < bytes.length; ) {
    const rune = runeAt(bytes, i)
    out += rune < 0 ? hexByte(bytes.charCodeAt(i)) : quotedRune(rune)
    i += rune < 0 ? 1 : widthOf(rune)
  }
  return `${out}"`
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
}

function quotedRune(rune: number): string {
  const character = String.fromCodePoint(rune)
  const short = SHORT_ESCAPES[character]
  if (short !== undefined) return short
  if (rune < 0x20 || rune === 0x7f) return hexByte(rune)
  if (isPrintable(rune)) return character
  const digits = rune.toString(16)
  return rune < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}

function hexByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

function widthOf(rune: number): number {
  return rune < 0x80 ? 1 : rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4
}

function encoded(rune: number): Bytes {
  if (rune < 0x800) return String.fromCharCode(0xc0 | (rune >> 6), 0x80 | (rune & 63))
  if (rune < 0x10000)
    return String.fromCharCode(0xe0 | (rune >> 12), 0x80 | ((rune >> 6) & 63), 0x80 | (rune & 63))
  return String.fromCharCode(
    0xf0 | (rune >> 18),
    0x80 | ((rune >> 12) & 63),
    0x80 | ((rune >> 6) & 63),
    0x80 | (rune & 63),
  )
}

/**
 * The code point whose UTF-8 form starts at `i`; -1 for invalid bytes. Overlong forms, surrogates
 * and values above U+10FFFF are invalid.
 */
function runeAt(bytes: Bytes, i: number): number {
  const first = bytes.charCodeAt(i)
  if (first < 0x80) return first
  const width = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (width === 0 || i + width > bytes.length) return -1
  let rune = first & (0x7f >> width)
  for (let k = 1; k < width; k++) {
    const byte = bytes.charCodeAt(i + k)
    if ((byte & 0xc0) !== 0x80) return -1
    rune = (rune << 6) | (byte & 63)
  }
  const valid = widthOf(rune) === width && !(rune >= 0xd800 && rune < 0xe000) && rune <= 0x10ffff
  return valid ? rune : -1
}
