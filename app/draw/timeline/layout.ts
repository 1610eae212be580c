// The rows of the timeline, their heights, and their positions for a scroll position. The worker
// sends a window of each lane's rows. The number of rows is enough to know the height of all of
// them.

import type { LaneName, Tape, TapeRow } from '../../../engine/worker/protocol'

export const RULER_HEIGHT = 30

/**
 * `load`, `rates` and `count` are above the rows of many leases. `grant` is the button below all
 * rows.
 */
export type LineKind =
  | 'leader'
  | 'lease'
  | 'thin'
  | 'key'
  | 'store'
  | 'inside'
  | 'heartbeat'
  | 'terminal'
  | 'faults'
  | 'rules'
  | 'load'
  | 'rates'
  | 'count'
  | 'grant'

export type Side = 'here' | 'there'

/** A row with its top and height. `top` counts from the top of the rows, without scrolling. */
export interface Line {
  id: string
  kind: LineKind
  side: Side
  /** Null for lines without a row of the engine. */
  row: TapeRow | null
  /** The first line of a lock, which shows the lock's name. */
  first: boolean
  /** The first line of one side of a comparison. */
  begins: boolean
  top: number
  height: number
  /** The line stays at the top while the others scroll. */
  pinned: boolean
}

/** A block of rows of one lane, of equal height. The rows of `sent` are available. */
export interface Block {
  lane: LaneName
  kind: LineKind
  side: Side
  sent: readonly TapeRow[]
  from: number
  total: number
  height: number
}

export interface Layout {
  lines: Line[]
  blocks: (Block & { top: number })[]
  /** The height of the fixed lines at the top, and of all lines. */
  pinned: number
  height: number
}

export interface Room {
  /** The height below the ruler and the width of the timeline, in pixels. */
  height: number
  width: number
}

export interface Shown {
  here: Tape
  there: Tape | null
  /** Clients that run a program in the text form have no heartbeat row. */
  programs: ReadonlySet<string>
  /** The leader always has a row. */
  leader?: boolean
}

export const THIN = 26
/**
 * A lease row keeps its labels down to the first height. If a smaller height lets all rows fit, the
 * row shrinks down to the second.
 */
const LEAST_LEASE = 76
const LOWEST_LEASE = 44
export const MOST_LEASE = 152

/** The width of the row headers. */
export function headerWidth(width: number): number {
  if (width >= 1200) return 168
  if (width >= 1000) return 148
  return width >= 700 ? 128 : 76
}

export function layoutOf(shown: Shown, room: Room): Layout {
  const tight = room.height < 220
  const { here, there } = shown
  if (there !== null)
    return stacked(
      fitted([...compared(here, 'here'), ...compared(there, 'there')], room.height),
      [],
      false,
    )
  if (here.many)
    return stacked(
      blocksOf(shown, room, tight ? TIGHT : EASY),
      tight ? ['load', 'count', 'grant'] : ['load', 'rates', 'count', 'grant'],
      true,
    )
  // The rows shrink before one of them is cut: first the rows of bars, then those of leases.
  const easy = withLeases(blocksOf(shown, room, tight ? TIGHT : EASY), room.height, LEAST_LEASE)
  if (fits(easy, room.height)) return stacked(easy, ['grant'], true)
  const low = withLeases(blocksOf(shown, room, TIGHT), room.height, LEAST_LEASE)
  if (fits(low, room.height)) return stacked(low, ['grant'], true)
  const lowest = withLeases(blocksOf(shown, room, LOW), room.height, LOWEST_LEASE)
  return stacked(fits(lowest, room.height) ? lowest : low, ['grant'], true)
}

/** Heights of the rows that are not leases. */
type Sizes = Record<'leader' | 'key' | 'sub' | 'beat' | 'faults', number>
const EASY: Sizes = { leader: 32, key: 40, sub: 24, beat: 40, faults: 34 }
const TIGHT: Sizes = { leader: 28, key: 32, sub: 22, beat: 32, faults: 32 }
export const LOW: Sizes = { leader: 26, key: 26, sub: 22, beat: 26, faults: 28 }

