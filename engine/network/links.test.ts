import { describe, expect, test } from 'vitest'
import type { Dial } from './fault'
import type { Carrier, LinkOptions, Sending } from './links'
import { Links } from './links'

const options: LinkOptions = { latencyMs: 30, peerLatencyMs: 10, seed: 7, dials: {} }

function turned(dials: Partial<Record<Dial, number>>): Links {
  const links = new Links(options)
  for (const [dial, value] of Object.entries(dials)) links.turn(null, dial as Dial, value)
  return links
}

/** A message every millisecond from m1 to m2. */
function sent(links: Links, carrier: Carrier, count = 300): Sending[] {
  return Array.from({ length: count }, (_, now) => links.send('m1', 'm2', carrier, now))
}

const inOrder = (list: Sending[]): boolean =>
  list.every(({ dueAt }, i) => i === 0 || list[i - 1]!.dueAt <= dueAt)
const delays = (list: Sending[]): number[] => list.map(({ dueAt }, now) => dueAt - now)

test('a link without faults has its latency and loses nothing', () => {
  expect(new Set(delays(sent(new Links(options), 'raft')))).toEqual(new Set([10]))
  expect(new Set(delays(sent(new Links(options), 'client')))).toEqual(new Set([30]))
})

test('jitter stays within its bounds and never lets one message overtake another', () => {
  const list = sent(turned({ jitter: 50 }), 'raft')
  expect(inOrder(list)).toBe(true)
  expect(Math.min(...delays(list))).toBeGreaterThanOrEqual(10)
  expect(Math.max(...delays(list))).toBeLessThanOrEqual(60)
  expect(new Set(delays(list)).size).toBeGreaterThan(10)
})

describe('a stream of Raft messages', () => {
  test('loses some messages for good', () => {
    const lost = sent(turned({ loss: 20 }), 'raft').filter((each) => each.lost).length
    expect(lost).toBeGreaterThan(30)
    expect(lost).toBeLessThan(90)
  })

  test('doubles some messages, and no proposal', () => {
    const copies = sent(turned({ duplicate: 20 }), 'raft').filter(
      ({ copyAt }) => copyAt !== undefined,
    )
    expect(copies.length).toBeGreaterThan(30)
    expect(copies.every(({ dueAt, copyAt }) => copyAt! >= dueAt)).toBe(true)
    expect(
      sent(turned({ duplicate: 100 }), 'proposal').every(({ copyAt }) => copyAt === undefined),
    ).toBe(true)
  })

  test('lets some messages be overtaken', () => {
    expect(inOrder(sent(turned({ reorder: 20 }), 'raft'))).toBe(false)
  })
})

describe.each(['client', 'peer'] as const)('a connection (%s)', (carrier) => {
  test('loses, doubles and reorders nothing: lost messages are sent again, and later ones wait', () => {
    const list = sent(turned({ loss: 20, duplicate: 100, reorder: 100 }), carrier)
    expect(list.every(({ lost, copyAt }) => lost === undefined && copyAt === undefined)).toBe(true)
    expect(inOrder(list)).toBe(true)
    expect(Math.max(...delays(list))).toBeGreaterThanOrEqual(200)
  })

  test('is closed if no message ever arrives', () => {
    const [first] = sent(turned({ loss: 100 }), carrier, 1)
    expect(first).toEqual({ dueAt: (carrier === 'client' ? 30 : 10) + 200 * 63, lost: true })
  })
})

test('a changed setting changes no draw of another purpose or link', () => {
  const before = sent(turned({ loss: 20 }), 'raft')
  const more = turned({ loss: 20, jitter: 1, duplicate: 30 })
  sent(more, 'raft', 0)
  for (let i = 0; i < 50; i++) more.send('m2', 'm3', 'raft', i)
  expect(sent(more, 'raft').map(({ lost }) => lost)).toEqual(before.map(({ lost }) => lost))
})

test('a setting applies to one direction, to both, or to all links; heal resets all', () => {
  const links = new Links({ ...options, dials: { jitter: 5 } })
  links.turn({ from: 'm1', to: 'm2', oneWay: true }, 'delay', 7)
  links.turn({ from: 'm2', to: 'm3' }, 'delay', 8)
  links.turn(null, 'jitter', 0)
  const dial = (from: string, to: string): number => links.dial(from, to, 'delay')
  expect([dial('m1', 'm2'), dial('m2', 'm1'), dial('m2', 'm3'), dial('m3', 'm2')]).toEqual([
    7, 0, 8, 8,
  ])
  expect(links.dial('m1', 'm2', 'jitter')).toBe(0)
  links.turn(null, 'delay', 1)
  expect([dial('m1', 'm2'), dial('m2', 'm1')]).toEqual([1, 1])
  links.heal()
  expect([dial('m1', 'm2'), links.dial('m1', 'm2', 'jitter')]).toEqual([0, 5])
})

test('a one-way cut stops only one direction, in addition to a partition', () => {
  const links = new Links(options)
  links.cut({ from: ['m1'], to: ['m2', 'm3'] })
  links.partition([['m2'], ['m3']])
  expect([links.reaches('m1', 'm2'), links.reaches('m2', 'm1'), links.reaches('m2', 'm3')]).toEqual(
    [false, true, false],
  )
  links.heal()
  expect([links.reaches('m1', 'm2'), links.reaches('m2', 'm3')]).toEqual([true, true])
})

test('a loaded state continues with the same draws', () => {
  const links = turned({ loss: 30, jitter: 20, duplicate: 10, reorder: 10 })
  sent(links, 'raft', 40)
  const again = Links.load(options, JSON.parse(JSON.stringify(links.save())))
  expect(sent(again, 'raft')).toEqual(sent(links, 'raft'))
})
