// jq's functions, by their name and the number of their arguments.

import { JqFault, type JqFilter } from './jq-parse'
import {
  combined,
  contains,
  isTrue,
  type Json,
  kindOf,
  order,
  plain,
  recurse,
  show,
} from './jq-values'

/** As many results as `range` may have. */
const MAX_RESULTS = 100_000

/** Runs an argument for an input. */
export type Run = (filter: JqFilter, input: Json) => Json[]

/** The results of a function. Throws JqFault for an unknown one. */
export function* callFunction(
  name: string,
  args: readonly JqFilter[],
  input: Json,
  run: Run,
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
    filter === undefined ? [] : run(filter, value)
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
