import { describe, expect, test } from 'vitest'
import type { Tape } from '../../../engine/worker/protocol'
import { Labels } from './labels'
import { layoutOf } from './layout'
import type { Picture } from './paint'
import { paintTimeline } from './paint'
import { paintLease } from './paint-lease'
import { inView } from './placed'
import { scaleOf, TRUE_AXIS } from './scale'
import { colours, fonts, lease, marks, measure, row, spans, tapeOf, writingPen } from './test-tape'

const WIDTH = 1376
const HEIGHT = 332

function painted(here: Tape, now: number, change: Partial<Picture> = {}): string[] {
  const layout = layoutOf(
    { here, there: null, programs: new Set() },
    { width: WIDTH, height: HEIGHT - 30 },
  )
  const { pen, said } = writingPen()
  paintTimeline(
    pen,
    {
      width: WIDTH,
      height: HEIGHT,
      scale: scaleOf(TRUE_AXIS, { from: 0, to: 20_000 }, 168, 1356),
      axis: TRUE_AXIS,
      even: true,
      now,
      lines: inView(layout, 0, HEIGHT - 30, null),
      pinned: layout.pinned,
      here,
      there: null,
      parts: null,
      hovered: null,
      forks: [],
      links: [],
      flags: { answer: null, truth: null },
      end: now,
      keyDeadline: () => null,
      ...change,
    },
    colours,
    fonts,
    measure,
  )
  return said
}

const texts = (said: readonly string[]): string[] =>
  said
    .filter((line) => line.startsWith('fillText'))
    .map((line) => line.replace(/^fillText (.*?) [\d.-]+ [\d.-]+$/, '$1'))

describe('a lease', () => {
  test('has its remaining time once, rounded down', () => {
    const said = texts(painted(tapeOf({ leases: [lease('1')] }), 6049))
    expect(said.filter((text) => text === '7.4 s')).toHaveLength(1)
    expect(said).toContain('renewed at 3.500')
    expect(said).toContain('10 s')
  })

  test('shows nothing that was played after the cursor', () => {
    const said = painted(tapeOf({ leases: [lease('1')] }), 3000)
    expect(texts(said).join()).not.toContain('renewed')
    expect(said).not.toContain('strokeStyle = renew')
    expect(texts(said)).toContain('7.0 s')
  })

  test('is amber in its last two seconds, and blue before', () => {
    expect(painted(tapeOf({ leases: [lease('1')] }), 11_499)).not.toContain('fillStyle = soon')
    expect(painted(tapeOf({ leases: [lease('1')] }), 11_500)).toContain('fillStyle = soon')
  })

  test('has a question mark and no number while no primary counts', () => {
    const stopped = lease('1', {
      spans: [spans('live', [20, 9500]), spans('uncounted', [9500, Number.POSITIVE_INFINITY])],
    })
    const teeth =
      stopped.lease === null
        ? null
        : { ...stopped.lease, teeth: Float64Array.of(20, 3500, 10_020, 3500, 9500, 13_500) }
    const said = texts(painted(tapeOf({ leases: [{ ...stopped, lease: teeth }] }), 10_200))
    expect(said).toContain('?')
    expect(said).toContain('svc believes 3.3 s')
    expect(said.some((text) => text === '3.3 s')).toBe(false)
  })

  test('that ended has the time of its end, and a client that acts on has its name there', () => {
    const gone = lease('1', { marks: [marks('granted', [20]), marks('expired', [9000])] })
    const told =
      gone.lease === null
        ? null
        : {
            ...gone.lease,
            ended: { at: 9000, kind: 'expired' as const },
            teeth: Float64Array.of(20, 9000, 10_020),
            beliefs: gone.lease.beliefs.map((each) => ({
              ...each,
              wrong: Float64Array.of(9000, 13_530),
            })),
          }
    const said = painted(tapeOf({ leases: [{ ...gone, lease: told }] }), 12_000)
    expect(texts(said)).toContain('revoked at 9.000')
    expect(texts(said)).toContain('svc still believes 1')
    expect(said).toContain('fillStyle = fault-tint')
  })
})

test('a client that is inside without its lease is said to be inside, frozen or not', () => {
  const gone = lease('1', { marks: [marks('granted', [20]), marks('expired', [9000])] })
  const wrong = gone.lease!.beliefs.map((each) => ({
    ...each,
    wrong: Float64Array.of(9000, Number.POSITIVE_INFINITY),
  }))
  const told = {
    ...gone,
    lease: {
      ...gone.lease!,
      ended: { at: 9000, kind: 'expired' as const },
      teeth: Float64Array.of(20, 9000, 10_020),
      beliefs: wrong,
    },
  }
  const inside = row('/job svc', {
    group: '/job',
    label: 'svc inside',
    spans: [spans('lost', [9000, Number.POSITIVE_INFINITY])],
  })
  expect(texts(painted(tapeOf({ leases: [told], locks: [inside] }), 12_000))).toContain(
    'svc is still inside',
  )
})

test('no label lies on the line of an answer', () => {
  const at = (said: readonly string[]) =>
    said.find((line) => line.startsWith('fillText renewed at 3.500'))
  expect(at(painted(tapeOf({ leases: [lease('1')] }), 12_000))).toBeDefined()
  expect(
    at(painted(tapeOf({ leases: [lease('1')] }), 12_000, { flags: { answer: null, truth: 4200 } })),
  ).toBeUndefined()
})

