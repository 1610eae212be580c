// Kleppmann's figure: everybody has a lane, time goes to the right, and a message is a slanted line from the lane that sent it to the lane that got it. Numbers for the page to draw;
// nothing here knows how.
//
// The trouble with a true axis: a message takes thirty milliseconds and a lease lives for ten seconds, so that whatever window shows the one makes a hair of the other. What
// is done: on the spaced axis neighbouring moments keep a least distance, and what is left of the width is shared out by true duration, so that longer stays longer.

import { scaleLinear } from 'd3'
import type {
  SpacetimeBand,
  SpacetimeBundle,
  SpacetimeLane,
  SpacetimeLease,
  SpacetimeMessage,
  SpacetimeView,
} from '../../engine/worker/protocol'

export type Axis = 'true' | 'spaced'

export interface Placed {
  width: number
  height: number
  /** Where the lanes begin; their names stand before it. */
  left: number
  /** Virtual ms to pixels, within the window. */
  x: (at: number) => number
  ticks: { at: number; x: number }[]
  lanes: (SpacetimeLane & { y: number })[]
  messages: PlacedMessage[]
  bundles: PlacedBundle[]
  bands: PlacedBand[]
  leases: PlacedLease[]
}

export interface PlacedMessage {
  message: SpacetimeMessage
  x1: number
  y1: number
  x2: number
  y2: number
  /** Where its name has room, near its sending; null where it has none. */
  label: { x: number; y: number } | null
}

export interface PlacedBundle {
  bundle: SpacetimeBundle
  /** The strip's corners, as `points` wants them. */
  points: string
  x: number
  y: number
}

export interface PlacedBand {
  band: SpacetimeBand
  x: number
  width: number
  y: number
  height: number
}

export interface PlacedLease {
  lease: SpacetimeLease
  y: number
  /** From its grant to its end, or to its deadline while it lives. */
  x1: number
  x2: number
  renewals: number[]
  expired: number | null
  ended: number | null
}

const LANE = 52
const LEASE = 16
const TOP = 26
const BOTTOM = 14
const RIGHT = 14
const BELIEF = 7
/** Pixels between two moments of the spaced axis, at least, where there is room. */
const GAP = 13
/** Characters to pixels, about, of a message's name. */
const LETTER = 6.2
/** The share of its way after which a lost message is drawn as lost. */
const LOST_AT = 0.78

/** Lays a view out on a given width (px). A lane that a message names and the view does not is nowhere: the message is left out. */
export function placeSpacetime(view: SpacetimeView, width: number, axis: Axis): Placed {
  const left = Math.min(110, Math.max(40, 14 + 7.5 * Math.max(4, ...view.lanes.map(({ id }) => id.length))))
  const x = scaleOf(view, left, width - RIGHT, axis)
  const rows = new Map<string, number>()
  let y = TOP
  const lanes: Placed['lanes'] = []
  const leaseRows = Math.max(0, view.leases.length)
  let leasesAt = 0
  const lastMember = view.lanes.findLastIndex(({ kind }) => kind === 'member')
  for (const [i, lane] of view.lanes.entries()) {
    lanes.push({ ...lane, y: y + LANE / 2 })
    rows.set(lane.id, y + LANE / 2)
    y += LANE
    if (i !== lastMember) continue
    leasesAt = y - 8
    y += leaseRows * LEASE
  }
  const messages = placeMessages(view.messages, rows, x)
  return {
    width,
    height: y + BOTTOM,
    left,
    x,
    ticks: ticksOf(view, x),
    lanes,
    messages,
    bundles: view.bundles.flatMap((bundle) => placeBundle(bundle, rows, x)),
    bands: placeBands(view, rows, x),
    leases: view.leases.map((lease, i) => placeLease(lease, leasesAt + i * LEASE + LEASE / 2, x, view)),
  }
}

function scaleOf(view: SpacetimeView, left: number, right: number, axis: Axis): (at: number) => number {
  const { from, to } = view
  if (axis === 'true') {
    const scale = scaleLinear([from, to], [left, right]).clamp(true)
    return (at) => scale(at)
  }
  const moments = momentsOf(view)
  const scale = scaleLinear(moments, spaced(moments, left, right)).clamp(true)
  return (at) => scale(at)
}

/** Everything that has a place of its own on the axis, ascending and each once, both ends of the window among them. */
function momentsOf({ from, to, messages, bands, leases }: SpacetimeView): number[] {
  const all = [
    ...messages.flatMap(({ sent, received, due, lost }) => [sent, received ?? due ?? lost ?? sent]),
    ...bands.flatMap((band) => [band.from, band.to ?? to]),
    ...leases.flatMap(({ grantedAt, ended, expiredAt }) => [grantedAt, ended?.at ?? to, expiredAt ?? to]),
  ]
  const inside = all.filter((at) => at > from && at < to)
  return [from, ...[...new Set(inside)].sort((a, b) => a - b), to]
}

