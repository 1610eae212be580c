// Membership changes of a running cluster: the behaviour of an etcd 3.4.23 on three ports of one
// machine, or of its sources where that was not tried.

import { describe, expect, test } from 'vitest'
import { errors } from '../base/errors'
import type { MemberId, Reply, Request } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import { Checker } from '../check/checker'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'

class Run {
  readonly trace: TraceEvent[] = []
  readonly sim: Simulation
  readonly checker = new Checker()

  constructor(config: Partial<Config> = {}) {
    this.sim = new Simulation({ ...DEFAULT_CONFIG, ...config }, 1, (event) => {
      this.trace.push(event)
      this.checker.see(event)
    })
  }

  /** Advances the time, and checks every step. */
  pass(ms: number): void {
    const until = this.sim.now + ms
    while (this.sim.nextAt() <= until) this.step()
    this.sim.advance(until)
  }

  step(): void {
    this.sim.step()
    this.checker.check(this.sim)
    expect(this.checker.violations).toEqual([])
  }

  ask(request: Request, member = 'm1', ms = 8000): Reply | undefined {
    const from = this.trace.length
    this.sim.submit({ type: 'request', client: 'c', request, member })
    const until = this.sim.now + ms
    for (;;) {
      const found = this.trace
        .slice(from)
        .find((event) => event.type === 'reply-received' && event.client === 'c')
      if (found?.type === 'reply-received') return found.reply
      if (this.sim.nextAt() > until) return undefined
      this.step()
    }
  }

  console(...lines: string[]): string {
    const from = this.trace.length
    this.sim.submit({ type: 'console', terminal: 't', text: lines.join('\n'), mode: 'strict' })
    for (let i = 0; i < 100_000 && this.sim.isBusy('t'); i++) this.step()
    return this.trace
      .slice(from)
      .flatMap((event) => (event.type === 'console-output' ? [event.text] : []))
      .join('')
  }

  add(port: number, isLearner: boolean, member = 'm1'): MemberId {
    const reply = this.ask(
      { type: 'MemberAdd', peerURLs: [`http://127.0.0.1:${port}`], isLearner },
      member,
    )
    if (reply?.type !== 'MemberAdd' || reply.member === undefined)
      throw new Error(JSON.stringify(reply))
    return reply.member.ID
  }

  start(name: string, port: number): string {
    return this.console(
      `etcd --name ${name} --initial-cluster-state existing --listen-client-urls http://127.0.0.1:${port - 1} --initial-advertise-peer-urls http://127.0.0.1:${port}`,
    )
  }

  member(name: string) {
    const found = this.sim.members.find(({ options }) => options.name === name)
    if (found === undefined) throw new Error(`no ${name}`)
    return found
  }

  get leader(): string | undefined {
    return this.sim.servers.find(({ member, state }) => state === 'up' && member.consensus.isLeader)
      ?.member.options.name
  }
}

const learnerText = errors.NotSupportedForLearner.message

describe('a second voter that has not started', () => {
  test("takes the only member's majority: leases freeze, and start again when it comes (semantics §10.25)", () => {
    const run = new Run()
    run.ask({ type: 'LeaseGrant', TTL: 10, ID: '0000000000000001' as never })
    run.pass(4000)
    run.add(42380, false)
    run.pass(3000)
    expect(run.leader).toBeUndefined()
    run.pass(20_000)
    expect(run.member('m1').lessor.has('0000000000000001' as never)).toBe(true)
    run.start('m2', 42380)
    run.pass(4000)
    expect(run.leader).toBeDefined()
    expect(
      run
        .member('m2')
        .membership.list()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['m1', 'm2'])
    const reply = run.ask({ type: 'LeaseTimeToLive', ID: '0000000000000001' as never })
    expect(reply?.type === 'LeaseTimeToLive' && reply.TTL).toBeGreaterThan(5)
    run.pass(15_000)
    expect(run.member('m2').lessor.has('0000000000000001' as never)).toBe(false)
  })
})

