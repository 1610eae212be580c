import { expect, test } from 'vitest'
import type { Frame, LeaseRow } from '../../engine/worker/protocol'
import { emptyRun, isNews, type RunState, receiveFrame } from './run'

const frame: Frame = {
  type: 'frame',
  run: 1,
  now: 100,
  end: 200,
  playing: true,
  speed: 2,
  held: null,
  quiet: false,
  answering: false,
}
const lease: LeaseRow = {
  id: '6a6c9bf08e006c01',
  name: 'L1',
  ttlSeconds: 10,
  grantedAt: 30,
  renewedAt: null,
  deadline: 10_030,
  stopped: null,
  state: 'live',
  keys: ['/svc/a'],
  checkpoint: null,
  keyCount: 1,
  holders: [{ client: 'svc', until: 10_060, heartbeat: true, lost: false }],
  expiredAt: null,
  ended: null,
}

test('a section that a frame leaves out keeps its value, to the very object', () => {
  const first = receiveFrame(emptyRun, {
    ...frame,
    seed: 7,
    leases: { total: 1, rows: [lease] },
    on: null,
  })
  const second = receiveFrame(first, { ...frame, now: 150 })
  expect(second.now).toBe(150)
  expect(second.seed).toBe(7)
  expect(second.leases).toBe(first.leases)
  expect(second.ready).toBe(true)
})

test('a row that comes again unchanged keeps its identity, its changed neighbour does not', () => {
  const other = { ...lease, id: '6a6c9bf08e006c02' }
  const first = receiveFrame(emptyRun, { ...frame, leases: { total: 2, rows: [lease, other] } })
  const again = structuredClone({
    total: 2,
    rows: [{ ...lease, renewedAt: 90, deadline: 10_090 }, other],
  })
  const second = receiveFrame(first, { ...frame, leases: again })
  expect(second.leases).not.toBe(first.leases)
  expect(second.leases.rows[0]).toEqual({ ...lease, renewedAt: 90, deadline: 10_090 })
  expect(second.leases.rows[0]).not.toBe(first.leases.rows[0])
  expect(second.leases.rows[1]).toBe(first.leases.rows[1])
})

test('a row keeps its identity when another comes before it', () => {
  const first = receiveFrame(emptyRun, { ...frame, leases: { total: 1, rows: [lease] } })
  const second = receiveFrame(first, {
    ...frame,
    leases: structuredClone({ total: 2, rows: [{ ...lease, id: 'ff' }, lease] }),
  })
  expect(second.leases.rows[1]).toBe(first.leases.rows[0])
})

test('`on` is null without an event at the cursor, and keeps its value if a frame leaves it out', () => {
  const line = {
    id: 3,
    at: 100,
    level: 'lease',
    type: 'lease-granted',
    text: 'granted',
    causes: [],
    lease: lease.id,
  } as const
  const first = receiveFrame(emptyRun, { ...frame, on: { ...line, causes: [] } })
  expect(receiveFrame(first, frame).on?.id).toBe(3)
  expect(receiveFrame(first, { ...frame, on: null }).on).toBeNull()
})

test('a frame is news while it moves the clock or brings a section', () => {
  const state = receiveFrame(emptyRun, frame)
  expect(isNews(state, frame)).toBe(false)
  expect(isNews(state, { ...frame, now: 101 })).toBe(true)
  expect(isNews(state, { ...frame, playing: false })).toBe(true)
  expect(isNews(state, { ...frame, console: [] })).toBe(true)
})

test('a section of numbers is taken as it comes, and null empties a section', () => {
  const cells = { total: 0 } as unknown as RunState['cells']
  const first = receiveFrame(emptyRun, { ...frame, cells, undo: 'put a 1' })
  expect(first.cells).toBe(cells)
  const again = structuredClone(cells)
  const second = receiveFrame(first, { ...frame, cells: again, undo: null })
  expect(second.cells).toBe(again)
  expect(second.undo).toBeNull()
})

test('a field that is not a section does not stay in the run', () => {
  const state = receiveFrame(emptyRun, { ...frame, fraction: 0.5, shortfall: { what: 'stop' } })
  expect(Object.keys(state)).toEqual(Object.keys(emptyRun))
  expect(isNews(state, { ...frame, fraction: 0.5 })).toBe(true)
  expect(isNews(state, { ...frame, quiet: true, answering: true })).toBe(false)
})
