import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../base/bytes'
import { wordsOf } from '../test/console-line'
import { expandText, expandWord } from './builtins'
import { MAX_TEXT, quoteWord, readLines } from './words'

const lookup = (name: string) =>
  ({ L1: '0123456789abcdef', A: 'one two', EMPTY: '', BLANK: ' n ' })[name]
const expanded = (line: string) =>
  readLines(line)[0]!.words.flatMap((word) => expandWord(word, lookup))
const stdinOf = (script: string) => expandText(readLines(script)[0]!.stdin ?? [], lookup)
const refusalOf = (script: string) => readLines(script)[0]?.refused

describe('words', () => {
  it.each<[string, string[]]>([
    ['put a b', ['put', 'a', 'b']],
    ['put \'a b\' "c d"', ['put', 'a b', 'c d']],
    [String.raw`put a\ b \'q\'`, ['put', 'a b', "'q'"]],
    [String.raw`"a\"b\\c\d\$e"`, [String.raw`a"b\c\d$e`]],
    [`pre'mid'"end"`, ['premidend']],
    [`'' "" x`, ['', '', 'x']],
    ['a#b # c', ['a#b']],
    ['a=b c=d', []],
    ['put a=b', ['put', 'a=b']],
    ['put \\\n  a \\\nb', ['put', 'a', 'b']],
    ['$ etcdctl get', ['$', 'etcdctl', 'get']],
    ["$'a\\nb\\x41\\''", ["a\nbA'"]],
    ['é ✓', [utf8('é'), utf8('✓')]],
  ])('%j is %j', (line, words) => {
    expect(wordsOf(line)).toEqual(words)
  })

  it('keeps bytes that are not UTF-8', () => {
    expect(wordsOf("put $'\\xff\\xc3\\xa9'")).toEqual(['put', '\xff\xc3\xa9'])
  })

  it.each<[string, string[]]>([
    ['x $L1', ['x', '0123456789abcdef']],
    [`x \${L1}y`, ['x', '0123456789abcdefy']],
    ['x $A', ['x', 'one', 'two']],
    ['x "$A"', ['x', 'one two']],
    ["x '$A'", ['x', '$A']],
    ['x $NONE$EMPTY', ['x']],
    ['x "$NONE"', ['x', '']],
    ['x a$A.b', ['x', 'aone', 'two.b']],
    ['x "$A"$BLANK', ['x', 'one two', 'n']],
    ['x $BLANK""', ['x', 'n', '']],
    ['x $"$A"', ['x', 'one two']],
    ['x $ 5$', ['x', '$', '5$']],
  ])('%j with variables is %j', (line, words) => {
    expect(expanded(line)).toEqual(words)
  })

  it('reads back any text that quoteWord has quoted', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (word) => {
        const typed = word.replaceAll('\r', '')
        expect(wordsOf(`x ${quoteWord(typed)}`)).toEqual(['x', utf8(typed)])
      }),
    )
  })
})

describe('lines', () => {
  const sources = (script: string) => readLines(script).map(({ source }) => source)

  it('keeps the source and the number of each line', () => {
    const lines = readLines('# first\n\netcdctl put a \\\n  b\n  sleep 1  \n')
    expect(lines.map(({ number, source }) => [number, source])).toEqual([
      [1, '# first'],
      [3, 'etcdctl put a \\\n  b'],
      [5, 'sleep 1'],
    ])
    expect(lines.map(({ comment }) => comment)).toEqual([true, false, false])
  })

  it('splits a line at ; && || and &', () => {
    const lines = readLines('a; b && c || d & e')
    expect(lines.map(({ source, after, background }) => [source, after, background])).toEqual([
      ['a', undefined, false],
      ['b', undefined, false],
      ['c', 'success', false],
      ['d &', 'failure', true],
      ['e', undefined, false],
    ])
  })

  it('does not split a line inside quotes', () => {
    expect(sources(`put 'a;b' "c && d" e\\;f`)).toEqual([`put 'a;b' "c && d" e\\;f`])
  })

  it('reads assignments before a command only', () => {
    const [line] = readLines('ETCDCTL_API=3 X="a b" etcdctl get')
    expect(line!.assignments.map(({ name, value }) => [name, expandText(value, lookup)])).toEqual([
      ['ETCDCTL_API', '3'],
      ['X', 'a b'],
    ])
    expect(readLines('A=1')[0]!.words).toEqual([])
  })

  it('reads the name before a line', () => {
    const [line] = readLines('alice: etcdctl get a:b')
    expect(line!.speaker).toBe('alice')
    expect(wordsOf('alice: etcdctl get a:b')).toEqual(['etcdctl', 'get', 'a:b'])
    expect(readLines('http://x get')[0]!.speaker).toBeUndefined()
  })

  it('accepts every kind of line end', () => {
    expect(sources('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd'])
  })
})

