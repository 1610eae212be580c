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

test('both halves keep a position for a lease of one side, in the order of the grants', () => {
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

test('a client whose library differs comes first', () => {
  const client = (id: string, differs: string[]): PaneView['clients'][number] => ({
    id,
    differs,
    is: {
      kind: 'program',
      state: 'up',
      since: 0,
      library: 'clientv3',
      program: null,
      section: null,
      beliefs: [
        {
          lease: id,
          name: 'L1',
          ttlSeconds: 5,
          until: null,
          heartbeat: false,
          heartbeatAt: null,
          unansweredSince: null,
          connected: true,
          holds: false,
          lost: false,
          lostHow: null,
          lastAnswerAt: null,
          givesUpAt: null,
          truth: { deadline: null, goneAt: null },
        },
      ],
    },
  })
  const pane = (changed: string): PaneView => ({
    ...empty,
    clients: ['e', 'd', 'c', 'b', 'a'].map((id) =>
      client(id, id === changed ? ['library', 'belief'] : id === 'd' ? ['belief'] : []),
    ),
  })
  expect(compareRows({ here: pane('a'), there: pane('a') }).clients).toEqual(['a', 'b', 'c', 'd'])
  expect(compareRows({ here: pane(''), there: pane('') }).clients).toEqual(['b', 'c', 'd', 'e'])
})
