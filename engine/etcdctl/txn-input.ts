// The input of `etcdctl txn`: compares, then operations if they all hold, then operations if not.
// An empty line ends each part. The parser has etcdctl's own oddities, all recorded with 3.4.23.
// Go's Sscanf reads a compare and requires its blanks. Words in single quotes are cut by the number
// of words on the line. An unknown operator, and every compare of a lease, panics
// (etcdctl/ctlv3/command/txn_command.go, util.go).

import { quoted, text, utf8 } from '../base/bytes'
import { parseDecimalGo, parseHexInt64 } from '../base/int64'
import type { Bytes, Compare, RequestOp } from '../base/rpc'
import { findCommand, readFlags } from './flags'
import type { Command } from './grammar'
import { commandsOf } from './grammar'
import { cobraUsage } from './help'
import type { Answer, Before, Task } from './invocation'
import { Exit, notModelled, panic, refusal } from './invocation'
import type { LeaseReader } from './line'
import { del, get, put } from './put-get-del'
import type { Etcdctl } from './versions'
import { etcdctlOf } from './versions'

/**
 * A transaction, or etcdctl's error for the first wrong line. `prompts` are those of `-i`, which
 * are printed first.
 */
export function readTxn(
  stdin: Bytes,
  interactive: boolean,
  readLease: LeaseReader = parseHexInt64,
  etcdctl = etcdctlOf('3.4'),
): Task | Answer {
  const rows = stdin.split('\n')
  // The text after the last line end is not a line for etcdctl, which waits for its end.
  rows.pop()
  let at = 0
  let prompts = ''
  const part = <T>(prompt: string, read: (row: Bytes) => T | Answer): T[] | Answer => {
    if (interactive) prompts += `${prompt}\n`
    const found: T[] = []
    for (;;) {
      const row = rows[at++]
      if (row === undefined) return refusal(Exit.InvalidInput, 'EOF')
      const trimmed = row.replace(/^[\t\v\f\r ]+|[\t\v\f\r ]+$/g, '')
      if (trimmed === '') return found
      const each = read(trimmed)
      if (isAnswer(each)) return each
      found.push(each)
    }
  }
  const wrong = (answer: Answer): Answer => ({ ...answer, stdout: prompts + answer.stdout })

  const compare = part('compares:', (row) => readCompare(row, etcdctl))
  if (isAnswer(compare)) return wrong(compare)
  let before: Before | undefined
  const wait = (next: Before | undefined): void => {
    if (next !== undefined)
      before = {
        stderr: (before?.stderr ?? '') + next.stderr,
        waitMs: (before?.waitMs ?? 0) + next.waitMs,
      }
  }
  const success = part('success requests (get, put, del):', (row) =>
    readOp(row, readLease, etcdctl, wait),
  )
  if (isAnswer(success)) return wrong(success)
  const failure = part('failure requests (get, put, del):', (row) =>
    readOp(row, readLease, etcdctl, wait),
  )
  if (isAnswer(failure)) return wrong(failure)
  return {
    type: 'txn',
    request: { type: 'Txn', compare, success, failure },
    prompts,
    ...(before === undefined ? {} : { before }),
  }
}

function isAnswer<T>(read: T | Answer): read is Answer {
  return typeof read === 'object' && read !== null && 'type' in read && read.type === 'answer'
}

const RESULTS = { '=': 'EQUAL', '!=': 'NOT_EQUAL', '>': 'GREATER', '<': 'LESS' } as const
const INTEGER_TARGETS: Readonly<Record<string, 'VERSION' | 'CREATE' | 'MOD'>> = {
  ver: 'VERSION',
  version: 'VERSION',
  c: 'CREATE',
  create: 'CREATE',
  m: 'MOD',
  mod: 'MOD',
}

/** `create("key") = "0"`. */
export function readCompare(row: Bytes, etcdctl = etcdctlOf('3.4')): Compare | Answer {
  const paren = row.indexOf('(')
  if (paren < 0) return refusal(Exit.InvalidInput, `malformed comparison: ${text(row)}`)
  const target = row.slice(0, paren)
  const { key, op, value, complete } = scan(row.slice(paren + 1))
  if (!complete) {
    const got = `${text(target)}(${quoted(key)}) ${text(op)} ${quoted(value)}`
    return refusal(Exit.InvalidInput, `malformed comparison: ${text(row)}; got ${got}`)
  }
  const result = op === '=' || op === '!=' || op === '>' || op === '<' ? RESULTS[op] : undefined
  const integer = Object.hasOwn(INTEGER_TARGETS, target) ? INTEGER_TARGETS[target] : undefined
  if (integer !== undefined) {
    const parsed = parseDecimalGo(value)
    if (!parsed.ok) return refusal(Exit.InvalidInput, `invalid txn compare request: ${text(row)}`)
    if (result === undefined) return panic('Unknown result op')
    const number = Number(parsed.value)
    if (integer === 'VERSION') return { key, target: integer, result, version: number }
    return integer === 'CREATE'
      ? { key, target: integer, result, create_revision: number }
      : { key, target: integer, result, mod_revision: number }
  }
  if (target === 'val' || target === 'value')
    return result === undefined
      ? panic('Unknown result op')
      : { key, target: 'VALUE', result, value }
  if (target === 'lease') {
    if (!etcdctl.has.comparesLeases)
      return panic(result === undefined ? 'Unknown result op' : 'bad value')
    const lease = parseHexInt64(value)
    if (!lease.ok) return refusal(Exit.InvalidInput, `invalid txn compare request: ${text(row)}`)
    return result === undefined
      ? panic('Unknown result op')
      : { key, target: 'LEASE', result, lease: lease.id }
  }
  return refusal(
    Exit.InvalidInput,
    `malformed comparison: ${text(row)} (unknown target ${text(target)})`,
  )
}