/** A place for each moment: neighbours stand apart by the least distance and by their share of what is left. */
export function spaced(moments: readonly number[], left: number, right: number): number[] {
  const steps = Math.max(1, moments.length - 1)
  const gap = Math.min(GAP, ((right - left) * 0.7) / steps)
  const free = right - left - gap * steps
  const whole = (moments.at(-1) ?? 0) - (moments[0] ?? 0)
  return moments.map((at, i) => left + gap * i + (whole === 0 ? 0 : (free * (at - moments[0]!)) / whole))
}

function ticksOf({ from, to }: SpacetimeView, x: (at: number) => number): Placed['ticks'] {
  const wanted = scaleLinear([from, to], [0, 1]).ticks(10)
  const ticks: Placed['ticks'] = []
  for (const at of wanted) {
    const place = x(at)
    if (ticks.length === 0 || place - ticks.at(-1)!.x >= 48) ticks.push({ at, x: place })
  }
  return ticks
}

function placeMessages(
  messages: readonly SpacetimeMessage[],
  rows: ReadonlyMap<string, number>,
  x: (at: number) => number,
): PlacedMessage[] {
  // Names on one side of one lane must not cover each other: where the last one ends, by lane and side.
  const taken = new Map<string, number>()
  return messages.flatMap((message) => {
    const [y1, y2] = [rows.get(message.from), rows.get(message.to)]
    if (y1 === undefined || y2 === undefined) return []
    const whole = { x1: x(message.sent), y1, x2: x(message.received ?? message.due ?? message.lost ?? message.sent), y2 }
    const down = y2 > y1
    const side = `${message.from} ${down}`
    const width = nameOf(message).length * LETTER + 8
    const start = whole.x1 + 4
    const room = (taken.get(side) ?? Number.NEGATIVE_INFINITY) <= start
    if (room) taken.set(side, start + width)
    const label = room ? { x: start, y: y1 + (down ? 16 : -9) } : null
    if (message.lost === null) return [{ message, ...whole, label }]
    return [{ message, ...whole, x2: whole.x1 + (whole.x2 - whole.x1) * LOST_AT, y2: whole.y1 + (whole.y2 - whole.y1) * LOST_AT, label }]
  })
}

/** What a message is called on the diagram: the RPC, and of an answer whether it is a good one. */
export function nameOf({ kind, label, bad, text }: SpacetimeMessage): string {
  if (label === 'refused') return `✕ ${text.length > 40 ? 'refused' : text}`
  return kind === 'reply' ? `${label} ${bad ? '−' : '+'}` : label
}

function placeBundle(bundle: SpacetimeBundle, rows: ReadonlyMap<string, number>, x: (at: number) => number): PlacedBundle[] {
  const [y1, y2] = [rows.get(bundle.from), rows.get(bundle.to)]
  if (y1 === undefined || y2 === undefined) return []
  const [a, b] = [x(bundle.first), Math.max(x(bundle.last), x(bundle.first) + 3)]
  const [c, d] = [x(bundle.last + bundle.takes), x(bundle.first + bundle.takes)]
  const points = [
    [a, y1],
    [b, y1],
    [Math.max(c, d + 3), y2],
    [d, y2],
  ]
  const share = bundle.kind === 'request' ? 0.38 : 0.62
  return [
    {
      bundle,
      points: points.map(([px, py]) => `${px!.toFixed(1)},${py!.toFixed(1)}`).join(' '),
      x: (a + b + c + d) / 4,
      y: y1 + (y2 - y1) * (y1 < y2 ? share : 1 - share),
    },
  ]
}

const BANDS: Record<SpacetimeBand['kind'], { height: number; rise: number }> = {
  // Belief lies above the lane's line, what a process is or does around it.
  belief: { height: BELIEF, rise: BELIEF + 5 },
  stale: { height: BELIEF + 3, rise: BELIEF + 8 },
  section: { height: 18, rise: 9 },
  paused: { height: 24, rise: 12 },
  down: { height: 24, rise: 12 },
}

function placeBands({ bands, to }: SpacetimeView, rows: ReadonlyMap<string, number>, x: (at: number) => number): PlacedBand[] {
  return bands.flatMap((band) => {
    const y = rows.get(band.lane)
    if (y === undefined) return []
    const { height, rise } = BANDS[band.kind]
    const start = x(band.from)
    return [{ band, x: start, width: Math.max(2, x(band.to ?? to) - start), y: y - rise, height }]
  })
}

function placeLease(lease: SpacetimeLease, y: number, x: (at: number) => number, { to }: SpacetimeView): PlacedLease {
  const { grantedAt, renewals, deadline, expiredAt, ended } = lease
  return {
    lease,
    y,
    x1: x(grantedAt),
    x2: Math.max(x(grantedAt) + 2, x(ended?.at ?? Math.max(deadline ?? to, expiredAt ?? 0))),
    renewals: renewals.map(x),
    expired: expiredAt === null ? null : x(expiredAt),
    ended: ended === null ? null : x(ended.at),
  }
}
