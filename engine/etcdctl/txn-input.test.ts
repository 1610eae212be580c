// The recorded behaviour of etcdctl 3.4.23 for these lines, with its oddities.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../base/bytes'
import { readCompare, readTxn, splitWords, unquote } from './txn-input'

const failed = (stderr: string, exit: number) => ({ type: 'answer', stdout: '', stderr, exit })
const error = (message: string, exit = 3) => failed(`Error: ${message}\n`, exit)
const panicked = (message: string) => failed(`panic: ${message}\n\ngoroutine 1 [running]:\n`, 2)
/** An op in the success part. */
const op = (line: string) => readTxn(`\n${utf8(line)}\n\n\n`, false)

describe('a compare', () => {
  it.each<[string, object]>([
    ['create("k") = "0"', { key: 'k', target: 'CREATE', result: 'EQUAL', create_revision: 0 }],
    ['c("k") != "00"', { key: 'k', target: 'CREATE', result: 'NOT_EQUAL', create_revision: 0 }],
    ['mod("k") > "+1"', { key: 'k', target: 'MOD', result: 'GREATER', mod_revision: 1 }],
    ['m("k") < "-1"', { key: 'k', target: 'MOD', result: 'LESS', mod_revision: -1 }],
    ['version("k") = "2"', { key: 'k', target: 'VERSION', result: 'EQUAL', version: 2 }],
    ['ver("k") = "2" trailing', { key: 'k', target: 'VERSION', result: 'EQUAL', version: 2 }],
    ['value("k") = "a" or b', { key: 'k', target: 'VALUE', result: 'EQUAL', value: 'a' }],
    [
      'val( "a\\"b")\t=   "x\\ty\\x41"',
      { key: 'a"b', target: 'VALUE', result: 'EQUAL', value: 'x\tyA' },
    ],
    ['value(`k`) = `a\\b`', { key: 'k', target: 'VALUE', result: 'EQUAL', value: 'a\\b' }],
    ['value("") = "v"', { key: '', target: 'VALUE', result: 'EQUAL', value: 'v' }],
  ])('%s', (line, compare) => {
    expect(readCompare(line)).toEqual(compare)
  })

  it.each<[string, string]>([
    ['hello', 'malformed comparison: hello'],
    ['bogus("k") = "v"', 'malformed comparison: bogus("k") = "v" (unknown target bogus)'],
    ['bogus("k") ~ "v"', 'malformed comparison: bogus("k") ~ "v" (unknown target bogus)'],
    ['("k") = "v"', 'malformed comparison: ("k") = "v" (unknown target )'],
    ['create ("k") = "0"', 'malformed comparison: create ("k") = "0" (unknown target create )'],
    [
      'constructor("k") = "0"',
      'malformed comparison: constructor("k") = "0" (unknown target constructor)',
    ],
    ['value(k) = "v"', 'malformed comparison: value(k) = "v"; got value("")  ""'],
    ["value('k') = 'v'", `malformed comparison: value('k') = 'v'; got value("")  ""`],
    ['value("k', 'malformed comparison: value("k; got value("")  ""'],
    ['value(', 'malformed comparison: value(; got value("")  ""'],
    ['value("k") = 0', 'malformed comparison: value("k") = 0; got value("k") = ""'],
    ['create("k") = "0', 'malformed comparison: create("k") = "0; got create("k") = ""'],
    ['value("k") = "w\\x"', 'malformed comparison: value("k") = "w\\x"; got value("k") = ""'],
    ['mod("k")>"1"', 'malformed comparison: mod("k")>"1"; got mod("k")  ""'],
    ['value("k")= "v"', 'malformed comparison: value("k")= "v"; got value("k")  ""'],
    ['value("k" ) = "v"', 'malformed comparison: value("k" ) = "v"; got value("k")  ""'],
    ['value("k") ="v"', 'malformed comparison: value("k") ="v"; got value("k") ="v" ""'],
    ['val("k") == "v', 'malformed comparison: val("k") == "v; got val("k") == ""'],
    ['version("k") = "x"', 'invalid txn compare request: version("k") = "x"'],
    ['version("k") ~ "x"', 'invalid txn compare request: version("k") ~ "x"'],
    ['create("k") = "0x10"', 'invalid txn compare request: create("k") = "0x10"'],
    ['create("k") = " 1"', 'invalid txn compare request: create("k") = " 1"'],
    [
      'mod("k") = "99999999999999999999"',
      'invalid txn compare request: mod("k") = "99999999999999999999"',
    ],
  ])('%s is refused', (line, message) => {
    expect(readCompare(line)).toEqual(error(message))
  })

  it('panics at an unknown operator, and at every lease', () => {
    expect(readCompare('value("k") == "v"')).toEqual(panicked('Unknown result op'))
    expect(readCompare('version("k") ~ "1"')).toEqual(panicked('Unknown result op'))
    expect(readCompare('lease("k") = "12"')).toEqual(panicked('bad value'))
    expect(readCompare('lease("k") ~ "12"')).toEqual(panicked('Unknown result op'))
  })
})

