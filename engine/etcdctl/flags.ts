// Command lines as cobra and pflag read them (github.com/spf13/cobra command.go: Find, stripFlags,
// Suggestions; spf13/pflag flag.go: parseArgs): the command of a line, its flags, and the errors.
// Compared with etcdctl 3.4.23 word by word (flags.test.ts).

import { quoted, text } from '../base/bytes'
import { decimal, parseDecimalGo, parseHexInt64 } from '../base/int64'
import type { Bytes } from '../base/rpc'
import type { Command, Flag } from './grammar'
import { flagsOf, helpFlag, pathText } from './grammar'

export interface FlagSet {
  /** The words that are not flags, in order. */
  args: Bytes[]
  /**
   * Every flag by its name: a bool as 'true' or 'false', an int as its decimal, a duration as
   * milliseconds, strings joined by commas.
   */
  values: Record<string, string>
  /** The names of the flags on the line. */
  given: string[]
  /** The number of `args` before a `--`; null without a `--`. */
  beforeDashes: number | null
}

export type Found = { ok: true; path: Command[]; rest: Bytes[] } | { ok: false; message: string }

/** The command of a line, and the line without the words that name the command. */
export function findCommand(root: Command, argv: readonly Bytes[], prefixes = true): Found {
  const path = [root]
  let rest = [...argv]
  for (;;) {
    const [name] = stripFlags(rest, flagsOf(path))
    const next = name === undefined ? undefined : findNext(path.at(-1)!, name, prefixes)
    if (name === undefined || next === undefined) break
    path.push(next)
    rest = minusFirst(rest, name, flagsOf(path.slice(0, -1)))
  }
  const [unknown] = stripFlags(rest, flagsOf(path))
  if (path.length === 1 && unknown !== undefined)
    return { ok: false, message: unknownCommand(root, unknown) }
  return { ok: true, path, rest }
}

/** cobra.EnablePrefixMatching is on: a unique prefix names a command. */
function findNext(parent: Command, name: string, prefixes: boolean): Command | undefined {
  const commands = parent.commands ?? []
  const exact = commands.find((each) => each.name === name)
  if (exact !== undefined || !prefixes) return exact
  const begun = commands.filter((each) => each.name.startsWith(name))
  return begun.length === 1 ? begun[0] : undefined
}

/**
 * Whether a word is a flag that takes the next word as its value. An unknown flag counts as such.
 */
function takesNext(word: Bytes, flags: readonly Flag[]): boolean {
  if (word.includes('=')) return false
  if (word.startsWith('--'))
    return flags.find(({ name }) => name === word.slice(2))?.type !== 'bool'
  return (
    word.startsWith('-') &&
    word.length === 2 &&
    flags.find(({ shorthand }) => shorthand === word[1])?.type !== 'bool'
  )
}

/** The words that may name a command: no flags, and no values of flags. */
export function stripFlags(words: readonly Bytes[], flags: readonly Flag[]): Bytes[] {
  const commands: Bytes[] = []
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') break
    if (takesNext(word, flags)) i++
    else if (word !== '' && !word.startsWith('-')) commands.push(word)
  }
  return commands
}

function minusFirst(words: Bytes[], name: Bytes, flags: readonly Flag[]): Bytes[] {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    if (word === '--') break
    if (takesNext(word, flags)) i++
    else if (word === name) return [...words.slice(0, i), ...words.slice(i + 1)]
  }
  return words
}

