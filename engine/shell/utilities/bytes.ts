// Filters that work on the characters of a line (GNU coreutils).

import { fromBase64, base64 as toBase64 } from '../../base/bytes'
import type { Bytes } from '../../base/rpc'
import type { Utility } from './utility'
import { inputsOf, lastLine, linesOf, readOptions, usageFault } from './utility'

type Ranges = { from: number; to: number }[]

/** `1,3-5,-2,7-`: null for an invalid list. */
function rangesOf(list: Bytes): Ranges | null {
  const ranges: Ranges = []
  for (const piece of list.split(/[, ]/)) {
    const [whole, from, dash, to] = /^(\d*)(-?)(\d*)$/.exec(piece) ?? []
    if (whole === undefined || whole === '' || whole === '-' || from === '0') return null
    const first = from === '' ? 1 : Number(from)
    const last = dash === '' ? first : to === '' ? Number.MAX_SAFE_INTEGER : Number(to)
    if (last < first) return null
    ranges.push({ from: first, to: last })
  }
  return ranges
}

export const cut: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 'sn', 'bcdf', {
      bytes: 'b',
      characters: 'c',
      delimiter: 'd',
      fields: 'f',
      'only-delimited': 's',
      'output-delimiter': 'o',
      complement: 'C',
    })
    if (problem !== null) return usageFault('cut', problem)
    const list = options.get('f') ?? options.get('c') ?? options.get('b')
    if (list === undefined || list === true)
      return usageFault('cut', 'you must specify a list of bytes, characters, or fields')
    const delimiter = String(options.get('d') ?? '\t')
    if (delimiter.length !== 1) return usageFault('cut', 'the delimiter must be a single character')
    const ranges = rangesOf(list)
    if (ranges === null)
      return usageFault(
        'cut',
        list.includes('0') ? 'fields are numbered from 1' : `invalid field range`,
      )
    return {
      state: {
        partial: '',
        ranges,
        fields: options.has('f'),
        delimiter,
        only: options.has('s'),
      },
      inputs: inputsOf(rest),
    }
  },
  take: (state, bytes) => ({
    stdout: linesOf(state, bytes)
      .map((line) => cutLine(state, line))
      .join(''),
  }),
  between(state) {
    const last = lastLine(state)
    return last === null ? {} : { stdout: cutLine(state, last) }
  },
  end: (state) => ({ exit: state.failed === true ? 1 : 0 }),
}

function cutLine(state: Record<string, unknown>, line: Bytes): Bytes {
  const ranges = state.ranges as Ranges
  const has = (n: number) => ranges.some(({ from, to }) => n >= from && n <= to)
  if (state.fields !== true) return `${[...line].filter((_, i) => has(i + 1)).join('')}\n`
  const delimiter = String(state.delimiter)
  if (!line.includes(delimiter)) return state.only === true ? '' : `${line}\n`
  return `${line
    .split(delimiter)
    .filter((_, i) => has(i + 1))
    .join(delimiter)}\n`
}

export const tr: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 'cCdst', '', {
      delete: 'd',
      complement: 'c',
      'squeeze-repeats': 's',
    })
    if (problem !== null) return usageFault('tr', problem)
    const [first, second] = rest
    const deletes = options.has('d')
    const squeezes = options.has('s')
    if (first === undefined) return usageFault('tr', 'missing operand')
    if (second === undefined && !deletes && !squeezes)
      return {
        stderr: `tr: missing operand after ‘${first}’\nTwo strings must be given when translating.\nTry 'tr --help' for more information.\n`,
        exit: 1,
      }
    return {
      state: {
        first: setOf(first),
        second: second === undefined ? null : setOf(second),
        complement: options.has('c') || options.has('C'),
        deletes,
        squeezes,
        before: '',
      },
    }
  },
  take(state, bytes) {
    const first = String(state.first)
    const second = state.second as string | null
    const inFirst = (ch: string) => first.includes(ch) !== (state.complement === true)
    const squeezed = second ?? first
    const inSqueezed = (ch: string) => (second === null ? inFirst(ch) : squeezed.includes(ch))
    let out = ''
    for (const ch of bytes) {
      const matches = inFirst(ch)
      if (matches && state.deletes === true) continue
      const at = state.complement === true ? Number.MAX_SAFE_INTEGER : first.lastIndexOf(ch)
      const made =
        matches && second !== null && state.deletes !== true && second !== ''
          ? second[Math.min(state.complement === true ? second.length - 1 : at, second.length - 1)]!
          : ch
      if (state.squeezes === true && made === state.before && inSqueezed(made)) continue
      out += made
      state.before = made
    }
    return { stdout: out }
  },
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  blank: ' \t',
  digit: '0-9',
  lower: 'a-z',
  space: '\t\n\v\f\r ',
  upper: 'A-Z',
  xdigit: '0-9A-Fa-f',
  punct: '!-/:-@[-`{-~',
}

/** The characters of one of tr's sets, ranges and classes written out. */
function setOf(text: Bytes): string {
  const plain = text
    .replace(/\[:(\w+):\]/g, (_, name: string) => CLASSES[name] ?? '')
    .replace(/^\[(.-.)\]$/, '[$1]')
  let out = ''
  const letters: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    '\\': '\\',
    f: '\f',
    v: '\v',
  }
  const chars: string[] = []
  const escaped: boolean[] = []
  for (let i = 0; i < plain.length; i++) {
    const octal = plain[i] === '\\' ? /^[0-7]{1,3}/.exec(plain.slice(i + 1))?.[0] : undefined
    if (octal !== undefined) {
      chars.push(String.fromCharCode(Number.parseInt(octal, 8) & 0xff))
      i += octal.length
    } else if (plain[i] === '\\' && i + 1 < plain.length)
      chars.push(letters[plain[++i]!] ?? plain[i]!)
    else {
      chars.push(plain[i]!)
      escaped[chars.length - 1] = false
      continue
    }
    escaped[chars.length - 1] = true
  }
  for (let i = 0; i < chars.length; i++) {
    const to = chars[i + 2]
    if (chars[i + 1] === '-' && escaped[i + 1] === false && to !== undefined) {
      for (let code = chars[i]!.charCodeAt(0); code <= to.charCodeAt(0); code++)
        out += String.fromCharCode(code)
      i += 2
    } else out += chars[i]
  }
  return out
}

export const base64: Utility = {
  start(args) {
    const { options, rest, problem } = readOptions(args, 'di', 'w', {
      decode: 'd',
      wrap: 'w',
      'ignore-garbage': 'i',
    })
    if (problem !== null) return usageFault('base64', problem)
    return {
      state: { text: '', decode: options.has('d'), wrap: Number(options.get('w') ?? 76) },
      inputs: inputsOf(rest),
    }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  end(state) {
    const text = String(state.text)
    if (state.decode === true) {
      const decoded = fromBase64(text.replace(/\s/g, ''))
      return decoded === null
        ? { stderr: 'base64: invalid input\n', exit: 1 }
        : { stdout: decoded, exit: 0 }
    }
    const encoded = toBase64(text)
    const width = Number(state.wrap)
    if (encoded === '') return { exit: 0 }
    if (width === 0) return { stdout: encoded, exit: 0 }
    const lines = encoded.match(new RegExp(`.{1,${width}}`, 'g')) ?? []
    return { stdout: lines.map((line) => `${line}\n`).join(''), exit: 0 }
  },
}
