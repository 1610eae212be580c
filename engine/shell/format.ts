// `echo` and `printf` (POSIX.1-2017, printf; bash 5.2 manual, 4.2).

import type { Bytes } from '../base/rpc'
import { unescaped } from './parse-word'

const ESCAPE = /\\(x[0-9a-fA-F]{1,2}|0[0-7]{0,3}|[0-7]{1,3}|c|[\s\S])/g

/** `text` with its escapes, and whether `\c` ended the output. */
export function withEscapes(text: Bytes): { bytes: Bytes; ended: boolean } {
  const end = /(?:^|[^\\])(?:\\\\)*\\c/.exec(text)
  const cut = end === null ? text : text.slice(0, end.index + end[0].length - 2)
  const bytes = cut.replace(ESCAPE, (_, code: string) =>
    unescaped(/^0[0-7]+$/.test(code) ? code.slice(1) : code),
  )
  return { bytes, ended: end !== null }
}

/** bash's echo: -n, -e and -E in front, in any combination. */
export function echo(args: readonly Bytes[]): Bytes {
  let newline = true
  let escapes = false
  let i = 0
  for (; i < args.length && /^-[neE]+$/.test(args[i]!); i++) {
    for (const letter of args[i]!.slice(1)) {
      if (letter === 'n') newline = false
      else escapes = letter === 'e'
    }
  }
  const line = args.slice(i).join(' ')
  if (!escapes) return line + (newline ? '\n' : '')
  const { bytes, ended } = withEscapes(line)
  return bytes + (newline && !ended ? '\n' : '')
}

export interface Formatted {
  stdout: Bytes
  /** Words that are no numbers. */
  faults: Bytes[]
  exit: number
}

/** printf: the format is used again while words are left. */
export function printf(args: readonly Bytes[]): Formatted {
  const [format, ...values] = args[0] === '--' ? args.slice(1) : args
  const faults: Bytes[] = []
  if (format === undefined)
    return { stdout: '', faults: ['usage: printf [-v var] format [arguments]'], exit: 2 }
  let out = ''
  let used = 0
  let ended = false
  const next = (): Bytes | undefined => values[used++]
  do {
    const before = used
    const pattern =
      /%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z%])|%|\\(x[0-9a-fA-F]{1,2}|0[0-7]{0,3}|[0-7]{1,3}|[\s\S])|[^%\\]+|\\/g
    for (const [whole, flags = '', width, precision, verb, code] of format.matchAll(pattern)) {
      if (code !== undefined) {
        if (code === 'c') {
          ended = true
          break
        }
        out += unescaped(/^0[0-7]+$/.test(code) ? code.slice(1) : code)
        continue
      }
      if (verb === undefined) {
        out += whole
        continue
      }
      if (verb === '%') {
        out += '%'
        continue
      }
      const wide = width === '*' ? Number(next() ?? 0) : Number(width ?? 0)
      const hasPrecision = whole.includes('.')
      const exact = precision === '*' ? Number(next() ?? 0) : Number(precision ?? 0)
      const value = next()
      if (verb === 'b') {
        const { bytes, ended: stops } = withEscapes(value ?? '')
        out += padded(hasPrecision ? bytes.slice(0, exact) : bytes, wide, flags)
        if (stops) {
          ended = true
          break
        }
        continue
      }
      const text = conversion(verb, value, flags, hasPrecision ? exact : null, faults)
      if (text === null) {
        faults.push(`\`${verb}': invalid format character`)
        return { stdout: out, faults, exit: 1 }
      }
      out += padded(text, wide, flags)
    }
    if (used === before) break
  } while (used < values.length && !ended)
  return { stdout: out, faults, exit: faults.length > 0 ? 1 : 0 }
}

function padded(text: Bytes, width: number, flags: string): Bytes {
  const wide = Math.min(Math.abs(width), 10_000)
  if (flags.includes('-') || width < 0) return text.padEnd(wide)
  if (flags.includes('0') && /^[-+ ]?[\da-fA-FxX.]+$/.test(text)) {
    const [, sign = '', digits = ''] = /^([-+ ]?(?:0[xX])?)(.*)$/.exec(text) ?? []
    return sign + digits.padStart(wide - sign.length, '0')
  }
  return text.padStart(wide)
}

