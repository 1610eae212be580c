// Runs a jq filter: each filter gives any number of results for an input.

import { callFunction } from './jq-functions'
import { JqFault, type JqFilter } from './jq-parse'
import { combined, formatted, isTrue, type Json, kindOf, plain, recurse, show } from './jq-values'

/** As many results as one filter may have. */
const MAX_RESULTS = 100_000

export type Variables = ReadonlyMap<string, Json>

/** Every result of a filter for one input. Throws JqFault. */
export function run(filter: JqFilter, input: Json, variables: Variables): Json[] {
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
      yield* callFunction(filter.name, filter.args, input, (each, value) =>
        run(each, value, variables),
      )
  }
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
