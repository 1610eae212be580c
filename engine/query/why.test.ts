import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Command, Fault } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { LeaseNames } from '../text/names'
import { compare } from './compare'
import { Ledger } from './ledger'
import { why } from './why'

function story(): Timeline {
  const timeline = new Timeline({
    leasescope: 1,
    seed: 1,
    config: { ...DEFAULT_CONFIG, latencyMs: 30 },
    commands: [
      {
        type: 'program',
        client: 'svc',
        program: [
          { op: 'session', ttlSeconds: 10, as: 'lease' },
          { op: 'put', key: '/svc/a', value: 'up', lease: '$lease' },
        ],
        at: 0,
      },
    ],
  })
  timeline.advance(5000)
  return timeline
}

function chain(timeline: Timeline, type: string, first = false): string[] {
  const found = timeline.trace.filter((each) => each.type === type)
  const event = (first ? found[0] : found.at(-1))!
  return why(timeline.trace, event.id, LeaseNames.of(timeline.trace))!.reasons.map(
    ({ depth, missing, line }) => `${' '.repeat(depth)}${missing ?? line!.text}`,
  )
}

describe('why', () => {
  test('has the requested TTL of the lease that ends in the answer', () => {
    const timeline = story()
    timeline.submit({
      type: 'console',
      terminal: 't1',
      text: 'etcdctl lease grant 20',
      mode: 'strict',
    })
    timeline.advance(30_000)
    const names = LeaseNames.of(timeline.trace)
    const ttlOf = (type: string) =>
      why(timeline.trace, timeline.trace.findLast((each) => each.type === type)!.id, names)!
        .ttlSeconds
    expect(ttlOf('lease-revoked')).toBe(20)
    expect(ttlOf('key-put')).toBeNull()
  })
  test('a key goes with its lease because a heartbeat was stopped', () => {
    const timeline = story()
    const [{ lease } = { lease: '' }] = timeline.sim.clients[0]!.beliefs
    timeline.submit({ type: 'heartbeat', client: 'svc', lease, on: false } as Command)
    timeline.advance(20_000)
    expect(chain(timeline, 'key-deleted')).toEqual([
      'm1 deletes key /svc/a at revision 3: its lease L1 has expired',
      ' m1 revokes L1 (expired) and deletes 1 key at revision 3',
      '  m1 finds that L1 has expired (due at 13.597) and proposes its revoke',
      '   No keep-alive has reached m1 since 3.597 s',
      '    svc stops its keep-alive loop for L1',
      '     > svc heartbeat off for L1',
    ])
  })
  test('a key goes with its lease because the network cut off its client, and the lost messages are counted', () => {
    const timeline = story()
    timeline.submit({ type: 'fault', fault: { type: 'partition', groups: [['svc'], ['m1']] } })
    timeline.advance(25_000)
    const lines = chain(timeline, 'key-deleted')
    expect(lines[3]).toMatch(
      /No keep-alive has reached m1 since 3.597 s \(\d+ keep-alive messages waited for the end of a cut\)/,
    )
    expect(lines.join('\n')).toContain('the network splits')
    expect(lines.join('\n')).toMatch(
      /svc does not reach m1: the request waits for the end of the cut/,
    )
  })
  test('a key is there because a program puts it, without the internal events between', () => {
    const lines = chain(story(), 'key-put')
    expect(lines[0]).toContain('creates key /svc/a')
    expect(lines.at(-1)).toMatch(/^ +> svc/)
    expect(lines.length).toBeLessThan(8)
  })
  test.each([
    [
      'frozen-leader',
      [
        'm3 deletes key /svc/a at revision 3: its lease L1 has expired',
        ' m3 revokes L1 (expired) and deletes 1 key at revision 3',
        '  m3 finds that L1 has expired (due at 9.459) and proposes its revoke',
        '   m3 counts the lease to a new deadline since 4.459 s, and no keep-alive came',
        '    m3 becomes leader in term 3 and counts down 1 lease',
        '     The other members did not hear m1, the leader before. The election timeout of m3 ended first',
        '      m1 freezes',
        '       > pause m1',
      ],
    ],
    [
      'old-leader-behind-a-wall',
      [
        'm2 deletes key /svc/a at revision 3: its lease L1 has expired',
        ' m2 revokes L1 (expired) and deletes 1 key at revision 3',
        '  m2 finds that L1 has expired (due at 10.262) and proposes its revoke',
        '   m2 counts the lease to a new deadline since 4.262 s, and no keep-alive came',
        '    > the network splits: m1 svc | m2 m3',
        '     > partition m1,svc m2,m3',
        '    m2 becomes leader in term 3 and counts down 1 lease',
        '     The other members did not hear m1, the leader before. The election timeout of m2 ended first',
      ],
    ],
    [
      'beat-3-leader-dies',
      [
        'm3 deletes key /svc/a at revision 3: its lease L1 has expired',
        ' m3 revokes L1 (expired) and deletes 1 key at revision 3',
        '  m3 finds that L1 has expired (due at 21.565) and proposes its revoke',
        '   m3 counts the lease to a new deadline since 10.565 s, and no keep-alive came',
        '    svc stops its keep-alive loop for L1',
        '     > svc heartbeat off for L1',
        '    m3 becomes leader in term 3 and counts down 1 lease',
        '     The other members did not hear m1, the leader before. The election timeout of m3 ended first',
        '      m1 crashes: writes that were not on its disk are lost',
        '       > crash m1',
      ],
    ],
    [
      'too-late',
      [
        'm1 deletes key /svc/a at revision 3: its lease L1 has expired',
        ' m1 revokes L1 (expired) and deletes 1 key at revision 3',
        '  m1 finds that L1 has expired (due at 17.104) and proposes its revoke',
        '   The keep-alives after 7.104 s did not reach m1 in time',
        '    m1 does not renew L1: its time is up. The request waits for the revoke',
        '     svc starts its keep-alive loop for L1',
        '      > svc heartbeat on for L1',
        '    svc stops its keep-alive loop for L1',
        '     > svc heartbeat off for L1',
      ],
    ],
    [
      'lab-slow-clock',
      [
        'm1 deletes key /job/6a6c9bf08e006c01 at revision 3: its lease L1 has expired',
        ' m1 revokes L1 (expired) and deletes 1 key at revision 3',
        '  m1 finds that L1 has expired (due at 3.032) and proposes its revoke',
        '   No client has sent a keep-alive since 0.032 s',
        '    m1 grants L1 for 3 s, due at 3.032',
        '     b runs line 1: lease = grant 3',
        '      > b starts a program of 10 lines',
      ],
    ],
  ])('the key of a story is deleted: %s', (name, lines) => {
    const { recording } = playScenario(
      parseScenario(
        readFileSync(join(import.meta.dirname, `../scenario/catalogue/${name}.txt`), 'utf8'),
      ),
    )
    const timeline = new Timeline(recording)
    while (timeline.commandsAhead > 0) timeline.step()
    timeline.advance(timeline.now + 20_000)
    expect(chain(timeline, 'key-deleted', true)).toEqual(lines)
  })
  test('a network that is bad one way, lossy, slow, held back or dropped by hand is a reason', () => {
    const faults: [Fault, RegExp][] = [
      [{ type: 'cut', from: ['svc'], to: ['m1'] }, /messages from svc no longer reach m1/],
      [{ type: 'cut', from: ['m1'], to: ['svc'] }, /messages from m1 no longer reach svc/],
      [
        { type: 'link', link: { from: 'svc', to: 'm1' }, dial: 'loss', value: 100 },
        /the link svc-m1 loses/,
      ],
      [
        { type: 'link', link: { from: 'svc', to: 'm1' }, dial: 'delay', value: 30_000 },
        /the link svc-m1 takes 30000 ms longer/,
      ],
      [{ type: 'link', link: null, dial: 'loss', value: 100 }, /every link loses/],
    ]
    for (const [fault, words] of faults) {
      const timeline = story()
      timeline.submit({ type: 'fault', fault })
      timeline.advance(40_000)
      expect(chain(timeline, 'key-deleted', true).join('\n')).toMatch(words)
    }
  })

  test('a message that was dropped by hand, and a message that was held back by hand', () => {
    for (const fate of ['drop', 'delay'] as const) {
      const timeline = story()
      timeline.advance(7100)
      const [flight] = timeline.sim
        .moves()
        .flatMap(({ due }) =>
          due.type === 'deliver' && due.message.body.type === 'request' ? [due.message] : [],
        )
      if (flight === undefined) throw new Error('no keep-alive is in flight')
      const rest = fate === 'drop' ? { fate } : { fate, ms: 60_000 }
      timeline.submit({ type: 'fault', fault: { type: 'message', message: flight.id, ...rest } })
      // The following messages do not arrive either, for another reason.
      timeline.advance(7140)
      timeline.submit({ type: 'fault', fault: { type: 'pause', member: 'm1' } } as Command)
      timeline.advance(7150)
      expect(timeline.trace.some((event) => event.type === 'message-lost')).toBe(false)
    }
  })

  test('another leader follows because the leader’s disk is slow, or because no member hears it', () => {
    for (const [fault, words] of [
      [
        { type: 'cut', from: ['m1'], to: ['m2', 'm3'] },
        'messages from m1 no longer reach m2 and m3',
      ],
      [{ type: 'link', link: null, dial: 'loss', value: 100 }, 'every link loses'],
    ] as [Fault, string][]) {
      const timeline = new Timeline({
        leasescope: 1,
        seed: 1,
        config: { ...DEFAULT_CONFIG, members: 3 },
        commands: [],
      })
      timeline.advance(1000)
      timeline.submit({ type: 'fault', fault })
      timeline.advance(6000)
      timeline.submit({ type: 'fault', fault: { type: 'heal' } })
      timeline.advance(12_000)
      const lines = chain(timeline, 'promoted').join('\n')
      expect(lines).toContain(words)
    }
  })

  test('a renewal is there because of the keep-alive loop, and the loop because of the line that started it', () => {
    const timeline = story()
    timeline.advance(20_000)
    const rest = [
      ' svc starts its keep-alive loop for L1',
      '  m1 grants L1 for 10 s, due at 10.030',
      '   svc runs line 1: lease = session(ttl 10 s)',
      '    > svc starts a program of 2 lines',
    ]
    expect(chain(timeline, 'lease-renewed', true)).toEqual([
      'm1 renews L1 for 10 s, due at 10.090',
      ...rest,
    ])
    expect(chain(timeline, 'lease-renewed').slice(1)).toEqual(rest)
  })

  test('a client gives its lease up because no answer came, and the reason for that is named', () => {
    const timeline = story()
    timeline.submit({ type: 'fault', fault: { type: 'cut', from: ['m1'], to: ['svc'] } })
    timeline.advance(20_000)
    expect(chain(timeline, 'lease-believed-lost')).toEqual([
      'svc gives up L1: no answer came in time',
      ' No answer about the lease has reached svc since 3.627 s',
      '  m1 does not reach svc: the reply waits for the end of the cut',
      '   > messages from m1 no longer reach svc',
      '    > partition m1 to svc',
    ])
  })

  test('a call of a terminal waits because of a fault of the terminal', () => {
    const timeline = story()
    timeline.submit({ type: 'fault', fault: { type: 'cut', from: ['t1'], to: ['m1'] } })
    timeline.submit({ type: 'console', terminal: 't1', text: 'etcdctl get a', mode: 'strict' })
    timeline.advance(8000)
    expect(chain(timeline, 'call-waits', true)).toEqual([
      't1 has no connection to m1: Range waits for one',
      ' > messages from t1 no longer reach m1',
      '  > partition t1 to m1',
    ])
  })

  test('a requested leader is not there because of an earlier fault', () => {
    const timeline = new Timeline({
      leasescope: 1,
      seed: 1,
      config: { ...DEFAULT_CONFIG, members: 3 },
      commands: [],
    })
    timeline.submit({ type: 'fault', fault: { type: 'disk', member: 'm1', ms: 1 } })
    const m2 = timeline.sim.members[1]!.options.ID
    timeline.submit({
      type: 'console',
      terminal: 't1',
      text: `etcdctl move-leader ${m2}`,
      mode: 'strict',
    })
    timeline.advance(8000)
    const lines = chain(timeline, 'promoted')
    expect(lines[0]).toBe('m2 becomes leader in term 3 and counts down no lease')
    expect(lines.join('\n')).not.toContain('did not hear')
    expect(lines.join('\n')).toContain('etcdctl move-leader')
  })

  test('a leader steps down because it did not hear a quorum, and others follow the member that won', () => {
    const timeline = new Timeline({
      leasescope: 1,
      seed: 1,
      config: { ...DEFAULT_CONFIG, members: 3 },
      commands: [],
    })
    timeline.advance(1000)
    for (const member of ['m2', 'm3'])
      timeline.submit({ type: 'fault', fault: { type: 'crash', member } })
    timeline.advance(8000)
    expect(chain(timeline, 'demoted')).toEqual([
      'm1 steps down in term 2',
      ' m1 is a follower in term 2 and knows no leader',
      '  m1 did not hear a quorum in time',
      '   m3 crashes: writes that were not on its disk are lost',
      '    > crash m3',
      '   m2 crashes: writes that were not on its disk are lost',
      '    > crash m2',
    ])
    const moved = timeline.fork()
    moved.submit({ type: 'fault', fault: { type: 'restart', member: 'm2' } })
    moved.advance(20_000)
    const follows = moved.trace.findLast(
      (event) => event.type === 'role-changed' && event.role === 'follower' && event.lead !== null,
    )!
    const lines = why(moved.trace, follows.id, LeaseNames.of(moved.trace))!.reasons.map(
      ({ missing, line }) => missing ?? line!.text,
    )
    expect(lines[1]).toMatch(/^m\d wins the election in term \d+$/)
  })

  test('the first leader is there because no member heard a leader, and a lone member leads again after its restart', () => {
    const timeline = story()
    expect(chain(timeline, 'promoted')).toEqual([
      'm1 becomes leader in term 2 and counts down no lease',
      ' No member heard a leader',
      '  > the cluster starts',
    ])
    for (const type of ['crash', 'restart'] as const)
      timeline.submit({ type: 'fault', fault: { type, member: 'm1' } })
    timeline.advance(9000)
    expect(chain(timeline, 'promoted').slice(1)).toEqual([
      ' m1 heard no leader after its restart',
      '  m1 restarts from its disk',
      '   > restart m1',
    ])
  })

  test('an event has its question', () => {
    const timeline = story()
    timeline.advance(5000)
    const titles = timeline.trace.map(
      ({ id }) => why(timeline.trace, id, LeaseNames.of(timeline.trace))!.title,
    )
    for (const title of [
      'Why is L1 granted?',
      'Why is L1 renewed?',
      'Why is /svc/a written?',
      'Why does m1 become leader?',
    ])
      expect(titles).toContain(title)
  })

  test('an event of another component is no reason', () => {
    const timeline = story()
    const [{ lease } = { lease: '' }] = timeline.sim.clients[0]!.beliefs
    timeline.submit({ type: 'program', client: 'other', program: [] })
    timeline.submit({ type: 'heartbeat', client: 'svc', lease, on: false } as Command)
    timeline.advance(6000)
    timeline.submit({ type: 'fault', fault: { type: 'crash-client', client: 'other' } })
    timeline.advance(25_000)
    expect(chain(timeline, 'key-deleted').join('\n')).not.toContain('other')
  })
  test('an unknown event has no reasons', () => {
    expect(why([], 1, new LeaseNames())).toBeNull()
  })
})

