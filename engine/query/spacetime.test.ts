import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { Request } from '../base/rpc'
import { Timeline } from '../replay/timeline'
import { parseScenario, runScenario } from '../scenario/scenario'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Ledger } from './ledger'
import type { SpacetimeInterest, SpacetimeView } from './spacetime'
import { spacetime } from './spacetime'

const config: Config = { ...DEFAULT_CONFIG, latencyMs: 30, expiryPhaseMs: 200 }

function session(client: string, ttlSeconds: number, of: Partial<Config> = {}): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...config, ...of },
    commands: [],
  })
  timeline.submit({
    type: 'program',
    client,
    program: [
      { op: 'session', ttlSeconds, as: 'lease' },
      { op: 'put', key: 'k', value: client, lease: '$lease' },
    ],
  })
  return timeline
}

function story(name: string, at: number): Timeline {
  const file = readFileSync(join(import.meta.dirname, `../scenario/catalogue/${name}.txt`), 'utf8')
  const timeline = new Timeline(runScenario(parseScenario(file)).recording)
  timeline.advance(at)
  return timeline
}

function shown(timeline: Timeline, interest: SpacetimeInterest = { columns: 60 }): SpacetimeView {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return spacetime({ sim: timeline.sim, ledger, last: timeline.lastEvent }, interest)
}

const labelsOf = ({ notes }: SpacetimeView, lane: string): string[] =>
  notes
    .filter((note) => note.lane === lane && note.label !== '')
    .map(({ at, label }) => `${at} ${label}`)
const spansOf = ({ spans }: SpacetimeView, kind: string): string[] =>
  spans
    .filter((span) => span.kind === kind)
    .map(({ lane, from, to }) => `${lane} ${from}–${to ?? ''}`)

describe('the paused holder', () => {
  const view = shown(story('lab-late-write-fence-off', 6442), { columns: 19 })

  test('has one column an instant, the last ones, and the cursor’s', () => {
    expect(view.columns).toEqual([
      111, 123, 143, 173, 203, 233, 263, 293, 500, 5200, 5230, 5260, 5290, 5320, 5350, 6352, 6382,
      6412, 6442,
    ])
    expect(view.cut).toBe(true)
  })
  test('has the first half of the clients above the members, the other half below, and the storage last', () => {
    expect(view.lanes).toEqual([
      { id: 'a', kind: 'client', state: 'frozen', part: true },
      { id: 'm1', kind: 'member', state: 'leader', part: true },
      { id: 'b', kind: 'client', state: 'inside /job', part: true },
      { id: 'storage', kind: 'storage', state: '', part: true },
    ])
  })
  test('continues to believe and act while its lease is gone and b holds the lock', () => {
    expect(spansOf(view, 'belief')).toEqual(['a 61–5200', 'b 111–'])
    expect(spansOf(view, 'stale')).toEqual(['a 5200–'])
    expect(spansOf(view, 'inside')).toEqual(['a 124–', 'b 5351–'])
    expect(spansOf(view, 'held')).toEqual(['m1 93–5200', 'm1 5200–'])
    expect(view.spans.filter(({ kind }) => kind === 'held').map(({ text }) => text)).toEqual([
      'a holds /job, token 2',
      'b holds /job, token 3',
    ])
  })
  test('uses the words of locks', () => {
    expect(view.notes.filter(({ lane }) => lane === 'b').map(({ label }) => label)).toContain(
      'writes, token 3',
    )
    expect(labelsOf(view, 'a')).toEqual([
      '123 gets token 2',
      '124 enters',
      '500 freezes',
      '5200 L1 is gone: a cannot notice',
    ])
    expect(labelsOf(view, 'm1')).toEqual(['5200 L1 expires, a’s key is deleted'])
    expect(labelsOf(view, 'b')).toContain('233 watches a’s key')
    expect(labelsOf(view, 'b')).toContain('5351 two are inside')
    expect(labelsOf(view, 'storage')).toEqual(['6382 takes it'])
  })
  test('stops acting when it leaves, and its late write is taken', () => {
    const later = shown(story('lab-late-write-fence-off', 12_000))
    expect(spansOf(later, 'stale')).toEqual([expect.stringMatching(/^a 5200–9\d{3}$/)])
    expect(labelsOf(later, 'storage')).toContain('9030 takes a late write')
    expect(labelsOf(shown(story('lab-late-write-fence-on', 12_000)), 'storage')).toContain(
      '9030 refuses it: 2 < 3',
    )
  })
})

