// Filters that count, choose or order lines (GNU coreutils).

import type { Bytes } from '../../base/rpc'
import type { Started, Utility } from './utility'
import { inputsOf, lastLine, linesOf, readOptions, usageFault } from './utility'

/** The last `n` lines of a text, or those from the `n`th on. */
interface Range {
  n: number
  from: boolean
  bytes: boolean
}

function rangeOf(
  program: string,
  args: readonly Bytes[],
): Range | Started | { range: Range; rest: Bytes[] } {
  // `head -5` is `head -n 5`.
  const words = args.flatMap((word) => {
    const number = /^-(\d+)$/.exec(word)?.[1]
    return number === undefined ? [word] : ['-n', number]
  })
  const { options, rest, problem } = readOptions(words, 'qvzf', 'nc', {
    lines: 'n',
    bytes: 'c',
    quiet: 'q',
    silent: 'q',
    verbose: 'v',
    follow: 'f',
  })
  if (problem !== null) return usageFault(program, problem)
  const bytes = options.has('c')
  const value = String(options.get(bytes ? 'c' : 'n') ?? '10')
  const [, sign = '', digits] = /^([-+]?)(\d+)$/.exec(value) ?? []
  if (digits === undefined)
    return {
      stderr: `${program}: invalid number of ${bytes ? 'bytes' : 'lines'}: ‘${value}’\n`,
      exit: 1,
    }
  const from = program === 'tail' ? sign === '+' : sign === '-'
  return { range: { n: Number(digits), from, bytes }, rest }
}

export const head: Utility = {
  start(args) {
    const read = rangeOf('head', args)
    if (!('range' in read)) return read as Started
    const { n, from, bytes } = read.range
    return {
      state: { n, from, bytes, text: '', file: 0, many: read.rest.length > 1 },
      inputs: inputsOf(read.rest),
    }
  },
  take(state, bytes, _place, file) {
    const first = state.begun !== file || state.begun === undefined
    const title =
      state.many === true && first && file !== null
        ? `${state.begun === undefined ? '' : '\n'}==> ${file} <==\n`
        : ''
    state.begun = file
    if (state.from === true) {
      state.text = String(state.text) + bytes
      return { stdout: title }
    }
    const left = Number(state.left ?? state.n)
    if (state.bytes === true) {
      const part = bytes.slice(0, left)
      state.left = left - part.length
      return {
        stdout: title + part,
        ...(left - part.length <= 0 && state.many !== true ? { exit: 0 } : {}),
      }
    }
    let end = 0
    let count = left
    while (count > 0) {
      const at = bytes.indexOf('\n', end)
      if (at < 0) {
        end = bytes.length
        break
      }
      end = at + 1
      count--
    }
    if (left === 0) end = 0
    state.left = count
    const stdout = title + bytes.slice(0, end)
    return count === 0 && state.many !== true ? { stdout, exit: 0 } : { stdout }
  },
  between(state) {
    state.left = state.n
    if (state.from !== true) return {}
    const text = String(state.text)
    state.text = ''
    const n = Number(state.n)
    if (state.bytes === true) return { stdout: text.slice(0, Math.max(0, text.length - n)) }
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
    return { stdout: lines.slice(0, Math.max(0, lines.length - n)).join('') }
  },
  end: (state) => ({ exit: state.failed === true ? 1 : 0 }),
}

export const tail: Utility = {
  start(args) {
    const read = rangeOf('tail', args)
    if (!('range' in read)) return read as Started
    const { n, from, bytes } = read.range
    return {
      state: { n, from, bytes, text: '', many: read.rest.length > 1 },
      inputs: inputsOf(read.rest),
    }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  between(state, _place, file) {
    const text = String(state.text)
    state.text = ''
    const n = Number(state.n)
    const title =
      state.many === true && file !== null
        ? `${state.begun === true ? '\n' : ''}==> ${file} <==\n`
        : ''
    state.begun = true
    if (state.bytes === true)
      return {
        stdout:
          title +
          (state.from === true ? text.slice(Math.max(0, n - 1)) : n === 0 ? '' : text.slice(-n)),
      }
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
    const chosen =
      state.from === true ? lines.slice(Math.max(0, n - 1)) : n === 0 ? [] : lines.slice(-n)
    return { stdout: title + chosen.join('') }
  },
  end: (state) => ({ exit: state.failed === true ? 1 : 0 }),
}

export const wc: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 'clmwL', '', {
      lines: 'l',
      words: 'w',
      bytes: 'c',
      chars: 'm',
    })
    if (problem !== null) return usageFault('wc', problem)
    const wanted = ['l', 'w', 'm', 'c'].filter((letter) => options.has(letter))
    const shown = wanted.length === 0 ? ['l', 'w', 'c'] : wanted
    return { state: { shown, rows: [], text: '', names: rest.length }, inputs: inputsOf(rest) }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  between(state, _place, file) {
    const text = String(state.text)
    state.text = ''
    const counts = {
      l: text.split('\n').length - 1,
      w: text.match(/\S+/g)?.length ?? 0,
      m: text.replace(/[\x80-\xbf]/g, '').length,
      c: text.length,
    }
    ;(state.rows as unknown[]).push({ counts, file })
    return {}
  },
  end(state) {
    type Counts = Record<string, number>
    const rows = state.rows as { counts: Counts; file: Bytes | null }[]
    const shown = state.shown as string[]
    const total: Counts = {}
    for (const { counts } of rows)
      for (const [key, value] of Object.entries(counts)) total[key] = (total[key] ?? 0) + value
    const all = rows.length > 1 ? [...rows, { counts: total, file: 'total' }] : rows
    // Of the standard input wc does not know the size beforehand, and takes seven columns.
    const widest = Math.max(...shown.map((key) => String(total[key] ?? 0).length))
    const hasStdin = rows.some(({ file }) => file === null)
    const width = shown.length === 1 && rows.length === 1 ? 1 : hasStdin ? 7 : Math.max(1, widest)
    const lines = all.map(({ counts, file }) => {
      const numbers = shown.map((key) => String(counts[key] ?? 0).padStart(width)).join(' ')
      return `${numbers}${file === null ? '' : ` ${file}`}\n`
    })
    return { stdout: lines.join(''), exit: state.failed === true ? 1 : 0 }
  },
}

