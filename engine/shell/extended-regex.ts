// POSIX regular expressions (POSIX.1-2017, 9) as JavaScript's. Both choose the leftmost match;
// where POSIX takes the longest alternative, JavaScript takes the first that fits.

import type { Bytes } from '../base/rpc'
import { bracket } from './pattern'

/** An extended regular expression (`grep -E`, `[[ =~ ]]`, awk); null for an invalid one. */
export function extendedExpression(source: Bytes, flags = ''): RegExp | null {
  return compiled(source, flags, false)
}

/** A basic regular expression (`grep`, `sed`), with GNU's `\+`, `\?` and `\|`. */
export function basicExpression(source: Bytes, flags = ''): RegExp | null {
  return compiled(source, flags, true)
}

function compiled(source: Bytes, flags: string, basic: boolean): RegExp | null {
  try {
    return new RegExp(translated(source, basic), flags)
  } catch {
    return null
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  '<': '\\b(?=\\w)',
  '>': '\\b(?<=\\w)',
  b: '\\b',
  B: '\\B',
  w: '\\w',
  W: '\\W',
  s: '\\s',
  S: '\\S',
  n: '\\n',
  t: '\\t',
}

function translated(source: Bytes, basic: boolean): string {
  let out = ''
  for (let i = 0; i < source.length; i++) {
    const ch = source[i]!
    if (ch === '[') {
      const close = closingOf(source, i)
      // In a shell's pattern `!` negates too, and a backslash quotes.
      const inside = source
        .slice(i, close + 1)
        .replaceAll('\\', '\\\\')
        .replace(/^\[!/, '[\\!')
      const found = bracket(inside, 0)
      if (found === null) throw new Error('no end')
      out += found.source
      i = close
    } else if (ch === '\\') {
      const next = source[++i]
      if (next === undefined) throw new Error('trailing backslash')
      if (basic && '(){}|+?'.includes(next)) out += next
      else if (/[1-9]/.test(next)) out += `\\${next}`
      else out += CLASSES[next] ?? literal(next)
    } else if (basic && '(){}|+?'.includes(ch)) out += `\\${ch}`
    else if (basic && ch === '*' && (out === '' || /(^|[^\\])(\\\\)*[(|^]$/.test(out))) out += '\\*'
    else if (basic && ch === '^' && out !== '' && !/(^|[^\\])[(|]$/.test(out)) out += '\\^'
    else if (basic && ch === '$' && i + 1 < source.length && !/^\\[)|]/.test(source.slice(i + 1)))
      out += '\\$'
    else if (!basic && ch === '{' && !/^\{\d*,?\d*\}/.test(source.slice(i))) out += '\\{'
    else if (ch === '.') out += '[\\s\\S]'
    else if ('*+?(){}|^$'.includes(ch)) out += ch
    else out += literal(ch)
  }
  return out
}

function literal(ch: string): string {
  return /[\w\s]/.test(ch) || ch > '\x7f' ? ch : `\\${ch}`
}

/** The `]` that ends the bracket expression from `at` on. */
function closingOf(source: Bytes, at: number): number {
  let i = at + 1
  if (source[i] === '^') i++
  if (source[i] === ']') i++
  while (i < source.length && source[i] !== ']') {
    const name = /^\[:\w+:\]/.exec(source.slice(i))?.[0]
    i += name?.length ?? 1
  }
  return i
}