describe('compare', () => {
  const scene = (timeline: Timeline) => {
    const ledger = new Ledger()
    ledger.follow(timeline.trace)
    return {
      scene: { sim: timeline.sim, ledger, last: timeline.lastEvent },
      end: timeline.end,
      checks: { violations: [], seen: 0 },
    }
  }
  test('two futures differ from the first event that only one has, and in its effects', () => {
    const here = story()
    const there = here.fork()
    there.submit({
      type: 'console',
      terminal: 't1',
      text: 'etcdctl put a 1\netcdctl lease grant 60',
      mode: 'strict',
    })
    for (const timeline of [here, there]) timeline.advance(8000)
    const view = compare(scene(here), scene(there), { id: 2, name: 'other' })
    expect(view.parting?.there?.text).toContain('etcdctl put a 1')
    expect(view.there.keys).toEqual([{ id: 'a', is: '1', differs: null }])
    expect(view.here.keys).toEqual([])
    const leases = [view.here, view.there].map((pane) =>
      pane.leases.map(({ is, differs }) => [is.ttlSeconds, is.keys, differs]),
    )
    expect(leases[0]).toEqual([[10, [{ key: '/svc/a', value: 'up' }], []]])
    expect(leases[1]).toEqual([
      [10, [{ key: '/svc/a', value: 'up' }], []],
      [60, [], null],
    ])
    expect(view.there.clients.map(({ id, differs }) => [id, differs])).toEqual([
      ['svc', []],
      ['t1', null],
    ])
    // The key, the lease and the terminal, each on one side alone.
    expect(view.different).toBe(3)
  })
  test('a thing that differs names its differences on both sides, and counts once', () => {
    const here = story()
    const there = here.fork()
    const [{ lease } = { lease: '' }] = there.sim.clients[0]!.beliefs
    there.submit({ type: 'heartbeat', client: 'svc', lease, on: false } as Command)
    for (const timeline of [here, there]) timeline.advance(8000)
    const view = compare(scene(here), scene(there), { id: 2, name: 'other' })
    for (const pane of [view.here, view.there]) {
      expect(pane.leases.map(({ differs }) => differs)).toEqual([['time left']])
      expect(pane.clients.map(({ differs }) => differs)).toEqual([['belief', 'heartbeat']])
      expect(pane.members.map(({ differs }) => differs)).toEqual([[]])
    }
    expect(view.different).toBe(2)
  })
  test('of many things of a kind the different ones are shown, and the rest is counted on both sides', () => {
    const here = new Timeline({ leasescope: 1, seed: 1, config: DEFAULT_CONFIG, commands: [] })
    const grants = Array.from({ length: 55 }, () => 'etcdctl lease grant 60').join('\n')
    here.submit({ type: 'console', terminal: 't1', text: grants, mode: 'strict' })
    here.advance(3000)
    const there = here.fork()
    there.submit({
      type: 'console',
      terminal: 't1',
      text: 'etcdctl lease grant 90',
      mode: 'strict',
    })
    there.advance(4000)
    here.advance(4000)
    const view = compare(scene(here), scene(there), { id: 2, name: 'other' })
    const [mine, its] = [view.here.leases.length, view.there.leases.length]
    expect(mine).toBe(its)
    expect(view.more).toBe(55 + 56 - mine - its)
    expect(view.more).toBeGreaterThan(0)
    expect(view.there.leases.filter(({ differs }) => differs === null)).toMatchObject([
      { is: { ttlSeconds: 90 } },
    ])
  })
  test('where one future continues alone, they differ from the first line that the other does not have', () => {
    const here = story()
    const there = here.fork()
    here.advance(12_000)
    const [first, other] = [
      compare(scene(here), scene(there), { id: 2, name: 'other' }),
      compare(scene(there), scene(here), { id: 1, name: 'main' }),
    ]
    expect(first.parting).toMatchObject({ here: { at: expect.any(Number) }, there: null })
    expect(first.parting!.here!.at).toBeGreaterThanOrEqual(there.now)
    expect(other.parting).toEqual({ here: null, there: first.parting!.here })
  })
  test('the runs of a fork without a command are still identical', () => {
    const here = story()
    const view = compare(scene(here), scene(here.fork()), { id: 2, name: 'other' })
    expect(view.parting).toBeNull()
    expect(view.different).toBe(0)
  })

  test('two clients are in a critical section because the lease of one is gone, and that end has its own causes', () => {
    const file = readFileSync(
      join(import.meta.dirname, '../scenario/catalogue/lab-dead-waiter-3.4.txt'),
      'utf8',
    )
    const { events } = playScenario(parseScenario(file))
    const clash = events.find(({ type }) => type === 'exclusion-broken')!
    const lines = why(events, clash.id, LeaseNames.of(events))!.reasons.map(
      ({ depth, missing, line }) => `${' '.repeat(depth)}${missing ?? line!.text}`,
    )
    expect(lines.slice(0, 6)).toEqual([
      'b is in the critical section /job together with c: two at once. L2 of b is gone',
      ' m1 revokes L2 (expired) and deletes 1 key at revision 5',
      '  m1 finds that L2 has expired (due at 5.292) and proposes its revoke',
      '   No keep-alive has reached m1 since 0.292 s',
      '    b freezes: it sends nothing and does not notice that time passes',
      '     > pause b',
    ])
    expect(lines).toContain(' b enters the critical section /job')
    expect(lines).toContain(' c enters the critical section /job')
  })
  test('a stale write is taken because the lease of its writer ended', () => {
    const file = readFileSync(
      join(import.meta.dirname, '../scenario/catalogue/lab-late-write-fence-off.txt'),
      'utf8',
    )
    const { events } = playScenario(parseScenario(file))
    const write = events.find((event) => event.type === 'write-taken' && event.stale)!
    const lines = why(events, write.id, LeaseNames.of(events))!.reasons.map(
      ({ missing, line }) => missing ?? line!.text,
    )
    expect(lines[1]).toMatch(/revokes L1 \(expired\)/)
    expect(lines).toContain('> pause a')
  })
  test('a line of a pasted script is there because it was typed, whatever the previous line did', () => {
    const timeline = story()
    const text = 'etcdctl put a 1\netcdctl put b 2'
    timeline.submit({ type: 'console', terminal: 't1', text, mode: 'strict' })
    timeline.advance(8000)
    const lines = chain(timeline, 'console-line')
    expect(lines[0]).toContain('etcdctl put b 2')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^ > /)
  })
  test('of a long program the causing line is shown, and the three lines before', () => {
    const timeline = new Timeline({
      leasescope: 1,
      seed: 1,
      config: { ...DEFAULT_CONFIG, latencyMs: 30 },
      commands: [],
    })
    timeline.submit({
      type: 'script',
      client: 'w',
      source: [1, 2, 3, 4, 5, 6].map((n) => `put k${n} ${n}`).join('\n'),
    })
    timeline.advance(5000)
    expect(
      chain(timeline, 'key-put')
        .filter((text) => /w runs line/.test(text))
        .map((text) => /line \d/.exec(text)![0]),
    ).toEqual(['line 6', 'line 5', 'line 4', 'line 3'])
  })
  test('only a client that kept the lease alive is named where no keep-alive came', () => {
    const timeline = story()
    const [{ lease } = { lease: '' }] = timeline.sim.clients[0]!.beliefs
    timeline.submit({
      type: 'script',
      client: 'other',
      source: 'mine = grant 5\nkeep mine\nput k v',
    })
    timeline.advance(6000)
    timeline.submit({ type: 'fault', fault: { type: 'pause-client', client: 'other' } })
    timeline.submit({ type: 'heartbeat', client: 'svc', lease, on: false } as Command)
    timeline.advance(12_000)
    const expired = timeline.trace.findLast(
      (event) => event.type === 'lease-expired' && event.lease !== lease,
    )!
    const names = LeaseNames.of(timeline.trace)
    const lines = why(timeline.trace, expired.id, names)!.reasons.map(
      ({ missing, line }) => missing ?? line!.text,
    )
    expect(lines.filter((text) => text.includes('svc'))).toEqual([])
    timeline.advance(25_000)
    const own = chain(timeline, 'lease-expired')
    expect(own.filter((text) => text.includes('other'))).toEqual([])
    expect(own.join()).toContain('svc')
  })
})