describe('a learner', () => {
  // etcd 3.4.23: "Error: etcdserver: rpc not supported for learner" to get, put, member list and
  // member promote asked of it; status and `get --consistency=s` are answered.
  const run = new Run()
  run.ask({ type: 'Put', key: 'a', value: '1' })
  const id = run.add(42380, true)
  test('changes no majority, cannot be promoted before it has started, and is the only one', () => {
    expect(run.leader).toBe('m1')
    expect(run.ask({ type: 'Put', key: 'a', value: '2' })?.type).toBe('Put')
    expect(run.ask({ type: 'MemberPromote', ID: id })).toEqual(errors.LearnerNotReady)
    expect(
      run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:52380'], isLearner: true }),
    ).toEqual(errors.TooManyLearners)
  })
  test('starts, catches up, and serves its status and serializable reads', () => {
    expect(run.console('etcdctl member list')).toContain(
      `${id}, unstarted, , http://127.0.0.1:42380, , true`,
    )
    run.start('m2', 42380)
    run.pass(1000)
    expect(run.console('etcdctl member list')).toContain(
      `${id}, started, m2, http://127.0.0.1:42380, http://127.0.0.1:42379, true`,
    )
    expect(run.ask({ type: 'Status' }, 'm2')).toMatchObject({ isLearner: true })
    expect(run.ask({ type: 'Range', key: 'a', serializable: true }, 'm2')).toMatchObject({
      count: 1,
    })
    for (const request of [
      { type: 'Range', key: 'a' },
      { type: 'Put', key: 'a', value: '' },
      { type: 'MemberList' },
      { type: 'LeaseGrant', TTL: 5 },
      { type: 'MemberPromote', ID: id },
    ] as Request[])
      expect(run.ask(request, 'm2')).toMatchObject({
        type: 'error',
        message: learnerText,
        code: 14,
      })
  })
  test('is promoted and votes', () => {
    expect(run.console(`etcdctl member promote ${id}`)).toContain(
      `Member ${id} promoted in cluster`,
    )
    run.pass(500)
    expect(run.member('m2').consensus.status().conf.voters.length).toBe(2)
    expect(run.ask({ type: 'Put', key: 'b', value: '' }, 'm2')?.type).toBe('Put')
  })
  test('refuses with another code from 3.6 on', () => {
    const newer = new Run({ etcd: '3.6' })
    newer.add(42380, true)
    newer.start('m2', 42380)
    newer.pass(1000)
    expect(newer.ask({ type: 'MemberList' }, 'm2')).toEqual(errors.NotSupportedForLearner)
  })
})

describe('strict reconfiguration', () => {
  // etcd 3.4.23, two started members of three: "re-configuration failed due to not enough started
  // members" to another add.
  test('adds one voter after another, each once the previous one has started and been connected for 5 s', () => {
    const run = new Run({ members: 3 })
    run.add(42380, false, 'm2')
    expect(run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:52380'] })).toEqual(
      errors.Unhealthy,
    )
    run.start('m4', 42380)
    run.pass(3000)
    expect(run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:52380'] })).toEqual(
      errors.Unhealthy,
    )
    run.pass(3000)
    expect(run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:52380'] })?.type).toBe(
      'MemberAdd',
    )
    // Four of five have started, and one is not connected at all.
    expect(run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:62380'] })).toEqual(
      errors.Unhealthy,
    )
  })
  test('two of two members and a third that has not started accept no fourth', () => {
    const run = new Run()
    run.add(42380, false)
    run.start('m2', 42380)
    run.pass(9000)
    run.add(52380, false)
    expect(run.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:62380'] })).toEqual(
      errors.NotEnoughStartedMembers,
    )
  })
  test('a member that is down may be removed, a needed member may not', () => {
    const run = new Run({ members: 3 })
    const [m1, , m3] = run.sim.members.map(({ options }) => options.ID)
    run.sim.submit({ type: 'fault', fault: { type: 'crash', member: 'm3' } })
    run.pass(100)
    expect(run.ask({ type: 'MemberRemove', ID: m1! }, 'm2')).toEqual(errors.Unhealthy)
    expect(run.ask({ type: 'MemberRemove', ID: m3! }, 'm2')?.type).toBe('MemberRemove')
    expect(run.ask({ type: 'MemberRemove', ID: m3! }, 'm2')).toEqual(errors.MemberNotFound)
  })
  test('a follower forwards a promotion to the leader', () => {
    const run = new Run({ members: 3 })
    const id = run.add(42380, true)
    expect(run.ask({ type: 'MemberPromote', ID: id }, 'm2')).toEqual(errors.LearnerNotReady)
    run.start('m4', 42380)
    run.pass(1000)
    expect(run.ask({ type: 'MemberPromote', ID: id }, 'm2')).toMatchObject({
      type: 'MemberPromote',
    })
  })
})