interface SortKey {
  from: number
  fromAt: number
  to: number
  toAt: number
  flags: string
}

export const sort: Utility = {
  start(args) {
    const { options, all, rest, problem } = readOptions(args, 'bdfghinrsuVcz', 'kto', {
      key: 'k',
      'field-separator': 't',
      numeric: 'n',
      'numeric-sort': 'n',
      reverse: 'r',
      unique: 'u',
      stable: 's',
      'version-sort': 'V',
      'ignore-case': 'f',
    })
    if (problem !== null) return { ...usageFault('sort', problem), exit: 2 }
    const flags = [...options.keys()].join('')
    const keys = all.filter(({ name }) => name === 'k').map(({ value }) => sortKey(String(value)))
    const separator = options.get('t')
    return {
      state: { text: '', flags, keys, separator: separator === true ? null : (separator ?? null) },
      inputs: inputsOf(rest),
    }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  between(state) {
    const text = String(state.text)
    if (text !== '' && !text.endsWith('\n')) state.text = `${text}\n`
    return {}
  },
  end(state) {
    const flags = String(state.flags)
    const keys = state.keys as SortKey[]
    const separator = state.separator as string | null
    const lines = String(state.text).split('\n').slice(0, -1)
    const compare = (a: Bytes, b: Bytes): number => {
      for (const key of keys) {
        const own = key.flags === '' ? flags : key.flags
        const order = compareBy(keyOf(a, key, separator), keyOf(b, key, separator), own)
        if (order !== 0) return own.includes('r') ? -order : order
      }
      if (keys.length === 0) {
        const order = compareBy(a, b, flags)
        if (order !== 0) return flags.includes('r') ? -order : order
      }
      return 0
    }
    const last = (a: Bytes, b: Bytes): number => {
      const order = a < b ? -1 : a > b ? 1 : 0
      return flags.includes('r') ? -order : order
    }
    const unique = flags.includes('u')
    const plain = unique || flags.includes('s')
    const sorted = lines.toSorted((a, b) => compare(a, b) || (plain ? 0 : last(a, b)))
    const kept = unique
      ? sorted.filter((line, i) => i === 0 || compare(sorted[i - 1]!, line) !== 0)
      : sorted
    return { stdout: kept.map((line) => `${line}\n`).join(''), exit: state.failed === true ? 2 : 0 }
  },
}

function sortKey(text: Bytes): SortKey {
  const [, from = '1', fromAt = '1', flags = '', to, toAt = '0', more = ''] =
    /^(\d+)(?:\.(\d+))?([bdfghinrV]*)(?:,(\d+)(?:\.(\d+))?([bdfghinrV]*))?$/.exec(text) ?? []
  return {
    from: Number(from),
    fromAt: Number(fromAt),
    to: to === undefined ? Number.MAX_SAFE_INTEGER : Number(to),
    toAt: Number(toAt),
    flags: flags + more,
  }
}

function keyOf(line: Bytes, key: SortKey, separator: string | null): Bytes {
  const fields = separator === null ? (line.match(/[ \t]*[^ \t]+/g) ?? []) : line.split(separator)
  const chosen = fields.slice(key.from - 1, key.to)
  if (chosen.length > 0 && key.toAt > 0 && key.to <= fields.length)
    chosen[chosen.length - 1] = chosen.at(-1)!.slice(0, key.toAt)
  return chosen.join(separator ?? '').slice(key.fromAt - 1)
}

function compareBy(a: Bytes, b: Bytes, flags: string): number {
  if (/[nghV]/.test(flags)) {
    if (flags.includes('V')) return versionOrder(a, b)
    const number = (text: Bytes) =>
      flags.includes('g')
        ? Number.parseFloat(text) || 0
        : Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] || 0) || 0
    const difference = number(a) - number(b)
    if (difference !== 0) return difference < 0 ? -1 : 1
    return 0
  }
  const shape = (text: Bytes) => {
    let shaped = flags.includes('b') ? text.replace(/^[ \t]+/, '') : text
    if (flags.includes('d')) shaped = shaped.replace(/[^A-Za-z0-9 \t]/g, '')
    return flags.includes('f') ? shaped.replace(/[a-z]/g, (ch) => ch.toUpperCase()) : shaped
  }
  const [left, right] = [shape(a), shape(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

function versionOrder(a: Bytes, b: Bytes): number {
  const parts = (text: Bytes) => text.match(/\d+|\D+/g) ?? []
  const [left, right] = [parts(a), parts(b)]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i] ?? '', right[i] ?? '']
    if (x === y) continue
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y)
    return x < y ? -1 : 1
  }
  return 0
}

