import { expect, test } from 'vitest'
import type { Frame, LeaseRow } from '../../engine/worker/protocol'
import { emptyRun, isNews, receiveFrame } from './run'

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

test('`on` is null when the cursor stands on no event, and stays when a frame does not speak of it', () => {
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
