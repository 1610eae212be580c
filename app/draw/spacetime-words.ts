// The words that the space-time diagram wants to show, and where. Above: the upper clients and the
// members. Below: the lower clients and the storage.

import type { Placed, PlacedLane } from './spacetime'
import { HEADER, LEFT, type Moment } from './spacetime'
import type { Box, LabelWish, Obstacles, PlacedLabel, Segment, Spot } from './spacetime-labels'
import { placeLabels } from './spacetime-labels'

export interface Words {
  labels: (PlacedLabel & { bad: boolean; event: number })[]
  /** The words in the bars of the store, by the index of the bar. */
  inBars: { bar: number; x: number; y: number; text: string }[]
}

/** Baselines from a lane's middle, up and down: the first and the second line of words. */
const ABOVE = [-20, -38]
const BELOW = [25, 43]
/** The greatest width and height of a lane's mark. */
const MARK = { width: 18, height: 22 }
const BAR_PAD = 8
/** The least weight for words that join others. */
const WORTH_JOINING = 3

/**
 * Finds positions for the words of a finished layout. `measure` returns a text's width in pixels.
 */
export function placeWords(
  placed: Placed,
  measure: (text: string, bold: boolean) => number,
): Words {
  const wishes = placed.moments.flatMap((moment, i) => wishOf(placed, moment, i))
  const labels = placeLabels(wishes, obstaclesOf(placed), measure).map((label) => {
    const { notes } = placed.moments[label.id]!
    return { ...label, bad: label.bold, event: leadingOf(notes).event }
  })
  return { labels, inBars: inBarsOf(placed, measure) }
}

/** The most important event among simultaneous ones. */
export function leadingOf<N extends { weight: number }>(
  notes: readonly [N, ...N[]] | readonly N[],
): N {
  return notes.reduce((a, b) => (b.weight > a.weight ? b : a))
}

function wishOf(placed: Placed, { notes, x, lane }: Moment, id: number): LabelWish[] {
  const worded = notes.filter(({ label }) => label !== '')
  if (worded.length === 0) return []
  const leading = leadingOf(worded)
  const second = worded
    .filter(
      (note) => note !== leading && note.label !== leading.label && note.weight >= WORTH_JOINING,
    )
    .toSorted((a, b) => b.weight - a.weight)[0]
  const both =
    second === undefined
      ? []
      : [
          worded
            .filter((note) => note === leading || note === second)
            .map(({ label }) => label)
            .join(', '),
        ]
  const spots = spotsOf(
    placed,
    x,
    lane ?? placed.lanes[0],
    leading.kind === 'taken' || leading.kind === 'refused',
  )
  return [{ id, weight: leading.weight, bold: leading.bad, texts: [...both, leading.label], spots }]
}

function spotsOf(
  { now, columns }: Placed,
  x: number,
  lane: PlacedLane | undefined,
  first: boolean,
): Spot[] {
  if (lane === undefined) return []
  const { y, side, kind } = lane
  const lines = kind === 'member' ? [ABOVE[0]!, BELOW[0]!] : side === 'above' ? ABOVE : BELOW
  // The latest words fit beside *now*: the answer of the storage, and words without another free
  // position.
  const beside: Spot[] =
    x >= (columns.at(-2)?.x ?? now) ? [{ x: now + 12, y: y + 4, anchor: 'start', hair: null }] : []
  const around = lines.flatMap((offset, line): Spot[] => {
    const hair = line === 0 || kind === 'member' ? null : hairOf(x, y, offset)
    return [
      { x: x - 4, y: y + offset, anchor: 'start', hair },
      { x: x + 4, y: y + offset, anchor: 'end', hair },
      { x, y: y + offset, anchor: 'middle', hair },
    ]
  })
  return first && x >= now ? [...beside, ...around] : [...around, ...beside]
}

/** From the label to the frame of the lane. */
function hairOf(x: number, y: number, offset: number): Segment {
  return offset < 0
    ? { x1: x, y1: y + offset + 5, x2: x, y2: y - 12 }
    : { x1: x, y1: y + 12, x2: x, y2: y + offset - 12 }
}

function obstaclesOf({
  lanes,
  wires,
  bars,
  arrows,
  moments,
  now,
  width,
  height,
}: Placed): Obstacles {
  const marks = moments
    .filter(({ lane, notes }) => lane !== null && notes.some(({ kind }) => kind !== 'other'))
    .map(({ x, lane }): Box => ({ x: x - MARK.width / 2, y: lane!.y - MARK.height / 2, ...MARK }))
  const doubts = lanes
    .filter(({ state }) => state === 'frozen')
    .map(({ y }): Box => ({ x: now + 8, y: y - 8, width: 14, height: 16 }))
  const cuts = moments
    .filter(({ lane }) => lane === null)
    .map(({ x }): Segment => ({ x1: x, y1: HEADER, x2: x, y2: height }))
  return {
    boxes: [...bars, ...marks, ...doubts],
    segments: [...arrows, ...wires, ...cuts, { x1: now, y1: 0, x2: now, y2: height }],
    bounds: { x: LEFT, y: HEADER + 4, width: width - LEFT, height: height - HEADER - 4 },
  }
}

function inBarsOf(
  { bars, moments }: Placed,
  measure: (text: string, bold: boolean) => number,
): Words['inBars'] {
  return bars.flatMap(({ span, x, y, width, height }, bar) => {
    if (span.kind !== 'held') return []
    const room = width - 2 * BAR_PAD
    const covered = bars.some(
      (other) =>
        other.span !== span &&
        other.span.kind === 'held' &&
        other.y === y &&
        other.x < x + width &&
        other.x + other.width > x,
    )
    const marked = moments.some(
      ({ lane, notes, x: at }) =>
        lane !== null &&
        Math.abs(lane.y - y - height / 2) < 1 &&
        at > x &&
        at < x + width &&
        notes.some(({ kind }) => kind !== 'other'),
    )
    const text = [span.text, span.text.split(',')[0]!].find((each) => measure(each, true) <= room)
    return text === undefined || covered || marked
      ? []
      : [{ bar, x: x + width / 2, y: y + height / 2 + 4, text }]
  })
}
