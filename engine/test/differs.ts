// Compares two values in normal form.

import type { Plain } from '../cli/exchange/form'

/**
 * The difference in words; undefined for none. An absent field has its default, keys and members
 * are sets, and a TTL may differ by `ttl` seconds.
 */
export function differs(
  expected: unknown,
  actual: unknown,
  ttl: number,
  path = '',
): string | undefined {
  const here = path === '' ? '' : `${path}: `
  const told = `${here}${JSON.stringify(expected)} was recorded, ${JSON.stringify(actual)} given`
  if (Array.isArray(expected) || Array.isArray(actual)) {
    const one = Array.isArray(expected) ? expected : []
    const other = Array.isArray(actual) ? actual : []
    if (one.length !== other.length) return told
    const isSet = path.endsWith('.keys') || path.endsWith('.members')
    const [ours, theirs] = isSet ? [sorted(one), sorted(other)] : [one, other]
    return first(ours.map((item, i) => differs(item, theirs[i], ttl, `${path}[${i}]`)))
  }
  if (isPlain(expected) || isPlain(actual)) {
    if (
      (expected !== undefined && !isPlain(expected)) ||
      (actual !== undefined && !isPlain(actual))
    )
      return told
    const names = new Set([...Object.keys(expected ?? {}), ...Object.keys(actual ?? {})])
    return first(
      [...names].map((name) => differs(expected?.[name], actual?.[name], ttl, `${path}.${name}`)),
    )
  }
  if (
    path.endsWith('.TTL') &&
    ttl > 0 &&
    Math.abs(Number(expected ?? 0) - Number(actual ?? 0)) <= ttl
  )
    return undefined
  return isSame(expected, actual) ? undefined : told
}

function sorted(items: readonly unknown[]): unknown[] {
  const key = (item: unknown): string =>
    isPlain(item) ? `${String(item.peerURLs)} ${String(item.ID)}` : String(item)
  return [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function isSame(expected: unknown, actual: unknown): boolean {
  return expected === actual || (isDefault(expected) && isDefault(actual))
}

function isDefault(value: unknown): boolean {
  return value === undefined || value === 0 || value === '' || value === false
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function first(found: (string | undefined)[]): string | undefined {
  return found.find((difference) => difference !== undefined)
}
