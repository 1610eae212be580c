// One test for each row of versions.ts: the same run twice, with the row on and off and everything
// else equal, as a client sees it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { MemberId, Reply, Request } from '../base/rpc'
import { FakeCore } from '../test/fake-core'
import { Run, row } from '../test/version-rows'
import { MemberContext } from './context'
import { LeaseServer } from './lease-server'
import { DIFFERENCES, differencesOf } from './versions'

const ID = leaseId(1)
const GRANT: Request = { type: 'LeaseGrant', TTL: 20, ID }
const KEEP_ALIVE: Request = { type: 'LeaseKeepAlive', ID }
const LEFT: Request = { type: 'LeaseTimeToLive', ID }

row('preVote', 'a member that hears no other member keeps its term', (differences, isOn) => {
  const run = new Run({ differences })
  run.fault({ type: 'partition', groups: [['m1', 'm2'], ['m3']] })
  const status = run.until(8000).ask({ type: 'Status' }, 'm3')
  const before = 2
  if (isOn) expect(status).toMatchObject({ raftTerm: before })
  else expect(status.type === 'Status' && status.raftTerm).toBeGreaterThan(before + 2)
})

row(
  'checksLeadership',
  'a leader whose disk hangs revokes nothing that clients renew with the next one',
  (differences, isOn) => {
    const run = new Run({ differences })
    run.send({ ...GRANT, TTL: 4 }, 'm3')
    // The disk write of the put is so slow that the others elect m3. Meanwhile the expiry loop of
    // m1 runs on time.
    run.until(1000).fault({ type: 'disk', member: 'm1', ms: 8000 })
    run.send({ type: 'Put', key: 'k', value: '' }, 'm1')
    run.until(1100).fault({ type: 'disk', member: 'm1', ms: 0 })
    for (let at = 2000; at < 12_000; at += 1000) run.until(at).send(KEEP_ALIVE, 'm3')
    expect(run.trace.some((event) => event.type === 'lease-expired' && event.member === 'm1')).toBe(
      true,
    )
    expect(run.until(12_500).ask(LEFT, 'm3')).toMatchObject(
      isOn ? { grantedTTL: 4 } : { TTL: -1, grantedTTL: 0 },
    )
  },
)

row('trustsRecentTick', 'a renewal is answered without asking the others', (trusts, isOn) => {
  const run = new Run({ differences: { checksLeadership: true, ...trusts } })
  run.send(GRANT, 'm1')
  const renewal = run.until(1000).send(KEEP_ALIVE, 'm1')
  // One message each way; otherwise a heartbeat and its answer in between.
  expect(run.until(1100).answer(renewal)).toMatchObject({
    at: isOn ? 1002 : 1004,
    reply: { TTL: 20 },
  })
})

row(
  'renewWaitsForApplied',
  'a lease whose grant is committed, and not applied yet, is not answered as unknown',
  (differences, isOn) => {
    // Here committed entries are applied in the same step. So the window is tested on the machine
    // that waits.
    const self = '1' as MemberId
    const consensus = { lead: self, isLeader: true, commit: 5, applied: 4 }
    const core = new FakeCore(consensus, '3.4.23', differences)
    core.lessor.promote(0, 1000)
    const context = new MemberContext(
      10,
      { emit: () => 1, tells: () => true, connectedFor: () => null },
      1,
    )
    const server = new LeaseServer()
    server.keepAlive(core, context, 'c1', 1, ID, 1)
    core.lessor.grant(ID, 20, 10)
    consensus.applied = 5
    server.progressed(core, context)
    const replies = context.outputs.flatMap((output) =>
      output.type === 'reply' ? [output.reply] : [],
    )
    expect(replies).toMatchObject([{ TTL: isOn ? 20 : 0 }])
  },
)

row(
  'renewChecksAgain',
  'a renewal that waited answers TTL 0 for a lease revoked meanwhile',
  (differences, isOn) => {
    const run = new Run({ differences, checkpoint: 'on', checkpointIntervalMs: 10_000 })
    run.send(GRANT, 'm1')
    run.until(12_000).send({ type: 'LeaseRevoke', ID }, 'm1')
    expect(run.ask(KEEP_ALIVE, 'm1')).toMatchObject({ type: 'LeaseKeepAlive', TTL: isOn ? 0 : 20 })
    expect(run.ask(LEFT, 'm1')).toMatchObject({ TTL: -1 })
  },
)

