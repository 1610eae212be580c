// Compares a played exchange with a recorded one: exactly, except for values that differ between
// runs of a real etcd.

import type { Exchange, Plain, Played, Step, StepAnswer, StreamMessage } from '../cli/exchange/form'
import { differs } from './differs'

/**
 * The tolerance in milliseconds for the end of a lease: the expiry loop runs every half second,
 * with a random phase.
 */
const END_OF_LEASE_MS = 800
/** The same after an election, whose timeout is random. */
const ELECTION_MS = 2200
/** The tolerance in milliseconds for everything else: the way to a real etcd and back. */
const WAY_MS = 150

/**
 * Faults after which a lease or a call may wait for an election: then a remaining TTL may differ by
 * a second. The removed member may be the leader.
 */
const DISTURBING: ReadonlySet<string | undefined> = new Set([
  'crash',
  'restart',
  'stop',
  'pause',
  'join',
  'MemberRemove',
])
/** Fields of a status that show how much a member has done. */
const OWN_FIGURES = ['dbSize', 'dbSizeInUse', 'raftIndex', 'raftAppliedIndex', 'raftTerm']

/**
 * One difference. `place`: `step 3`, `event 0`, `stream w 2` by index; without an index the number
 * of steps, events or messages.
 */
export interface Difference {
  place: string
  text: string
}

/** All differences; empty if the engine answers as etcd did. */
export function differences(recorded: Exchange, played: Played): Difference[] {
  const found: Difference[] = []
  const timed = recorded.steps.some(({ at }) => at !== undefined)
  let disturbed = false
  if (played.steps.length !== recorded.steps.length)
    found.push({
      place: 'step',
      text: `${recorded.steps.length} were recorded, ${played.steps.length} played`,
    })
  recorded.steps.forEach((step, i) => {
    disturbed ||= DISTURBING.has(step.fault ?? step.call)
    const about = step.call === 'LeaseTimeToLive' && (!timed || disturbed)
    const text = answerDiffers(
      step,
      played.steps[i] ?? {},
      about ? 1 : 0,
      disturbed ? ELECTION_MS : WAY_MS,
    )
    const what = step.call ?? (step.finish === undefined ? 'step' : `finish ${step.finish}`)
    if (text !== undefined)
      found.push({ place: `step ${i}`, text: `${what} ${JSON.stringify(step.request)}: ${text}` })
  })
  const patienceMs = disturbed ? ELECTION_MS : END_OF_LEASE_MS
  return [
    ...found,
    ...listDifferences(
      'event',
      asMessages(recorded.events ?? []),
      asMessages(played.events),
      patienceMs,
    ),
    ...streamDifferences(recorded, played, patienceMs),
  ]
}

function answerDiffers(
  step: Step,
  answer: StepAnswer,
  ttl: number,
  wayMs: number,
): string | undefined {
  const { after: seenAfter, ...seen } = answer as Step
  const { response, error, none, after } = step
  const expected = { response, error, none }
  const bare = step.call === 'Status' ? withoutFigures : <T>(value: T): T => value
  const difference = differs(
    bare(expected),
    bare({ response: seen.response, error: seen.error, none: seen.none }),
    ttl,
  )
  if (difference !== undefined || after === undefined) return difference
  return seenAfter !== undefined && Math.abs(seenAfter - after) <= wayMs
    ? undefined
    : `came after ${after} ms, here after ${seenAfter} ms`
}

function withoutFigures<T extends { response?: unknown }>(answer: T): T {
  if (answer.response === undefined) return answer
  return {
    ...answer,
    response: {
      ...(answer.response as Plain),
      ...Object.fromEntries(OWN_FIGURES.map((name) => [name, undefined])),
    },
  }
}

function streamDifferences(recorded: Exchange, played: Played, patienceMs: number): Difference[] {
  const names = new Set([
    ...Object.keys(recorded.streams ?? {}),
    ...Object.keys(played.streams ?? {}),
  ])
  return [...names].flatMap((name) => {
    const [expected, seen] = [recorded.streams?.[name] ?? [], played.streams?.[name] ?? []]
    return listDifferences(`stream ${name}`, inOrder(expected), inOrder(seen), patienceMs)
  })
}

/**
 * Several watches of one stream receive a revision in the order of a Go map: such messages are
 * sorted by watch ID.
 */
function inOrder(messages: readonly StreamMessage[]): StreamMessage[] {
  const key = (message: StreamMessage): [number, number] | null => {
    if (!('response' in message) || !Array.isArray(message.response.events)) return null
    const { header, watch_id = 0 } = message.response as {
      header: { revision: number }
      watch_id?: number
    }
    return [header.revision, watch_id]
  }
  const sorted = [...messages]
  for (let from = 0; from < sorted.length; ) {
    const first = key(sorted[from]!)
    let to = from + 1
    while (first !== null && to < sorted.length && key(sorted[to]!)?.[0] === first[0]) to++
    sorted.splice(
      from,
      to - from,
      ...sorted.slice(from, to).sort((a, b) => (key(a)?.[1] ?? 0) - (key(b)?.[1] ?? 0)),
    )
    from = to
  }
  return sorted
}

type Timed = Plain & { at?: number }

function asMessages(events: readonly unknown[]): Timed[] {
  return events as Timed[]
}

function listDifferences(
  what: string,
  expected: readonly Timed[],
  seen: readonly Timed[],
  patienceMs: number,
): Difference[] {
  const found: Difference[] = []
  const differ = (place: string, text: string): number => found.push({ place, text })
  if (seen.length !== expected.length)
    differ(what, `${expected.length} were recorded, ${seen.length} seen`)
  expected.forEach(({ at, ...message }, i) => {
    if (seen[i] === undefined) return
    const { at: seenAt = 0, ...rest } = seen[i]
    const difference = differs(message, rest, 0)
    if (difference !== undefined) differ(`${what} ${i}`, difference)
    if (at === undefined) return
    const tolerance = endsLease(message) ? patienceMs : WAY_MS
    if (Math.abs(seenAt - at) > tolerance)
      differ(`${what} ${i}`, `was seen at ${at} ms, here at ${seenAt} ms`)
  })
  return found
}

/**
 * Whether a message may report the end of a lease: a deletion does not show whether a lease deleted
 * the key.
 */
function endsLease(message: Plain): boolean {
  const response = message.response as Plain | undefined
  const events = (response === undefined ? [message] : (response.events ?? [])) as Plain[]
  return events.some(
    ({ type, prev_kv }) =>
      type === 'DELETE' &&
      (response !== undefined || (prev_kv as Plain | undefined)?.lease !== undefined),
  )
}
