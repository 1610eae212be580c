import { describe, expect, test } from 'vitest'
import type { MarkKind, SpanKind, TapeLane, TapeRow } from '../../../engine/worker/protocol'
import { layoutOf } from './layout'
import { paintOverview, paintTape } from './paint'
import type { Colours, Pen } from './pen'
import { scaleOf } from './scale'
import { markOrder, markShapes, shapePath } from './shapes'

const colours: Colours = {
  text: 'text',
  muted: 'muted',
  hairline: 'hairline',
  edge: 'edge',
  card: 'card',
  sunk: 'sunk',
  live: 'live',
  liveTint: 'live-tint',
  renewed: 'renewed',
  soon: 'soon',
  soonTint: 'soon-tint',
  held: 'held',
  fault: 'fault',
  gone: 'gone',
}

interface Drawn {
  what: 'fill' | 'stroke' | 'text' | 'rect'
  colour: string
  dash: number[]
  /** The corners of a path, or where a text stands. */
  points: [number, number][]
  text: string
}

/** A pen that writes down what it is told to draw, with the colour that it has at that moment. */
function recorder(): { pen: Pen; drawn: Drawn[] } {
  const drawn: Drawn[] = []
  let points: [number, number][] = []
  let dash: number[] = []
  const pen: Pen = {
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    font: '',
    textBaseline: 'alphabetic',
    textAlign: 'left',
    globalAlpha: 1,
    beginPath() {
      points = []
    },
    moveTo: (x, y) => void points.push([x, y]),
    lineTo: (x, y) => void points.push([x, y]),
    rect: (x, y, w, h) => void points.push([x, y], [x + w, y + h]),
    fill: () => void drawn.push({ what: 'fill', colour: String(pen.fillStyle), dash, points: [...points], text: '' }),
    stroke: () => void drawn.push({ what: 'stroke', colour: String(pen.strokeStyle), dash, points: [...points], text: '' }),
    fillRect: (x, y, w, h) =>
      void drawn.push({
        what: 'rect',
        colour: String(pen.fillStyle),
        dash,
        points: [
          [x, y],
          [x + w, y + h],
        ],
        text: '',
      }),
    clearRect: () => undefined,
    fillText: (text, x, y) => void drawn.push({ what: 'text', colour: String(pen.fillStyle), dash, points: [[x, y]], text }),
    setLineDash: (segments) => {
      dash = [...segments]
    },
  }
  return { pen, drawn }
}

function row(spans: [SpanKind, number[], string[]?][], marks: [MarkKind, number[]][], more: Partial<TapeRow> = {}): TapeRow {
  return {
    id: '0001',
    label: '…0001',
    spans: spans.map(([kind, at, texts = []]) => ({ kind, at: Float64Array.from(at), texts })),
    marks: marks.map(([kind, at]) => ({ kind, at: Float64Array.from(at) })),
    teeth: null,
    counts: null,
    ...more,
  }
}

function lane(name: TapeLane['lane'], rows: TapeRow[], summary: TapeRow | null = null): TapeLane {
  return { lane: name, total: Math.max(rows.length, 1), from: 0, rows, summary }
}

const true_ = { times: Float64Array.of(0), places: Float64Array.of(0), tailPerMs: 1, tailMost: Number.POSITIVE_INFINITY }
const scale = scaleOf(true_, { from: 0, to: 10_000 }, 1000)

function painted(lanes: TapeLane[], even = true): Drawn[] {
  const { pen, drawn } = recorder()
  paintTape(pen, { layout: layoutOf({ lanes }), scale, counted: { from: 0, to: 10_000 }, forks: [], even, colours })
  // The ruler is not what these tests look at.
  return drawn.filter(({ colour }) => colour !== 'hairline' && colour !== 'muted')
}

