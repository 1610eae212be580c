// Right of *now*: a slope down to the deadline; below the base, the countdown bar, the belief of
// the client, and the number.

import type { LeaseAxes } from './lease-axes'
import { beliefAt, leaseNow, leftText } from './lease-now'
import { dot, fillBox, strokeLine } from './pen'
import type { Sheet } from './sheet'

/** In its last ms of this length, a lease has an amber bar. */
const SOON_MS = 2000
/** Pixels for the number right of a bar. */
const NUMBER_ROOM = 64

export function paintFuture(sheet: Sheet, { row, base, y, tall, thin }: LeaseAxes): void {
  const { pen, colours, scale, now, labels } = sheet
  const x = scale.x(now)
  if (x > scale.right || x < scale.left || row.lease === null) return
  const { deadline, ended, uncounted } = leaseNow(row, now)
  if (ended !== null) return
  const bar = tall ? 10 : 8
  const belief = row.lease.beliefs
    .map((each) => ({ client: each.client, until: beliefAt(each, now) }))
    .find(({ until }) => until !== null)
  const until = belief?.until ?? null
  if (uncounted || deadline === null) {
    for (const dy of [0.5, bar + 2.5])
      strokeLine(pen, colours.edge, 1, x, base + dy, scale.right, base + dy, [3, 4])
    labels.place({
      text: '?',
      font: 'number',
      colour: 'ink',
      ground: 'bg',
      at: [{ x: scale.right - 18, y: base + bar / 2 + 1.5 }],
    })
    if (tall && until !== null && until > now) {
      const end = Math.min(scale.right, scale.x(until))
      const height = y(until - now) - 3
      strokeLine(pen, colours.ink, 1.25, x, height, end, base, [3, 4])
      labels.blockLine({ x1: x, y1: height, x2: end, y2: base })
      strokeLine(pen, colours.ink, 2, x, base + 18, end, base + 18)
      strokeLine(pen, colours.ink, 2, end, base + 13, end, base + 23)
      labels.block({ x, y: base + 13, w: end - x, h: 10 })
      const text =
        scale.left > 100
          ? `${belief?.client} believes ${leftText(until - now)}`
          : `${belief?.client}`
      labels.place({
        text,
        font: 'label',
        colour: 'ink',
        ground: 'bg',
        at: [
          { x: end + 8, y: base + 19 },
          { x: end - 8, y: base + 30, end: true },
          { x: x + 8, y: base - 12 },
        ],
      })
      dot(pen, colours.bg, x, height, 4.5, { colour: colours.ink, width: 1.75 })
    }
    return
  }
  const left = Math.max(0, deadline - now)
  const colour = left <= SOON_MS ? colours.soon : colours.live
  const due = scale.x(deadline)
  const isCut = due > scale.right - NUMBER_ROOM
  const end = Math.max(x, isCut ? scale.right - NUMBER_ROOM : due)
  if (thin) {
    const middle = base - 3
    fillBox(pen, colour, { x, y: middle - 4, w: end - x, h: 8 })
    labels.place({
      text: leftText(left),
      font: 'strong',
      colour: 'ink',
      ground: 'bg',
      at: [{ x: end + 8, y: middle }],
    })
    return
  }
  // The slope is clipped at the edge of the plot. A lease that is due has no slope.
  const share = due > scale.right ? (scale.right - x) / (due - x) : 1
  if (left > 0)
    strokeLine(
      pen,
      colour,
      1.25,
      x,
      y(left),
      x + share * (due - x),
      y(left) + share * (base - y(left)),
      [3, 4],
    )
  labels.blockLine({ x1: x, y1: y(left), x2: due, y2: base })
  fillBox(pen, colour, { x, y: base, w: end - x, h: bar })
  labels.block({ x, y: base, w: end - x, h: tall ? 18 : bar })
  if (tall && until !== null)
    strokeLine(
      pen,
      colours.ink,
      2,
      x,
      base + 15,
      Math.max(x, Math.min(scale.right - (isCut ? NUMBER_ROOM : 0), scale.x(until))),
      base + 15,
    )
  if (tall && !isCut && left > 0) strokeLine(pen, colours.ink, 2, due, base - 5, due, base + 17)
  labels.place({
    text: `${leftText(left)}${isCut && due > scale.right ? ' ›' : ''}`,
    font: 'number',
    colour: 'ink',
    ground: 'bg',
    at: [
      { x: end + 9, y: base + bar / 2 + 1 },
      { x: end + 9, y: base - 12 },
      { x: end + 24, y: base + bar / 2 + 1 },
      { x: x + 12, y: base - 12 },
    ],
  })
  if (tall) dot(pen, colour, x, y(left), 5, { colour: colours.bg, width: 2 })
}