describe('a member that is removed', () => {
  // etcd 3.4.23: the leader, removed through itself, answered, and its process was gone half a
  // second later; a follower led the next term 1.6 s after the removal.
  test('stops if it is the leader, after it has answered, and another member leads', () => {
    const run = new Run({ members: 3 })
    const [m1] = run.sim.members.map(({ options }) => options.ID)
    expect(run.console(`etcdctl member remove ${m1}`)).toContain(
      `Member ${m1} removed from cluster`,
    )
    run.pass(3000)
    expect(run.sim.servers[0]!.state).toBe('down')
    expect(run.leader).toMatch(/m[23]/)
    expect(run.ask({ type: 'Put', key: 'a', value: '' }, 'm2')?.type).toBe('Put')
  })
  test('learns of its removal when it comes back', () => {
    const run = new Run({ members: 3 })
    const m3 = run.member('m3').options.ID
    run.sim.submit({ type: 'fault', fault: { type: 'crash', member: 'm3' } })
    run.pass(100)
    run.ask({ type: 'MemberRemove', ID: m3 })
    run.sim.submit({ type: 'fault', fault: { type: 'restart', member: 'm3' } })
    run.pass(3000)
    expect(run.sim.servers[2]!.state).toBe('down')
    expect(run.leader).toBe('m1')
  })
})

