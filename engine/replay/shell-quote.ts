// How a run's bytes appear in a shell script: always as one word that bash takes literally, or as a
// comment of one line. A run may come from a stranger, so every byte is treated as hostile.
// Interactive bash gets the same words: `!` is always quoted.

import { isUtf8, quoted, text } from '../base/bytes'
import { isPrintable } from '../base/printable'
import type { Bytes } from '../base/rpc'

/** The longest comment, in characters. */
const LONGEST_COMMENT = 400

/** One quoted word. The bytes must not hold a NUL: no argument can. */
export function shellWord(bytes: Bytes): string {
  if (!isVisible(bytes)) return `$'${bytes.replace(/[^ -~]|['\\!]/g, hexByte)}'`
  const shown = text(bytes)
  return /["$`\\!']/.test(shown) ? `'${shown.replaceAll("'", `'\\''`)}'` : `"${shown}"`
}

/**
 * A Go string in double quotes, as etcdctl's transactions read it, for a here-document that expands
 * variables.
 */
export function hereWord(bytes: Bytes): string {
  return quoted(bytes)
    .replaceAll('!', '\\x21')
    .replace(/[\\$`]/g, '\\$&')
}

/**
 * A text that stays one comment: line ends, control characters and direction marks become blanks.
 */
export function safeComment(words: string): string {
  const line = words.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]+/gu, ' ').trim()
  return line.length > LONGEST_COMMENT ? `${line.slice(0, LONGEST_COMMENT)} …` : line
}

/** Whether the bytes are text that a reader of the script sees. */
function isVisible(bytes: Bytes): boolean {
  return (
    isUtf8(bytes) && [...text(bytes)].every((character) => isPrintable(character.codePointAt(0)!))
  )
}

function hexByte(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`
}
