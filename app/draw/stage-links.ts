// The links of the stage, from where its cards are.

import { type Link, linkAcross, linkBetween, type Rect, reversed } from './message-path'

export interface End {
  name: string
  box: Rect
}

/** The name of the storage among the links' ends. */
export const STORAGE = 'storage'

/** Pixels by which a link between two members bends around the one between them. */
const BEND = 70

/** By name, `svc m1`: from each client to each member and to the storage, and both ways between members. */
export function linksOf(clients: readonly End[], members: readonly End[], storage: Rect | null): Map<string, Link> {
  const links = new Map<string, Link>()
  for (const { name, box } of clients) {
    for (const member of members) links.set(`${name} ${member.name}`, linkBetween(box, member.box))
    if (storage !== null) links.set(`${name} ${STORAGE}`, linkBetween(box, storage))
  }
  const centre = members.reduce((sum, { box }) => sum + box.x + box.width / 2, 0) / members.length
  for (const [i, a] of members.entries()) {
    for (const b of members.slice(i + 1)) {
      const link = between(a.box, b.box, members, centre)
      links.set(`${a.name} ${b.name}`, link)
      links.set(`${b.name} ${a.name}`, reversed(link))
    }
  }
  return links
}

/** Straight, or around a third card between the two, on the side of the cluster's middle. */
function between(a: Rect, b: Rect, members: readonly End[], centre: number): Link {
  const link = linkAcross(a, b)
  const hidden = members.some(({ box }) => box !== a && box !== b && crosses(link, box))
  if (!hidden) return link
  const inward = Math.sign(centre - (a.x + a.width / 2)) || 1
  const edge = (rect: Rect, share: number) => ({ x: rect.x + rect.width / 2 + (inward * rect.width) / 4, y: rect.y + rect.height * share })
  const [from, to] = a.y < b.y ? [edge(a, 1), edge(b, 0)] : [edge(a, 0), edge(b, 1)]
  const side = inward > 0 ? Math.max(a.x + a.width, b.x + b.width) : Math.min(a.x, b.x)
  return { from, to, bend: { x: side + inward * BEND, y: (from.y + to.y) / 2 } }
}

/** Whether a straight link runs behind a card. */
function crosses({ from, to }: Link, box: Rect): boolean {
  for (let i = 1; i < 20; i++) {
    const [x, y] = [from.x + ((to.x - from.x) * i) / 20, from.y + ((to.y - from.y) * i) / 20]
    if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) return true
  }
  return false
}
