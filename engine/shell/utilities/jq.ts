// jq: paths, pipes, comparisons, construction, and the functions that scripts for etcd use
// (jq 1.6 manual). Numbers are doubles, as jq has them: a lease ID of 19 digits is rounded.

import { fromBase64, text as textOf, base64 as toBase64, utf8 } from '../../base/bytes'
import type { Bytes } from '../../base/rpc'
import { JqFault, type JqFilter, parseJq } from './jq-parse'
import type { Started, Utility } from './utility'
import { inputsOf } from './utility'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** As many results as one filter may have. */
const MAX_RESULTS = 100_000

export const jq: Utility = {
  start(args): Started {
    const flags = new Set<string>()
    const named: [string, Json][] = []
    const rest: Bytes[] = []
    for (let i = 0; i < args.length; i++) {
      const word = args[i]!
      if (word === '--arg' || word === '--argjson') {
        const [name, value] = [args[++i] ?? '', args[++i] ?? '']
        named.push([name, word === '--arg' ? textOf(value) : (JSON.parse(textOf(value)) as Json)])
      } else if (LONG[word] !== undefined) flags.add(LONG[word])
      else if (/^-[a-zA-Z]+$/.test(word)) for (const letter of word.slice(1)) flags.add(letter)
      else rest.push(word)
    }
    const unknown = [...flags].find((letter) => !'rcesnaMCSj'.includes(letter))
    if (unknown !== undefined)
      return {
        stderr: `jq: Unknown arguments\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n`,
        exit: 2,
      }
    const [source = '.', ...files] = rest
    try {
      const filter = parseJq(textOf(source))
      return {
        state: { text: '', filter, flags: [...flags].join(''), named, last: null },
        inputs: flags.has('n') ? [] : inputsOf(files),
      }
    } catch (fault) {
      if (!(fault instanceof JqFault)) throw fault
      return { stderr: `jq: error: ${fault.message}\njq: 1 compile error\n`, exit: 3 }
    }
  },
  take(state, bytes) {
    state.text = String(state.text) + bytes
    return {}
  },
  end(state) {
    const flags = String(state.flags)
    const filter = state.filter as JqFilter
    const variables = new Map(state.named as [string, Json][])
    let values: Json[]
    let problem: string | null = null
    if (flags.includes('n')) values = [null]
    else ({ values, problem } = readValues(textOf(String(state.text))))
    if (flags.includes('s')) values = [values]
    let stdout = ''
    let stderr = ''
    let exit = 0
    let last: Json | undefined
    for (const value of values) {
      try {
        for (const result of run(filter, value, variables)) {
          last = result
          const raw = (flags.includes('r') || flags.includes('j')) && typeof result === 'string'
          const shown = raw
            ? result
            : show(result, flags.includes('c') ? null : 0, flags.includes('S'))
          stdout += utf8(shown) + (flags.includes('j') ? '' : '\n')
        }
      } catch (fault) {
        if (!(fault instanceof JqFault)) throw fault
        stderr += utf8(
          `jq: error (at <stdin>:${String(state.text).split('\n').length - 1}): ${fault.message}\n`,
        )
        exit = 5
      }
    }
    if (problem !== null) {
      stderr += `jq: error (at <stdin>:0): ${problem}\n`.replace(
        'jq: error (at <stdin>:0)',
        'parse error',
      )
      exit = 2
    }
    if (flags.includes('e') && exit === 0)
      exit = last === undefined ? 4 : last === null || last === false ? 1 : 0
    return { stdout, stderr, exit }
  },
}

const LONG: Readonly<Record<string, string>> = {
  '--raw-output': 'r',
  '--compact-output': 'c',
  '--exit-status': 'e',
  '--slurp': 's',
  '--null-input': 'n',
  '--sort-keys': 'S',
  '--join-output': 'j',
  '--monochrome-output': 'M',
  '--color-output': 'C',
}

