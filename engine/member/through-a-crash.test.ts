// Calls to followers whose leader is gone, as recorded in every version (calls-through-a-crash).

import { describe, expect, test } from 'vitest'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { leaseId } from '../base/int64'
import type { Reply, Request } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import type { Config, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

const ID = leaseId(11)

/**
 * A cluster whose leader m1 fails at 1 s. Requests go to followers at their times (virtual ms); the
 * answers are returned by client.
 */
function hit(
  { etcd, seed = 1 }: { etcd: Config['etcd']; seed?: number },
  fault: Fault,
  asked: [at: number, client: string, member: string, request: Request][],
  then: [at: number, fault: Fault][] = [],
): { trace: TraceEvent[]; answers: Record<string, { at: number; reply: Reply }> } {
  const trace: TraceEvent[] = []
  const sim = new Simulation({ ...DEFAULT_CONFIG, members: 3, etcd }, seed, (event) =>
    trace.push(event),
  )
  sim.submit({
    type: 'request',
    client: 'svc',
    member: 'm2',
    request: { type: 'LeaseGrant', TTL: 20, ID },
  })
  sim.advance(1000)
  sim.submit({ type: 'fault', fault })
  const steps = [
    ...asked.map(([at, client, member, request]) => ({
      at,
      command: { type: 'request', client, member, request } as const,
    })),
    ...then.map(([at, later]) => ({ at, command: { type: 'fault', fault: later } as const })),
  ].sort((a, b) => a.at - b.at)
  for (const { at, command } of steps) {
    sim.advance(at)
    sim.submit(command)
  }
  sim.advance(16_000)
  const answers: Record<string, { at: number; reply: Reply }> = {}
  for (const event of trace)
    if (event.type === 'reply-received')
      answers[event.client] ??= { at: event.at, reply: event.reply }
  return { trace, answers }
}

const RENEWALS: [number, string, string, Request][] = [
  [1200, 'k', 'm2', { type: 'LeaseKeepAlive', ID }],
  [1280, 't', 'm3', { type: 'LeaseTimeToLive', ID }],
]

describe.each(ETCD_VERSIONS)('etcd %s', (etcd) => {
  test.each([1, 2, 3, 4])(
    'renewals are answered once there is a leader: the dead one refuses the connection (seed %i)',
    (seed) => {
      const { trace, answers } = hit({ etcd, seed }, { type: 'crash', member: 'm1' }, RENEWALS)
      const led = trace.find(({ type, at }) => type === 'promoted' && at > 1000)!.at
      for (const client of ['k', 't']) {
        expect(answers[client]!.at).toBeGreaterThanOrEqual(led)
        // A member without a known leader checks again after an election timeout (v3_server.go:
        // waitLeader).
        expect(answers[client]!.at).toBeLessThan(led + 1100)
      }
      expect(answers.k!.reply).toMatchObject({ type: 'LeaseKeepAlive', TTL: 20 })
      expect(answers.t!.reply).toMatchObject({ type: 'LeaseTimeToLive', grantedTTL: 20 })
    },
  )

  test('a renewal that waits for a frozen leader goes to the next leader when the frozen one is killed', () => {
    const { answers } = hit({ etcd }, { type: 'pause', member: 'm1' }, RENEWALS, [
      [1500, { type: 'crash', member: 'm1' }],
    ])
    expect(answers.k!.reply).toMatchObject({ type: 'LeaseKeepAlive', TTL: 20 })
    expect(answers.t!.reply).toMatchObject({ type: 'LeaseTimeToLive', grantedTTL: 20 })
    for (const client of ['k', 't']) expect(answers[client]!.at).toBeLessThan(5000)
  })

  test.each<[string, Fault]>([
    ['frozen', { type: 'pause', member: 'm1' }],
    ['cut off', { type: 'partition', groups: [['m1'], ['m2', 'm3']] }],
  ])('they keep waiting for a leader that is %s', (_, fault) => {
    const { answers } = hit({ etcd }, fault, RENEWALS)
    expect(answers.k).toMatchObject({
      at: 8202,
      reply: { type: 'error', message: 'etcdserver: request timed out' },
    })
    expect(answers.t).toMatchObject({
      at: 8282,
      reply: { type: 'error', message: 'etcdserver: request timed out' },
    })
  })

  test('only the member that became the leader reports a leader failure', () => {
    const texts = new Set<string>()
    for (let seed = 1; seed <= 6; seed++) {
      const { trace, answers } = hit({ etcd, seed }, { type: 'crash', member: 'm1' }, [
        [1050, 'm2', 'm2', { type: 'Put', key: 'a', value: '' }],
        [1060, 'm3', 'm3', { type: 'Put', key: 'b', value: '' }],
      ])
      const led = trace.find((event) => event.type === 'promoted' && event.at > 1000)!
      for (const client of ['m2', 'm3']) {
        const failed = 'member' in led && led.member === client
        const message = `etcdserver: request timed out${failed ? ', possibly due to previous leader failure' : ''}`
        expect(answers[client]!.reply, `${client}, seed ${seed}`).toMatchObject({
          type: 'error',
          code: 14,
          message,
        })
        texts.add(`${client} ${failed}`)
      }
    }
    expect(texts.size).toBe(4)
  })
})
