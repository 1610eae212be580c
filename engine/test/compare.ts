// How a played exchange is held against a recorded one: exactly, but for what differs from run to run of a real etcd.

import type { Played } from '../cli/api'
import type { Exchange, Plain, Step } from '../cli/exchange'

/** Milliseconds by which the end of a lease may lie elsewhere: the expiry loop runs every half second, with a phase of its own. */
const END_OF_LEASE_MS = 800
/** The same after a crash: the election adds its own, which is drawn. */
const END_AFTER_CRASH_MS = 2200
/** Milliseconds by which any other event may: the way to a real etcd and back. */
const EVENT_MS = 150

/** One line for every difference; none where the engine answers as etcd did. */
export function differences(recorded: Exchange, played: Played): string[] {
  const found: string[] = []
  const timed = recorded.steps.some(({ at }) => at !== undefined)
  let crashed = false
  if (played.steps.length !== recorded.steps.length)
    found.push(`${recorded.steps.length} steps were recorded, ${played.steps.length} played`)
  recorded.steps.forEach((step, i) => {
    crashed ||= step.fault === 'crash'
    const about = step.call === 'LeaseTimeToLive' && (!timed || crashed)
    const difference = differs(answerOf(step), answerOf(played.steps[i] as Step), about ? 1 : 0)
    if (difference !== undefined)
      found.push(`step ${i}, ${step.call ?? `finish ${step.finish}`} ${JSON.stringify(step.request)}: ${difference}`)
  })
  found.push(...eventDifferences(recorded, played))
  return found
}

function answerOf({ response, error }: Pick<Step, 'response' | 'error'>): Plain {
  return error === undefined ? { response } : { error }
}

function eventDifferences(recorded: Exchange, { events }: Played): string[] {
  const found: string[] = []
  const expected = (recorded.events ?? []) as (Plain & { at?: number })[]
  if (events.length !== expected.length) found.push(`${expected.length} events were recorded, ${events.length} seen`)
  expected.forEach(({ at, ...event }, i) => {
    const seen = events[i]
    if (seen === undefined) return
    const { at: seenAt, ...rest } = seen
    const difference = differs(event, rest, 0)
    if (difference !== undefined) found.push(`event ${i}: ${difference}`)
    if (at === undefined) return
    // Whether a deletion ends a lease is not in the event; a key that had one may have gone with it.
    const prev = event.prev_kv as Plain | undefined
    const endMs = recorded.steps.some(({ fault }) => fault === 'crash') ? END_AFTER_CRASH_MS : END_OF_LEASE_MS
    const tolerance = event.type === 'DELETE' && prev?.lease !== undefined ? endMs : EVENT_MS
    if (Math.abs(seenAt - at) > tolerance) found.push(`event ${i} was seen at ${at} ms, here at ${seenAt} ms`)
  })
  return found
}

/** Where two values in normal form differ, undefined where they do not. An absent field is its default; keys are a set; a TTL may differ by `ttl`. */
export function differs(expected: unknown, actual: unknown, ttl: number, path = ''): string | undefined {
  const here = path === '' ? '' : `${path}: `
  if (Array.isArray(expected) || Array.isArray(actual)) {
    const one = Array.isArray(expected) ? expected : []
    const other = Array.isArray(actual) ? actual : []
    if (one.length !== other.length) return `${here}${JSON.stringify(expected)} was recorded, ${JSON.stringify(actual)} given`
    const isSet = path.endsWith('.keys')
    const [ours, theirs] = isSet ? [[...one].sort(), [...other].sort()] : [one, other]
    return first(ours.map((item, i) => differs(item, theirs[i], ttl, `${path}[${i}]`)))
  }
  if (isPlain(expected) || isPlain(actual)) {
    if ((expected !== undefined && !isPlain(expected)) || (actual !== undefined && !isPlain(actual))) {
      return `${here}${JSON.stringify(expected)} was recorded, ${JSON.stringify(actual)} given`
    }
    const names = new Set([...Object.keys(expected ?? {}), ...Object.keys(actual ?? {})])
    return first([...names].map((name) => differs(expected?.[name], actual?.[name], ttl, `${path}.${name}`)))
  }
  if (path.endsWith('.TTL') && ttl > 0 && Math.abs(Number(expected ?? 0) - Number(actual ?? 0)) <= ttl) return undefined
  return isSame(expected, actual) ? undefined : `${here}${JSON.stringify(expected)} was recorded, ${JSON.stringify(actual)} given`
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