row(
  'leaderAnswersDemoted',
  'a leader that does not count yet says that the leader changed',
  (differences, isOn) => {
    const run = new Run({ differences, peerLatencyMs: 20 })
    run.send(GRANT, 'm1')
    run.until(1000).moveLeader('m2')
    const asked: string[] = []
    for (let at = 1000; at < 1200; at += 5) asked.push(run.until(at).send(LEFT, 'm2'))
    const answers = asked.map((client) => run.until(3000).answer(client)?.reply)
    const forever = answers.some(
      (reply) => reply?.type === 'LeaseTimeToLive' && reply.TTL === 9_223_372_036,
    )
    const changed = answers.some(
      (reply) => reply?.type === 'error' && reply.message === 'etcdserver: leader changed',
    )
    expect([forever, changed]).toEqual([!isOn, isOn])
  },
)

row('pausesBetweenForwards', 'a renewal is tried again after 50 ms', (differences, isOn) => {
  const run = new Run({ differences, diskMs: 30 })
  const [first, next, third] = run
    .until(5000)
    .sim.members.slice()
    .sort((a, b) => Number(b.consensus.isLeader) - Number(a.consensus.isLeader))
  run.send(GRANT, first!.options.name)
  run.until(6000).moveLeader(next!.options.name)
  // The third member knows the new leader before the new leader counts down: its first entry is on
  // its way to the disks.
  while (third!.consensus.lead !== next!.options.ID) run.sim.step()
  const from = run.sim.now
  run.send(KEEP_ALIVE, third!.options.name)
  expect(next!.lessor.isPrimary).toBe(false)
  const renewed = run.until(from + 500).trace.findLast(({ type }) => type === 'lease-renewed')
  if (isOn) expect(renewed?.at).toBeGreaterThanOrEqual(from + 50)
  else expect(renewed?.at).toBeLessThan(from + 45)
})

row('checkpointPersists', 'a restart keeps what a checkpoint said', (differences, isOn) => {
  // Ten seconds by the checkpoint, or the whole TTL; plus the second of the promotion.
  expect(msAfterRestart(differences, [{ type: 'Put', key: 'k' }])).toBe(isOn ? 11_000 : 21_000)
  // The entry of a checkpoint without a later write is applied again; so is that of a renewal.
  expect(msAfterRestart(differences, [{ type: 'Range', key: 'k' }])).toBe(11_000)
  expect(msAfterRestart(differences, [KEEP_ALIVE])).toBe(21_000)
})

/**
 * Milliseconds that a checkpointed lease of 20 s has from its promotion, after a restart that
 * follows these requests.
 */
function msAfterRestart(differences: object, requests: Request[]): number {
  const run = new Run({ members: 1, differences, checkpoint: 'on', checkpointIntervalMs: 10_000 })
  run.send(GRANT, 'm1')
  run.until(14_000)
  for (const request of requests) run.send(request, 'm1')
  run.until(15_000).fault({ type: 'crash', member: 'm1' })
  run.fault({ type: 'restart', member: 'm1' })
  run.until(17_000)
  const promoted = run.trace.findLast(({ type }) => type === 'promoted')!.at
  return run.sim.members[0]!.lessor.lookup(ID)!.deadline - promoted
}

row('checkpointsAfterPromotion', 'a new primary checkpoints', (differences, isOn) => {
  const run = new Run({ differences, checkpoint: 'on', checkpointIntervalMs: 10_000 })
  run.send(GRANT, 'm1')
  run.until(1000).moveLeader('m2')
  run.until(13_000).moveLeader('m3')
  const left = run.until(13_500).ask(LEFT, 'm3')
  expect(left.type === 'LeaseTimeToLive' && left.TTL).toBe(isOn ? 11 : 20)
})

