// The space-time diagram in pixels. Each client, each member and the storage has a lane; each
// instant has a column. A message is a slanted line from the sender's lane to the receiver's. This
// file returns numbers; the page draws them.

import type {
  SpacetimeLane,
  SpacetimeMessage,
  SpacetimeNote,
  SpacetimeSpan,
  SpacetimeView,
} from '../../engine/worker/protocol'
import { clockText } from './figures'
import type { Segment } from './spacetime-labels'

export interface PlacedLane extends SpacetimeLane {
  y: number
  /** The position of the words for its events. */
  side: 'above' | 'below'
}

export interface PlacedColumn {
  at: number
  x: number
  text: string
  /** The header marks skipped time before this column. */
  broken: boolean
}

export interface Arrow extends Segment {
  message: SpacetimeMessage
  fate: 'arrived' | 'flying' | 'lost'
}

export interface Bar {
  span: SpacetimeSpan
  x: number
  y: number
  width: number
  height: number
}

/** All events of one lane in one column. */
export interface Moment {
  notes: SpacetimeNote[]
  x: number
  /** Null for the network between all lanes. */
  lane: PlacedLane | null
}

export interface Placed {
  width: number
  height: number
  columns: PlacedColumn[]
  now: number
  lanes: PlacedLane[]
  arrows: Arrow[]
  /** The lines of the lanes, drawn while the process runs. */
  wires: Segment[]
  /** In paint order. */
  bars: Bar[]
  moments: Moment[]
}

/** The shared lane of the members without a lane. */
export const FOLDED = 'cluster'
export const HEADER = 30
/** The left edge of the lanes; their names are left of it. */
export const LEFT = 100
const FIRST = LEFT + 14
const COLUMN = 52
const WIDEST_COLUMN = 72
/**
 * From the header to the first lane, and from the last lane to the bottom. Room for two lines of
 * words; for one line if lanes are tight, and below the storage.
 */
const OVER = { wide: 66, tight: 46 }
const UNDER = { wide: 48, tight: 30 }
/** Lanes are tight below this height. */
const TIGHT = 76
const LEAST_PITCH = 46
const MOST_PITCH = 130
/** If two columns are at least this many virtual ms apart, the header says that time is skipped. */
const LEFT_OUT_MS = 500
/**
 * The thickness of a lane's line at the end of a message: a belief, a bar of the store, a frame.
 */
const THIN = 3
const THICK = 8
const FRAME = 11
/** The share of the path after which a lost message is drawn as lost. */
const LOST_AT = 0.62
const TOGETHER_MS = 2

/** Pixels right of the last column for words about *now*. */
function rightOf(width: number): number {
  return width < 700 ? 64 : 118
}

/** The number of columns that fit in a width (px). */
export function columnsThatFit(width: number): number {
  return Math.max(2, Math.floor((width - FIRST - rightOf(width)) / COLUMN) + 1)
}

/**
 * The width of a column. If all columns do not fit, the first column in view begins at the left
 * edge of the lanes.
 */
function columnWidth(width: number, count: number): number {
  const steps = Math.max(1, Math.min(count, columnsThatFit(width)) - 1)
  return Math.min(WIDEST_COLUMN, Math.max(COLUMN, (width - FIRST - rightOf(width)) / steps))
}

/**
 * Lays out a view in an area (px). The layout exceeds the area if its columns or lanes do not fit.
 */
