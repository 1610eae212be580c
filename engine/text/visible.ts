// Foreign text made visible. Keys, values and names come from links and files, and may contain
// invisible characters or characters that reorder their neighbours. Such a character is written as
// an escape: \n \r \t \0, \x1b for other control characters and for a byte that is not UTF-8,
// \u202e, \u{e0001}.

import { bytesText } from '../base/bytes'
import { isPrintable } from '../base/printable'
import type { Bytes } from '../base/rpc'

export { shellBytes } from '../base/bytes'

/**
 * Go counts these as printable, but they are invisible: joiners, fillers, variation selectors,
 * blank letters. From, to.
 */
const BLANK: readonly (readonly [number, number])[] = [
  [0x034f, 0x034f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x2800, 0x2800],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xffa0, 0xffa0],
  [0x1d159, 0x1d159],
  [0xe0100, 0xe01ef],
]

/** Most text: no invisible characters, and no backslash that could read as an escape. */
const PLAIN = /^[!-[\]-~]+( [!-[\]-~]+)*$/
const SEEN = /^[ -~]*$/

const SHORT: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
}

/** The characters after a backslash in an escape. */
const AFTER_BACKSLASH = /^(?:[\\nrt0]|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})/

/**
 * One key, value or name. Invisible characters are escaped, and so is a space at either end or
 * after another space. A backslash is doubled only if it would read as an escape: two different
 * texts never look the same.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text
  const characters = [...text]
  let out = ''
  // From the end: the text after a backslash decides whether it is doubled.
  for (let i = characters.length - 1; i >= 0; i--) {
    const character = characters[i]!
    const isHiddenSpace =
      character === ' ' && (i === 0 || i === characters.length - 1 || characters[i - 1] === ' ')
    if (character === '\\') out = (AFTER_BACKSLASH.test(out) ? '\\\\' : '\\') + out
    else out = (isHiddenSpace ? '\\x20' : (escapeOf(character) ?? character)) + out
  }
  return out
}

/** A key or value of the store, with every byte visible. */
export function visibleBytes(bytes: Bytes): string {
  return visible(bytesText(bytes))
}

/**
 * A sentence, or a typed or printed line. Only invisible characters are escaped: spaces and
 * backslashes stay.
 */
export function visibleLine(line: string): string {
  return SEEN.test(line)
    ? line
    : [...line].map((character) => escapeOf(character) ?? character).join('')
}

/** Printed text of several lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part, i) => (i % 2 === 1 ? part : visibleLine(part)))
    .join('')
}

/** Null for a visible character. */
function escapeOf(character: string): string | null {
  const rune = character.codePointAt(0)!
  if (isPrintable(rune) && !BLANK.some(([from, to]) => rune >= from && rune <= to)) return null
  const short = SHORT[character]
  if (short !== undefined) return short
  const digits = rune.toString(16)
  if (rune < 0x80) return `\\x${digits.padStart(2, '0')}`
  // Half a surrogate pair for a byte (base/bytes.ts).
  if (rune >= 0xdc80 && rune <= 0xdcff) return `\\x${(rune - 0xdc00).toString(16)}`
  return rune < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`
}
