// GNU grep: basic, extended and fixed patterns.

import type { Bytes } from '../../base/rpc'
import { basicExpression, extendedExpression } from '../extended-regex'
import type { Utility, UtilityState } from './utility'
import { inputsOf, lastLine, linesOf, readOptions } from './utility'

const USAGE =
  "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n"

export const grep: Utility = {
  start(args) {
    const { options, all, rest, problem } = readOptions(args, 'EFGPivclLnoqswxhHarz', 'eABCm', {
      'extended-regexp': 'E',
      'fixed-strings': 'F',
      'basic-regexp': 'G',
      'perl-regexp': 'P',
      regexp: 'e',
      'ignore-case': 'i',
      'invert-match': 'v',
      count: 'c',
      'line-number': 'n',
      'only-matching': 'o',
      quiet: 'q',
      silent: 'q',
      'no-messages': 's',
      'word-regexp': 'w',
      'line-regexp': 'x',
      'files-with-matches': 'l',
      'max-count': 'm',
      'after-context': 'A',
      'before-context': 'B',
      context: 'C',
      color: 'a',
      'line-buffered': 'a',
    })
    if (problem !== null) return { stderr: `grep: ${problem}\n${USAGE}`, exit: 2 }
    const patterns = all.filter(({ name }) => name === 'e').map(({ value }) => String(value))
    const files = [...rest]
    if (patterns.length === 0) {
      const first = files.shift()
      if (first === undefined) return { stderr: USAGE, exit: 2 }
      patterns.push(first)
    }
    const flags = all.map(({ name }) => name).join('')
    const kind = [...flags].findLast((flag) => 'EFGP'.includes(flag)) ?? 'G'
    const sources = patterns.flatMap((pattern) => pattern.split('\n'))
    if (sources.some((source) => expressionOf(source, kind, flags) === null))
      return { stderr: 'grep: Invalid regular expression\n', exit: 2 }
    const context = Number(options.get('C') ?? 0)
    return {
      state: {
        partial: '',
        sources,
        kind,
        flags,
        count: 0,
        line: 0,
        found: false,
        limit: options.has('m') ? Number(options.get('m')) : -1,
        before: Number(options.get('B') ?? context),
        after: Number(options.get('A') ?? context),
        held: [],
        follow: 0,
        lastShown: 0,
        names: (files.length > 1 || flags.includes('H')) && !flags.includes('h'),
      },
      inputs: inputsOf(files),
    }
  },
  take(state, bytes, _place, file) {
    let stdout = ''
    for (const line of linesOf(state, bytes)) {
      stdout += grepLine(state, line, file)
      if (isEnough(state)) return { stdout, ...enough(state, file) }
    }
    return { stdout }
  },
  between(state, _place, file) {
    const last = lastLine(state)
    let stdout = last === null ? '' : grepLine(state, last, file)
    if (String(state.flags).includes('c')) {
      stdout += `${state.names === true ? `${file ?? '(standard input)'}:` : ''}${state.count}\n`
      state.count = 0
    }
    state.line = 0
    return { stdout }
  },
  end: (state) => ({ exit: state.failed === true ? 2 : state.found === true ? 0 : 1 }),
}

/** A line that is enough: `-q`, `-l` and `-m`. */
function isEnough(state: UtilityState): boolean {
  const flags = String(state.flags)
  return (
    state.found === true &&
    (flags.includes('q') ||
      (Number(state.limit) >= 0 && Number(state.count) >= Number(state.limit)))
  )
}

function enough(state: UtilityState, file: Bytes | null): { exit?: number } {
  if (String(state.flags).includes('c')) return {}
  return String(state.flags).includes('q') || file === null ? { exit: 0 } : {}
}

function expressionOf(source: Bytes, kind: string, flags: string): RegExp | null {
  const literal = source.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const options = `g${flags.includes('i') ? 'i' : ''}`
  const plain =
    kind === 'F'
      ? new RegExp(literal, options)
      : kind === 'G'
        ? basicExpression(source, options)
        : extendedExpression(source.replaceAll('\\d', '[0-9]'), options)
  if (plain === null) return null
  const wrapped = flags.includes('x')
    ? `^(?:${plain.source})$`
    : flags.includes('w')
      ? `(?<!\\w)(?:${plain.source})(?!\\w)`
      : plain.source
  return new RegExp(wrapped, options)
}

function grepLine(state: UtilityState, line: Bytes, file: Bytes | null): Bytes {
  const flags = String(state.flags)
  state.line = Number(state.line) + 1
  if (Number(state.limit) === 0) return ''
  const expressions = (state.sources as string[]).map(
    (source) => expressionOf(source, String(state.kind), flags)!,
  )
  const matches = expressions.some((each) => {
    each.lastIndex = 0
    return each.test(line)
  })
  const chosen = matches !== flags.includes('v')
  const title = (separator: string) =>
    `${state.names === true ? `${file ?? '(standard input)'}${separator}` : ''}${
      flags.includes('n') ? `${state.line}${separator}` : ''
    }`
  if (!chosen) {
    if (Number(state.follow) > 0) {
      state.follow = Number(state.follow) - 1
      state.lastShown = state.line
      return `${title('-')}${line}\n`
    }
    const held = [...(state.held as Bytes[]), `${title('-')}${line}\n`]
    state.held = Number(state.before) === 0 ? [] : held.slice(-Number(state.before))
    return ''
  }
  state.found = true
  state.count = Number(state.count) + 1
  if (/[qc]/.test(flags)) return ''
  if (flags.includes('l')) {
    const first = Number(state.count) === 1
    return first ? `${file ?? '(standard input)'}\n` : ''
  }
  if (flags.includes('o')) {
    if (flags.includes('v')) return ''
    const found = expressions
      .flatMap((each) => [...line.matchAll(each)])
      .filter(([text]) => text !== '')
      .sort((a, b) => a.index - b.index)
    return found.map(([text]) => `${title(':')}${text}\n`).join('')
  }
  const held = (state.held as Bytes[]).join('')
  const heldLines = (state.held as Bytes[]).length
  const hasContext = Number(state.before) > 0 || Number(state.after) > 0
  const gap =
    hasContext &&
    Number(state.lastShown) > 0 &&
    Number(state.line) - heldLines > Number(state.lastShown) + 1
      ? '--\n'
      : ''
  state.held = []
  state.follow = state.after
  state.lastShown = state.line
  return `${gap}${held}${title(':')}${line}\n`
}