describe('an op', () => {
  it.each<[string, object]>([
    ['put a b', { type: 'Put', key: 'a', value: 'b' }],
    ['pu a b c', { type: 'Put', key: 'a', value: 'b' }],
    ['put  a\ttab', { type: 'Put', key: 'a', value: 'tab' }],
    ['put -- a -b', { type: 'Put', key: 'a', value: '-b' }],
    [
      'put a b --lease=1f --prev-kv',
      { type: 'Put', key: 'a', value: 'b', lease: '000000000000001f', prev_kv: true },
    ],
    ['put a "b c"', { type: 'Put', key: 'a', value: 'b c' }],
    ['put a "x\\ty\\x41\\u00e9"', { type: 'Put', key: 'a', value: 'x\tyA\xc3\xa9' }],
    ['put a é', { type: 'Put', key: 'a', value: '\xc3\xa9' }],
    ['get a b', { type: 'Range', key: 'a', range_end: 'b' }],
    ['get --prefix p/', { type: 'Range', key: 'p/', range_end: 'p0' }],
    ['del a --prev-kv', { type: 'DeleteRange', key: 'a', prev_kv: true }],
  ])('%s', (line, request) => {
    expect(op(line)).toEqual({
      type: 'txn',
      prompts: '',
      request: { type: 'Txn', compare: [], success: [request], failure: [] },
    })
  })

  it.each<[string, object]>([
    ['watch a', error('invalid txn request: watch a')],
    ['PUT a b', error('invalid txn request: PUT a b')],
    ['put', error('invalid txn compare request: put')],
    ['get', error('invalid txn compare request: get')],
    ['put a', error('put command needs 1 argument and input from stdin or 2 arguments', 128)],
    [
      'put a b --ignore-value',
      error("put command needs only 1 argument when 'ignore-value' is set", 128),
    ],
    [
      'put a b --lease=zz',
      error(
        'bad lease ID (strconv.ParseInt: parsing "zz": invalid syntax), expecting ID in Hex',
        128,
      ),
    ],
    ['get a --order=bogus', error('bad sort order bogus', 4)],
    [
      'get --prefix a b',
      error(
        'too many arguments, only accept one argument when `--prefix` or `--from-key` is set',
        128,
      ),
    ],
    ['put a "b\\qc"', error('invalid syntax')],
  ])('%s is refused', (line, refusal) => {
    expect(op(line)).toEqual(refusal)
  })

  it('with a wrong flag prints its usage to stderr; global flags are wrong too', () => {
    for (const line of ['get a --nope', 'get a -w json', 'get a --hex']) {
      const refused = op(line)
      expect(refused).toMatchObject({ stdout: '', exit: 3 })
      expect(refused.type === 'answer' && refused.stderr).toMatch(
        /^Usage:\n {3}get \[options\] <key> \[range_end\] \[flags\]\n\nFlags:\n {6}--consistency/,
      )
      expect(
        refused.type === 'answer' &&
          refused.stderr.endsWith(`\nError: invalid txn request: ${line}\n`),
      ).toBe(true)
    }
  })

  it('with help would hang, and is refused', () => {
    for (const line of ['put a --help', 'help put', 'get -h'])
      expect(op(line)).toMatchObject({ exit: 1, stderr: expect.stringContaining('hangs') })
  })
})

