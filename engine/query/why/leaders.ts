// Why a member leads, or leads no more: the messages that members did not receive from each other.

import type { TraceEvent } from '../../base/trace'

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

/** A message that was not heard, and the faults that explain it, the latest first. */
export interface Unheard {
  words: string
  faults: TraceEvent[]
}

const MOST_FAULTS = 3

/**
 * Why there was an election; undefined where the leadership was handed over, or where no fault
 * explains it.
 */
export function deposed(
  trace: readonly TraceEvent[],
  { id, member }: Of<'promoted' | 'role-changed'>,
): Unheard | undefined {
  const faults: TraceEvent[] = []
  for (let i = id - 2; i >= 0; i--) {
    const event = trace[i]!
    if (event.level === 'fault') faults.push(event)
    if (
      event.type === 'leadership-offered' ||
      (event.type === 'request-sent' && event.request.type === 'MoveLeader')
    )
      return undefined
    if (event.type !== 'promoted') continue
    if (event.member === member) return restarted(faults, member)
    const old = event.member
    const fault = faults.find((each) => silences(each, old))
    if (fault === undefined) return undefined
    const first =
      firstCandidate(trace, fault.id, id) === member
        ? `. The election timeout of ${member} ended first`
        : ' in time'
    return {
      words: `The other members did not hear ${old}, the leader before${first}`,
      faults: [fault],
    }
  }
  return { words: 'No member heard a leader', faults: trace.slice(0, 1) }
}

/** The member whose election timeout ended first between two events; undefined for none. */
function firstCandidate(
  trace: readonly TraceEvent[],
  from: number,
  to: number,
): string | undefined {
  for (let i = from; i < to; i++) {
    const event = trace[i]!
    if (
      event.type === 'role-changed' &&
      (event.role === 'pre-candidate' || event.role === 'candidate')
    )
      return event.member
  }
  return undefined
}

/** A member that leads again after its restart. */
function restarted(faults: readonly TraceEvent[], member: string): Unheard | undefined {
  const restart = faults.find(
    (fault) => fault.type === 'member-restarted' && fault.member === member,
  )
  return restart === undefined
    ? undefined
    : { words: `${member} heard no leader after its restart`, faults: [restart] }
}

/**
 * Why a leader became a follower within its own term: it did not hear a quorum. Undefined for every
 * other change of a role.
 */
export function lostQuorum(
  trace: readonly TraceEvent[],
  { id, member, role, term, lead }: Of<'role-changed'>,
): Unheard | undefined {
  if (role !== 'follower' || lead !== null) return undefined
  const faults: TraceEvent[] = []
  const back = new Set<string>()
  let healed = false
  for (let i = id - 2; i >= 0; i--) {
    const event = trace[i]!
    if (event.type === 'role-changed' && event.member === member) {
      if (event.role !== 'leader' || event.term !== term) return undefined
      return {
        words: `${member} did not hear a quorum in time`,
        faults: faults.slice(0, MOST_FAULTS),
      }
    }
    if (event.type === 'healed') healed = true
    else if (
      event.type === 'member-restarted' ||
      (event.type === 'member-resumed' && event.member !== member)
    )
      back.add(event.member)
    else if (
      event.level === 'fault' &&
      keepsApart(event, healed) &&
      !('member' in event && back.has(event.member))
    )
      faults.push(event)
  }
  return undefined
}

/**
 * For a follower: the election of its leader, or the candidate that raised its term. Undefined
 * where the trace has neither.
 */
export function termOf(
  trace: readonly TraceEvent[],
  { id, role, term, lead }: Of<'role-changed'>,
): TraceEvent | undefined {
  if (role !== 'follower') return undefined
  const seen = new Set<string>()
  for (let i = id - 2; i >= 0; i--) {
    const event = trace[i]!
    if (event.type !== 'role-changed') continue
    if (event.member === lead && event.role === 'leader' && event.term === term) return event
    // A candidate raises its term again and again, without another event.
    if (
      lead === null &&
      !seen.has(event.member) &&
      event.role === 'candidate' &&
      event.term <= term
    )
      return event
    seen.add(event.member)
  }
  return undefined
}

/**
 * Whether a fault keeps the others from hearing a leader: it is down or paused, its disk is slow,
 * or the network is bad.
 */
function silences(fault: TraceEvent, leader: string): boolean {
  switch (fault.type) {
    case 'member-crashed':
    case 'member-stopped':
    case 'member-paused':
      return fault.member === leader
    case 'disk-changed':
      return fault.member === leader && fault.ms > 0
    case 'cut-one-way':
      return fault.from.includes(leader)
    case 'link-changed':
      return fault.value > 0 && (fault.dial === 'loss' || fault.dial === 'delay')
    default:
      return fault.type === 'partitioned'
  }
}

/**
 * Whether a fault keeps answers of members from each other; `healed`: the network was healed after
 * it.
 */
function keepsApart(fault: TraceEvent, healed: boolean): boolean {
  switch (fault.type) {
    case 'member-crashed':
    case 'member-stopped':
    case 'member-left':
    case 'member-paused':
      return true
    case 'disk-changed':
      return fault.ms > 0
    case 'link-changed':
      return !healed && fault.value > 0 && (fault.dial === 'loss' || fault.dial === 'delay')
    case 'cut-one-way':
    case 'partitioned':
      return !healed
    default:
      return false
  }
}
