// A shell's patterns (POSIX.1-2017, 2.13): `*`, `?` and `[…]`. A pattern is a byte string in which
// `\` takes the meaning from the character behind it, as an expanded word has it.

import type { Bytes } from '../base/rpc'

const CLASSES: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
}

/** The bytes as a pattern that matches them alone. */
export function escapePattern(bytes: Bytes): Bytes {
  return bytes.replace(/[\\*?[\]!^-]/g, '\\$&')
}

/** Whether a character of the pattern stands for others. */
export function isPattern(pattern: Bytes): boolean {
  return /[*?[]/.test(pattern.replace(/\\[\s\S]/g, ''))
}

/** What is left of a pattern that matched no path: its own characters. */
export function unescapePattern(pattern: Bytes): Bytes {
  return pattern.replace(/\\([\s\S])/g, '$1')
}

/** A regular expression for the whole of a text. `path`: no wildcard matches a slash. */
export function patternExpression(pattern: Bytes, path = false): RegExp {
  return new RegExp(`^(?:${patternSource(pattern, path)})$`)
}

export function patternSource(pattern: Bytes, path = false): string {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const ch = pattern[i]!
    if (ch === '\\' && i + 1 < pattern.length) source += literal(pattern[++i]!)
    else if (ch === '*') {
      while (pattern[i + 1] === '*') i++
      source += path ? '[^/]*' : '[\\s\\S]*'
    } else if (ch === '?') source += path ? '[^/]' : '[\\s\\S]'
    else if (ch === '[') {
      const found = bracket(pattern, i)
      if (found === null) source += '\\['
      else {
        source += found.source
        i = found.end - 1
      }
    } else source += literal(ch)
  }
  return source
}

function literal(ch: string): string {
  return /[\w\s]/.test(ch) || ch > '\x7f' ? ch : `\\${ch}`
}

/** `[…]` from `at` on, as a class of a regular expression; null where nothing closes it. */
export function bracket(pattern: Bytes, at: number): { source: string; end: number } | null {
  let i = at + 1
  const negated = pattern[i] === '!' || pattern[i] === '^'
  if (negated) i++
  let inside = ''
  for (let first = true; ; first = false) {
    const ch = pattern[i]
    if (ch === undefined) return null
    if (ch === ']' && !first) break
    const [whole, name] = /^\[:(\w+):\]/.exec(pattern.slice(i)) ?? []
    if (whole !== undefined && name !== undefined) {
      inside += CLASSES[name] ?? ''
      i += whole.length
    } else if (ch === '\\' && pattern[i + 1] !== undefined) {
      inside += classCharacter(pattern[i + 1]!)
      i += 2
    } else if (ch === '-' && !first && pattern[i + 1] !== ']' && pattern[i + 1] !== undefined) {
      inside += '-'
      i++
    } else {
      inside += classCharacter(ch)
      i++
    }
  }
  // A range backwards holds nothing.
  try {
    new RegExp(`[${inside}]`)
  } catch {
    inside = ''
  }
  const source = inside === '' ? (negated ? '[\\s\\S]' : '[]') : `[${negated ? '^' : ''}${inside}]`
  return { source, end: i + 1 }
}

const classCharacter = (ch: string): string => (/[\w\s]/.test(ch) || ch > '\x7f' ? ch : `\\${ch}`)

/** `${X%pattern}` and its relatives: the value without what matches at its edge. */
export function trim(value: Bytes, pattern: Bytes, operator: '%' | '%%' | '#' | '##'): Bytes {
  const expression = patternExpression(pattern)
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => i)
  if (operator.length === 2) lengths.reverse()
  for (const length of lengths) {
    const edge = operator[0] === '%' ? value.slice(value.length - length) : value.slice(0, length)
    if (!expression.test(edge)) continue
    return operator[0] === '%' ? value.slice(0, value.length - length) : value.slice(length)
  }
  return value
}