export function placeSpacetime(
  view: SpacetimeView,
  room: { width: number; height: number },
): Placed {
  const shown = foldMembers(view.lanes, lanesThatFit(room.height))
  const fit = room.height / shown.length < TIGHT ? 'tight' : 'wide'
  const under = shown.at(-1)?.kind === 'storage' ? UNDER.tight : UNDER[fit]
  const free = room.height - HEADER - OVER[fit] - under
  const pitch = Math.min(
    MOST_PITCH,
    Math.max(LEAST_PITCH, Math.floor(free / Math.max(1, shown.length - 1))),
  )
  const firstMember = shown.findIndex(({ kind }) => kind === 'member')
  const lanes = shown.map((lane, i): PlacedLane => {
    const side =
      lane.kind === 'storage' || (lane.kind === 'client' && i > firstMember) ? 'below' : 'above'
    return { ...lane, y: HEADER + OVER[fit] + i * pitch, side }
  })
  const gap = columnWidth(room.width, view.columns.length)
  const columns = view.columns.map((at, i): PlacedColumn => {
    const before = view.columns[i - 1]
    return {
      at,
      x: FIRST + i * gap,
      text: clockText(at),
      broken: before !== undefined && at - before >= LEFT_OUT_MS,
    }
  })
  const rows = new Map(lanes.map((lane) => [lane.id, lane]))
  const known = new Set(view.lanes.map(({ id }) => id))
  const layout: Layout = {
    laneOf: (id) => rows.get(id) ?? (known.has(id) ? rows.get(FOLDED) : undefined),
    x: scaleOf(columns),
    now: columns.at(-1) ?? { at: 0, x: FIRST },
    bars: [],
  }
  const all = view.spans
    .flatMap((span) => barOf(span, layout))
    .sort((a, b) => ORDER[a.span.kind] - ORDER[b.span.kind])
  const bars = all.filter(({ span }) => span.kind !== 'down')
  const gaps = all.filter(({ span }) => span.kind === 'down')
  return {
    width: Math.max(room.width, layout.now.x + rightOf(room.width)),
    height: Math.max(room.height, (lanes.at(-1)?.y ?? 0) + under),
    columns,
    now: layout.now.x,
    lanes,
    arrows: view.messages.flatMap((message) => arrowOf(message, { ...layout, bars })),
    wires: lanes.flatMap(({ y }) => wiresOf(y, gaps, layout.now.x)),
    bars,
    moments: momentsOf(view.notes, layout),
  }
}

/** The data of one layout. */
interface Layout {
  /**
   * The lane of a client, a member or the storage; several members may share one. Undefined for a
   * name outside the view.
   */
  laneOf: (id: string) => PlacedLane | undefined
  x: (at: number) => number
  now: { at: number; x: number }
  bars: readonly Bar[]
}

function lanesThatFit(height: number): number {
  return Math.floor((height - HEADER - OVER.tight - UNDER.tight) / LEAST_PITCH) + 1
}

/**
 * The members that take part, as far as they fit, the leader first. The other members that take
 * part share one lane.
 */
function foldMembers(lanes: readonly SpacetimeLane[], most: number): SpacetimeLane[] {
  const members = lanes.filter(({ kind, part }) => kind === 'member' && part)
  const room = Math.max(2, most - lanes.filter(({ kind }) => kind !== 'member').length)
  if (members.length <= room) return lanes.filter(({ kind, part }) => kind !== 'member' || part)
  const first = members
    .toSorted((a, b) => Number(b.state === 'leader') - Number(a.state === 'leader'))
    .slice(0, room - 1)
  const folded = members.filter((member) => !first.includes(member))
  const cluster: SpacetimeLane = {
    id: FOLDED,
    kind: 'member',
    state: folded.map(({ id }) => id).join(', '),
    part: true,
  }
  const at = lanes.indexOf(folded.at(-1)!)
  return lanes.flatMap((lane, i) =>
    i === at ? [cluster] : lane.kind !== 'member' || first.includes(lane) ? [lane] : [],
  )
}

/**
 * Virtual ms to pixels. An instant with a column is at that column; other instants are
 * interpolated. Earlier times are at the left edge of the lanes.
 */
function scaleOf(columns: readonly PlacedColumn[]): (at: number) => number {
  return (at) => {
    const i = columns.findLastIndex((column) => column.at <= at)
    const column = columns[i]
    const next = columns[i + 1]
    if (column === undefined) return LEFT
    if (next === undefined || at - column.at <= TOGETHER_MS) return column.x
    return column.x + ((next.x - column.x) * (at - column.at)) / (next.at - column.at)
  }
}

