import { describe, expect, test } from 'vitest'
import type {
  SpacetimeLane,
  SpacetimeMessage,
  SpacetimeNote,
  SpacetimeSpan,
  SpacetimeView,
} from '../../engine/worker/protocol'
import { columnsThatFit, FOLDED, LEFT, placeSpacetime } from './spacetime'
import { crosses, overlap } from './spacetime-labels'
import { placeWords } from './spacetime-words'

const room = { width: 1056, height: 332 }
const measure = (text: string): number => text.length * 6

function message(of: Partial<SpacetimeMessage>): SpacetimeMessage {
  const parts = {
    event: 1,
    from: 'a',
    to: 'm1',
    kind: 'request',
    text: 'a asks m1: Put k',
    bad: false,
  } as const
  return { ...parts, sent: 100, received: 130, due: null, lost: null, ...of }
}

function note(of: Partial<SpacetimeNote>): SpacetimeNote {
  return {
    event: 1,
    at: 100,
    lane: 'a',
    kind: 'other',
    label: 'asks for /job',
    text: 'a asks m1: Txn',
    weight: 3,
    bad: false,
    ...of,
  }
}

function span(of: Partial<SpacetimeSpan>): SpacetimeSpan {
  return {
    lane: 'a',
    kind: 'belief',
    event: 1,
    from: 100,
    to: null,
    text: 'a believes that L1 is alive',
    ...of,
  }
}

const lane = (
  id: string,
  kind: SpacetimeLane['kind'],
  of: Partial<SpacetimeLane> = {},
): SpacetimeLane => ({
  id,
  kind,
  state: '',
  part: true,
  ...of,
})

function view(of: Partial<SpacetimeView>): SpacetimeView {
  return {
    columns: [100, 130, 160, 5000],
    lanes: [
      lane('a', 'client'),
      lane('m1', 'member', { state: 'leader' }),
      lane('b', 'client'),
      lane('storage', 'storage'),
    ],
    messages: [],
    spans: [],
    notes: [],
    cut: false,
    ...of,
  }
}

describe('columns', () => {
  test('stand apart alike, with the time, and say where time is left out', () => {
    const { columns, now } = placeSpacetime(view({}), room)
    expect(columns.map(({ text, broken }) => `${text} ${broken}`)).toEqual([
      '0.100 false',
      '0.130 false',
      '0.160 false',
      '5.000 true',
    ])
    const gaps = columns.slice(1).map(({ x }, i) => x - columns[i]!.x)
    expect(new Set(gaps).size).toBe(1)
    expect(now).toBe(columns.at(-1)!.x)
  })
  test('fill the area, and exceed it if there are more', () => {
    const fit = columnsThatFit(room.width)
    const many = (count: number) =>
      placeSpacetime(view({ columns: Array.from({ length: count }, (_, i) => i * 30) }), room)
    expect(many(fit).width).toBe(room.width)
    expect(many(fit + 1).width).toBeGreaterThan(room.width)
    expect(many(fit).now).toBeLessThan(room.width)
  })
})

describe('lanes', () => {
  test('of the upper clients and the members have their words above, the others below', () => {
    expect(placeSpacetime(view({}), room).lanes.map(({ id, side }) => `${id} ${side}`)).toEqual([
      'a above',
      'm1 above',
      'b below',
      'storage below',
    ])
  })
  test('are as many as fit: members without a part have none, and those that find no room share one', () => {
    const members = ['m1', 'm2', 'm3', 'm4', 'm5'].map((id) =>
      lane(id, 'member', { state: id === 'm4' ? 'leader' : 'follower', part: id !== 'm5' }),
    )
    const crowd = view({
      lanes: [lane('a', 'client'), ...members, lane('b', 'client')],
      messages: [
        message({ to: 'm2' }),
        message({ event: 2, from: 'm2', to: 'm3' }),
        message({ event: 3, to: 'nobody' }),
      ],
    })
    const tight = placeSpacetime(crowd, room)
    expect(tight.lanes.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'a ',
      'm1 follower',
      `${FOLDED} m2, m3`,
      'm4 leader',
      'b ',
    ])
    // A message between two ends on the same lane has no line.
    expect(tight.arrows.map(({ message: { event } }) => event)).toEqual([1])
    const free = placeSpacetime(crowd, { ...room, height: 700 })
    expect(free.lanes.map(({ id }) => id)).toEqual(['a', 'm1', 'm2', 'm3', 'm4', 'b'])
    expect(free.arrows).toHaveLength(2)
  })
})