test('a lease that ended before the window has its end in words, and no countdown', () => {
  const gone = lease('1', { marks: [], spans: [] })
  const told =
    gone.lease === null ? null : { ...gone.lease, ended: { at: 9000, kind: 'expired' as const } }
  const scale = scaleOf(TRUE_AXIS, { from: 50_000, to: 70_000 }, 168, 1356)
  const said = texts(painted(tapeOf({ leases: [{ ...gone, lease: told }] }), 60_000, { scale }))
  expect(said).toContain('revoked at 9.000')
  expect(said).not.toContain('0.0 s')
})

test('no label overlaps another or leaves its row, for any times', () => {
  let placed = 0
  for (let seed = 1; seed <= 60; seed++) {
    const at = (n: number): number => ((seed * 7919 + n * 104_729) % 9000) + 100
    const [renewed, frozen, end] = [at(1), at(2), at(3)]
    const some = lease('1', {
      marks: [
        marks('granted', [20]),
        marks('renewed', [renewed]),
        marks('frozen', [frozen, 'a freezes']),
        marks('recounted', [at(4), 'm3']),
        ...(seed % 2 ? [marks('expired', [end])] : []),
      ],
    })
    const scale = scaleOf(TRUE_AXIS, { from: 0, to: 20_000 }, 168, 1356)
    const labels = new Labels(measure, fonts, { x: 4, y: 0, w: WIDTH - 8, h: 92 }, scale.x(9500))
    const { pen } = writingPen()
    paintLease(
      {
        pen,
        scale,
        even: true,
        now: 9500,
        colours,
        fonts,
        measure,
        labels,
        later: (what) => what(),
        insideWithout: () => false,
      },
      some,
      0,
      92,
    )
    const boxes = labels.placed.map(({ text, x, y }) => ({ x, y: y - 7, w: measure(text), h: 14 }))
    placed += boxes.length
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1))
        expect([
          seed,
          a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h,
        ]).toEqual([seed, false])
      expect(a.y).toBeGreaterThanOrEqual(0)
      expect(a.y + a.h).toBeLessThanOrEqual(92)
    })
  }
  expect(placed).toBeGreaterThan(150)
})

test('a riser of a new leader says what it gives, in few words where there is no room for many', () => {
  const given = (at: number) => {
    const some = lease('1', { marks: [marks('granted', [20]), marks('recounted', [at, 'm3'])] })
    const teeth = Float64Array.of(20, at - 1000, 10_020, at, 30_000, at + 11_000)
    return texts(
      painted(
        tapeOf({ leases: [{ ...some, lease: { ...some.lease!, teeth, beliefs: [] } }] }),
        at + 1600,
      ),
    )
  }
  expect(given(8000)).toContain('m3 starts with 10 + 1 s')
  expect(given(1500)).toContain('10 + 1 s')
})

describe('other rows', () => {
  test('say who leads, and how a leader fell', () => {
    const leader = row('leader', {
      spans: [
        spans('leads', [0, 9000, 'm1 · term 2'], [10_500, Number.POSITIVE_INFINITY, 'm3 · term 3']),
      ],
      marks: [marks('fell', [9000, 'm1 crashes'])],
    })
    expect(texts(painted(tapeOf({ leader: [leader] }), 9500))).toEqual(
      expect.arrayContaining(['m1 · term 2', 'm1 crashes']),
    )
    expect(texts(painted(tapeOf({ leader: [leader] }), 14_000))).toContain('m3 · term 3')
    expect(texts(painted(tapeOf({ leader: [leader] }), 8000)).join()).not.toContain('crashes')
  })

  test('count how long two were inside, rounded down', () => {
    const store = row('/job', {
      group: '/job',
      spans: [
        spans('held', [100, 5200, 'a · token 2']),
        spans('two', [5351, Number.POSITIVE_INFINITY]),
      ],
    })
    const inside = row('/job a', {
      group: '/job',
      spans: [spans('inside', [150, 5200]), spans('lost', [5200, Number.POSITIVE_INFINITY])],
    })
    const said = painted(tapeOf({ locks: [store, inside] }), 6382)
    expect(texts(said)).toEqual(expect.arrayContaining(['a · token 2', 'two inside for 1.0 s']))
    expect(said).toContain('fillStyle = lock')
  })

  test('name a bad link as long as it lasts, at the edge of the window too', () => {
    const faults = row('faults', {
      spans: [spans('link', [1000, Number.POSITIVE_INFINITY, 'm1–m2 takes 500 ms longer'])],
      marks: [marks('fault', [1000, 'm1–m2 takes 500 ms longer'])],
    })
    for (const now of [1100, 9000])
      expect(texts(painted(tapeOf({ faults: [faults] }), now))).toContain(
        'm1–m2 takes 500 ms longer',
      )
    const scale = scaleOf(TRUE_AXIS, { from: 20_000, to: 40_000 }, 168, 1356)
    expect(texts(painted(tapeOf({ faults: [faults] }), 30_000, { scale }))).toContain(
      'm1–m2 takes 500 ms longer',
    )
  })

  test('have the value of a key, and nothing of a value that comes later', () => {
    const key = row('/svc/a', { spans: [spans('leased', [100, 8000, 'up'], [8000, 9000, 'down'])] })
    expect(texts(painted(tapeOf({ keys: [key] }), 7000))).toContain('up')
    expect(texts(painted(tapeOf({ keys: [key] }), 7000))).not.toContain('down')
  })
})

test('the numbers of an answer are on top, and no label is under them', () => {
  const leader = row('leader', {
    spans: [spans('leads', [0, Number.POSITIVE_INFINITY, 'm1 · term 2'])],
  })
  const link = { number: 1, event: 4, at: 500, text: '', x: 220, y: 46 }
  const said = texts(painted(tapeOf({ leader: [leader] }), 9000, { links: [link] }))
  expect(said.at(-1)).toBe('1')
  expect(said).not.toContain('m1 · term 2')
})