export const uniq: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 'cdui', 'fsw', {
      count: 'c',
      repeated: 'd',
      unique: 'u',
      'ignore-case': 'i',
    })
    if (problem !== null) return usageFault('uniq', problem)
    return {
      state: {
        partial: '',
        flags: [...options.keys()].join(''),
        line: null,
        count: 0,
        skip: Number(options.get('f') ?? 0),
      },
      inputs: inputsOf(rest.slice(0, 1)),
    }
  },
  take: (state, bytes) => ({
    stdout: linesOf(state, bytes)
      .map((line) => uniqLine(state, line))
      .join(''),
  }),
  end(state) {
    const last = lastLine(state)
    const stdout = (last === null ? '' : uniqLine(state, last)) + uniqShown(state)
    return { stdout, exit: state.failed === true ? 1 : 0 }
  },
}

function uniqLine(state: Record<string, unknown>, line: Bytes): Bytes {
  const flags = String(state.flags)
  const key = (text: Bytes) => {
    const bare = text.replace(new RegExp(`^([ \\t]*[^ \\t]+){0,${Number(state.skip)}}`), (all) =>
      Number(state.skip) === 0 ? all : '',
    )
    return flags.includes('i') ? bare.toLowerCase() : bare
  }
  const before = state.line as Bytes | null
  if (before !== null && key(before) === key(line)) {
    state.count = Number(state.count) + 1
    return ''
  }
  const shown = uniqShown(state)
  state.line = line
  state.count = 1
  return shown
}

function uniqShown(state: Record<string, unknown>): Bytes {
  const line = state.line as Bytes | null
  const flags = String(state.flags)
  const count = Number(state.count)
  if (line === null || (flags.includes('d') && count < 2) || (flags.includes('u') && count > 1))
    return ''
  return flags.includes('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`
}

export const rev: Utility = {
  start: (args) => ({ state: { partial: '' }, inputs: inputsOf(args) }),
  take: (state, bytes) => ({
    stdout: linesOf(state, bytes)
      .map((line) => `${[...line].toReversed().join('')}\n`)
      .join(''),
  }),
  end(state) {
    const last = lastLine(state)
    return { stdout: last === null ? '' : [...last].toReversed().join(''), exit: 0 }
  },
}

export const nl: Utility = {
  start: (args) => ({
    state: { partial: '', number: 1, all: args.some((word) => /^-b?a/.test(word)) },
    inputs: inputsOf(args.filter((word) => !/^-/.test(word) && word !== 'a')),
  }),
  take: (state, bytes) => ({
    stdout: linesOf(state, bytes)
      .map((line) => numbered(state, line))
      .join(''),
  }),
  end(state) {
    const last = lastLine(state)
    return { stdout: last === null ? '' : numbered(state, last), exit: 0 }
  },
}

function numbered(state: Record<string, unknown>, line: Bytes): Bytes {
  if (line === '' && state.all !== true) return '       \n'
  const number = Number(state.number)
  state.number = number + 1
  return `${String(number).padStart(6)}\t${line}\n`
}

export const paste: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 's', 'd', { delimiters: 'd', serial: 's' })
    if (problem !== null) return usageFault('paste', problem)
    return {
      state: {
        texts: [],
        text: '',
        serial: options.has('s'),
        by: String(options.get('d') ?? '\t'),
      },
      inputs: inputsOf(rest),
    }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  between(state) {
    ;(state.texts as string[]).push(String(state.text))
    state.text = ''
    return {}
  },
  end(state) {
    const columns = (state.texts as string[]).map((text) => text.replace(/\n$/, '').split('\n'))
    const by = String(state.by).replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\0/g, '')
    const delimiter = (i: number) => (by === '' ? '' : by[i % by.length]!)
    const join = (words: readonly Bytes[]) =>
      words.reduce((line, word, i) => (i === 0 ? word : line + delimiter(i - 1) + word), '')
    if (state.serial === true)
      return { stdout: columns.map((lines) => `${join(lines)}\n`).join(''), exit: 0 }
    const rows = Math.max(0, ...columns.map(({ length }) => length))
    const lines = Array.from({ length: rows }, (_, row) =>
      join(columns.map((column) => column[row] ?? '')),
    )
    return { stdout: lines.map((line) => `${line}\n`).join(''), exit: 0 }
  },
}