row('mutexChecksSession', 'a waiter whose lease has run out is refused', (differences, isOn) => {
  const run = new Run({ members: 1, differences })
  const [holder, waiter] = [leaseId(11), leaseId(12)]
  for (const [lease, TTL] of [
    [holder, 60],
    [waiter, 2],
  ] as const)
    run.send({ type: 'LeaseGrant', TTL, ID: lease }, 'm1')
  const held = run.until(10).ask({ type: 'Lock', name: 'L', lease: holder }, 'm1')
  const waits = run.send({ type: 'Lock', name: 'L', lease: waiter }, 'm1')
  run.until(4000).send({ type: 'Unlock', key: held.type === 'Lock' ? held.key : '' }, 'm1')
  const { reply } = run.until(4500).answer(waits)!
  expect(reply).toMatchObject(
    isOn ? { type: 'error', message: 'mutex: session is expired' } : { type: 'Lock' },
  )
})

row(
  'expiryQueueOnWallClock',
  'a wall clock put back keeps a lease that long after its time',
  (differences, isOn) => {
    const run = new Run({ members: 1, differences, expiryPhaseMs: 0 })
    run.send({ ...GRANT, TTL: 10 }, 'm1')
    run.until(2000).fault({ type: 'wall-clock', member: 'm1', seconds: -30 })
    expect(run.until(24_500).ask(LEFT, 'm1')).toMatchObject(
      isOn ? { TTL: -14, grantedTTL: 10 } : { TTL: -1, grantedTTL: 0 },
    )
    run.until(60_000)
    const revoked = run.trace.find(({ type }) => type === 'lease-revoked')!.at
    // Granted at 1 ms; passes are every half second.
    expect(revoked).toBe(isOn ? 40_500 : 10_500)
  },
)

test('a wall clock set forward makes 3.4 check early, and then not again for seven seconds: late, never early', () => {
  for (const isOn of [true, false]) {
    const run = new Run({
      members: 1,
      differences: { expiryQueueOnWallClock: isOn },
      expiryPhaseMs: 0,
    })
    run.send({ ...GRANT, TTL: 10 }, 'm1')
    run.until(9000).fault({ type: 'wall-clock', member: 'm1', seconds: 60 })
    run.until(20_000)
    expect(run.trace.find(({ type }) => type === 'lease-revoked')!.at).toBe(isOn ? 16_500 : 10_500)
  }
})

row(
  'unlockRefusesReleased',
  'a client that unlocks a lock that it does not hold gets an error',
  (differences, isOn) => {
    const run = new Run({ members: 1, differences })
    const source = 'lease = grant 60\ntoken = lock /job with lease\nunlock /job\nunlock /job'
    run.sim.submit({ type: 'script', client: 'a', source })
    run.until(1000)
    expect(run.trace.find(({ type }) => type === 'program-ended')).toMatchObject({ failed: isOn })
    const client = run.sim.clients.find(({ id }) => id === 'a')!
    expect(client.program?.runner?.ended?.why).toContain(
      isOn ? 'mutex: lock has already been released' : '',
    )
  },
)

row('statusTellsStorage', 'a status tells of the storage', (differences, isOn) => {
  const status = new Run({ members: 1, differences }).ask({ type: 'Status' }, 'm1')
  if (isOn)
    expect(status).toMatchObject({
      storageVersion: '3.5.0',
      dbSizeQuota: 2_147_483_648,
      downgradeInfo: {},
    })
  else expect(status).not.toHaveProperty('storageVersion')
})

row(
  'progressWaitsForSync',
  'a progress request waits for a watch that is behind',
  (differences, isOn) => {
    const run = new Run({ members: 1, differences })
    run.send({ type: 'Put', key: 'k', value: '' }, 'm1')
    run.until(110)
    run.sim.submit({
      type: 'program',
      client: 'watcher',
      program: [{ op: 'watch', request: { type: 'WatchCreate', key: 'k', start_revision: 2 } }],
    })
    run.sim.step()
    const { rpc } = run.trace.findLast((event) => event.type === 'request-sent')!
    run.sim.advance(150)
    const member = run.sim.members[0]!
    const deaf = { emit: () => 1, tells: () => false, connectedFor: () => null }
    const told = member.step(
      { type: 'request', client: 'watcher', rpc, request: { type: 'WatchProgress' } },
      150,
      deaf,
      1,
    )
    expect(told.some((output) => output.type === 'reply')).toBe(!isOn)
  },
)

