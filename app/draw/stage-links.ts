// The links of the stage, from the positions of its cards.

import { type Link, linkAcross, linkBetween, pointAt, type Rect, reversed } from './message-path'

export interface End {
  name: string
  box: Rect
}

/** The name of the storage among the links' ends. */
export const STORAGE = 'storage'

/** Pixels by which a link between two members bends around a member between them. */
const BEND = 70
/** The number of pieces of a link that are tested for obstacles. */
const PIECES = 40

/**
 * By name, `svc m1`. From each client to each member and to the storage, and both ways between
 * members. `bend`: how many pixels a link bends around a member.
 */
export function linksOf(
  clients: readonly End[],
  members: readonly End[],
  storage: Rect | null,
  bend = BEND,
): Map<string, Link> {
  const links = new Map<string, Link>()
  for (const { name, box } of clients) {
    for (const member of members) links.set(`${name} ${member.name}`, linkBetween(box, member.box))
    if (storage !== null)
      links.set(
        `${name} ${STORAGE}`,
        around(
          box,
          storage,
          [...clients, ...members].map((end) => end.box),
        ),
      )
  }
  const centre = members.reduce((sum, { box }) => sum + box.x + box.width / 2, 0) / members.length
  for (const [i, a] of members.entries()) {
    for (const b of members.slice(i + 1)) {
      const link = between(a.box, b.box, members, centre, bend)
      links.set(`${a.name} ${b.name}`, link)
      links.set(`${b.name} ${a.name}`, reversed(link))
    }
  }
  return links
}

/** Pixels between a bent link and a card that it passes. */
const AIR = 4

/**
 * From a client to the storage. The link is level or straight if nothing lies between, otherwise it
 * bends below or above the obstacle.
 */
function around(client: Rect, storage: Rect, boxes: readonly Rect[]): Link {
  const straight = linkBetween(client, storage)
  const others = boxes.filter((box) => box !== client)
  const isFree = (link: Link) =>
    !others.some((box) =>
      crosses(link, {
        x: box.x - AIR,
        y: box.y - AIR,
        width: box.width + 2 * AIR,
        height: box.height + 2 * AIR,
      }),
    )
  if (isFree(straight)) return straight
  const { to } = straight
  for (const share of [0.85, 0.6, 0.15]) {
    const from = { x: client.x + client.width, y: client.y + client.height * share }
    const outward = to.y > from.y ? 1 : -1
    for (let out = 0; out <= MOST_OUT; out += 8) {
      for (const x of [from.x + 4, from.x + 40, to.x - 40]) {
        for (const y of [to.y + outward * out, from.y - outward * out]) {
          const link = { from, to, bend: { x, y } }
          if (isFree(link)) return link
        }
      }
    }
  }
  return straight
}

/** The most pixels between a bent link and the height of its ends. */
const MOST_OUT = 160

/** Straight, or bent around a third card on the side of the cluster's middle. */
function between(a: Rect, b: Rect, members: readonly End[], centre: number, by: number): Link {
  const link = linkAcross(a, b)
  const hidden = members.some(({ box }) => box !== a && box !== b && crosses(link, box))
  if (!hidden) return link
  const inward = Math.sign(centre - (a.x + a.width / 2)) || 1
  const edge = (rect: Rect, share: number) => ({
    x: rect.x + rect.width / 2 + (inward * rect.width) / 4,
    y: rect.y + rect.height * share,
  })
  const [from, to] = a.y < b.y ? [edge(a, 1), edge(b, 0)] : [edge(a, 0), edge(b, 1)]
  const side = inward > 0 ? Math.max(a.x + a.width, b.x + b.width) : Math.min(a.x, b.x)
  return { from, to, bend: { x: side + inward * by, y: (from.y + to.y) / 2 } }
}

/** Whether a link runs behind a card. */
function crosses(link: Link, box: Rect): boolean {
  for (let i = 1; i < PIECES; i++) {
    const { x, y } = pointAt(link, i / PIECES)
    if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) return true
  }
  return false
}