describe('messages', () => {
  test('go from their sending to their arrival, and are in flight until then', () => {
    const timeline = session('a', 10)
    timeline.advance(45)
    expect(shown(timeline).messages).toMatchObject([
      { from: 'a', to: 'm1', kind: 'request', sent: 0, received: 30, due: null },
      { from: 'm1', to: 'a', kind: 'reply', sent: 30, received: null, due: 60 },
    ])
    timeline.advance(60)
    expect(shown(timeline).messages[1]).toMatchObject({ received: 60, due: null })
  })
  test('are as the cursor has them, however far the run was played', () => {
    const timeline = session('a', 10)
    timeline.advance(45)
    const early = shown(timeline)
    timeline.advance(20_000)
    timeline.seek({ at: 45 })
    expect(shown(timeline)).toEqual(early)
  })
  test('that only renew are left out unless requested; of a row of messages that a cut holds, the first is there', () => {
    const timeline = session('a', 10)
    timeline.advance(5000)
    const texts = (all: boolean) =>
      shown(timeline, { columns: 200, all }).messages.map(({ text }) => text)
    expect(texts(false).some((text) => text.includes('KeepAlive'))).toBe(false)
    expect(texts(true).some((text) => text.includes('KeepAlive'))).toBe(true)
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1']] } })
    timeline.advance(12_000)
    const held = shown(timeline).messages.filter((message) => message.received === null)
    expect(held).toMatchObject([{ from: 'a', lost: null, due: held[0]!.sent + 30 }])
  })
  test('of a renewal that comes too late are there, request and answer', () => {
    const { messages, notes } = shown(story('too-late', 60_000), { columns: 200 })
    const bad = messages.filter((message) => message.bad)
    expect(bad.length).toBeGreaterThan(0)
    expect(
      messages.some(({ kind, text }) => kind === 'request' && text.includes('LeaseKeepAlive')),
    ).toBe(true)
    expect(notes.some(({ label }) => label === 'learns that L1 is gone')).toBe(true)
  })
  test('of renewals that are refused one after the other include the first', () => {
    const { messages } = shown(story('old-leader-behind-a-wall', 12_000), { columns: 200 })
    // At 7.000 the member ends the stream, which answers no renewal.
    expect(
      messages.filter(({ kind, bad }) => kind === 'reply' && bad).map(({ sent }) => sent),
    ).toEqual([6052, 7000])
  })
  test('of refused renewals include the first, also where another answer comes in between', () => {
    const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
    const asks: [at: number, request: Request][] = [
      [0, { type: 'LeaseKeepAlive', ID: leaseId(7) }],
      [1000, { type: 'Range', key: 'k' }],
      [2000, { type: 'LeaseKeepAlive', ID: leaseId(7) }],
    ]
    for (const [at, request] of asks) {
      timeline.advance(at)
      timeline.submit({ type: 'request', client: 'a', request })
    }
    timeline.advance(3000)
    const replies = shown(timeline, { columns: 200 }).messages.filter(
      ({ kind }) => kind === 'reply',
    )
    expect(replies.map(({ sent, bad }) => [sent, bad])).toEqual([
      [30, true],
      [1030, false],
    ])
  })
  test('never arrive in the column in which they were sent', () => {
    const timeline = session('a', 10, { latencyMs: 1 })
    timeline.advance(100)
    const { columns, messages } = shown(timeline)
    const columnOf = (at: number) => columns.findLast((column) => column <= at)
    for (const { sent, received } of messages)
      if (received !== null) expect(columnOf(received)).not.toBe(columnOf(sent))
  })
})

