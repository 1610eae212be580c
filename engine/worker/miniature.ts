// A run as a small picture: who led, how leases counted down, who was inside a lock, and when the
// first question is asked. Read off the trace of the whole run.

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
  /** Virtual ms: how much the picture shows. */
  end: number
  /**
   * Virtual ms when the first question is asked: the picture behind it shows answers. Null for a
   * run without questions.
   */
  asksAt: number | null
  /** When some member led. */
  leaders: Span[]
  /**
   * The first leases: points of time (virtual ms) and of the share of the TTL that is left (0 to
   * 1), in order of time.
   */
  leases: [at: number, share: number][][]
  /** How many leases the run grants. */
  granted: number
  /** The clients that were inside a section, in the order of their first entry, and when. */
  inside: Span[][]
}

/** So many rows are drawn. */
const MOST_LEASES = 10
const MOST_INSIDE = 6
/** A picture of a run that ends at once is that long, in ms. */
const SHORTEST_MS = 1000

/** Plays a scenario to its end. One that cannot be read throws. */
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

/** The last span ends, if it has not yet. */
function closeLast(spans: Span[], at: number): void {
  const last = spans.at(-1)
  if (last !== undefined && last.to > at) last.to = at
}