describe('the standard input of a line', () => {
  it('is a here-document, with variables', () => {
    const script = 'etcdctl txn <<EOF\nput a $L1 \\$L1\n\nEOF\nsleep 1'
    expect(stdinOf(script)).toBe('put a 0123456789abcdef $L1\n\n')
    expect(readLines(script).map(({ source }) => source)).toEqual(['etcdctl txn <<EOF', 'sleep 1'])
  })

  it('is a literal here-document if its end is quoted', () => {
    expect(stdinOf("etcdctl txn <<'EOF'\nput a $L1\nEOF")).toBe('put a $L1\n')
    expect(stdinOf('etcdctl txn <<"EOF"\nput a \\n\nEOF')).toBe('put a \\n\n')
  })

  it('loses its tabs with <<-, and may lack its end', () => {
    expect(stdinOf('etcdctl txn <<-EOF\n\t\ta\n\tEOF')).toBe('a\n')
    expect(stdinOf('etcdctl txn <<EOF\nrest')).toBe('rest\n')
  })

  it('is a here-string', () => {
    expect(stdinOf('etcdctl put a <<< "b c"')).toBe('b c\n')
  })

  it('is the piped output of echo, printf and cat', () => {
    const [line] = readLines("printf 'a\\n' | etcdctl put k")
    expect(line!.feeder!.words.flatMap((word) => expandWord(word, lookup))).toEqual([
      'printf',
      'a\\n',
    ])
    expect(wordsOf("printf 'a\\n' | etcdctl put k")).toEqual(['etcdctl', 'put', 'k'])
    const [cat] = readLines('cat <<EOF | etcdctl txn\nbody\nEOF')
    expect(expandText(cat!.feeder!.stdin!, lookup)).toBe('body\n')
    expect(cat!.stdin).toBeUndefined()
  })
})

describe('lines that do not run are refused', () => {
  it.each<[string, string, number]>([
    ['etcdctl get a > file', 'not modelled here: redirection', 1],
    ['etcdctl get a 2>&1', 'not modelled here: redirection', 1],
    ['etcdctl txn < file', 'not modelled here: redirection', 1],
    ['etcdctl get a | grep b', 'not modelled here: a pipe', 1],
    ['lease=$(etcdctl lease grant 5)', 'not modelled here: command substitution', 1],
    ['etcdctl get `date`', 'not modelled here: command substitution', 1],
    [`etcdctl get \${a:-b}`, 'not modelled here: a `$` before braces', 1],
    [
      '(etcdctl get a)',
      'line 1: a subshell `( … )` is not modelled yet; nothing on this line ran',
      1,
    ],
    [
      'for i in 1 2; do etcdctl get $i; done',
      'line 1: a shell `for` is not modelled yet; nothing on this line ran',
      1,
    ],
    ['if true', 'line 1: a shell `if` is not modelled yet', 1],
    ['done', "not modelled here: the shell's `done`", 1],
    ['etcdctl get "abc', 'bash: unexpected EOF while looking for matching `"\'', 2],
    ["etcdctl get 'abc", "bash: unexpected EOF while looking for matching `''", 2],
    ['&& etcdctl get', "bash: syntax error near unexpected token `&&'", 2],
    ['; a', "bash: syntax error near unexpected token `;'", 2],
    ['a ;; b', "bash: syntax error near unexpected token `;;'", 2],
    ['echo a |', "bash: syntax error near unexpected token `newline'", 2],
  ])('%j', (script, begins, exit) => {
    expect(refusalOf(script)?.stderr.startsWith(begins), refusalOf(script)?.stderr).toBe(true)
    expect(refusalOf(script)?.exit).toBe(exit)
  })

  it('the other lines still run', () => {
    const lines = readLines('etcdctl get a > x; etcdctl get b\netcdctl get c')
    expect(lines.map(({ refused }) => refused !== undefined)).toEqual([true, false])
    expect(lines[1]!.source).toBe('etcdctl get c')
  })
})

describe('arbitrary text', () => {
  const pieces = fc.constantFrom(
    ...[
      'etcdctl',
      ' ',
      '\n',
      '"',
      "'",
      '\\',
      '$',
      '${',
      '$(',
      ')',
      '`',
      '<<',
      'EOF',
      '<<<',
      '|',
      '&',
      ';',
      '#',
      '=',
      'é',
      '\0',
      '😀',
      "$'",
    ],
  )

  it('of any kind becomes lines', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 }))), (parts) => {
        for (const line of readLines(parts.join(''))) {
          expect(line.source.length).toBeGreaterThan(0)
          const nothingToRun = line.words.length === 0 && line.assignments.length === 0
          if (nothingToRun && !line.comment && line.refused === undefined)
            expect(line.speaker ?? line.stdin).toBeDefined()
        }
      }),
    )
  })

  // In any text, each character is read only a few times; a slower parser would not finish here.
  it.each([
    'x',
    'x\n',
    '"',
    "'",
    '\\',
    '$',
    '${',
    '`',
    '<<A ',
    '<<A\n',
    '; ',
    '| ',
    '(',
    '=',
    'a=',
    '# ',
    "$'",
    'a: ',
    '\\\n',
    '" ',
    '1',
  ])('of a quarter of a megabyte of %j is read', (piece) => {
    const script = piece.repeat(Math.floor(MAX_TEXT / piece.length))
    expect(readLines(script).length).toBeLessThanOrEqual(MAX_TEXT)
  })
})
