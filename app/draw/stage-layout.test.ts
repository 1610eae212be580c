import { expect, test } from 'vitest'
import type { Rect } from './message-path'
import { columnsOf, layoutStage, type StageInput } from './stage-layout'
import type { ClientKind, StageSize } from './stage-shapes'
import { OUTSIDE, storageRows } from './stage-truth'

const desktop: StageSize = { width: 1376, height: 400, margin: 24 }
const small: StageSize = { width: 980, height: 256, margin: 16 }
const sizes: StageSize[] = [
  desktop,
  small,
  { width: 1056, height: 400, margin: 24 },
  { width: 936, height: 400, margin: 24 },
  { width: 1216, height: 300, margin: 24 },
  { width: 1856, height: 501, margin: 24 },
  { width: 656, height: 300, margin: 16 },
]

function inputOf(size: StageSize, change: Partial<StageInput> = {}): StageInput {
  return {
    size,
    clients: ['lease'],
    members: 1,
    leases: [{ live: true }],
    cells: false,
    writes: null,
    loose: false,
    ...change,
  }
}

const overlap = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
const dialBox = ({ x, y, r }: { x: number; y: number; r: number }): Rect => ({
  x: x - r,
  y: y - r,
  width: 2 * r,
  height: 2 * r,
})

test('columns have fixed places', () => {
  expect(columnsOf(desktop, false)).toMatchObject({ believe: 0, agree: 400, truth: 848 })
  expect(columnsOf({ ...desktop, width: 1056 }, false)).toMatchObject({ agree: 372, truth: 612 })
  expect(columnsOf(desktop, true)).toMatchObject({ agree: 216, truth: 424 })
  expect(columnsOf(small, false)).toMatchObject({ agree: 292, truth: 528 })
})

test('the opening has the places of its drawing', () => {
  const { clients, members, truth } = layoutStage(inputOf(desktop))
  expect(clients.boxes).toEqual([{ x: 24, y: 118, width: 352, height: 184 }])
  expect(members.boxes).toEqual([{ x: 520, y: 150, width: 208, height: 120 }])
  expect(truth.dials[0]).toMatchObject({
    x: 986,
    y: 210,
    r: 92,
    tags: { x: 1124, y: 194, width: 228 },
  })
})

test('two clients of a lab fill their column, and the storage lies at the bottom of its own', () => {
  const lab = inputOf(
    { ...desktop, width: 1056 },
    { clients: ['program', 'program'], leases: [{ live: false }, { live: true }], writes: 1 },
  )
  const { clients, truth } = layoutStage(lab)
  expect(clients).toMatchObject({ form: 'cards', density: 'full' })
  expect(clients.boxes.map(({ y }) => y)).toEqual([44, 222])
  expect(truth.storage).toEqual({ x: 636, y: 296, width: 396, height: 92 })
  expect(truth.dials.map(({ r }) => r)).toEqual([30, 50])
})

test('program lines give way to more clients and to low stages', () => {
  const formsOf = (size: StageSize, count: number) => {
    const { form, density } = layoutStage(
      inputOf(size, { clients: Array<ClientKind>(count).fill('program') }),
    ).clients
    return form === 'cards' ? density : form
  }
  expect([1, 2, 3, 4, 5, 12, 13].map((count) => formsOf(desktop, count))).toEqual([
    'full',
    'full',
    'tight',
    'tight',
    'line',
    'rows',
    'count',
  ])
  expect([2, 4].map((count) => formsOf({ ...desktop, height: 300 }, count))).toEqual([
    'roomy',
    'line',
  ])
})