function unknownCommand(root: Command, word: Bytes): string {
  const lower = word.toLowerCase()
  const near = (root.commands ?? [])
    .map(({ name }) => name)
    .filter((name) => name !== 'help' && (name.startsWith(lower) || distance(lower, name) <= 2))
  const hint =
    near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}`
  return `unknown command ${quoted(word)} for ${quoted(pathText([root]))}${hint}`
}

/** Levenshtein's distance up to 2; longer texts are not compared. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      next.push(
        Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)),
      )
    }
    row = next
  }
  return row[b.length]!
}

/** Reads a command's words; error messages are pflag's. */
export function readFlags(
  path: readonly Command[],
  words: readonly Bytes[],
): { ok: true; set: FlagSet } | { ok: false; message: string } {
  const flags = [...flagsOf(path), helpFlag(path.at(-1)!)]
  const set: FlagSet = { args: [], values: {}, given: [], beforeDashes: null }
  for (const { name, type, default: preset } of flags) {
    set.values[name] =
      type === 'duration'
        ? String(durationOf(preset))
        : type === 'strings'
          ? preset.slice(1, -1)
          : preset
  }
  const queue = words.toReversed()
  while (queue.length > 0) {
    const word = queue.pop()!
    if (word === '--') {
      set.beforeDashes = set.args.length
      set.args.push(...queue.reverse())
      break
    }
    if (!word.startsWith('-') || word === '-') {
      set.args.push(word)
      continue
    }
    const problem = word.startsWith('--')
      ? longFlag(set, flags, word, queue)
      : shortFlags(set, flags, word, queue)
    if (problem !== undefined) return { ok: false, message: problem }
  }
  return { ok: true, set }
}

function longFlag(
  set: FlagSet,
  flags: readonly Flag[],
  word: Bytes,
  queue: Bytes[],
): string | undefined {
  const name = word.slice(2).split('=', 1)[0]!
  if (name === '' || name.startsWith('-')) return `bad flag syntax: ${text(word)}`
  const flag = flags.find((each) => each.name === name)
  if (flag === undefined) return `unknown flag: --${text(name)}`
  if (word.length > name.length + 2) return setFlag(set, flag, word.slice(name.length + 3))
  if (flag.type === 'bool') return setFlag(set, flag, 'true')
  const value = queue.pop()
  return value === undefined ? `flag needs an argument: ${text(word)}` : setFlag(set, flag, value)
}

function shortFlags(
  set: FlagSet,
  flags: readonly Flag[],
  word: Bytes,
  queue: Bytes[],
): string | undefined {
  for (let letters = word.slice(1); letters !== ''; ) {
    const letter = letters[0]!
    const flag = flags.find(({ shorthand }) => shorthand === letter)
    if (flag === undefined)
      return `unknown shorthand flag: ${quotedByte(letter)} in -${text(letters)}`
    let value: Bytes | undefined
    let left = ''
    if (letters.length > 2 && letters[1] === '=') value = letters.slice(2)
    else if (flag.type === 'bool') [value, left] = ['true', letters.slice(1)]
    else if (letters.length > 1) value = letters.slice(1)
    else value = queue.pop()
    if (value === undefined)
      return `flag needs an argument: ${quotedByte(letter)} in -${text(letters)}`
    const problem = setFlag(set, flag, value)
    if (problem !== undefined) return problem
    letters = left
  }
  return undefined
}

/** A byte as %q prints it. */
function quotedByte(byte: Bytes): string {
  if (byte === "'") return `'\\''`
  if (byte === '"') return `'"'`
  return byte < '\x80' ? `'${quoted(byte).slice(1, -1)}'` : `'${byte}'`
}