/** The marks that were drawn at `x`, by their shapes alone. */
function shapesAt(drawn: Drawn[], x: number): Set<MarkKind> {
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-6
  const isDrawn = (points: readonly (readonly [number, number])[]): boolean =>
    drawn.some((path) => {
      const middle = (path.points[0]?.[1] ?? 0) - points[0]![1]
      return (
        path.points.length === points.length &&
        points.every(([dx, dy], i) => near(path.points[i]![0], x + dx) && near(path.points[i]![1], middle + dy))
      )
    })
  return new Set(markOrder.filter((kind) => markShapes[kind].strokes.every(({ points }) => isDrawn(points))))
}

describe('a lease', () => {
  const bar: [SpanKind, number[]] = ['live', [1000, 6000, 3]]

  test('is a filled bar from its grant to its end', () => {
    const drawn = painted([lane('leases', [row([bar], [])])])
    expect(drawn).toHaveLength(1)
    expect(drawn[0]).toMatchObject({ what: 'fill', colour: 'live' })
    expect(drawn[0]!.points.map(([x]) => x)).toEqual([100, 600])
  })

  test('that expired has another cap than one that was revoked, in shape and in colour', () => {
    const expired = painted([lane('leases', [row([bar], [['expired', [6000, 9, 1]]])])])
    const revoked = painted([lane('leases', [row([bar], [['revoked', [6000, 9, 1]]])])])
    expect(shapesAt(expired, 600).has('expired')).toBe(true)
    expect(shapesAt(expired, 600).has('revoked')).toBe(false)
    expect(shapesAt(revoked, 600).has('revoked')).toBe(true)
    expect(shapesAt(revoked, 600).has('expired')).toBe(false)
    expect(expired.some(({ what, colour }) => what === 'fill' && colour === 'soon')).toBe(true)
    expect(revoked.some(({ what, colour }) => what === 'stroke' && colour === 'fault')).toBe(true)
    expect(revoked.some(({ what, colour }) => what === 'fill' && colour === 'soon')).toBe(false)
  })

  test('that lives on ends outside of the picture, without a cap', () => {
    const drawn = painted([lane('leases', [row([['live', [1000, Number.POSITIVE_INFINITY, 3]]], [])])])
    expect(drawn[0]!.points[1]![0]).toBeGreaterThan(1000)
    expect(drawn).toHaveLength(1)
  })

  test('that is overdue is hatched, and one that nobody counts is dashed', () => {
    const overdue = painted([lane('leases', [row([['overdue', [6000, 7000, 3]]], [])])])
    expect(overdue.map(({ what, colour }) => `${what} ${colour}`)).toEqual(['fill soon-tint', 'stroke soon', 'stroke soon'])
    const uncounted = painted([lane('leases', [row([['uncounted', [6000, 7000, 3]]], [])])])
    expect(uncounted).toEqual([expect.objectContaining({ what: 'stroke', dash: [3, 3] })])
  })

  test('opened up shows a line that falls to its deadline and is set up again', () => {
    const teeth = Float64Array.from([0, 4000, 10_000, 4000, 9000, 14_000])
    const drawn = painted([lane('leases', [row([bar], [], { teeth })])])
    const line = drawn.find(({ what, colour, points }) => what === 'stroke' && colour === 'live' && points.length > 3)!
    const xs = line.points.map(([x]) => x)
    const ys = line.points.map(([, y]) => y)
    expect(xs).toEqual([0, 0, 400, 400, 900])
    // Down by 4 of 10 s, up to the full height, down by 5.
    const [ground, top] = [ys[0]!, ys[1]!]
    expect((ground - ys[2]!) / (ground - top)).toBeCloseTo(0.6)
    expect(ys[3]).toBeCloseTo(top)
    expect((ground - ys[4]!) / (ground - top)).toBeCloseTo(0.5)
  })
})

