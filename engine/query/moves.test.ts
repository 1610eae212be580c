import { expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import type { Command } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Ledger } from './ledger'
import type { MoveCard, MovesView } from './moves'
import { movesView } from './moves'

function shown(timeline: Timeline): MovesView {
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  return movesView({ sim: timeline.sim, ledger, last: timeline.lastEvent }, 'members')
}

/** As the page takes a card. */
function choose(timeline: Timeline, { id, at }: MoveCard): void {
  const command: Command =
    id === null ? { type: 'idle', until: at, machinery: 'members' } : { type: 'take', move: id, machinery: 'members' }
  timeline.submit(command)
}

test('a lease is granted, runs out and is revoked by choices alone, and the machinery is counted', () => {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, members: 3, latencyMs: 30, expiryPhaseMs: 200 },
    commands: [],
  })
  timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 5 } })
  expect(shown(timeline).cards).toMatchObject([{ kind: 'request', who: 'a', whom: 'm1', text: 'LeaseGrant 5 s', at: 30, lost: false }])
  expect(shown(timeline).machinery).toBeGreaterThan(0)
  choose(timeline, shown(timeline).cards[0]!)
  // The entry goes round among the members: time passes for it, and no more than that.
  timeline.submit({ type: 'idle', until: timeline.now + 5000, machinery: 'members', news: true })
  expect(timeline.now).toBeLessThan(200)
  const kinds = (): string[] => shown(timeline).cards.map(({ kind }) => kind)
  expect(kinds()).toEqual(['reply', 'wait'])
  const [reply, wait] = shown(timeline).cards
  expect(reply).toMatchObject({ who: 'm1', whom: 'a', text: expect.stringMatching(/^lease …\w{4}, TTL 5 s$/) })
  choose(timeline, wait!)
  expect(timeline.now).toBe(wait!.at)
  // The reply is late and still to be chosen; the pass that finds the lease is a choice of its own.
  expect(kinds()).toEqual(['reply', 'expiry'])
  const [late, pass] = shown(timeline).cards
  expect(late!.at).toBeLessThan(timeline.now)
  expect(timeline.trace.some(({ type }) => type === 'lease-expired')).toBe(false)
  choose(timeline, pass!)
  timeline.submit({ type: 'idle', until: timeline.now + 200, machinery: 'members' })
  expect(timeline.trace.some(({ type }) => type === 'lease-revoked')).toBe(true)
  timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['a'], ['m1', 'm2', 'm3']] } })
  expect(shown(timeline).cards).toMatchObject([{ kind: 'reply', lost: true }])
})