describe('messages', () => {
  test('go from lane to lane and column to column; a lost one ends on its way, one in flight where the cursor is', () => {
    const lost = message({ event: 2, received: null, lost: 130 })
    const flying = message({ event: 3, sent: 160, received: null, due: 5160 })
    const { arrows, lanes, columns, now } = placeSpacetime(
      view({ messages: [message({}), lost, flying] }),
      room,
    )
    const [upper, lower] = [lanes[0]!.y, lanes[1]!.y]
    expect(arrows.map(({ fate }) => fate)).toEqual(['arrived', 'lost', 'flying'])
    expect([arrows[0]!.x1, arrows[0]!.x2]).toEqual([columns[0]!.x, columns[1]!.x])
    expect(arrows[0]!.y1).toBeGreaterThan(upper)
    expect(arrows[0]!.y2).toBeLessThan(lower)
    expect(arrows[1]!.x2).toBeLessThan(columns[1]!.x)
    expect(arrows[2]!.x2).toBe(now)
    expect(arrows[2]!.y2).toBeLessThan(lower - 4)
  })
  test('end at the frame of a client that is inside', () => {
    const back = message({ from: 'm1', to: 'a', kind: 'reply' })
    const end = (spans: SpacetimeSpan[]) =>
      placeSpacetime(view({ messages: [back], spans }), room).arrows[0]!.y2
    expect(end([span({ kind: 'inside', from: 131 })])).toBeGreaterThan(end([]))
  })
})

test('bars go from their beginning to now, those before the first column from where the lanes begin', () => {
  const { bars, now, columns } = placeSpacetime(
    view({ spans: [span({ from: 0 }), span({ kind: 'inside', from: 130, to: 160 })] }),
    room,
  )
  expect(bars[0]).toMatchObject({ x: LEFT, width: now - LEFT })
  expect(bars[1]).toMatchObject({ x: columns[1]!.x, width: columns[2]!.x - columns[1]!.x })
})

test('the line of a lane has a gap where its process is down', () => {
  const { wires, columns, lanes, now } = placeSpacetime(
    view({ spans: [span({ kind: 'down', from: 130, to: 160 })] }),
    room,
  )
  const mine = wires.filter(({ y1 }) => y1 === lanes[0]!.y).map(({ x1, x2 }) => [x1, x2])
  expect(mine).toEqual([
    [LEFT, columns[1]!.x],
    [columns[2]!.x, now],
  ])
  expect(wires).toHaveLength(lanes.length + 1)
})

describe('words', () => {
  test('of one lane and column are joined: the two most important', () => {
    const notes = [
      note({ label: 'gets token 2' }),
      note({ event: 2, at: 101, label: 'reads', weight: 1 }),
      note({ event: 3, at: 101, label: 'enters', weight: 6 }),
    ]
    const { labels } = placeWords(placeSpacetime(view({ notes }), room), measure)
    expect(labels).toMatchObject([{ text: 'gets token 2, enters', event: 3 }])
  })
  test('avoid lines, bars and each other, for any number of words', () => {
    const columns = Array.from({ length: 17 }, (_, i) => i * 30)
    const notes = columns.flatMap((at, i) =>
      ['a', 'm1', 'b', 'storage'].map((id, j) =>
        note({ at, event: i * 4 + j, lane: id, label: `a label ${i}` }),
      ),
    )
    const messages = columns
      .slice(1)
      .map((at, i) => message({ event: i, from: i % 2 ? 'a' : 'b', sent: at - 30, received: at }))
    const placed = placeSpacetime(
      view({ columns, notes, messages, spans: [span({ kind: 'inside' })] }),
      room,
    )
    const { labels } = placeWords(placed, measure)
    expect(labels.length).toBeGreaterThan(8)
    expect(labels.length).toBeLessThan(notes.length)
    for (const [i, { box }] of labels.entries()) {
      expect(placed.arrows.filter((arrow) => crosses(arrow, box))).toEqual([])
      expect(placed.bars.filter((bar) => overlap(bar, box))).toEqual([])
      expect(labels.slice(i + 1).filter((other) => overlap(other.box, box))).toEqual([])
    }
  })
  test('of the latest event stand beside now where nothing else is free', () => {
    const last = note({ at: 160, lane: 'm1', label: 'leads, term 3' })
    const crossing = [
      message({ from: 'a', to: 'storage', sent: 130, received: 160 }),
      message({ event: 2, from: 'storage', to: 'a', sent: 130, received: 160 }),
    ]
    const placed = placeSpacetime(view({ notes: [last], messages: crossing }), room)
    expect(placeWords(placed, () => 90).labels).toMatchObject([
      { text: 'leads, term 3', x: placed.now + 12 },
    ])
    expect(
      placeWords(placeSpacetime(view({ notes: [last] }), room), () => 90).labels[0]!.x,
    ).toBeLessThan(placed.now)
  })
  test('of a bar stand in it where they fit, else shorter, else not at all', () => {
    const held = (from: number, to: number, token = 2) =>
      placeWords(
        placeSpacetime(
          view({
            spans: [
              span({ lane: 'm1', kind: 'held', from, to, text: `a holds /job, token ${token}` }),
            ],
          }),
          room,
        ),
        measure,
      ).inBars
    expect(held(100, 5000)).toMatchObject([{ text: 'a holds /job, token 2' }])
    expect(held(100, 160, 12_345_678)).toMatchObject([{ text: 'a holds /job' }])
    expect(held(100, 130)).toEqual([])
  })
})
