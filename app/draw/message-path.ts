// The position of a message: a pure function of (sent, due, now). Scrubbing backwards draws it
// correctly.

export interface Point {
  x: number
  y: number
}

export interface Rect extends Point {
  width: number
  height: number
}

/** The path between two cards: straight, or bent towards a third point around an obstacle. */
export interface Link {
  from: Point
  to: Point
  bend?: Point
}

/** Pixels between messages side by side. */
const RANK = 13
/** The height that two neighbouring cards must share for a level link. */
const LEVEL = 40
/** Pixels between a slanting link and the corners of the card that it reaches. */
const CORNER = 20

/**
 * From the right edge of one card to the left edge of another. The link is level if the cards share
 * enough height; otherwise it starts at the middle of the first.
 */
export function linkBetween(a: Rect, b: Rect): Link {
  const [from, to] = [Math.max(a.y, b.y), Math.min(a.y + a.height, b.y + b.height)]
  const ends = (ya: number, yb: number): Link => ({
    from: { x: a.x + a.width, y: ya },
    to: { x: b.x, y: yb },
  })
  if (to - from >= Math.min(LEVEL, a.height, b.height))
    return ends((from + to) / 2, (from + to) / 2)
  const middle = a.y + a.height / 2
  const corner = Math.min(CORNER, b.height / 2)
  return ends(middle, Math.min(b.y + b.height - corner, Math.max(b.y + corner, middle)))
}

/**
 * The line from middle to middle, between the edges of both cards. If one card covers the middle of
 * the other, the link has no length.
 */
export function linkAcross(a: Rect, b: Rect): Link {
  const [from, to] = [centreOf(a), centreOf(b)]
  return { from: edgeTowards(a, to), to: edgeTowards(b, from) }
}

/** The same path in the other direction. */
export function reversed({ from, to, bend }: Link): Link {
  return { from: to, to: from, ...(bend ? { bend } : {}) }
}

function centreOf({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 }
}

function edgeTowards(rect: Rect, point: Point): Point {
  const { x, y } = centreOf(rect)
  const [dx, dy] = [point.x - x, point.y - y]
  const share = Math.min(1, rect.width / 2 / Math.abs(dx), rect.height / 2 / Math.abs(dy))
  return { x: x + dx * share, y: y + dy * share }
}

/** The point at a share of the path, 0–1. */
export function pointAt({ from, to, bend }: Link, share: number): Point {
  if (!bend) return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
  const rest = 1 - share
  const mix = (a: number, b: number, c: number): number =>
    rest * rest * a + 2 * rest * share * b + share * share * c
  return { x: mix(from.x, bend.x, to.x), y: mix(from.y, bend.y, to.y) }
}

/** The link as an SVG path. */
export function linkPath({ from, to, bend }: Link): string {
  const name = ({ x, y }: Point): string => `${x.toFixed(1)} ${y.toFixed(1)}`
  return bend ? `M${name(from)}Q${name(bend)} ${name(to)}` : `M${name(from)}L${name(to)}`
}

/**
 * 0 when sent, 1 when due. Clamped, because a message is overdue if another move was taken first.
 */
export function flightShare(message: { sent: number; due: number }, now: number): number {
  if (message.due <= message.sent) return 1
  return Math.min(1, Math.max(0, (now - message.sent) / (message.due - message.sent)))
}

/** The length of a message's tail, in ms of the viewer's time. */
const TAIL_MS = 350

/** The share of the path where a message's tail begins. `speed`: the speed of the clock. */
export function tailShare(
  message: { sent: number; due: number },
  now: number,
  speed: number,
): number {
  return flightShare(message, now - TAIL_MS * speed)
}

export interface Flight extends Point {
  /** The direction of the message in degrees: 0 is right, clockwise. */
  heading: number
}

/**
 * `rank`: the offset to one side for messages with the same send and arrival time. A reply travels
 * the path backwards.
 */
export function flightAt(link: Link, kind: 'request' | 'reply', share: number, rank = 0): Flight {
  const way = kind === 'request' ? link : reversed(link)
  const { x, y } = pointAt(way, share)
  const [before, after] = [
    pointAt(way, Math.max(0, share - 0.05)),
    pointAt(way, Math.min(1, share + 0.05)),
  ]
  const [dx, dy] = [after.x - before.x, after.y - before.y]
  const length = Math.hypot(dx, dy) || 1
  const out = rank * RANK
  return {
    x: x + (dy / length) * out,
    y: y - (dx / length) * out,
    heading: (Math.atan2(dy, dx) * 180) / Math.PI,
  }
}

/**
 * Messages grouped by flight: the same path, the same times. Flights are in the order of their
 * first message.
 */
export function bundles<T extends { kind: string; sent: number; due: number }>(
  messages: readonly T[],
): T[][] {
  const found = new Map<string, T[]>()
  for (const message of messages) {
    const name = `${message.kind} ${message.sent} ${message.due}`
    const bundle = found.get(name)
    if (bundle) bundle.push(message)
    else found.set(name, [message])
  }
  return [...found.values()]
}

/**
 * The middle of a label that belongs near x, y: between the cards at its height. `half`: half of
 * the label's width.
 */
export function placeBetween(boxes: readonly Rect[], x: number, y: number, half: number): number {
  const level = boxes.filter((box) => y > box.y - 4 && y < box.y + box.height + 12)
  const left = Math.max(
    Number.NEGATIVE_INFINITY,
    ...level.filter((box) => box.x + box.width / 2 < x).map((box) => box.x + box.width + half),
  )
  const right = Math.min(
    Number.POSITIVE_INFINITY,
    ...level.filter((box) => box.x + box.width / 2 >= x).map((box) => box.x - half),
  )
  return left > right ? (left + right) / 2 : Math.min(right, Math.max(left, x))
}