/** The JSON values of a text, one behind the other. */
function readValues(text: string): { values: Json[]; problem: string | null } {
  const values: Json[] = []
  let rest = text.trim()
  while (rest !== '') {
    const end = endOfValue(rest)
    try {
      values.push(JSON.parse(rest.slice(0, end)) as Json)
    } catch {
      return { values, problem: 'Invalid numeric literal at line 1, column 1' }
    }
    rest = rest.slice(end).trim()
  }
  return { values, problem: null }
}

/** Just behind the first JSON value of a text. */
function endOfValue(text: string): number {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const ch = text[i]!
    if (quoted) {
      if (ch === '\\') i++
      else if (ch === '"') {
        quoted = false
        if (depth === 0) return i + 1
      }
      continue
    }
    if (ch === '"') quoted = true
    else if (ch === '{' || ch === '[') depth++
    else if (ch === '}' || ch === ']') {
      if (--depth === 0) return i + 1
    } else if (depth === 0 && /\s/.test(ch)) return i
  }
  return text.length
}

/** As jq prints it: indented by two, or on one line where `indent` is null. */
function show(value: Json, indent: number | null, sorted: boolean): string {
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

function kindOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

const ORDER = ['null', 'boolean', 'number', 'string', 'array', 'object']

function order(a: Json, b: Json): number {
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

const isTrue = (value: Json): boolean => value !== null && value !== false

type Variables = ReadonlyMap<string, Json>

/** Every result of a filter for one input. Throws JqFault. */
function run(filter: JqFilter, input: Json, variables: Variables): Json[] {
  const results = [...evaluate(filter, input, variables)]
  if (results.length > MAX_RESULTS) throw new JqFault('stopped: too many results')
  return results
}

function* evaluate(filter: JqFilter, input: Json, variables: Variables): Iterable<Json> {
  switch (filter.type) {
    case 'identity':
      yield input
      return
    case 'literal':
      yield filter.value
      return
    case 'variable': {
      const value = variables.get(filter.name)
      if (value === undefined) throw new JqFault(`$${filter.name} is not defined`)
      yield value
      return
    }
    case 'recurse':
      yield* recurse(input)
      return
    case 'pipe':
      for (const each of evaluate(filter.left, input, variables))
        yield* evaluate(filter.right, each, variables)
      return
    case 'comma':
      yield* evaluate(filter.left, input, variables)
      yield* evaluate(filter.right, input, variables)
      return
    case 'bind':
      for (const value of evaluate(filter.value, input, variables))
        yield* evaluate(filter.body, input, new Map([...variables, [filter.name, value]]))
      return
    case 'index':
      for (const target of evaluate(filter.target, input, variables))
        for (const key of evaluate(filter.key, input, variables)) {
          const value = indexed(target, key, filter.optional)
          if (value !== undefined) yield value
        }
      return
    case 'slice':
      for (const target of evaluate(filter.target, input, variables)) {
        const edge = (each: JqFilter | null) =>
          each === null ? undefined : (run(each, input, variables)[0] as number)
        if (target === null) yield null
        else if (typeof target === 'string' || Array.isArray(target))
          yield target.slice(edge(filter.from) ?? 0, edge(filter.to)) as Json
        else throw new JqFault(`Cannot index ${kindOf(target)} with object`)
      }
      return
    case 'iterate':
      for (const target of evaluate(filter.target, input, variables)) {
        if (Array.isArray(target)) yield* target
        else if (target !== null && typeof target === 'object') yield* Object.values(target)
        else if (!filter.optional)
          throw new JqFault(
            `Cannot iterate over ${kindOf(target)}${target === null ? '' : ` (${show(target, null, false)})`}`,
          )
      }
      return
    case 'array':
      yield filter.body === null ? [] : run(filter.body, input, variables)
      return
    case 'object':
      yield* objects(filter.entries, input, variables, 0, {})
      return
    case 'string': {
      yield* strings(filter, input, variables)
      return
    }
    case 'format':
      yield formatted(filter.name, input)
      return
    case 'negate':
      for (const value of evaluate(filter.value, input, variables)) yield -(value as number)
      return
    case 'if':
      for (const condition of evaluate(filter.condition, input, variables))
        if (isTrue(condition)) yield* evaluate(filter.yes, input, variables)
        else if (filter.no === null) yield input
        else yield* evaluate(filter.no, input, variables)
      return
    case 'try':
      try {
        yield* run(filter.body, input, variables)
      } catch (fault) {
        if (!(fault instanceof JqFault)) throw fault
        if (filter.handler !== null) yield* evaluate(filter.handler, fault.message, variables)
      }
      return
    case 'reduce': {
      let value = run(filter.first, input, variables).at(-1) ?? null
      for (const each of evaluate(filter.source, input, variables))
        value =
          run(filter.update, value, new Map([...variables, [filter.name, each]])).at(-1) ?? null
      yield value
      return
    }
    case 'binary':
      yield* binary(filter, input, variables)
      return
    case 'call':
      yield* call(filter.name, filter.args, input, variables)
  }
}

function* recurse(value: Json): Iterable<Json> {
  yield value
  if (Array.isArray(value)) for (const each of value) yield* recurse(each)
  else if (value !== null && typeof value === 'object')
    for (const each of Object.values(value)) yield* recurse(each)
}

function indexed(target: Json, key: Json, optional: boolean): Json | undefined {
  if (target === null && (typeof key === 'string' || typeof key === 'number')) return null
  if (
    typeof key === 'string' &&
    target !== null &&
    typeof target === 'object' &&
    !Array.isArray(target)
  )
    return Object.hasOwn(target, key) ? target[key]! : null
  if (typeof key === 'number' && Array.isArray(target))
    return target[key < 0 ? target.length + Math.floor(key) : Math.floor(key)] ?? null
  if (optional) return undefined
  const shown = typeof key === 'string' ? `"${key}"` : kindOf(key)
  throw new JqFault(
    typeof key === 'string'
      ? `Cannot index ${kindOf(target)} with ${shown}`
      : `Cannot index ${kindOf(target)} with ${kindOf(key)}`,
  )
}

function* objects(
  entries: Extract<JqFilter, { type: 'object' }>['entries'],
  input: Json,
  variables: Variables,
  at: number,
  made: { [key: string]: Json },
): Iterable<Json> {
  const entry = entries[at]
  if (entry === undefined) {
    yield { ...made }
    return
  }
  for (const key of evaluate(entry.key, input, variables)) {
    if (typeof key !== 'string') throw new JqFault(`Object keys must be strings`)
    for (const value of evaluate(entry.value, input, variables))
      yield* objects(entries, input, variables, at + 1, { ...made, [key]: value })
  }
}

function* strings(
  { parts, format }: Extract<JqFilter, { type: 'string' }>,
  input: Json,
  variables: Variables,
): Iterable<Json> {
  let made: string[] = ['']
  for (const part of parts) {
    const values =
      typeof part === 'string'
        ? [part]
        : run(part, input, variables).map((value) =>
            format === null ? plain(value) : formatted(format, value),
          )
    made = values.flatMap((value) => made.map((before) => before + value))
  }
  yield* made
}

const plain = (value: Json): string =>
  typeof value === 'string' ? value : show(value, null, false)

function formatted(name: string, value: Json): string {
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

function* binary(
  { operator, left, right }: Extract<JqFilter, { type: 'binary' }>,
  input: Json,
  variables: Variables,
): Iterable<Json> {
  if (operator === '//') {
    const found: Json[] = []
    try {
      for (const value of evaluate(left, input, variables)) if (isTrue(value)) found.push(value)
    } catch (fault) {
      if (!(fault instanceof JqFault)) throw fault
    }
    yield* found.length > 0 ? found : evaluate(right, input, variables)
    return
  }
  if (operator === 'and' || operator === 'or') {
    for (const a of evaluate(left, input, variables)) {
      if (isTrue(a) === (operator === 'or')) yield operator === 'or'
      else for (const b of evaluate(right, input, variables)) yield isTrue(b)
    }
    return
  }
  for (const b of evaluate(right, input, variables))
    for (const a of evaluate(left, input, variables)) yield combined(operator, a, b)
}

function combined(operator: string, a: Json, b: Json): Json {
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

function* call(
  name: string,
  args: readonly JqFilter[],
  input: Json,
  variables: Variables,
): Iterable<Json> {
  const [first, second] = args
  const list = (): Json[] => {
    if (!Array.isArray(input))
      throw new JqFault(
        `${kindOf(input)} (${show(input, null, false)}) cannot be ${name}ed, as it is not an array`,
      )
    return input
  }
  const all = (filter: JqFilter | undefined, value: Json) =>
    filter === undefined ? [] : run(filter, value, variables)
  switch (`${name}/${args.length}`) {
    case 'empty/0':
      return
    case 'not/0':
      yield !isTrue(input)
      return
    case 'length/0':
      yield input === null
        ? 0
        : typeof input === 'number'
          ? Math.abs(input)
          : typeof input === 'string'
            ? [...input].length
            : Array.isArray(input)
              ? input.length
              : Object.keys(input as object).length
      return
    case 'keys/0':
    case 'keys_unsorted/0':
      if (Array.isArray(input)) yield input.map((_, i) => i)
      else if (input !== null && typeof input === 'object')
        yield name === 'keys' ? Object.keys(input).sort() : Object.keys(input)
      else throw new JqFault(`${kindOf(input)} (${show(input, null, false)}) has no keys`)
      return
    case 'values/0':
      if (input !== null) yield input
      return
    case 'type/0':
      yield kindOf(input)
      return
    case 'tostring/0':
      yield plain(input)
      return
    case 'tojson/0':
      yield show(input, null, false)
      return
    case 'fromjson/0':
      yield JSON.parse(String(input)) as Json
      return
    case 'tonumber/0': {
      if (typeof input === 'number') yield input
      else if (
        typeof input === 'string' &&
        /^\s*-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/.test(input)
      )
        yield Number(input)
      else
        throw new JqFault(
          `${kindOf(input)} (${show(input, null, false)}) cannot be parsed as a number`,
        )
      return
    }
    case 'select/1':
      for (const each of all(first, input)) if (isTrue(each)) yield input
      return
    case 'map/1':
      yield list().flatMap((each) => all(first, each))
      return
    case 'recurse/0':
      yield* recurse(input)
      return
    case 'has/1':
      for (const key of all(first, input))
        yield Array.isArray(input)
          ? typeof key === 'number' && key < input.length && key >= 0
          : Object.hasOwn(input as object, String(key))
      return
    case 'contains/1':
      for (const each of all(first, input)) yield contains(input, each)
      return
    case 'startswith/1':
      for (const each of all(first, input)) yield String(input).startsWith(String(each))
      return
    case 'endswith/1':
      for (const each of all(first, input)) yield String(input).endsWith(String(each))
      return
    case 'ltrimstr/1':
      for (const each of all(first, input))
        yield typeof input === 'string' && input.startsWith(String(each))
          ? input.slice(String(each).length)
          : input
      return
    case 'rtrimstr/1':
      for (const each of all(first, input))
        yield typeof input === 'string' && String(each) !== '' && input.endsWith(String(each))
          ? input.slice(0, -String(each).length)
          : input
      return
    case 'split/1':
      for (const each of all(first, input)) yield String(input).split(String(each))
      return
    case 'join/1':
      for (const each of all(first, input))
        yield list()
          .map((value) => (value === null ? '' : plain(value)))
          .join(String(each))
      return
    case 'test/1':
      for (const each of all(first, input)) yield new RegExp(String(each)).test(String(input))
      return
    case 'sub/2':
    case 'gsub/2':
      for (const each of all(first, input))
        for (const by of all(second, input))
          yield String(input).replace(new RegExp(String(each), name === 'gsub' ? 'g' : ''), () =>
            String(by),
          )
      return
    case 'ascii_downcase/0':
      yield String(input).toLowerCase()
      return
    case 'ascii_upcase/0':
      yield String(input).toUpperCase()
      return
    case 'add/0':
      yield (Array.isArray(input) ? input : Object.values(input as { [key: string]: Json })).reduce(
        (sum, each) => combined('+', sum, each),
        null as Json,
      )
      return
    case 'any/0':
      yield list().some(isTrue)
      return
    case 'all/0':
      yield list().every(isTrue)
      return
    case 'any/1':
      yield list().some((each) => all(first, each).some(isTrue))
      return
    case 'all/1':
      yield list().every((each) => all(first, each).every(isTrue))
      return
    case 'first/0':
      yield list()[0] ?? null
      return
    case 'last/0':
      yield list().at(-1) ?? null
      return
    case 'first/1': {
      const [value] = all(first, input)
      if (value !== undefined) yield value
      return
    }
    case 'reverse/0':
      yield typeof input === 'string' ? [...input].toReversed().join('') : list().toReversed()
      return
    case 'sort/0':
      yield list().toSorted(order)
      return
    case 'sort_by/1':
      yield list().toSorted((a, b) => order(all(first, a), all(first, b)))
      return
    case 'unique/0': {
      const sorted = list().toSorted(order)
      yield sorted.filter((each, i) => i === 0 || order(sorted[i - 1]!, each) !== 0)
      return
    }
    case 'group_by/1': {
      const groups: Json[][] = []
      for (const each of list().toSorted((a, b) => order(all(first, a), all(first, b)))) {
        const last = groups.at(-1)
        if (last !== undefined && order(all(first, last[0]!), all(first, each)) === 0)
          last.push(each)
        else groups.push([each])
      }
      yield groups
      return
    }
    case 'min/0':
    case 'max/0': {
      const sorted = list().toSorted(order)
      yield (name === 'min' ? sorted[0] : sorted.at(-1)) ?? null
      return
    }
    case 'min_by/1':
    case 'max_by/1': {
      const sorted = list().toSorted((a, b) => order(all(first, a), all(first, b)))
      yield (name === 'min_by' ? sorted[0] : sorted.at(-1)) ?? null
      return
    }
    case 'floor/0':
      yield Math.floor(Number(input))
      return
    case 'to_entries/0':
      yield Object.entries(input as { [key: string]: Json }).map(([key, value]) => ({ key, value }))
      return
    case 'from_entries/0':
      yield Object.fromEntries(
        list().map((each) => {
          const entry = each as { [key: string]: Json }
          return [String(entry.key ?? entry.name ?? entry.k), entry.value ?? entry.v ?? null]
        }),
      )
      return
    case 'with_entries/1':
      yield Object.fromEntries(
        Object.entries(input as { [key: string]: Json }).flatMap(([key, value]) =>
          all(first, { key, value }).map((each) => {
            const entry = each as { [key: string]: Json }
            return [String(entry.key), entry.value ?? null] as const
          }),
        ),
      )
      return
    case 'range/1':
      for (const end of all(first, input))
        for (let i = 0; i < Math.min(Number(end), MAX_RESULTS); i++) yield i
      return
    case 'range/2':
      for (const from of all(first, input))
        for (const end of all(second, input))
          for (let i = Number(from); i < Number(end) && i - Number(from) < MAX_RESULTS; i++) yield i
      return
    case 'del/1': {
      if (first?.type !== 'index') throw new JqFault('not modelled here: del of this path')
      const [key] = all(first.key, input)
      if (Array.isArray(input)) yield input.filter((_, i) => i !== key)
      else
        yield Object.fromEntries(
          Object.entries(input as { [key: string]: Json }).filter(([name]) => name !== key),
        )
      return
    }
    case 'error/0':
    case 'error/1':
      throw new JqFault(plain(args.length === 0 ? input : (all(first, input)[0] ?? null)))
    default:
      throw new JqFault(`${name}/${args.length} is not defined`)
  }
}

function contains(a: Json, b: Json): boolean {
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