interface Scanned {
  key: Bytes
  op: Bytes
  value: Bytes
  complete: boolean
}

/** fmt.Sscanf(rest, "%q) %s %q"): the values read before a failure are kept. */
function scan(rest: Bytes): Scanned {
  const scanned: Scanned = { key: '', op: '', value: '', complete: false }
  const key = readQuoted(rest)
  if (key === null) return scanned
  scanned.key = key.value
  const behind = /^\)[\t\v\f\r ]+([^\t\v\f\r ]+)/.exec(key.rest)
  if (behind === null) return scanned
  scanned.op = behind[1]!
  const gap = key.rest.slice(behind[0].length)
  if (gap === '') return scanned
  const value = readQuoted(gap)
  if (value === null) return scanned
  return { ...scanned, value: value.value, complete: true }
}

/** Go's %q: a string in double quotes with its escapes, or in backquotes without. */
function readQuoted(from: Bytes): { value: Bytes; rest: Bytes } | null {
  const start = from.replace(/^[\t\v\f\r ]+/, '')
  const raw = /^`([^`]*)`/.exec(start)
  if (raw !== null) return { value: raw[1]!, rest: start.slice(raw[0].length) }
  const string = /^"((?:[^"\\]|\\[\s\S])*)"/.exec(start)
  const value = string === null ? null : unquote(string[1]!)
  return value === null ? null : { value, rest: start.slice(string![0].length) }
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
}

/** strconv.Unquote of the text between double quotes; null for an unknown escape. */
export function unquote(inside: Bytes): Bytes | null {
  let known = true
  const value = inside.replace(
    /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{3}|[\s\S]?)/g,
    (_, code: string) => {
      const bytes = code.length <= 1 ? ESCAPES[code] : numbered(code)
      known &&= bytes !== undefined
      return bytes ?? ''
    },
  )
  return known ? value : null
}

function numbered(code: string): Bytes | undefined {
  const octal = /^[0-7]/.test(code)
  const number = octal ? Number.parseInt(code, 8) : Number.parseInt(code.slice(1), 16)
  if (octal || code.startsWith('x')) return number > 0xff ? undefined : String.fromCharCode(number)
  const isRune = number <= 0x10ffff && !(number >= 0xd800 && number < 0xe000)
  return isRune ? utf8(String.fromCodePoint(number)) : undefined
}

/** The commands that a transaction allows. */
function txnCommands(etcdctl: Etcdctl): Command {
  const commands = (commandsOf(etcdctl).commands ?? []).filter(
    ({ name }) => name === 'put' || name === 'get' || name === 'del',
  )
  return { name: '', usage: '', help: '', args: [], flags: [], commands, modelled: true }
}

const HANGS = notModelled('help inside a transaction: etcdctl prints it and then hangs')

function readOp(
  row: Bytes,
  readLease: LeaseReader,
  etcdctl: Etcdctl,
  wait: (before: Before | undefined) => void,
): RequestOp | Answer {
  const words = splitWords(row)
  if (!Array.isArray(words)) return words
  if (words.length < 2)
    return refusal(Exit.InvalidInput, `invalid txn compare request: ${text(row)}`)
  const invalid = refusal(Exit.InvalidInput, `invalid txn request: ${text(row)}`)
  if (words[0] === 'help') return HANGS
  const root = txnCommands(etcdctl)
  const found = findCommand(root, words)
  if (!found.ok) return invalid
  const command = found.path.at(-1)!
  const flags = readFlags(found.path, found.rest)
  if (!flags.ok)
    return { ...invalid, stderr: `${cobraUsage(found.path, etcdctl)}\n${invalid.stderr}` }
  if (command === root || flags.set.values.help === 'true') return HANGS
  const { name } = command
  const task =
    name === 'put'
      ? put(flags.set, '', readLease)
      : name === 'get'
        ? get(flags.set)
        : del(flags.set, etcdctl)
  if (task.type === 'del') wait(task.before)
  return task.type === 'answer' ? task : task.request
}

/**
 * How etcdctl splits a line into words. It cuts a word in single quotes as if the number of words
 * were its length (seen in 3.4.23).
 */
export function splitWords(row: Bytes): Bytes[] | Answer {
  const found = row.match(/"(?:[^"\\]|\\[^\n])*"|'[^']*'|[^'"\t\n\f\r ][^\t\n\f\r ]*/g) ?? []
  const words: Bytes[] = []
  for (const word of found) {
    if (word.startsWith("'")) {
      const end = found.length - 1
      if (end > word.length)
        return panic(
          `runtime error: slice bounds out of range [:${end}] with length ${word.length}`,
        )
      if (end < 1) return panic(`runtime error: slice bounds out of range [1:${end}]`)
      words.push(word.slice(1, end))
    } else if (word.startsWith('"')) {
      const value = unquote(word.slice(1, -1))
      if (value === null) return refusal(Exit.InvalidInput, 'invalid syntax')
      words.push(value)
    } else words.push(word)
  }
  return words
}
