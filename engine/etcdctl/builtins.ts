// The shell commands that scripts for etcdctl use most, as pure functions: words in, text out.

import { text } from '../base/bytes'
import type { Bytes } from '../base/rpc'
import type { Word } from './words'
import { ansiEscape } from './words'

/** Returns the value of a variable; undefined for an unset one. */
export type Lookup = (name: string) => Bytes | undefined

/** Expands a word: variables are replaced, and an unquoted one is split at its blanks. */
export function expandWord(word: Word, lookup: Lookup): Bytes[] {
  const fields: Bytes[] = []
  let field: Bytes | null = null
  for (const part of word) {
    if (part.type === 'text') {
      field = (field ?? '') + part.bytes
      continue
    }
    const value = lookup(part.name) ?? ''
    if (part.quoted) {
      field = (field ?? '') + value
      continue
    }
    const pieces = value.split(/[ \t\n]+/)
    pieces.forEach((piece, i) => {
      if (i > 0 && field !== null) {
        fields.push(field)
        field = null
      }
      if (piece !== '') field = (field ?? '') + piece
    })
  }
  if (field !== null) fields.push(field)
  return fields
}

/**
 * A word as one text, without splitting: for the value of an assignment and for a here-document.
 */
export function expandText(word: Word, lookup: Lookup): Bytes {
  return word
    .map((part) => (part.type === 'text' ? part.bytes : (lookup(part.name) ?? '')))
    .join('')
}

/** bash's echo, with any combination of the leading flags -n, -e and -E. */
export function echo(args: readonly Bytes[]): Bytes {
  let newline = true
  let escapes = false
  let i = 0
  for (; i < args.length && /^-[neE]+$/.test(args[i]!); i++) {
    for (const letter of args[i]!.slice(1)) {
      if (letter === 'n') newline = false
      else escapes = letter === 'e'
    }
  }
  const line = args.slice(i).join(' ')
  return (escapes ? unescaped(line) : line) + (newline ? '\n' : '')
}

/** printf with %s, %d, %b and %%. The format is repeated while words are left. */
export function printf(args: readonly Bytes[]): Bytes {
  const [format = '', ...values] = args
  let out = ''
  let i = 0
  do {
    const before = i
    out += format.replace(
      /%([sdb%])|\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g,
      (_, verb: string | undefined, code: string | undefined) => {
        if (code !== undefined) return ansiEscape(code)
        if (verb === '%') return '%'
        const value = values[i++] ?? ''
        return verb === 'b' ? unescaped(value) : verb === 'd' && value === '' ? '0' : value
      },
    )
    if (i === before) break
  } while (i < values.length)
  return out
}

function unescaped(bytes: Bytes): Bytes {
  return bytes.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) =>
    ansiEscape(code),
  )
}

/** About three hundred years. A longer sleep never ends. */
const LONGEST_MS = 10_000_000_000_000
const UNITS: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** sleep's milliseconds, or its error for invalid words. */
export function sleepMs(args: readonly Bytes[]): { ms: number } | { stderr: string } {
  const help = "Try 'sleep --help' for more information.\n"
  if (args.length === 0) return { stderr: `sleep: missing operand\n${help}` }
  let ms = 0
  for (const word of args) {
    const [, number, unit = ''] = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word) ?? []
    if (number === undefined)
      return { stderr: `sleep: invalid time interval ‘${text(word)}’\n${help}` }
    ms += Number(number) * UNITS[unit]!
  }
  return { ms: Math.min(Math.round(ms), LONGEST_MS) }
}