/** From the bottom upwards. */
const ORDER: Record<SpacetimeSpan['kind'], number> = {
  lead: 0,
  held: 1,
  down: 2,
  belief: 3,
  stale: 4,
  inside: 5,
  paused: 6,
}
const HEIGHTS: Partial<Record<SpacetimeSpan['kind'], number>> = {
  held: 2 * THICK,
  belief: 2 * THIN,
  stale: 12,
  inside: 2 * FRAME,
  lead: 2,
  down: 2,
}

function barOf(span: SpacetimeSpan, { laneOf, x, now }: Layout): Bar[] {
  const [lane, height] = [laneOf(span.lane), HEIGHTS[span.kind]]
  if (lane === undefined || height === undefined) return []
  const start = x(span.from)
  const end = span.to === null ? now.x : x(span.to)
  return [{ span, x: start, y: lane.y - height / 2, width: Math.max(1, end - start), height }]
}

/** From the left edge to *now*, except while the process is down. */
function wiresOf(y: number, gaps: readonly Bar[], now: number): Segment[] {
  const mine = gaps.filter((gap) => gap.y < y && gap.y + gap.height > y)
  const edges = [LEFT, ...mine.flatMap(({ x, width }) => [x, x + width]), now]
  return edges.flatMap((x1, i): Segment[] =>
    i % 2 === 0 && edges[i + 1]! > x1 ? [{ x1, y1: y, x2: edges[i + 1]!, y2: y }] : [],
  )
}

function arrowOf(message: SpacetimeMessage, layout: Layout): Arrow[] {
  const { laneOf, x, now } = layout
  const [from, to] = [laneOf(message.from), laneOf(message.to)]
  if (from === undefined || to === undefined || from === to) return []
  const { sent, received, lost, due } = message
  const end = received ?? lost ?? now.at
  const way = to.y > from.y ? 1 : -1
  const whole = {
    x1: x(sent),
    y1: from.y + way * depthAt(layout, from, sent),
    x2: x(end),
    y2: to.y - way * depthAt(layout, to, end),
  }
  if (received !== null) return [{ message, ...whole, fate: 'arrived' }]
  if (lost !== null) return [{ message, ...shortened(whole, LOST_AT, LOST_AT), fate: 'lost' }]
  // The message is at the cursor, as far down as it has come.
  const share = due === null || due <= sent ? 0.5 : (now.at - sent) / (due - sent)
  return [{ message, ...shortened(whole, 1, Math.min(0.9, Math.max(0.1, share))), fate: 'flying' }]
}

function shortened({ x1, y1, x2, y2 }: Segment, across: number, down: number): Segment {
  return { x1, y1, x2: x1 + (x2 - x1) * across, y2: y1 + (y2 - y1) * down }
}

/**
 * The thickness of a lane where a message leaves or reaches it. A frame or a bar that ends in this
 * column is already absent at the column's edge.
 */
function depthAt({ bars, x }: Layout, { y }: PlacedLane, at: number): number {
  const place = x(at)
  const here = bars.filter(
    (bar) =>
      bar.y < y &&
      bar.y + bar.height > y &&
      bar.x <= place + 1 &&
      bar.x + bar.width > place + (bar.span.to === null ? -2 : 1),
  )
  if (here.some(({ span }) => span.kind === 'inside')) return FRAME
  return here.some(({ span }) => span.kind === 'held') ? THICK : THIN
}

function momentsOf(notes: readonly SpacetimeNote[], { laneOf, x }: Layout): Moment[] {
  const moments = new Map<string, Moment>()
  for (const note of notes) {
    const lane = note.lane === null ? null : laneOf(note.lane)
    if (lane === undefined) continue
    const place = x(note.at)
    const name = `${lane?.id ?? ''} ${place}`
    const moment = moments.get(name) ?? { notes: [], x: place, lane }
    moment.notes.push(note)
    moments.set(name, moment)
  }
  return [...moments.values()]
}
