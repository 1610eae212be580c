import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_TEXT, readLines } from './words'

/** The sources of the lines that run, and the refusals. */
function read(script: string): { run: string[]; refused: string[] } {
  const lines = readLines(script)
  return {
    run: lines.filter(({ refused }) => refused === undefined).map(({ source }) => source),
    refused: lines.flatMap(({ refused }) =>
      refused === undefined ? [] : [refused.stderr.trimEnd()],
    ),
  }
}

const refusal = (what: string, first: number, last: number) =>
  `line ${first}–${last}: ${what} is not modelled yet; none of its lines ran`

describe('a compound command is refused as a whole, once, with its place', () => {
  test.each<[string, string, string]>([
    ['if', 'if a\nthen\n  b\nelif c; then d\nelse\n  e\nfi', 'a shell `if`'],
    ['a head of two lines', 'if ! a; then\n  b\nfi', 'a shell `if`'],
    ['for', 'for i in 1 2 3\ndo\n  a $i\ndone', 'a shell `for`'],
    ['for of C', 'for ((i=0; i<3; i++)); do\n  a $((i<<2))\ndone', 'a shell `for`'],
    ['while', 'while true; do\n  a\ndone > file 2>&1 &', 'a shell `while`'],
    ['until', 'until a; do\n  b\ndone', 'a shell `until`'],
    [
      'case',
      'case $x in\n  a|b) c ;;\n  (d) e;;\n  fi) if f; then g; fi ;;\n  *)\n    h\nesac',
      'a shell `case`',
    ],
    ['a case with an empty pattern list', 'case $x in\nesac', 'a shell `case`'],
    ['select', 'select x in a b; do\n  c\ndone', 'a shell `select`'],
    ['a function', 'f() {\n  a\n  if b; then c; fi\n}', 'the shell function `f`'],
    ['a function with its body below', 'my-f ()\n\n{\n  a\n}', 'the shell function `my-f`'],
    ['a function that is a subshell', 'f() (\n  a\n)', 'the shell function `f`'],
    ['a function by its word', 'function f {\n  a\n}', 'the shell function `f`'],
    [
      'a function by its word, with parentheses',
      'function f()\n{\n  a\n}',
      'the shell function `f`',
    ],
    ['a group', '{ a\n  b; }', 'a shell group `{ … }`'],
    ['a subshell', '(a\n b)', 'a subshell `( … )`'],
    ['arithmetic', '((x = 1 <<\n 2))', 'shell arithmetic `(( … ))`'],
    ['a quoted end', "if a; then\n  b 'fi\nfi' \"\nfi\n\" \\fi $'\\'\nfi'\nfi", 'a shell `if`'],
    [
      'an end that is an argument',
      'for i in done; do\n  a done fi\n  b=done\ndone',
      'a shell `for`',
    ],
    ['an end in a comment', 'if a; then # fi\n  # fi\n  b\nfi', 'a shell `if`'],
    [
      'an end in a here-document',
      "while a; do\n  b <<X; c <<-'Y'\ndone\nX\n\tdone\n\tY\n  d\ndone",
      'a shell `while`',
    ],
    [
      'an end in a substitution',
      'if a; then\n  b $(if c; then d\n  fi) `fi` "$(e "fi\nfi")" ${x:-fi}\nfi',
      'a shell `if`',
    ],
    ['a substitution with case', 'if x=$(case a in\n a) b;; esac); then\n  c\nfi', 'a shell `if`'],
    ['a test', 'if [[ a < b && ( c > d || -n "fi" ) ]]\nthen\n  b\nfi', 'a shell `if`'],
    ['an array', 'f() {\n  local a=(if for)\n  b\n}', 'the shell function `f`'],
    [
      'nested',
      'for i in 1; do\n  while a; do\n    if b; then\n      { c; }\n    fi\n  done\n  (d)\ndone',
      'a shell `for`',
    ],
    ['followed by more', 'if a; then\n  b\nfi && {\n  c\n} | while d\ndo e; done', 'a shell `if`'],
    ['behind another command', 'a > f && if b; then\n  c\nfi', ''],
    ['behind a pipe', 'etcdctl get x | while read k; do\n  a $k\ndone', 'a shell `while`'],
    [
      'with a redirection and a here-document',
      'while a; do\n  b\ndone <<X\netcdctl put body 1\nX',
      'a shell `while`',
    ],
  ])('%s', (_, script, what) => {
    const rows = script.split('\n').length
    const { run, refused } = read(`etcdctl get before\n${script}\netcdctl get after`)
    expect(run).toEqual(['etcdctl get before', 'etcdctl get after'])
    expect(refused).toEqual([
      what === '' ? expect.stringContaining('redirection') : refusal(what, 2, 1 + rows),
    ])
    const { stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
    expect(stderr ?? '').toBe('')
  })

  test('without an end it extends to the end of the text', () => {
    const { run, refused } = read(
      'etcdctl get before\nif a; then\n  etcdctl put k v\n\netcdctl get after\n',
    )
    expect(run).toEqual(['etcdctl get before'])
    expect(refused).toEqual([refusal('a shell `if`', 2, 5)])
  })

  test('its first row is shown', () => {
    expect(readLines('if a; then\n  b\nfi')[0]!.source).toBe('if a; then …')
    expect(readLines('if a; then b; fi')[0]!.source).toBe('if a; then b; fi')
  })

  test('a call of a refused function is refused too, with the rest of its line', () => {
    const { run, refused } = read('f() {\n  a\n}\nf x && echo got it\nfx')
    expect(run).toEqual(['fx'])
    expect(refused).toEqual([
      refusal('the shell function `f`', 1, 3),
      'not modelled here: the shell function `f`; write its commands one by one',
    ])
  })
})

test('no row of a refused substitution or here-document runs', () => {
  expect(read('X=$(a | \\\n b |\n c)\netcdctl get after').run).toEqual(['etcdctl get after'])
  expect(read('cat > file <<X\netcdctl put body 1\nX\netcdctl get after').run).toEqual([
    'etcdctl get after',
  ])
  expect(read('etcdctl txn <<X; if a; then\nbody\nX\nb; fi\netcdctl get after').run).toEqual([
    'etcdctl txn <<X',
    'etcdctl get after',
  ])
})

test('a parenthesis among words is an error of its row only', () => {
  expect(read("lease granted with TTL(10s\nit's\netcdctl get x'").run).toEqual([
    "it's\netcdctl get x'",
  ])
  expect(read('A=(1\n 2)\netcdctl get after').run).toEqual(['etcdctl get after'])
})

describe('commands of any nesting', () => {
  const simple = fc.constantFrom(
    'etcdctl put k v',
    "echo 'done fi }'",
    'echo "esac ) ${x:-fi}"',
    'x=$(echo done)',
    'echo fi done esac # if (',
    '[[ $a < b ]] && echo c',
    'cat <<X\ndone\nfi\n)\nX',
    'echo $((1 << 2))',
    'a=(if while)',
  )
  const { list } = fc.letrec<{ list: string; command: string }>((tie) => ({
    command: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      simple,
      tie('list').map((body) => `if true\nthen\n${body}\nelse\n${body}\nfi`),
      tie('list').map((body) => `for i in a done; do\n${body}\ndone`),
      tie('list').map((body) => `while true; do\n${body}\ndone`),
      tie('list').map((body) => `case $x in\na|if)\n${body}\n;;\n(*) ;;\nesac`),
      tie('list').map((body) => `f() {\n${body}\n}`),
      tie('list').map((body) => `{\n${body}\n}`),
      tie('list').map((body) => `(\n${body}\n)`),
      tie('list').map((body) => `echo "$(\n${body}\n)"`),
    ),
    list: fc
      .array(tie('command'), { minLength: 1, maxLength: 3 })
      .map((commands) => commands.join('\n')),
  }))

  test('end where bash ends them', () => {
    fc.assert(
      fc.property(fc.array(list, { minLength: 1, maxLength: 3 }), (lists) => {
        const script = lists
          .map((body) => `if true; then\n${body}\nfi`)
          .join('\netcdctl get between\n')
        const { stderr } = spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })
        expect(stderr ?? '').toBe('')
        const { run, refused } = read(`${script}\netcdctl get after`)
        expect(run).toEqual([
          ...lists.slice(1).map(() => 'etcdctl get between'),
          'etcdctl get after',
        ])
        expect(refused).toHaveLength(lists.length)
      }),
      { numRuns: 60, seed: 1 },
    )
  })
})

// A parser that reads characters many times would not finish here.
test.each([
  'if ',
  'if\n',
  '{ ',
  '( ',
  '((',
  '$(',
  '"$(',
  '${',
  'case x in ',
  'f() ',
  'f()\n',
  '[[ ',
  'if a; then <<A ',
  'for i in; do ',
  '`',
  'function ',
])('a quarter of a megabyte of %j is read', (piece) => {
  const script = piece.repeat(Math.floor(MAX_TEXT / piece.length))
  expect(readLines(script).length).toBeGreaterThan(0)
  expect(readLines(`{ ${script}`)).toHaveLength(1)
})
