// The lines of `set -x`, and words quoted as bash shows them.

import type { Bytes } from '../base/rpc'
import { isControl } from './format'
import type { Environment } from './state'

/** `+ put k 'a b'`: a `+` for the shell and each command substitution around it. */
export function traced(
  { level }: Environment,
  assignments: readonly { name: string; value: Bytes }[],
  words: readonly Bytes[],
): Bytes {
  const plus = '+'.repeat(level + 1)
  const assigned = assignments.map(({ name, value }) => `${plus} ${name}=${quoted(value)}\n`)
  const line = words.length === 0 ? '' : `${plus} ${words.map(shown).join(' ')}\n`
  return assigned.join('') + line
}

const shown = (word: Bytes): Bytes => (word === '' ? "''" : quoted(word))

/** A word as `set -x` and `trap` show it: quoted only where a shell would read it otherwise. */
export function quoted(word: Bytes): Bytes {
  if (word === '') return ''
  if ([...word].some(isControl)) return ansiQuoted(word)
  if (!/[ \t\n|&;()<>"'\\$`*?[\]!^{},~#=%]/.test(word)) return word
  // A `~`, `#` or `=` inside of a word is only a character.
  if (!/[ \t\n|&;()<>"'\\$`*?[\]!^{},]/.test(word) && !/^[~#]/.test(word)) return word
  return `'${word.replaceAll("'", "'\\''")}'`
}

function ansiQuoted(word: Bytes): Bytes {
  const names: Readonly<Record<string, string>> = {
    '\x07': '\\a',
    '\b': '\\b',
    '\t': '\\t',
    '\n': '\\n',
    '\v': '\\v',
    '\f': '\\f',
    '\r': '\\r',
    '\x1b': '\\E',
    "'": "\\'",
    '\\': '\\\\',
  }
  const inside = [...word].map((ch) => {
    const octal = () => `\\${ch.charCodeAt(0).toString(8).padStart(3, '0')}`
    return names[ch] ?? (isControl(ch) ? octal() : ch)
  })
  return `$'${inside.join('')}'`
}