function conversion(
  verb: string,
  value: Bytes | undefined,
  flags: string,
  precision: number | null,
  faults: Bytes[],
): Bytes | null {
  switch (verb) {
    case 's':
      return precision === null ? (value ?? '') : (value ?? '').slice(0, precision)
    case 'c':
      return (value ?? '').slice(0, 1)
    case 'q':
      return quotedForShell(value ?? '')
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o': {
      const number = integer(value ?? '0', faults)
      const magnitude = Math.abs(number)
      const base = verb === 'o' ? 8 : verb === 'x' || verb === 'X' ? 16 : 10
      let digits = magnitude.toString(base)
      if (verb === 'X') digits = digits.toUpperCase()
      if (precision !== null) digits = digits.padStart(precision, '0')
      if (flags.includes('#') && base === 16) digits = `0${verb}${digits}`
      if (flags.includes('#') && base === 8) digits = `0${digits}`
      const sign = number < 0 ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
      return sign + digits
    }
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G': {
      const number = real(value ?? '0', faults)
      const sign = number < 0 ? '' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
      const lower = verb.toLowerCase()
      const text =
        lower === 'f'
          ? number.toFixed(Math.min(precision ?? 6, 100))
          : lower === 'e'
            ? exponential(number, precision ?? 6)
            : general(number, precision ?? 6)
      return sign + (verb === lower ? text : text.toUpperCase())
    }
    default:
      return null
  }
}

function integer(word: Bytes, faults: Bytes[]): number {
  const text = word.trim()
  if (/^['"]/.test(text)) return text.length > 1 ? text.charCodeAt(1) : 0
  const [whole, sign = '', digits = ''] =
    /^([-+]?)(0[xX][\da-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text) ?? []
  const value =
    digits === ''
      ? 0
      : /^0[xX]/.test(digits)
        ? Number.parseInt(digits.slice(2), 16)
        : digits.startsWith('0') && digits.length > 1
          ? Number.parseInt(digits, 8)
          : Number(digits)
  if (whole !== text) faults.push(`${word}: invalid number`)
  return sign === '-' ? -value : value
}

function real(word: Bytes, faults: Bytes[]): number {
  const text = word.trim()
  if (/^['"]/.test(text)) return text.length > 1 ? text.charCodeAt(1) : 0
  const [whole = ''] = /^[-+]?(\d+\.?\d*([eE][-+]?\d+)?|\.\d+([eE][-+]?\d+)?)/.exec(text) ?? []
  if (whole !== text || text === '') faults.push(`${word}: invalid number`)
  return Number(whole === '' ? 0 : whole)
}

/** C's `%e`: at least two digits of exponent. */
export function exponential(value: number, precision: number): string {
  return value.toExponential(Math.min(precision, 100)).replace(/e([-+])(\d)$/, 'e$10$2')
}

/** C's `%g`. */
export function general(value: number, precision: number): string {
  if (value === 0) return '0'
  const digits = Math.min(Math.max(precision, 1), 100)
  const exponent = Number(/e([-+]\d+)$/.exec(value.toExponential(digits - 1))?.[1] ?? 0)
  if (exponent < -4 || exponent >= digits) {
    const [mantissa = '', power = ''] = exponential(value, digits - 1).split('e')
    return `${mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa}e${power}`
  }
  const fixed = value.toFixed(Math.max(0, digits - 1 - exponent))
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed
}

/** A character that a terminal does not show. */
export const isControl = (ch: string): boolean => ch < ' ' || ch === '\x7f'

/** bash's `%q`: backslashes, or `$'…'` where a character cannot be shown. */
export function quotedForShell(word: Bytes): Bytes {
  if (word === '') return "''"
  if ([...word].some(isControl))
    return `$'${word.replace(/['\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}'`
  return word.replace(/[^\w@%+=:./-]/g, (ch) => (ch > '\x7f' ? ch : `\\${ch}`)).replace(/^~/, '\\~')
}