export function blocksOf(shown: Shown, room: Room, sizes: Sizes): Block[] {
  const { here } = shown
  const blocks: Block[] = []
  const add = (
    lane: LaneName,
    kind: LineKind,
    height: number,
    fits: (row: TapeRow) => boolean = () => true,
  ): void => {
    const { rows, total, from } = laneOf(here, lane)
    const sent = rows.filter(fits)
    if (total > 0)
      blocks.push({
        lane,
        kind,
        side: 'here',
        sent,
        from,
        total: total - (rows.length - sent.length),
        height,
      })
  }
  const levels = levelsOf(here)
  if (shown.leader || showsLeader(here, room))
    add('leader', 'leader', levels > 1 ? sizes.leader + 22 : sizes.leader)
  if (here.many) {
    add('faults', 'faults', sizes.faults)
    add('rules', 'rules', sizes.faults)
    add('leases', 'thin', THIN)
    return blocks
  }
  add('leases', 'lease', 0)
  add('keys', 'key', sizes.key)
  add('locks', 'store', sizes.sub)
  add('heartbeats', 'heartbeat', sizes.beat, ({ id }) => !shown.programs.has(id))
  add('terminals', 'terminal', sizes.beat)
  add('faults', 'faults', sizes.faults)
  add('rules', 'rules', sizes.faults)
  return blocks
}

function fits(blocks: readonly Block[], height: number): boolean {
  return blocks.reduce((sum, block) => sum + heightOf(block), 0) <= height
}

function laneOf(tape: Tape, lane: LaneName): Tape['lanes'][number] {
  return tape.lanes.find((each) => each.lane === lane) ?? { lane, total: 0, from: 0, rows: [] }
}

/** All lease rows share the rest of the height equally, within bounds. */
function withLeases(blocks: readonly Block[], height: number, least: number): Block[] {
  const leases = blocks.find(({ kind }) => kind === 'lease')
  if (leases === undefined) return [...blocks]
  const others = blocks.reduce((sum, block) => sum + (block === leases ? 0 : heightOf(block)), 0)
  const share = (room: number): number => Math.floor((room - others) / leases.total)
  // The button below the rows scrolls out of view before the lease rows get too low.
  const most = share(height - GRANT) >= 86 ? share(height - GRANT) : Math.min(share(height), 92)
  leases.height = Math.max(least, Math.min(MOST_LEASE, most))
  return [...blocks]
}

const GRANT = 36
const LOCK_PAD = 8

export function heightOf(block: Block): number {
  const groups = block.kind === 'store' ? new Set(block.sent.map(({ group }) => group)).size : 0
  return block.total * block.height + groups * 2 * padOf(block)
}

/** Air above and below the lines of a lock. */
function padOf({ height }: Block): number {
  return height < 22 ? 2 : LOCK_PAD
}

function compared(tape: Tape, side: Side): Block[] {
  const blocks: Block[] = []
  const add = (lane: LaneName, kind: LineKind, height: number): void => {
    const { rows, total, from } = laneOf(tape, lane)
    if (total > 0) blocks.push({ lane, kind, side, sent: rows, from, total, height })
  }
  add('leader', 'leader', 24)
  add('leases', tape.many ? 'thin' : 'lease', tape.many ? THIN : MOST_COMPARED)
  if (tape.many) return blocks
  add('locks', 'store', 20)
  add('keys', 'key', 22)
  add('faults', 'faults', 22)
  // During a comparison, a row for an unchanged single leader says nothing.
  const [leader] = laneOf(tape, 'leader').rows
  return leader !== undefined && isSteady(leader)
    ? blocks.filter(({ kind }) => kind !== 'leader')
    : blocks
}

const MOST_COMPARED = 36
const LEAST_COMPARED = 29

/**
 * A lease has a row of the same height on both sides. The rows are low enough that all fit, if that
 * is possible.
 */