describe('a snapshot', () => {
  test('brings a slow member up to date: keys, leases without deadlines, members', () => {
    const run = new Run({ snapshotCount: 20, catchUpEntries: 5 })
    run.ask({ type: 'LeaseGrant', TTL: 60, ID: '0000000000000001' as never })
    for (let i = 0; i < 60; i++)
      run.ask({
        type: 'Put',
        key: `k${i}`,
        value: '',
        ...(i === 3 ? { lease: '0000000000000001' as never } : {}),
      })
    expect(run.member('m1').consensus.status().firstIndex).toBeGreaterThan(30)
    run.add(42380, true)
    run.start('m2', 42380)
    run.pass(1000)
    expect(run.trace.some(({ type }) => type === 'snapshot-restored')).toBe(true)
    const m2 = run.member('m2')
    expect(m2.store.revision).toBe(run.member('m1').store.revision)
    expect(m2.lessor.keysOf('0000000000000001' as never)).toEqual(['k3'])
    expect(m2.lessor.lookup('0000000000000001' as never)?.deadline).toBe(Number.MAX_SAFE_INTEGER)
    expect(m2.membership.list()).toEqual(run.member('m1').membership.list())
    for (const member of ['m1', 'm2']) {
      run.sim.submit({ type: 'fault', fault: { type: 'crash', member } })
      run.pass(50)
      run.sim.submit({ type: 'fault', fault: { type: 'restart', member } })
      run.pass(4000)
    }
    expect(run.ask({ type: 'Put', key: 'z', value: '' })?.type).toBe('Put')
    expect(run.ask({ type: 'Range', key: 'k', range_end: 'l' })).toMatchObject({ count: 60 })
    expect(
      run.ask({ type: 'LeaseTimeToLive', ID: '0000000000000001' as never, keys: true }),
    ).toMatchObject({ keys: ['k3'] })
  })

  test('keeps the log while it is in flight, and half a minute more: its receiver needs no second one', () => {
    const run = new Run({ snapshotCount: 20, catchUpEntries: 5, peerLatencyMs: 400 })
    const put = (count: number): void => {
      for (let i = 0; i < count; i++) run.ask({ type: 'Put', key: 'k', value: `${i}` })
    }
    put(60)
    run.add(42380, true)
    run.start('m2', 42380)
    while (!run.trace.some((event) => event.type === 'peer-sent' && event.what === 'MsgSnap'))
      run.step()
    const { firstIndex } = run.member('m1').consensus.status()
    put(100)
    run.pass(3000)
    const restored = run.trace.filter(({ type }) => type === 'snapshot-restored')
    expect(restored.length).toBe(1)
    expect(run.member('m1').consensus.status().firstIndex).toBe(firstIndex)
    expect(run.member('m2').store.revision).toBe(run.member('m1').store.revision)
    run.pass(30_000)
    put(30)
    expect(run.member('m1').consensus.status().firstIndex).toBeGreaterThan(firstIndex + 90)
  })

  test.each(['MsgSnap', 'snapshot-taken'])('that is lost (%s) is sent again', (what) => {
    const run = new Run({ snapshotCount: 20, catchUpEntries: 5, peerLatencyMs: 20 })
    for (let i = 0; i < 60; i++) run.ask({ type: 'Put', key: 'k', value: `${i}` })
    run.add(42380, true)
    run.start('m2', 42380)
    while (!run.trace.some((event) => event.type === 'peer-sent' && event.what === what)) run.step()
    run.sim.submit({ type: 'fault', fault: { type: 'partition', groups: [['m1'], ['m2']] } })
    run.pass(100)
    expect(run.trace.some((event) => event.type === 'message-lost' && event.what === what)).toBe(
      true,
    )
    for (let i = 0; i < 60; i++) run.ask({ type: 'Put', key: 'k', value: `${i}` })
    run.sim.submit({ type: 'fault', fault: { type: 'heal' } })
    run.pass(1000)
    expect(run.member('m2').store.revision).toBe(run.member('m1').store.revision)
  })
})

test('a run with a member that joined survives a save', () => {
  const run = new Run()
  run.add(42380, true)
  run.start('m2', 42380)
  run.pass(500)
  const saved = JSON.parse(JSON.stringify(run.sim.save()))
  const again = Simulation.load(saved, () => {})
  expect(again.fingerprint()).toBe(run.sim.fingerprint())
  again.advance(again.now + 5000)
  run.pass(5000)
  expect(again.fingerprint()).toBe(run.sim.fingerprint())
})