row('addNeedsQuorum', 'a voter is added while another one has not started', (differences, isOn) => {
  const run = new Run({ differences })
  const add = (port: number): Reply =>
    run.ask({ type: 'MemberAdd', peerURLs: [`http://127.0.0.1:${port}`] }, 'm1')
  run.until(6000)
  expect(add(42_380)).toMatchObject({ type: 'MemberAdd' })
  expect(add(52_380)).toMatchObject(
    isOn ? { type: 'MemberAdd' } : { type: 'error', message: 'etcdserver: unhealthy cluster' },
  )
})

row(
  'memberListReads',
  'a member without a quorum lists no members for those who want the newest list',
  (differences, isOn) => {
    const run = new Run({ members: 1, differences })
    run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:22380'] }, 'm1')
    const [newest, any] = [
      run.send({ type: 'MemberList', linearizable: true }, 'm1'),
      run.send({ type: 'MemberList' }, 'm1'),
    ]
    run.until(10_000)
    expect(run.answer(any)?.reply).toMatchObject({ type: 'MemberList' })
    expect(run.answer(newest)?.reply).toMatchObject(
      isOn ? { type: 'error', message: 'etcdserver: request timed out' } : { type: 'MemberList' },
    )
  },
)

row(
  'joinerAsksPeers',
  'a second member starts its Raft only after its peer could not read for 7 s',
  (differences, isOn) => {
    const run = new Run({ members: 1, differences })
    run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:22380'] }, 'm1')
    const text =
      'etcd --name m2 --initial-cluster-state existing --listen-client-urls http://127.0.0.1:22379 --initial-advertise-peer-urls http://127.0.0.1:22380'
    run.until(1400)
    run.sim.submit({ type: 'console', terminal: 't', text, mode: 'strict' })
    run.until(12_000)
    const led = run.trace.findLast(({ type }) => type === 'promoted')!.at
    if (isOn) expect(led).toBeGreaterThan(1400 + 7000)
    else expect(led).toBeLessThan(1400 + 2000)
  },
)

row(
  'neverProposedIsDeadline',
  'a proposal that no leader received ends with code 4',
  (differences, isOn) => {
    const run = new Run({ differences })
    for (const member of ['m2', 'm3']) run.fault({ type: 'crash', member })
    const put = run.until(4000).send({ type: 'Put', key: 'k', value: '' }, 'm1')
    expect(run.until(12_000).answer(put)).toEqual({
      at: 11_002,
      reply: { type: 'error', code: isOn ? 4 : 2, message: 'context deadline exceeded' },
    })
  },
)

row(
  'learnerRefusesAsUnavailable',
  'a learner refuses with a code that makes clients try again',
  (differences, isOn) => {
    const run = new Run({ members: 1, differences })
    run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:22380'], isLearner: true }, 'm1')
    const text =
      'etcd --name m2 --initial-cluster-state existing --listen-client-urls http://127.0.0.1:22379 --initial-advertise-peer-urls http://127.0.0.1:22380'
    run.sim.submit({ type: 'console', terminal: 't', text, mode: 'strict' })
    const refused = run.until(1000).ask({ type: 'MemberList' }, 'm2')
    expect(refused).toEqual({
      type: 'error',
      code: isOn ? 14 : 9,
      message: 'etcdserver: rpc not supported for learner',
    })
  },
)

test('every row has a test', () => {
  const texts = ['versions.test.ts', 'versions-api.test.ts']
    .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
    .join('\n')
  const tested = [...texts.matchAll(/^row\(\s*'(\w+)'/gm)].map(([, name]) => name)
  expect(tested.sort()).toEqual([...DIFFERENCES].sort())
})

test('a named row is set, the others stay as the version has them', () => {
  const plain = differencesOf({ etcdVersion: '3.5.35', differences: {} })
  expect(differencesOf({ etcdVersion: '3.5.35', differences: { preVote: false } })).toEqual({
    ...plain,
    preVote: false,
  })
  expect(differencesOf({ etcdVersion: '2.3.8', differences: {} })).toEqual(
    differencesOf({ etcdVersion: '3.4.23', differences: {} }),
  )
})