describe('words', () => {
  it.each<[string, string[]]>([
    ["put b'c x", ['put', "b'c", 'x']],
    [`put x="y z"`, ['put', 'x="y', 'z"']],
    ['put "a"b c', ['put', 'a', 'b', 'c']],
    ['put "unclosed d', ['put', 'unclosed', 'd']],
    ['put "\\" x', ['put', '\\"', 'x']],
    ['put a"b c"d e', ['put', 'a"b', 'c"d', 'e']],
    ['put `b c`', ['put', '`b', 'c`']],
    // Single quotes: the number of bytes is the number of words on the line, less two.
    ["put 'a' b", ['put', 'a', 'b']],
    ["put 'ab' c", ['put', 'a', 'c']],
    ["put '' c", ['put', "'", 'c']],
    ["put 'a''b' c", ['put', "a'", "b'", 'c']],
    ["put 'a' 'b c' d", ['put', "a'", 'b ', 'd']],
    ["put 'a'", ['put', '']],
    [`put 'x"y z" w`, ['put', 'x"y', 'z"', 'w']],
  ])('%s', (line, words) => {
    expect(splitWords(line)).toEqual(words)
  })

  it('in single quotes that are too short panic', () => {
    expect(splitWords("put '''' c")).toEqual(
      panicked('runtime error: slice bounds out of range [:3] with length 2'),
    )
  })
})

describe('the input', () => {
  it('has three parts, each ended by an empty line; later lines are not read', () => {
    const read = readTxn(
      'value("k") = "1"\n  mod("k") > "0"  \n\nput k 2\nget k\n\ndel k\n\nbogus',
      false,
    )
    expect(read).toMatchObject({
      request: {
        compare: [{ target: 'VALUE' }, { target: 'MOD' }],
        success: [{ type: 'Put' }, { type: 'Range' }],
        failure: [{ type: 'DeleteRange' }],
      },
    })
  })

  it('must have an end', () => {
    for (const stdin of ['', '\n\n', 'value("k") = "w"', '\nget k', '\nget k\n\n'])
      expect(readTxn(stdin, false), JSON.stringify(stdin)).toEqual(error('EOF'))
    expect(readTxn('\n\n\n', false)).toMatchObject({ type: 'txn' })
  })

  it('prints prompts before all other output with -i', () => {
    const compares = 'compares:\n'
    const success = 'success requests (get, put, del):\n'
    expect(readTxn('zz\n', true)).toEqual({
      ...error('malformed comparison: zz'),
      stdout: compares,
    })
    expect(readTxn('\nput\n', true)).toEqual({
      ...error('invalid txn compare request: put'),
      stdout: compares + success,
    })
    expect(readTxn('\n\n\n', true)).toMatchObject({
      prompts: `${compares}${success}failure requests (get, put, del):\n`,
    })
  })

  it('of any kind is read or refused', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        'create("k") = "0"',
        'value("k") = "v"',
        '\n',
        '\n\n',
        'put a b',
        'get a',
        'del a',
        '"',
        "'",
        '\\',
        '(',
        ')',
        ' ',
        '--prefix',
        '`',
      ),
      fc.string({ maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece), fc.boolean(), (pieces, interactive) => {
        const read = readTxn(utf8(pieces.join('')), interactive)
        if (read.type === 'answer') expect(read.stderr).not.toBe('')
        else expect(read.type).toBe('txn')
      }),
      { numRuns: 500 },
    )
  })
})

describe('unquote', () => {
  it("knows Go's escapes and no others", () => {
    expect(unquote('\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\101\\u00e9\\U0001f600')).toBe(
      `\x07\b\f\n\r\t\v\\"A${utf8('é😀')}`,
    )
    for (const inside of ['\\q', "\\'", '\\x4', '\\400', '\\ud800', '\\U00110000', '\\', '\\u00'])
      expect(unquote(inside), inside).toBeNull()
  })
})