/** Sets a flag as pflag does; returns an error message for an invalid value. */
export function setFlag(set: FlagSet, flag: Flag, value: Bytes): string | undefined {
  const read = readValue(set, flag, value)
  if (!read.ok) {
    const name =
      flag.shorthand === undefined ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`
    return `invalid argument ${quoted(value)} for ${quoted(name)} flag: ${read.why}`
  }
  set.values[flag.name] = read.value
  set.given.push(flag.name)
  return undefined
}

type Read = { ok: true; value: string } | { ok: false; why: string }

function readValue(set: FlagSet, flag: Flag, value: Bytes): Read {
  const wrong = (of: string, why: string): Read => ({
    ok: false,
    why: `strconv.${of}: parsing ${quoted(value)}: ${why}`,
  })
  switch (flag.type) {
    case 'bool':
      if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(value))
        return { ok: true, value: 'true' }
      if (['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(value))
        return { ok: true, value: 'false' }
      return wrong('ParseBool', 'invalid syntax')
    case 'int': {
      const parsed = parseGoInt(value)
      return parsed.ok ? { ok: true, value: parsed.value } : wrong('ParseInt', parsed.why)
    }
    case 'duration': {
      const ms = durationOf(value)
      return typeof ms === 'number' ? { ok: true, value: String(ms) } : { ok: false, why: ms }
    }
    case 'strings': {
      const row = readRow(value)
      if (!Array.isArray(row)) return { ok: false, why: row.why }
      const earlier = set.given.includes(flag.name) ? set.values[flag.name]! : ''
      return { ok: true, value: [earlier, ...row].filter((each) => each !== '').join(',') }
    }
    case 'string':
      return { ok: true, value }
  }
}

/** The first row of comma-separated values (encoding/csv), with quotes. */
function readRow(value: Bytes): Bytes[] | { why: string } {
  const [row = ''] = value.split('\n', 1)
  const wrong = (at: number, what: string) => ({
    why: `parse error on line 1, column ${at + 1}: ${what}`,
  })
  const fields: Bytes[] = []
  for (let at = 0; at <= row.length; at++) {
    if (row[at] === '"') {
      const [quotedField = '', inside = ''] = /^"((?:[^"]|"")*)"?/.exec(row.slice(at)) ?? []
      const end = at + quotedField.length
      const isClosed = quotedField.length === inside.length + 2
      if (!isClosed || (end < row.length && row[end] !== ','))
        return wrong(isClosed ? end - 1 : end, 'extraneous or missing " in quoted-field')
      fields.push(inside.replaceAll('""', '"'))
      at = end
    } else {
      const comma = row.indexOf(',', at)
      const end = comma < 0 ? row.length : comma
      const quote = row.slice(at, end).indexOf('"')
      if (quote >= 0) return wrong(at + quote, 'bare " in non-quoted-field')
      fields.push(row.slice(at, end))
      at = end
    }
  }
  return fields
}

type GoInt = { ok: true; value: string } | { ok: false; why: string }

/**
 * strconv.ParseInt(value, 0, 64): with a base prefix, and underscores between digits. The value is
 * a decimal.
 */
function parseGoInt(value: Bytes): GoInt {
  const [, sign = '', prefix = '', digits = ''] =
    /^([+-]?)(0[xX]|0[bB]|0[oO]|0(?=_?\d))?([\s\S]*)$/.exec(value) ?? []
  const plain = digits.replaceAll('_', '')
  if (plain !== digits) {
    const separates = prefix === '' ? /^[^_]+(_[^_]+)*$/ : /^_?[^_]+(_[^_]+)*$/
    if (!separates.test(digits)) return { ok: false, why: 'invalid syntax' }
  }
  if (prefix === '') {
    const parsed = parseDecimalGo(sign + plain)
    return parsed.ok && !/^[+-]/.test(plain)
      ? { ok: true, value: parsed.value.toString() }
      : { ok: false, why: parsed.ok ? 'invalid syntax' : parsed.why }
  }
  if (/x/i.test(prefix)) {
    const parsed = parseHexInt64(sign + plain)
    return parsed.ok ? { ok: true, value: decimal(parsed.id) } : parsed
  }
  const binary = /b/i.test(prefix)
  if (!(binary ? /^[01]+$/ : /^[0-7]+$/).test(plain)) return { ok: false, why: 'invalid syntax' }
  const number = Number.parseInt(plain, binary ? 2 : 8)
  if (number > Number.MAX_SAFE_INTEGER) return { ok: false, why: 'value out of range' }
  return { ok: true, value: String(sign === '-' ? -number : number) }
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  '\xc2\xb5s': 1e-3,
  '\xce\xbcs': 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
}

/** time.ParseDuration, in milliseconds, or its error as a text. */
export function durationOf(value: Bytes): number | string {
  const unsigned = value.replace(/^[+-]/, '')
  if (unsigned === '0') return 0
  const invalid = `time: invalid duration ${quoted(value)}`
  if (unsigned === '') return invalid
  let ms = 0
  for (let rest = unsigned; rest !== ''; ) {
    const number = /^(\d+\.?\d*|\.\d+)/.exec(rest)?.[0]
    if (number === undefined) return invalid
    rest = rest.slice(number.length)
    const unit = /^[^.\d]*/.exec(rest)![0]
    if (unit === '') return `time: missing unit in duration ${quoted(value)}`
    const size = UNITS[unit]
    if (size === undefined) return `time: unknown unit ${quoted(unit)} in duration ${quoted(value)}`
    ms += Number(number) * size
    rest = rest.slice(unit.length)
  }
  if (ms > 9_223_372_036_854) return invalid
  return value.startsWith('-') ? -ms : ms
}
