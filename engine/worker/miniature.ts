// A run as a small picture: its leaders, the countdowns of its leases, the clients inside a lock,
// and the time of the first question. Read from the trace of the whole run.

import type { LeaseId } from '../base/rpc'
import type { MemberName, TraceEvent } from '../base/trace'
import { Story } from '../replay/story'
import { parseScenario, playScenario } from '../scenario/scenario'
import { Deadlines } from '../sim/deadlines'
import type { Recording } from '../sim/recording'
import type { Stop } from '../sim/stops'

/** Virtual ms. */
export interface Span {
  from: number
  to: number
}

export interface Miniature {
  /** Virtual ms: the end of the picture. */
  end: number
  /**
   * Virtual ms of the first question: the later part of the picture shows answers. Null for a run
   * without questions.
   */
  asksAt: number | null
  /** The times with a leader. */
  leaders: Span[]
  /**
   * The first leases: points of time (virtual ms) and of the remaining share of the TTL (0 to 1),
   * in time order.
   */
  leases: [at: number, share: number][][]
  /** The number of leases that the run grants. */
  granted: number
  /**
   * The clients that were inside a section, in the order of their first entry, with their times.
   */
  inside: Span[][]
}

/** The maximum of drawn rows. */
const MOST_LEASES = 10
const MOST_INSIDE = 6
/** The minimum length of a picture, in ms. */
const SHORTEST_MS = 1000

/** Plays a scenario to its end. An unreadable one throws. */
export function miniatureOf(file: string): Miniature {
  const scenario = parseScenario(file)
  const { recording, events } = playScenario(scenario)
  const until = scenario.steps.map((step) => (step.type === 'until' ? step.at : 0))
  const end = Math.max(events.at(-1)?.at ?? 0, SHORTEST_MS, ...until)
  return {
    end,
    asksAt: firstQuestion(recording, scenario.stops, events, end),
    ...drawn(events, end),
  }
}

function firstQuestion(
  { config }: Recording,
  stops: readonly Stop[],
  trace: readonly TraceEvent[],
  end: number,
): number | null {
  const story = new Story(stops, config.etcd)
  story.follow({
    trace,
    cuts: 0,
    lastEvent: trace.length,
    now: end,
    nextAt: () => Number.POSITIVE_INFINITY,
  })
  return story.firstQuestion()
}

function drawn(
  events: readonly TraceEvent[],
  end: number,
): Pick<Miniature, 'leaders' | 'leases' | 'granted' | 'inside'> {
  const deadlines = new Deadlines()
  const leases = new Map<LeaseId, { ttlMs: number; points: [number, number][]; over: boolean }>()
  const inside = new Map<string, Span[]>()
  const leaders: Span[] = []
  let granted = 0
  /** The member that was promoted last. */
  let leader: MemberName | null = null
  const mark = (at: number): void => {
    for (const [id, { ttlMs, points, over }] of leases) {
      const share = Math.min(1, deadlines.left(id, at) / ttlMs)
      const last = points.at(-1)
      if (!over && (last?.[0] !== at || last[1] !== share)) points.push([at, share])
    }
  }
  for (const event of events) {
    const { at } = event
    if (event.type === 'promoted') {
      closeLast(leaders, at)
      leaders.push({ from: at, to: end })
      leader = event.member
    } else if (
      event.type === 'demoted' ||
      event.type === 'member-crashed' ||
      event.type === 'member-stopped'
    ) {
      if (event.member === leader) closeLast(leaders, at)
    } else if (event.type === 'section-entered') {
      inside.set(event.client, [...(inside.get(event.client) ?? []), { from: at, to: end }])
    } else if (event.type === 'section-left' || event.type === 'client-crashed')
      closeLast(inside.get(event.client) ?? [], at)
    if (!changesDeadlines(event)) continue
    mark(at)
    if (event.type === 'lease-granted') {
      granted++
      if (leases.size < MOST_LEASES && !leases.has(event.lease))
        leases.set(event.lease, {
          ttlMs: Math.max(1, event.ttlSeconds * 1000),
          points: [[at, 0]],
          over: false,
        })
    }
    deadlines.note(event)
    mark(at)
    const ended = event.type === 'lease-revoked' ? leases.get(event.lease) : undefined
    if (ended !== undefined) ended.over = true
  }
  mark(end)
  return {
    leaders,
    leases: [...leases.values()].map(({ points }) => points),
    granted,
    inside: [...inside.values()].slice(0, MOST_INSIDE),
  }
}

function changesDeadlines({ type }: TraceEvent): boolean {
  switch (type) {
    case 'lease-granted':
    case 'lease-renewed':
    case 'lease-revoked':
    case 'promoted':
    case 'demoted':
    case 'member-crashed':
    case 'member-left':
    case 'member-stopped':
    case 'member-clock-changed':
      return true
    default:
      return false
  }
}

/** Ends the last span, if it is still open. */
function closeLast(spans: Span[], at: number): void {
  const last = spans.at(-1)
  if (last !== undefined && last.to > at) last.to = at
}