function fitted(blocks: readonly Block[], height: number): Block[] {
  const leases = blocks.filter(({ kind }) => kind === 'lease')
  const count = leases.reduce((sum, { total }) => sum + total, 0)
  const others = blocks.reduce(
    (sum, block) => sum + (leases.includes(block) ? 0 : heightOf(block)),
    0,
  )
  const each = Math.max(
    LEAST_COMPARED,
    Math.min(MOST_COMPARED, Math.floor((height - others) / Math.max(1, count))),
  )
  return blocks.map((block) => (leases.includes(block) ? { ...block, height: each } : block))
}

export function stacked(
  blocks: readonly Block[],
  specials: readonly ('load' | 'rates' | 'count' | 'grant')[],
  pins: boolean,
): Layout {
  const lines: Line[] = []
  const placed: Layout['blocks'] = []
  const heights = { load: 58, rates: 48, count: THIN, grant: GRANT }
  let top = 0
  let pinned = 0
  const special = (kind: (typeof specials)[number]): void => {
    lines.push({
      id: kind,
      kind,
      side: 'here',
      row: null,
      first: false,
      begins: false,
      top,
      height: heights[kind],
      pinned: kind !== 'grant',
    })
    top += heights[kind]
    if (kind !== 'grant') pinned = top
  }
  for (const block of blocks) {
    if (block.kind === 'thin' && pins)
      for (const kind of specials) if (kind !== 'grant') special(kind)
    const pin =
      pins &&
      (block.kind === 'leader' ||
        (block.kind !== 'lease' && specials.includes('load') && block.kind !== 'thin'))
    placed.push({ ...block, top })
    top = block.kind === 'store' ? locked(block, lines, top) : rowed(block, lines, top, pin)
    if (pin) pinned = top
  }
  const sides = new Set<Side>()
  for (const line of lines) {
    line.begins = !sides.has(line.side)
    sides.add(line.side)
  }
  if (specials.includes('grant')) special('grant')
  return { lines, blocks: placed, pinned, height: top }
}

function rowed(block: Block, lines: Line[], top: number, pinned: boolean): number {
  block.sent.forEach((row, i) => {
    const at = top + (block.from + i) * block.height
    lines.push({
      id: `${block.side} ${block.lane} ${row.id} ${row.from}`,
      kind: block.kind,
      side: block.side,
      row,
      first: false,
      begins: false,
      top: at,
      height: block.height,
      pinned,
    })
  })
  return top + block.total * block.height
}

/** The lines of a lock stay together, with a small gap around them. */
function locked(block: Block, lines: Line[], from: number): number {
  let top = from
  block.sent.forEach((row, i) => {
    const first = row.group !== block.sent[i - 1]?.group
    const last = row.group !== block.sent[i + 1]?.group
    const pad = padOf(block)
    const height = block.height + (first ? pad : 0) + (last ? pad : 0)
    const kind = row.id === row.group ? 'store' : 'inside'
    lines.push({
      id: `${block.side} locks ${row.id}`,
      kind,
      side: block.side,
      row,
      first,
      begins: false,
      top,
      height,
      pinned: false,
    })
    top += height
  })
  return top
}

/** Two levels if two members believe they lead at the same time. */
export function levelsOf(tape: Tape): number {
  const [row] = laneOf(tape, 'leader').rows
  return row?.spans.some(({ kind }) => kind === 'deposed') ? 2 : 1
}

function isSteady(row: TapeRow): boolean {
  const [leads, ...others] = row.spans
  const lasts =
    leads === undefined || (leads.at.length === 3 && leads.at[1] === Number.POSITIVE_INFINITY)
  return others.length === 0 && lasts && row.marks.every(({ kind }) => kind === 'candidate')
}

/**
 * The row of a single member that always leads is left out if locks or many leases need the space.
 */
function showsLeader(tape: Tape, { height }: Room): boolean {
  const [row] = laneOf(tape, 'leader').rows
  if (row === undefined || !isSteady(row)) return true
  const needs = tape.many || laneOf(tape, 'locks').total > 0 || laneOf(tape, 'leases').total > 1
  return !needs || height > 420
}
