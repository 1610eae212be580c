// Where a message is on its way: a pure function of (sent, due, now), so that scrubbing draws it rightly backwards.

export interface Point {
  x: number
  y: number
}

export interface Rect {
  x: number
  y: number
  width: number
  height: number
}

export interface Link {
  from: Point
  to: Point
}

/** Pixels between the way there and the way back. */
const LANE = 7
/** … and between messages side by side. */
const RANK = 15

/** Where the line between two cards touches them: their facing sides, beside each other or one above the other. */
export function linkBetween(a: Rect, b: Rect): Link {
  const beside = b.x >= a.x + a.width || a.x >= b.x + b.width
  if (beside) {
    const y = shared(a.y, a.height, b.y, b.height)
    const right = b.x >= a.x + a.width
    return { from: { x: right ? a.x + a.width : a.x, y: y.a }, to: { x: right ? b.x : b.x + b.width, y: y.b } }
  }
  const x = shared(a.x, a.width, b.x, b.width)
  const below = b.y >= a.y + a.height
  return { from: { x: x.a, y: below ? a.y + a.height : a.y }, to: { x: x.b, y: below ? b.y : b.y + b.height } }
}

/** The line from middle to middle, from where it leaves the one card to where it reaches the other. Cards that cover each other's middle have a link of no length. */
export function linkAcross(a: Rect, b: Rect): Link {
  const [from, to] = [centreOf(a), centreOf(b)]
  return { from: edgeTowards(a, to), to: edgeTowards(b, from) }
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

/** The middle of what two stretches have in common, so that a link runs straight; each one's own middle where they have nothing. */
function shared(a: number, aSize: number, b: number, bSize: number): { a: number; b: number } {
  const from = Math.max(a, b)
  const to = Math.min(a + aSize, b + bSize)
  return to > from ? { a: (from + to) / 2, b: (from + to) / 2 } : { a: a + aSize / 2, b: b + bSize / 2 }
}

/** 0 when sent, 1 when due; clamped, since a message may be overdue when another move was taken first. */
export function flightShare(message: { sent: number; due: number }, now: number): number {
  if (message.due <= message.sent) return 1
  return Math.min(1, Math.max(0, (now - message.sent) / (message.due - message.sent)))
}

export interface Flight extends Point {
  /** Degrees, 0 to the right, clockwise: where the message is heading. */
  heading: number
}

/**
 * Requests keep to one side of the line and replies to the other: the two never run over each other. `rank` counts outwards those that were sent together
 * and will arrive together.
 */
export function flightAt(link: Link, kind: 'request' | 'reply', share: number, rank = 0): Flight {
  const [from, to] = kind === 'request' ? [link.from, link.to] : [link.to, link.from]
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const length = Math.hypot(dx, dy) || 1
  const out = LANE + rank * RANK
  return {
    x: from.x + dx * share + (dy / length) * out,
    y: from.y + dy * share - (dx / length) * out,
    heading: (Math.atan2(dy, dx) * 180) / Math.PI,
  }
}

/** Pixels aside, and back, that a message ends from where it met its end. */
const ASIDE = 20
const BACK = 8

export interface DoomedFlight extends Flight {
  dead: boolean
}

/**
 * The flight of a message that will not arrive: along its link until `end` (the share at which it meets a wall, or somebody who is down), then it turns aside and
 * is dead where it comes to rest.
 */
export function doomedFlightAt(link: Link, kind: 'request' | 'reply', share: number, end: number, rank = 0): DoomedFlight {
  const flight = flightAt(link, kind, Math.min(share, end), rank)
  if (share <= end) return { ...flight, dead: false }
  const turned = Math.min(1, (share - end) / (1 - end) / 0.5)
  const [way, out] = [(flight.heading * Math.PI) / 180, ((flight.heading - 90) * Math.PI) / 180]
  return {
    x: flight.x + (Math.cos(out) * ASIDE - Math.cos(way) * BACK) * turned,
    y: flight.y + (Math.sin(out) * ASIDE - Math.sin(way) * BACK) * turned,
    heading: flight.heading - 120 * turned,
    dead: turned >= 1,
  }
}

/** Where the middle of a label `width` pixels wide belongs: with its message, but between the two cards; in the middle where that is too narrow. */
export function labelX(link: Link, x: number, width: number): number {
  const [left, right] = [Math.min(link.from.x, link.to.x) + width / 2, Math.max(link.from.x, link.to.x) - width / 2]
  return left >= right ? (left + right) / 2 : Math.min(right, Math.max(left, x))
}

/** Messages by the flight that they share: same way, same times. In the order in which each flight's first message came. */
export function bundles<T extends { kind: string; sent: number; due: number }>(messages: readonly T[]): T[][] {
  const found = new Map<string, T[]>()
  for (const message of messages) {
    const name = `${message.kind} ${message.sent} ${message.due}`
    const bundle = found.get(name)
    if (bundle) bundle.push(message)
    else found.set(name, [message])
  }
  return [...found.values()]
}

/** Virtual ms over which a link stays lit after an answer came in. */
const GLOW_MS = 600

/** 1 when the answer came in, 0 before that and 600 virtual ms later. */
export function glowShare(answeredAt: number | null, now: number): number {
  if (answeredAt === null || now < answeredAt) return 0
  return Math.max(0, 1 - (now - answeredAt) / GLOW_MS)
}
