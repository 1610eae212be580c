import { expect, test } from 'vitest'
import type { PaneLease, PaneView } from '../../engine/worker/protocol'
import { compareRows, leaseDiffers, leaseOf } from './compare-rows'

const empty: PaneView = {
  end: 0,
  nobodyCounts: false,
  members: [],
  leases: [],
  keys: [],
  clients: [],
  locks: [],
  storage: [],
  gone: [],
  broken: [],
}
const lease = (name: string): PaneLease => ({
  name,
  ttlSeconds: 5,
  deadline: 9000,
  grantedAt: 0,
  renewedAt: null,
  keys: [],
  keyCount: 0,
})

const here: PaneView = {
  ...empty,
  leases: [{ id: 'bb', is: lease('L2'), differs: [] }],
  gone: [{ id: 'aa', name: 'L1', at: 5200 }],
}
const there: PaneView = {
  ...empty,
  leases: [
    { id: 'bb', is: lease('L2'), differs: [] },
    { id: 'aa', is: lease('L1'), differs: null },
    { id: 'cc', is: lease('L10'), differs: null },
  ],
}

test('both halves have a place for what only one of them has, in the order of the grants', () => {
  expect(compareRows({ here, there }).leases).toEqual(['aa', 'bb', 'cc'])
  expect(compareRows({ here: there, there: here }).leases).toEqual(['aa', 'bb', 'cc'])
})

test('a lease that ended differs from one that lives, and from one that was never granted', () => {
  const of = (id: string) => [leaseOf(here, id), leaseOf(there, id)] as const
  expect(of('aa').map((side) => side !== null && 'gone' in side)).toEqual([true, false])
  expect(leaseDiffers(...of('aa'))).toBe(true)
  expect(leaseDiffers(...of('bb'))).toBe(false)
  expect(leaseDiffers(...of('cc'))).toBe(true)
  expect(
    leaseDiffers(
      { gone: { id: 'aa', name: 'L1', at: 1 } },
      { gone: { id: 'aa', name: 'L1', at: 1 } },
    ),
  ).toBe(false)
})