// As an etcd 3.4.23 answered on three ports of one machine.
describe('the URLs of one of three members are updated', () => {
  const run = new Run({ members: 3 })
  const ids = run.sim.members.map(({ options }) => options.ID as string)
  const [, id2, id3] = ids
  const shown = id3!.replace(/^0+/, '')
  const lists = (...names: string[]) => names.map((name) => run.member(name).membership.list())

  test('through any member, and all know them afterwards', () => {
    const said = run.console(
      `etcdctl --endpoints=http://127.0.0.1:22379 member update ${id3} --peer-urls=http://127.0.0.1:35555`,
    )
    // etcdctl prints IDs as %16x here, and as %x in lists.
    expect(said).toMatch(new RegExp(`^Member +${shown} updated in cluster +[0-9a-f]+\\n$`))
    run.pass(500)
    const [first, ...others] = lists('m1', 'm2', 'm3')
    expect(first!.find(({ ID }) => ID === id3)).toMatchObject({
      name: 'm3',
      peerURLs: ['http://127.0.0.1:35555'],
      isLearner: false,
    })
    for (const other of others) expect(other).toEqual(first)
    expect(run.trace.filter(({ type }) => type === 'cluster-changed')).toMatchObject([
      { change: 'MemberUpdate', peer: id3, voters: 3 },
    ])
    expect(run.console('etcdctl --endpoints=http://127.0.0.1:32379 member list')).toContain(
      `${shown}, started, m3, http://127.0.0.1:35555, http://127.0.0.1:32379, false`,
    )
  })

  test('its streams stay open: it hears the leader as before', () => {
    run.ask({ type: 'Put', key: 'a', value: '1' })
    run.pass(500)
    expect(run.ask({ type: 'Range', key: 'a', serializable: true }, 'm3')).toMatchObject({
      count: 1,
    })
    expect([run.leader, run.member('m1').term]).toEqual(['m1', 2])
  })

  test('not to the URLs of another member, and not for an unknown ID', () => {
    expect(run.console(`etcdctl member update ${id2} --peer-urls=http://127.0.0.1:2380`)).toContain(
      'Error: etcdserver: Peer URLs already exists',
    )
    expect(
      run.console('etcdctl member update 123456 --peer-urls=http://127.0.0.1:35556'),
    ).toContain('Error: etcdserver: member not found')
  })

  test('while a member is down: the update is accepted, and the member has it when it comes back', () => {
    run.sim.submit({ type: 'fault', fault: { type: 'crash', member: 'm2' } })
    run.pass(1000)
    expect(
      run.console(
        `etcdctl member update ${id3} --peer-urls=http://127.0.0.1:35557,http://127.0.0.1:35558`,
      ),
    ).toContain('updated in cluster')
    run.sim.submit({ type: 'fault', fault: { type: 'restart', member: 'm2' } })
    run.pass(3000)
    const [first, ...others] = lists('m1', 'm2', 'm3')
    expect(first!.find(({ ID }) => ID === id3)?.peerURLs).toEqual([
      'http://127.0.0.1:35557',
      'http://127.0.0.1:35558',
    ])
    for (const other of others) expect(other).toEqual(first)
  })

  test('without a majority nothing is decided: the caller waits for its own deadline, and the change in the log counts later', () => {
    for (const member of ['m2', 'm3'])
      run.sim.submit({ type: 'fault', fault: { type: 'crash', member } })
    const said = run.console(`etcdctl member update ${id3} --peer-urls=http://127.0.0.1:35560`)
    expect(said).toContain('Error: context deadline exceeded')
    expect(run.member('m1').membership.find(id3 as never)?.peerURLs).toEqual([
      'http://127.0.0.1:35557',
      'http://127.0.0.1:35558',
    ])
    for (const member of ['m2', 'm3'])
      run.sim.submit({ type: 'fault', fault: { type: 'restart', member } })
    run.pass(5000)
    const urls = lists('m1', 'm2', 'm3').map((list) => list.find(({ ID }) => ID === id3)?.peerURLs)
    expect(new Set(urls.map((each) => each?.join()))).toHaveProperty('size', 1)
  })
})

test('faults apply to a joining member of any name as to the initial members', () => {
  const run = new Run()
  run.add(42380, false)
  run.start('infra-4', 42380)
  run.pass(3000)
  expect(
    run.console(
      'pause infra-4',
      'disk infra-4 20',
      'clock infra-4 150',
      'wall-clock infra-4 -60',
      'delay infra-4-m1 5',
    ),
  ).toBe('')
  const server = run.sim.servers.find(({ member }) => member.options.name === 'infra-4')!
  expect([
    server.state,
    server.member.options.diskMs,
    server.member.clockPercent,
    server.member.wallSeconds,
  ]).toEqual(['paused', 20, 150, -60])
  expect(run.console('resume infra-4', 'crash infra-4', 'restart infra-4', 'stop infra-4')).toBe('')
  const told = run.trace
    .filter((event) => 'member' in event && event.member === 'infra-4')
    .map(({ type }) => type)
  for (const type of [
    'member-paused',
    'member-resumed',
    'member-crashed',
    'member-restarted',
    'member-stopping',
  ])
    expect(told).toContain(type)
})
