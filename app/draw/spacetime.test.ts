import { describe, expect, test } from 'vitest'
import type { SpacetimeMessage, SpacetimeView } from '../../engine/worker/protocol'
import { placeSpacetime, spaced } from './spacetime'

function message(of: Partial<SpacetimeMessage>): SpacetimeMessage {
  return {
    event: 1,
    from: 'a',
    to: 'm1',
    kind: 'request',
    label: 'Put',
    text: 'Put k',
    bad: false,
    sent: 0,
    received: 30,
    due: null,
    lost: null,
    ...of,
  }
}

function view(of: Partial<SpacetimeView>): SpacetimeView {
  return {
    from: 0,
    to: 10_000,
    lanes: [
      { id: 'a', kind: 'client' },
      { id: 'm1', kind: 'member' },
    ],
    messages: [],
    bundles: [],
    bands: [],
    leases: [],
    total: 0,
    cut: false,
    ...of,
  }
}

describe('the axis', () => {
  test('is true where asked for, and spaced keeps the order and a least distance', () => {
    const messages = [message({ sent: 1000, received: 1030 }), message({ event: 2, sent: 9000, received: 9030 })]
    const plain = placeSpacetime(view({ messages }), 800, 'true')
    expect(plain.messages[0]!.x2 - plain.messages[0]!.x1).toBeLessThan(4)
    const spacedOut = placeSpacetime(view({ messages }), 800, 'spaced')
    expect(spacedOut.messages[0]!.x2 - spacedOut.messages[0]!.x1).toBeGreaterThanOrEqual(13)
    // Longer stays longer.
    const [first, second] = spacedOut.messages
    expect(second!.x1 - first!.x2).toBeGreaterThan(first!.x2 - first!.x1)
    for (const placed of [plain, spacedOut]) {
      expect(placed.x(0)).toBe(placed.left)
      expect(placed.x(10_000)).toBeLessThanOrEqual(800)
      expect(placed.x(99_999)).toBe(placed.x(10_000))
    }
  })
  test('has room for any number of moments', () => {
    const moments = Array.from({ length: 500 }, (_, i) => i * 10)
    const places = spaced(moments, 100, 400)
    expect(places[0]).toBe(100)
    expect(places.at(-1)).toBeCloseTo(400)
    expect(places.every((place, i) => i === 0 || place > places[i - 1]!)).toBe(true)
  })
  test('of one moment does not divide by nothing', () => {
    expect(spaced([5, 5], 0, 100).every(Number.isFinite)).toBe(true)
  })
})

describe('messages', () => {
  test('go from lane to lane, later further to the right, and a lost one does not arrive', () => {
    const { messages, lanes } = placeSpacetime(
      view({ messages: [message({}), message({ event: 2, received: null, lost: 30 }), message({ event: 3, to: 'nobody' })] }),
      800,
      'spaced',
    )
    expect(messages).toHaveLength(2)
    const [got, lost] = messages
    expect([got!.y1, got!.y2]).toEqual([lanes[0]!.y, lanes[1]!.y])
    expect(lost!.y2).toBeLessThan(got!.y2)
    expect(lost!.x2).toBeLessThan(got!.x2)
  })
  test('have a name where no other name is', () => {
    const crowd = Array.from({ length: 8 }, (_, i) => message({ event: i, sent: i, received: i + 30 }))
    const placed = placeSpacetime(view({ messages: crowd }), 800, 'true').messages
    expect(placed.filter(({ label }) => label !== null)).toHaveLength(1)
  })
})

test('leases have rows of their own below the members, and end where they end', () => {
  const lease = { id: 'x', name: 'L1', ttlSeconds: 5, grantedAt: 1000, renewals: [2000], deadline: 7000, expiredAt: 7000, ended: null }
  const placed = placeSpacetime(view({ leases: [lease, { ...lease, ended: { at: 7200, how: 'expired', revision: 3 } }] }), 800, 'true')
  expect(placed.leases[0]!.y).toBeGreaterThan(placed.lanes[1]!.y)
  expect(placed.leases[1]!.y).toBeGreaterThan(placed.leases[0]!.y)
  expect(placed.leases[1]!.x2).toBeGreaterThan(placed.leases[0]!.x2)
  expect(placed.height).toBeGreaterThan(placed.leases[1]!.y)
})

test('a band that goes on reaches the end of the window', () => {
  const band = { lane: 'a', kind: 'paused', from: 4000, to: null, text: 'paused', lease: null, leaseName: null } as const
  const placed = placeSpacetime(view({ bands: [band] }), 800, 'true')
  expect(placed.bands[0]!.x + placed.bands[0]!.width).toBeCloseTo(placed.x(10_000))
})
