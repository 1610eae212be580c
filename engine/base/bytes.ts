// Keys and values are byte strings: one character (0–255) per byte. `<` is then etcd's order, `===`
// and Maps work, and JSON and structured clone carry them. An array of bytes has none of that.
// UTF-8 is made and read here, at the edges, and as Go does it: one U+FFFD for each byte that fits
// nowhere (the platform's decoder makes one of several).

import { isPrintable } from './printable'
import type { Bytes } from './rpc'

/** U+FFFD, what stands for an undecodable byte. */
const REPLACEMENT = 0xfffd

/** A byte that fits nowhere in UTF-8, as a character of a text that keeps it. */
const LONE_BYTES = 0xdc00

/** The UTF-8 bytes of a text; half a surrogate pair becomes U+FFFD. */
export function utf8(text: string): Bytes {
  let bytes = ''
  for (const character of text) {
    const rune = character.codePointAt(0)!
    bytes += rune < 0x80 ? character : encoded(rune >= 0xd800 && rune < 0xe000 ? REPLACEMENT : rune)
  }
  return bytes
}

/** The text that the bytes are as UTF-8, with one U+FFFD for each byte that fits nowhere. */
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
 * The same, and no byte is lost: one that fits nowhere is half a surrogate pair, U+DC80 to U+DCFF,
 * as in Python's `surrogateescape`.
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

/** The bytes that `bytesText` was given. */
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

/** Whether the bytes are UTF-8 throughout. */
export function isUtf8(bytes: Bytes): boolean {
  for (let i = 0; i < bytes.length; ) {
    const rune = runeAt(bytes, i)
    if (rune < 0) return false
    i += widthOf(rune)
  }
  return true
}

/**
 * The `range_end` that takes in every key with this prefix, as clientv3's GetPrefixRangeEnd; '\0'
 * (no end) where there is none.
 */
export function prefixEnd(prefix: Bytes): Bytes {
  for (let i = prefix.length - 1; i >= 0; i--) {
    const byte = prefix.charCodeAt(i)
    if (byte < 0xff) return prefix.slice(0, i) + String.fromCharCode(byte + 1)
  }
  return '\0'
}

/**
 * Whether `key` is in etcd's range: '' as the end means `from` alone, '\0' everything from `from`
 * on, all else is the first key not in it.
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
 * The bytes of standard base64, read as Go's base64.StdEncoding reads it (padding required, line
 * ends skipped); null if it is none.
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

/** Every byte as `\x6a`, as etcdctl prints with --hex. */
export function hexEscaped(bytes: Bytes): string {
  let out = ''
  for (let i = 0; i < bytes.length; i++) out += hexByte(bytes.charCodeAt(i))
  return out
}

/** The word that bash reads as the bytes that `bytesText` made text of: `$'a\xff'`. */
export function shellBytes(text: string): string {
  return `$'${textBytes(text).replace(/[^ -~]|['\\!]/g, (byte) => hexByte(byte.charCodeAt(0)))}'`
}

/** A Go string with these bytes in double quotes, as strconv.Quote and %q print it. */
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
 * The code point whose UTF-8 form starts at `i`; -1 if none does (too long a form, a surrogate and
 * what lies above U+10FFFF are none).
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
