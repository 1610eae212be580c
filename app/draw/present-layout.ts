// The stage in Present, in pixels before it is enlarged. The same three columns, with only what the
// last row of a room can read.

import type { Rect } from './message-path'
import type { StageLayout } from './stage-layout'
import type { ClientsLayout, Columns, MembersLayout, StageSize } from './stage-shapes'
import type { DialPlace } from './stage-truth'

export interface PresentInput {
  size: StageSize
  clients: number
  members: number
  leases: number
  storage: boolean
}

/** Above this number, clients are shown as a count. */
const MOST_CLIENTS = 4
const MOST_LEASES = 3

const GAP = 6
/** Pixels around a single dial for its graduations, and the largest dial. */
const OUTSIDE = 13
const LARGEST = 92
/** Pixels of the words beside the dial. */
const LEAST_WORDS = 100
const STORAGE_HEIGHT = 26
/** The ring of one lease among several. */
const RING = 14
const MOST_ROW = 44

const [TOP, UNDER] = [32, 8]

/** The number of leases that fit. */
export function roomForLeases({ height }: StageSize, storage: boolean): number {
  const room = height - TOP - UNDER - (storage ? STORAGE_HEIGHT + GAP : 0)
  return Math.max(1, Math.min(MOST_LEASES, Math.floor((room + GAP) / (2 * RING + GAP))))
}

export function layoutPresent({
  size,
  clients,
  members,
  leases,
  storage,
}: PresentInput): StageLayout {
  const { width, height, margin } = size
  const [agree, truth] = [Math.round(width * 0.3125), Math.round(width * 0.625)]
  const [top, bottom] = [TOP, height - UNDER]
  const columns: Columns = {
    ...size,
    believe: 0,
    agree,
    truth,
    top,
    bottom,
    middle: Math.round((top + bottom) / 2),
  }
  const area: Rect = {
    x: truth + margin,
    y: top,
    width: width - truth - 2 * margin,
    height: bottom - top,
  }
  const card = storage ? { ...area, y: bottom - STORAGE_HEIGHT, height: STORAGE_HEIGHT } : null
  const room = card === null ? area : { ...area, height: card.y - GAP - top }
  return {
    columns,
    clients: clientsOf(
      { x: margin, y: top, width: agree - 2 * margin, height: bottom - top },
      clients,
    ),
    members: membersOf(
      { x: agree + margin, y: top, width: truth - agree - 2 * margin, height: bottom - top },
      members,
    ),
    truth: {
      form: leases === 0 ? 'none' : 'dials',
      dials: dialsOf(room, Math.min(leases, roomForLeases(size, storage))),
      area: room,
      loose: null,
      storage: card,
    },
  }
}

function clientsOf(area: Rect, count: number): ClientsLayout {
  if (count > MOST_CLIENTS) return { form: 'count', density: 'line', boxes: [area] }
  const density = count <= 1 ? 'full' : count === 2 ? 'roomy' : 'line'
  return { form: count <= 2 ? 'cards' : 'rows', density, boxes: stacked(area, count, 160) }
}

/**
 * Up to three members: one at the left, the others at the right. More: two columns, so that a wire
 * runs between them.
 */
function membersOf(area: Rect, count: number): MembersLayout {
  const order = Array.from({ length: count }, (_, i) => i)
  if (count <= 1) {
    const height = Math.min(72, area.height)
    const width = Math.min(130, area.width)
    const box = {
      x: area.x + Math.round((area.width - width) / 2),
      y: area.y + Math.round((area.height - height) / 2),
      width,
      height,
    }
    return { form: 'alone', boxes: order.map(() => box), around: order }
  }
  const left = Math.max(1, Math.floor(count / 2))
  const between = count <= 3 ? 30 : 40
  const width = Math.floor((area.width - between) / 2)
  const most = count <= 3 ? 54 : 44
  const boxes = [
    ...stacked({ ...area, width }, left, most),
    ...stacked({ ...area, x: area.x + area.width - width, width }, count - left, most),
  ]
  const around = [...order.slice(0, left).reverse(), ...order.slice(left)]
  return { form: count <= 3 ? 'small' : 'tiny', boxes, around }
}

/** One below the other, centred in the area. */
function stacked({ x, y, width, height }: Rect, count: number, most: number): Rect[] {
  if (count === 0) return []
  const each = Math.min(most, Math.floor((height - GAP * (count - 1)) / count))
  const gap = count === 1 ? 0 : Math.min(28, (height - each * count) / (count - 1))
  const from = y + (height - each * count - gap * (count - 1)) / 2
  return Array.from({ length: count }, (_, i) => ({
    x,
    y: Math.round(from + i * (each + gap)),
    width,
    height: each,
  }))
}

/**
 * A single dial is as large as fits, with its words beside it. More leases: one row each with a
 * ring, a number and words.
 */
function dialsOf(room: Rect, count: number): DialPlace[] {
  if (count === 1) {
    const r = Math.round(
      Math.min(
        LARGEST,
        room.height / 2 - OUTSIDE,
        (room.width - 2 * OUTSIDE - 14 - LEAST_WORDS) / 2,
      ),
    )
    const [x, y] = [room.x + r + OUTSIDE, Math.round(room.y + room.height / 2)]
    const left = x + r + OUTSIDE + 14
    return [
      {
        x,
        y,
        r,
        tags: { x: left, y: room.y, width: room.x + room.width - left, height: room.height },
      },
    ]
  }
  return stacked(room, count, MOST_ROW).map(({ x, y, width, height }) => {
    const left = x + 2 * RING + 8
    return {
      x: x + RING,
      y: Math.round(y + height / 2),
      r: RING,
      tags: { x: left, y, width: x + width - left, height },
    }
  })
}