test('a belief in a lease that is gone is hatched, and a rightful one is not', () => {
  const right = painted([lane('beliefs', [row([['believes', [0, 5000, 1]]], [])])])
  const wrong = painted([lane('beliefs', [row([['wrong', [5000, 6000, 1]]], [])])])
  expect(right.map(({ what, colour }) => `${what} ${colour}`)).toEqual(['fill text'])
  expect(wrong.map(({ what, colour }) => `${what} ${colour}`)).toEqual(['stroke fault', 'stroke fault'])
  expect(wrong[0]!.points.length).toBeGreaterThan(20)
  // No line of the pattern leaves its box.
  expect(wrong[0]!.points.every(([x]) => x >= 500 && x <= 600)).toBe(true)
})

test('a leader is told by a word in its bar, where there is room for one', () => {
  const texts = (to: number) =>
    painted([lane('leader', [row([['leads', [0, to, 1], ['m1 · term 2']]], [])])]).filter(({ what }) => what === 'text')
  expect(texts(5000).map(({ text }) => text)).toEqual(['m1 · term 2'])
  expect(texts(300)).toEqual([])
})

test('every kind of mark has a shape of its own', () => {
  const paths = markOrder.map((kind) => shapePath(markShapes[kind].strokes))
  const same = markOrder.filter((_, i) => paths.indexOf(paths[i]!) !== i)
  // A key is created as a lease is granted: in lanes of their own.
  expect(same).toEqual(['created'])
  expect(markOrder.length).toBe(Object.keys(markShapes).length)
})

test('a summary is as high as the most there were, and goes on to the end', () => {
  const counts = Uint32Array.from([0, 2, 4, 1])
  const drawn = painted([lane('leases', [], row([], [['expired', [2500, 3, 7]]], { counts }))])
  const [area] = drawn
  expect(area!.points.map(([x]) => Math.round(x))).toEqual([250, 500, 500, 750, 750, 1000])
  const heights = area!.points.filter((_, i) => i % 2 === 0).map(([, y], i) => area!.points[i * 2 + 1]![1] - y)
  expect(heights[1]).toBeCloseTo(2 * heights[0]!)
  expect(heights[2]).toBeCloseTo(heights[1]! / 4)
  expect(drawn.some(({ colour }) => colour === 'soon')).toBe(true)
})

test('the overview has a line for every lane that has something, and shows ends', () => {
  const { pen, drawn } = recorder()
  const lanes = [
    lane('leader', [], row([['leads', [0, 10_000, 1]]], [])),
    lane('leases', [], row([], [['revoked', [5000, 1, 1]]], { counts: Uint32Array.of(1, 1) })),
  ]
  paintOverview(
    pen,
    { layout: { rows: [], height: 0, lanes }, scale, counted: { from: 0, to: 10_000 }, forks: [], even: true, colours },
    24,
  )
  expect(drawn.map(({ colour }) => colour)).toEqual(['edge', 'live', 'fault'])
  expect(drawn[2]!.points.map(([x]) => x)).toEqual([499, 501])
})

test('where another branch parts stands in the ruler and as a dashed line through the lanes', () => {
  const { pen, drawn } = recorder()
  const layout = layoutOf({ lanes: [lane('leases', [row([], [])])] })
  paintTape(pen, {
    layout,
    scale,
    counted: { from: 0, to: 10_000 },
    forks: [{ at: 6200, names: ['b2'] }],
    even: true,
    colours,
  })
  const lines = drawn.filter(({ what, colour }) => what === 'stroke' && colour === 'held')
  expect(lines.map(({ dash }) => dash)).toEqual([[], [2, 3]])
  expect(lines[0]!.points.map(([x]) => x)).toEqual([620, 620, 616, 620, 624])
  expect(lines[1]!.points.at(-1)).toEqual([620.5, layout.height])
})

test('lanes with nothing in them take no room', () => {
  const some = lane('leases', [row([], [])])
  const none: TapeLane = { lane: 'keys', total: 0, from: 0, rows: [], summary: null }
  expect(layoutOf({ lanes: [some, none] }).height).toBe(layoutOf({ lanes: [some] }).height)
  expect(layoutOf(null).rows).toEqual([])
})
