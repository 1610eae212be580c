// JSON values as jq prints, orders and combines them.

import { fromBase64, text as textOf, base64 as toBase64, utf8 } from '../../base/bytes'
import { JqFault } from './jq-parse'

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** As jq prints it: indented by two, or on one line where `indent` is null. */
export function show(value: Json, indent: number | null, sorted: boolean): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'string') return JSON.stringify(value).replace(/\x7f/g, '\\u007f')
  const isList = Array.isArray(value)
  const keys = isList ? [] : Object.keys(value)
  if (sorted) keys.sort()
  const inner = indent === null ? null : indent + 1
  const items = isList
    ? value.map((each) => show(each, inner, sorted))
    : keys.map(
        (key) =>
          `${JSON.stringify(key)}:${indent === null ? '' : ' '}${show(value[key]!, inner, sorted)}`,
      )
  const [open, close] = isList ? ['[', ']'] : ['{', '}']
  if (items.length === 0) return open + close
  if (indent === null) return open + items.join(',') + close
  const pad = '  '.repeat(indent + 1)
  return `${open}\n${items.map((item) => pad + item).join(',\n')}\n${'  '.repeat(indent)}${close}`
}

/** jq 1.6 prints 17 digits of a double. */
function number(value: number): string {
  if (Number.isNaN(value)) return 'null'
  if (!Number.isFinite(value))
    return value > 0 ? '1.7976931348623157e+308' : '-1.7976931348623157e+308'
  if (Number.isInteger(value) && Math.abs(value) < 1e17) return String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e19) return wholeDigits(value.toExponential(16))
  return String(value).replace(
    /e\+?(-?)(\d)$/,
    (_, sign: string, digit: string) => `e${sign === '' ? '+' : '-'}0${digit}`,
  )
}

/** `7.5878e+18` as digits: 17 of them, then zeros. */
function wholeDigits(text: string): string {
  const [, sign = '', first = '', rest = '', exponent = '0'] =
    /^(-?)(\d)(?:\.(\d+))?e\+(\d+)$/.exec(text) ?? []
  return sign + (first + rest).padEnd(Number(exponent) + 1, '0')
}

export function kindOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

const ORDER = ['null', 'boolean', 'number', 'string', 'array', 'object']

export function order(a: Json, b: Json): number {
  const kinds = ORDER.indexOf(kindOf(a)) - ORDER.indexOf(kindOf(b))
  if (kinds !== 0) return kinds
  if (typeof a === 'boolean') return Number(a) - Number(b)
  if (typeof a === 'number') return a - (b as number)
  if (typeof a === 'string') return a < (b as string) ? -1 : a > (b as string) ? 1 : 0
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      if (a[i] === undefined) return -1
      if (b[i] === undefined) return 1
      const each = order(a[i]!, b[i]!)
      if (each !== 0) return each
    }
    return 0
  }
  if (a === null || b === null) return 0
  const [left, right] = [a as { [key: string]: Json }, b as { [key: string]: Json }]
  const keys = order(Object.keys(left).sort(), Object.keys(right).sort())
  if (keys !== 0) return keys
  for (const key of Object.keys(left).sort()) {
    const each = order(left[key]!, right[key]!)
    if (each !== 0) return each
  }
  return 0
}

export const isTrue = (value: Json): boolean => value !== null && value !== false

export const plain = (value: Json): string =>
  typeof value === 'string' ? value : show(value, null, false)

export function formatted(name: string, value: Json): string {
  const text = plain(value)
  switch (name) {
    case 'text':
      return text
    case 'json':
      return show(value, null, false)
    case 'base64':
      return toBase64(utf8(text))
    case 'base64d': {
      // jq takes a text without its padding too.
      const bytes = fromBase64(text.padEnd(Math.ceil(text.length / 4) * 4, '='))
      if (bytes === null) throw new JqFault(`string ("${text}") is not valid base64 data`)
      return textOf(bytes)
    }
    case 'sh':
      return Array.isArray(value)
        ? value.map((each) => formatted('sh', each)).join(' ')
        : typeof value === 'string'
          ? `'${value.replaceAll("'", "'\\''")}'`
          : text
    case 'csv':
    case 'tsv': {
      if (!Array.isArray(value))
        throw new JqFault(`${kindOf(value)} cannot be ${name}-formatted, only an array can be`)
      return value
        .map((each) =>
          name === 'tsv'
            ? plain(each).replaceAll('\t', '\\t')
            : typeof each === 'string'
              ? `"${each.replaceAll('"', '""')}"`
              : each === null
                ? ''
                : plain(each),
        )
        .join(name === 'tsv' ? '\t' : ',')
    }
    case 'uri':
      return encodeURIComponent(text)
    default:
      throw new JqFault(`${name} is not a valid format`)
  }
}

export function combined(operator: string, a: Json, b: Json): Json {
  switch (operator) {
    case '==':
      return order(a, b) === 0
    case '!=':
      return order(a, b) !== 0
    case '<':
      return order(a, b) < 0
    case '<=':
      return order(a, b) <= 0
    case '>':
      return order(a, b) > 0
    case '>=':
      return order(a, b) >= 0
  }
  if (operator === '+') {
    if (a === null) return b
    if (b === null) return a
    if (typeof a === 'string' && typeof b === 'string') return a + b
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
    if (kindOf(a) === 'object' && kindOf(b) === 'object')
      return { ...(a as { [key: string]: Json }), ...(b as { [key: string]: Json }) }
  }
  if (operator === '-' && Array.isArray(a) && Array.isArray(b))
    return a.filter((each) => !b.some((other) => order(each, other) === 0))
  if (operator === '/' && typeof a === 'string' && typeof b === 'string') return a.split(b)
  if (typeof a === 'number' && typeof b === 'number') {
    if ((operator === '/' || operator === '%') && b === 0)
      throw new JqFault(
        `number (${a}) and number (${b}) cannot be divided because the divisor is zero`,
      )
    return operator === '+'
      ? a + b
      : operator === '-'
        ? a - b
        : operator === '*'
          ? a * b
          : operator === '/'
            ? a / b
            : Math.trunc(a) % Math.trunc(b)
  }
  const words: Readonly<Record<string, string>> = {
    '+': 'added',
    '-': 'subtracted',
    '*': 'multiplied',
    '/': 'divided',
    '%': 'divided',
  }
  const shown = (value: Json) => `${kindOf(value)} (${show(value, null, false).slice(0, 11)})`
  throw new JqFault(`${shown(a)} and ${shown(b)} cannot be ${words[operator]}`)
}

export function contains(a: Json, b: Json): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b)
  if (Array.isArray(a) && Array.isArray(b))
    return b.every((each) => a.some((other) => contains(other, each)))
  if (kindOf(a) === 'object' && kindOf(b) === 'object') {
    const [left, right] = [a as { [key: string]: Json }, b as { [key: string]: Json }]
    return Object.entries(right).every(
      ([key, value]) => Object.hasOwn(left, key) && contains(left[key]!, value),
    )
  }
  return order(a, b) === 0
}

/** A value and everything in it. */
export function* recurse(value: Json): Iterable<Json> {
  yield value
  if (Array.isArray(value)) for (const each of value) yield* recurse(each)
  else if (value !== null && typeof value === 'object')
    for (const each of Object.values(value)) yield* recurse(each)
}
