// The second column. The first members are at the left, towards the clients, the others at the
// right. From four members on, both sides form arcs: a straight line between two members passes
// beside the others.

import type { Rect } from './message-path'
import type { Columns, MembersLayout } from './stage-shapes'

/** The least width between the margins for two cards side by side. */
const WIDE = 380
const GAP = 8
/** Pixels by which the middle of an arc is further out than its ends. */
const BULGE = 28

export function layoutMembers(columns: Columns, count: number): MembersLayout {
  const { agree, truth, margin } = columns
  const area: Area = {
    x: agree + margin,
    width: truth - agree - 2 * margin,
    y: columns.top,
    height: columns.bottom - columns.top,
  }
  const order = Array.from({ length: count }, (_, i) => i)
  if (count <= 1)
    return { form: 'alone', boxes: order.map(() => alone(area, columns)), around: order }
  const wide = area.width >= WIDE
  if (count <= 3 && wide && area.height >= 268)
    return { form: 'log', boxes: few(area, count, columns.middle), around: order }
  if (count <= 3) return { form: 'line', boxes: stack(area, count), around: order }
  const left = Math.floor(count / 2)
  const around = [...order.slice(0, left).reverse(), ...order.slice(left)]
  const boxes = [...side(area, left, 'left', wide), ...side(area, count - left, 'right', wide)]
  return { form: wide && (boxes[0]?.height ?? 0) >= 70 ? 'small' : 'tiny', boxes, around }
}

type Area = Rect

function alone(area: Area, { middle, height }: Columns): Rect {
  const width = Math.min(208, area.width)
  const tall = height < 290 ? 112 : 120
  return {
    x: Math.round(area.x + (area.width - width) / 2),
    y: middle - tall / 2,
    width,
    height: tall,
  }
}

/** One narrower card at the left, and one or two cards at the right. */
function few(area: Area, count: number, middle: number): Rect[] {
  const [near, far] = [148, 196]
  const height = Math.min(146, (area.height - 12) / 2)
  const x = area.x + area.width - far
  const first = { x: area.x, y: middle - 67, width: near, height: 134 }
  if (count === 2) return [first, { x, y: middle - height / 2, width: far, height }]
  const gap = Math.min(40, area.height - 2 * height)
  return [
    first,
    { x, y: area.y, width: far, height },
    { x, y: area.y + height + gap, width: far, height },
  ]
}

function stack(area: Area, count: number): Rect[] {
  const height = Math.min(96, Math.floor((area.height - GAP * (count - 1)) / count))
  const gap = count === 1 ? 0 : Math.min(24, (area.height - height * count) / (count - 1))
  const from = area.y + (area.height - height * count - gap * (count - 1)) / 2
  return Array.from({ length: count }, (_, i) => ({
    x: area.x,
    y: Math.round(from + i * (height + gap)),
    width: area.width,
    height,
  }))
}

/** The members of one side, evenly spaced from top to bottom. */
function side(area: Area, count: number, which: 'left' | 'right', wide: boolean): Rect[] {
  const width = wide ? 124 : Math.floor((area.width - 12) / 2)
  const height = Math.min(82, Math.floor((area.height - GAP * (count - 1)) / count))
  const step =
    count === 1
      ? 0
      : Math.min(height + (count === 2 ? 62 : 34), (area.height - height) / (count - 1))
  const from = area.y + (area.height - height - step * (count - 1)) / 2
  const bulge = wide ? BULGE : 0
  return Array.from({ length: count }, (_, i) => {
    const out = count < 3 ? 0 : Math.sin((Math.PI * i) / (count - 1)) * bulge
    const x =
      which === 'left'
        ? area.x + (count < 3 ? 0 : bulge - out)
        : area.x + area.width - width - (count < 3 ? 0 : bulge - out)
    return { x: Math.round(x), y: Math.round(from + i * step), width, height }
  })
}
