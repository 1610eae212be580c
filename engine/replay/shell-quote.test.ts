// Every word goes through a real bash and must come back byte for byte.

import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { utf8 } from '../base/bytes'
import type { Bytes } from '../base/rpc'
import { unquote } from '../etcdctl/txn-input'
import { hereWord, safeComment, shellWord } from './shell-quote'

const hasBash = spawnSync('bash', ['--version']).status === 0

/** The output of bash for a script; its words are bytes. */
function bash(script: string): Bytes {
  const { stdout, stderr, status } = spawnSync('bash', ['-s'], { input: script })
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' })
  return stdout.toString('latin1')
}

const special = fc.constantFrom(
  ...'*?[]~{},$`!\\\'"#&;|<>()= \t\n\r\x1b-^%',
  '$(',
  '${',
  '$HOME',
  '!!',
  '{a,b}',
  '~root',
  'END\n',
  '\u202e',
  '\u2028',
)
const unicode = fc
  .array(fc.oneof(special, fc.string({ unit: 'binary', maxLength: 3 })))
  .map((parts) => utf8(parts.join('')))
const anyBytes = fc.uint8Array({ max: 255 }).map((bytes) => String.fromCharCode(...bytes))
const word = fc.oneof(unicode, anyBytes).map((bytes) => bytes.replaceAll('\0', ''))

describe.skipIf(!hasBash)('in bash', () => {
  test('a quoted word is the word', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
        const printed = bash(words.map((each) => `printf '%s\\0' ${shellWord(each)}\n`).join(''))
        expect(printed.split('\0').slice(0, -1)).toEqual(words)
      }),
      { numRuns: 30, seed: 1 },
    )
  })

  test('a string of a here-document is the string that Go reads', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
        const rows = bash(
          `cat <<END\n${words.map((each) => `${hereWord(each)}\n`).join('')}END\n`,
        ).split('\n')
        expect(rows.slice(0, -1).map((row) => unquote(row.slice(1, -1)))).toEqual(words)
      }),
      { numRuns: 30, seed: 1 },
    )
  })

  test('a comment says nothing to bash', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(special, fc.string({ unit: 'binary' }))), (parts) => {
        expect(bash(`# ${safeComment(parts.join(''))}\nprintf end`)).toBe('end')
      }),
      { numRuns: 50, seed: 1 },
    )
  })
})

test.each<[Bytes, string]>([
  ['', '""'],
  ['a b', '"a b"'],
  [utf8('é 日本'), '"é 日本"'],
  ['$HOME', "'$HOME'"],
  ["it's!", "'it'\\''s!'"],
  ['a\nb', "$'a\\x0ab'"],
  [utf8('x\u202ey!'), "$'x\\xe2\\x80\\xaey\\x21'"],
  ['\xff', "$'\\xff'"],
])('%j is written as %s', (bytes, written) => {
  expect(shellWord(bytes)).toBe(written)
})

test('a comment has one line, shows every character and is not endless', () => {
  expect(safeComment('a\nb\r\u2028c\u202ed\u200be\x1bf')).toBe('a b c d e f')
  expect(safeComment('x'.repeat(1000))).toHaveLength(402)
})
