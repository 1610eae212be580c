import { expect, test } from 'vitest'
import type { Request } from '../base/rpc'
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

/** The cards of all groups. */
function cards(timeline: Timeline): MoveCard[] {
  return shown(timeline).groups.flatMap((group) => group.cards)
}

/** As the page takes a card. */
function choose(timeline: Timeline, { id, at }: MoveCard): void {
  const command: Command =
    id === null
      ? { type: 'idle', until: at, machinery: 'members' }
      : { type: 'take', move: id, machinery: 'members' }
  timeline.submit(command)
}

test('a lease is granted, expires and is revoked by choices alone, and the internal moves are counted', () => {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, members: 3, latencyMs: 30, expiryPhaseMs: 200 },
    commands: [],
  })
  timeline.submit({ type: 'request', client: 'a', request: { type: 'LeaseGrant', TTL: 5 } })
  expect(cards(timeline)).toMatchObject([
    { kind: 'request', who: 'a', whom: 'm1', text: 'LeaseGrant 5 s', at: 30, lost: false },
  ])
  expect(shown(timeline).machinery).toBeGreaterThan(0)
  choose(timeline, cards(timeline)[0]!)
  expect(timeline.end).toBe(timeline.now)
  // The entry goes round among the members: only its own time passes.
  timeline.submit({ type: 'idle', until: timeline.now + 5000, machinery: 'members', news: true })
  expect(timeline.now).toBeLessThan(200)
  const kinds = (): string[] => cards(timeline).map(({ kind }) => kind)
  expect(kinds()).toEqual(['reply', 'wait'])
  const [reply, wait] = cards(timeline)
  expect(reply).toMatchObject({
    who: 'm1',
    whom: 'a',
    text: expect.stringMatching(/^L1, TTL 5 s$/),
  })
  choose(timeline, wait!)
  expect(timeline.now).toBe(wait!.at)
  // The reply is late and still to be chosen. The pass that finds the lease is a separate choice.
  expect(kinds()).toEqual(['reply', 'expiry'])
  const [late, pass] = cards(timeline)
  expect(late!.at).toBeLessThan(timeline.now)
  expect(pass!.lease).toBe(timeline.sim.members[0]!.leases()[0]!.id)
  expect(timeline.trace.some(({ type }) => type === 'lease-expired')).toBe(false)
  choose(timeline, pass!)
  timeline.submit({ type: 'idle', until: timeline.now + 200, machinery: 'members' })
  expect(timeline.trace.some(({ type }) => type === 'lease-revoked')).toBe(true)
  timeline.submit({
    type: 'fault',
    fault: { type: 'partition', groups: [['a'], ['m1', 'm2', 'm3']] },
  })
  expect(cards(timeline)).toMatchObject([{ kind: 'reply', lost: false }])
})

test('clients come first, then messages to them; of the messages between seven members only the first is listed, and the rest is counted', () => {
  const config = {
    ...DEFAULT_CONFIG,
    members: 7,
    latencyMs: 30,
    peerLatencyMs: 10,
    expiryPhaseMs: 200,
  }
  const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
  const source = 'lease = grant 5\nkeep lease\nput /a $me with lease\nwrite x'
  for (const client of ['a', 'b', 'c']) timeline.submit({ type: 'script', client, source })
  timeline.advance(40)
  timeline.submit({ type: 'script', client: 'd', source })
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  const view = movesView({ sim: timeline.sim, ledger, last: timeline.lastEvent }, 'ticks')
  expect(view.groups.map(({ name }) => name)).toEqual(['clients', 'peers'])
  const [clients, peers] = view.groups
  expect(clients!.cards).toMatchObject([
    { kind: 'line', who: 'd', text: 'line 1: lease = grant 5' },
  ])
  expect(peers!.cards).toHaveLength(12)
  expect(peers!.more).toBeGreaterThan(0)
  expect(view.next).toBe(timeline.sim.moves().find(({ due }) => due.type === 'deliver-peer')!.id)
})

test('a late pass is a choice while it would find a lease now, even a lease that was not due at that pass', () => {
  const config = { ...DEFAULT_CONFIG, latencyMs: 3000, expiryPhaseMs: 200 }
  const timeline = new Timeline({ leasescope: 1, seed: 1, config, commands: [] })
  const request = (client: string, what: Request) =>
    timeline.submit({ type: 'request', client, request: what })
  const takeRequest = (client: string) => {
    const { id } = timeline.sim
      .moves()
      .find(
        ({ due }) =>
          due.type === 'deliver' &&
          due.message.client === client &&
          due.message.body.type === 'request',
      )!
    timeline.submit({ type: 'take', move: id, machinery: 'members' })
  }
  request('a', { type: 'LeaseGrant', TTL: 2 })
  timeline.advance(300)
  request('b', { type: 'LeaseGrant', TTL: 2 })
  takeRequest('a')
  takeRequest('b')
  const [first, second] = timeline.sim.members[0]!.leases()
  expect([first!.deadline, second!.deadline]).toEqual([5000, 5300])
  // The pass of 5.2 s would find the first lease, and waits to be chosen. Then the lease is
  // revoked.
  request('c', { type: 'LeaseRevoke', ID: first!.id })
  takeRequest('c')
  expect(timeline.now).toBe(6300)
  expect(cards(timeline).filter(({ kind }) => kind === 'expiry')).toMatchObject([
    { at: 5200, who: 'm1', lease: second!.id },
  ])
})
