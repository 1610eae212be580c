import { afterEach, expect, test, vi } from 'vitest'
import type { Reply } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { Client } from '../client/client'
import type { Command, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import { Checker } from './checker'
import { backOffMs } from './progress'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A run that is checked at each step; commands by virtual ms. */
/** `deaf` is a bug: from this virtual ms on, clients do not receive answers of this kind. */
function run(
  until: number,
  commands: readonly (readonly [number, Command])[],
  deaf?: { to: Reply['type']; from: number },
): Checker {
  vi.restoreAllMocks()
  const checker = new Checker()
  const see = (event: TraceEvent): void => {
    if (
      deaf === undefined ||
      event.at < deaf.from ||
      event.type !== 'reply-received' ||
      event.reply.type !== deaf.to
    )
      checker.see(event)
  }
  if (deaf !== undefined) deafen(deaf.to, deaf.from)
  const sim = new Simulation({ ...DEFAULT_CONFIG, etcd: '3.6' }, 1, see)
  const advance = (to: number): void => {
    for (; sim.nextAt() <= to; checker.check(sim)) sim.step()
    sim.advance(to)
  }
  for (const [at, command] of commands) {
    advance(at)
    sim.submit(command)
    checker.check(sim)
  }
  advance(until)
  checker.checkAll(sim)
  return checker
}

const fault = (what: Fault): Command => ({ type: 'fault', fault: what })

function deafen(to: Reply['type'], from: number): void {
  const step = Client.prototype.step
  vi.spyOn(Client.prototype, 'step').mockImplementation(function (
    this: Client,
    input,
    now,
    trace,
    cause,
  ) {
    return now >= from && input.type === 'reply' && input.reply.type === to
      ? []
      : step.call(this, input, now, trace, cause)
  })
}

test('a call whose answer is lost for good is found, and only after the bound', () => {
  const put: Command = {
    type: 'request',
    client: 'a',
    request: { type: 'Put', key: 'k', value: 'v' },
  }
  expect(run(40_000, [[1000, put]], { to: 'Put', from: 0 }).violations).toEqual([])
  const [found, ...more] = run(200_000, [[1000, put]], { to: 'Put', from: 0 }).violations
  expect(more).toEqual([])
  expect(found).toMatchObject({ property: 'clients move on after a heal' })
  expect(found!.text).toMatch(/^a waits for the answer to its Put, /)
})

test('a keep-alive loop without answers is found', () => {
  const script: Command = { type: 'script', client: 'a', source: 'lease = grant 300\nkeep lease' }
  const [found] = run(400_000, [[1000, script]], { to: 'LeaseKeepAlive', from: 10_000 }).violations
  expect(found?.text).toMatch(/^the keep-alive loop of a has had no answer since 1\.00\d s, /)
})

test('nothing is reported while a fault is active, nor for a client that is down', () => {
  const put: Command = {
    type: 'request',
    client: 'a',
    request: { type: 'Put', key: 'k', value: 'v' },
  }
  expect(
    run(300_000, [
      [500, fault({ type: 'pause', member: 'm1' })],
      [1000, put],
    ]).violations,
  ).toEqual([])
  const script: Command = {
    type: 'script',
    client: 'a',
    source: 'lease = grant 5\nkeep lease\nput k v',
  }
  expect(
    run(300_000, [
      [500, script],
      [501, fault({ type: 'crash-client', client: 'a' })],
    ]).violations,
  ).toEqual([])
})

test('a client may wait for a lock that another client holds', () => {
  const lock: Command = {
    type: 'script',
    client: 'a',
    source: 'lease = grant 5\nkeep lease\nlock /job with lease',
  }
  expect(
    run(300_000, [
      [0, lock],
      [100, { ...lock, client: 'b' }],
    ]).violations,
  ).toEqual([])
})

test('the back-off after an outage has a bound', () => {
  expect(backOffMs(0)).toBe(1200)
  // 1 + 1.6 + 2.56 + 4.1 s of waits; the next is 6.55 s and at most a fifth more.
  expect(backOffMs(9256)).toBeGreaterThan(6554 * 1.19)
  expect(backOffMs(10_000_000)).toBe(144_000)
})