describe('a few words describe the acts of a client, and more important words weigh more', () => {
  const words = (name: string, lane: string): string[] =>
    shown(story(name, 12_000), { columns: 200 })
      .notes.filter((note) => note.lane === lane && note.label !== '')
      .map(({ label, weight }) => `${weight} ${label}`)
  test('in a queue for a lock', () => {
    expect(words('lab-served-in-order', 'c')).toEqual([
      '2 asks for a lease',
      '3 gets L3',
      '4 asks for /job',
      '3 is in the queue',
      '2 reads /job/',
      '4 is behind b',
      '3 watches b’s key',
      '3 b’s key is gone',
      '2 reads /job/',
      '4 is first',
      '6 enters',
      '5 leaves',
      '4 releases /job',
      '4 revokes L3',
      '1 renews L3',
      '7 learns that L3 is gone',
      '6 learns that L3 is gone',
    ])
  })
  test('where two look before they put', () => {
    expect(words('lab-both-saw-no-lock', 'a')).toEqual([
      '2 asks for a lease',
      '3 gets L1',
      '2 reads /lock',
      '3 finds /lock free',
      '4 asks for /lock',
      '6 enters',
      '5 writes',
      '5 leaves',
      '4 releases /lock',
    ])
    expect(words('lab-both-saw-no-lock', 'storage')).toEqual(['6 takes it', '6 takes it'])
  })
  test('where a member has no leader', () => {
    expect(words('session-lost', 'svc').slice(-2)).toEqual([
      '5 is refused',
      '6 gives L1 up: no leader',
    ])
    expect(words('session-lost', 'm1')).toEqual(['4 leads no more'])
    expect(words('session-lost', 'm2')).toEqual(['7 crashes', '5 starts'])
  })
})

describe('a leader change', () => {
  const view = shown(story('lab-leader-change', 9900))

  test('moves the bar of the store to the lane of the new leader', () => {
    expect(spansOf(view, 'lead')).toEqual(['m1 0–4090', 'm2 4180–'])
    expect(spansOf(view, 'held').slice(0, 2)).toEqual([
      'm1 213–4180',
      expect.stringMatching(/^m2 4180–/),
    ])
    expect(labelsOf(view, 'm2')).toContain('4180 leads, term 3')
  })
  test('takes no lane for a member without a part in it, and a crash ends belief and section', () => {
    expect(
      view.lanes.filter(({ kind }) => kind === 'member').map(({ id, part }) => `${id} ${part}`),
    ).toEqual(['m1 true', 'm2 true', 'm3 false'])
    expect(spansOf(view, 'inside')[0]).toBe('a 245–500')
    expect(spansOf(view, 'belief')[0]).toBe('a 121–500')
    expect(spansOf(view, 'down')).toEqual(['a 500–'])
  })
})

test('a lock that is a plain key is held by the client that put the key last', () => {
  const view = shown(story('lab-both-saw-no-lock', 400))
  expect(view.spans.filter(({ kind }) => kind === 'held').map(({ text }) => text)).toContain(
    'b holds /lock, token 2',
  )
})

test('a client that revokes its own lease knows that it is gone', () => {
  const view = shown(story('lab-served-in-order', 3000))
  expect(view.notes.filter(({ label }) => label.includes('does not know'))).toEqual([])
  expect(spansOf(view, 'stale')).toEqual([])
  expect(view.spans.filter(({ kind }) => kind === 'held').map(({ text }) => text)).toEqual([
    'a holds /job, token 2',
    'b holds /job, token 3',
    'c holds /job, token 4',
  ])
})

test('a network cut lies between all lanes', () => {
  const timeline = session('a', 10)
  timeline.advance(1000)
  timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1']] } })
  timeline.submit({ type: 'fault', fault: { type: 'heal' } })
  expect(shown(timeline).notes.filter(({ kind }) => kind === 'network')).toMatchObject([
    { at: 1000, lane: null, label: 'network cut', bad: true },
    { at: 1000, lane: null, label: 'network healed', bad: false },
  ])
})

test('a thousand leases of one client are one line, and their messages are bounded', () => {
  const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
  for (let i = 0; i < 1000; i++)
    timeline.submit({ type: 'request', client: 'c', request: { type: 'LeaseGrant', TTL: 60 } })
  timeline.advance(1000)
  const view = shown(timeline)
  expect(spansOf(view, 'belief')).toEqual(['c 60–'])
  expect(view.spans.find(({ kind }) => kind === 'belief')!.text).toBe(
    'c believes that 1000 leases are alive',
  )
  expect(view.messages.length).toBeLessThanOrEqual(300)
  expect(view.columns).toEqual([0, 30, 60, 1000])
})