test('items stay in their columns and never overlap, at any size and any number', () => {
  for (const size of sizes)
    for (const count of [0, 1, 2, 3, 4, 5, 7, 9, 12])
      for (const writes of [null, 0, 3]) {
        const input = inputOf(size, {
          clients: Array.from(
            { length: count },
            (_, i): ClientKind => (i % 3 === 0 ? 'lease' : i % 3 === 1 ? 'program' : 'terminal'),
          ),
          members: Math.max(1, count),
          leases: Array.from({ length: count }, (_, i) => ({ live: i % 3 > 0 })),
          writes,
        })
        const { columns, clients, members, truth } = layoutStage(input)
        const dials = truth.dials.map(dialBox)
        const named = `${size.width}×${size.height}, ${count}, ${writes}`
        for (const [boxes, from, to] of [
          [clients.boxes, columns.believe, columns.agree],
          [members.boxes, columns.agree, columns.truth],
          [
            truth.storage === null ? dials : [...dials, truth.storage],
            columns.truth,
            columns.width,
          ],
        ] as const) {
          for (const [i, box] of boxes.entries()) {
            expect(box.x, named).toBeGreaterThanOrEqual(from)
            expect(box.x + box.width, named).toBeLessThanOrEqual(to)
            expect(box.y, named).toBeGreaterThanOrEqual(24)
            expect(box.y + box.height, named).toBeLessThanOrEqual(columns.height)
            for (const other of boxes.slice(i + 1))
              expect(overlap(box, other), `${named}: ${JSON.stringify([box, other])}`).toBe(false)
          }
        }
      }
})

test('members: the neighbours around the cluster are neighbours in `around`', () => {
  expect(layoutStage(inputOf(desktop, { members: 5 })).members).toMatchObject({
    form: 'small',
    around: [1, 0, 2, 3, 4],
  })
  const { boxes, form } = layoutStage(inputOf(desktop, { members: 3 })).members
  expect(form).toBe('log')
  expect(boxes.slice(1)).toEqual([
    { x: 628, y: 44, width: 196, height: 146 },
    { x: 628, y: 230, width: 196, height: 146 },
  ])
})

test('more leases, smaller dials; cells have the whole column', () => {
  const of = (count: number) =>
    layoutStage(inputOf(desktop, { leases: Array.from({ length: count }, () => ({ live: true })) }))
      .truth
  expect([1, 2, 3, 5, 8].map((count) => of(count).dials[0]?.r)).toEqual([92, 50, 42, 27, 30])
  expect(of(12).dials).toHaveLength(12)
  const crowd = layoutStage(
    inputOf(desktop, { cells: true, clients: Array<ClientKind>(10).fill('lease') }),
  )
  expect(crowd.clients).toMatchObject({ form: 'count', boxes: [{ x: 24, width: 168 }] })
  expect(crowd.truth).toMatchObject({ form: 'cells', area: { x: 448, width: 904 } })
})

test('two dials keep their distance, with their graduations, where the storage takes half of the column', () => {
  for (const size of [
    desktop,
    { ...desktop, width: 936 },
    { width: 1216, height: 300, margin: 24 },
    { width: 836, height: 300, margin: 24 },
  ]) {
    const { truth } = layoutStage(
      inputOf(size, { leases: [{ live: false }, { live: true }], writes: 2, loose: true }),
    )
    const [a, b] = truth.dials
    const outside = (r: number) => (r >= 40 ? OUTSIDE : 4)
    expect(truth.form).toBe('dials')
    expect(b!.y - b!.r - outside(b!.r) - (a!.y + a!.r + 2)).toBeGreaterThanOrEqual(4)
  }
})

test('the storage has room for two writes on a low stage too', () => {
  const { truth } = layoutStage(inputOf({ width: 1216, height: 300, margin: 24 }, { writes: 2 }))
  expect(storageRows(truth.storage!.height)).toBe(2)
  expect(storageRows(layoutStage(inputOf(desktop, { writes: 2 })).truth.storage!.height)).toBe(2)
})

test('items without a lease are below the keys of a single lease', () => {
  for (const size of sizes) {
    const { truth, columns } = layoutStage(inputOf(size, { loose: true }))
    const { tags } = truth.dials[0]!
    expect(tags.y + tags.height).toBeLessThanOrEqual(truth.loose!.y)
    expect(truth.loose!.y + truth.loose!.height).toBeLessThanOrEqual(columns.bottom)
    expect(tags.height).toBeGreaterThanOrEqual(54)
  }
})
