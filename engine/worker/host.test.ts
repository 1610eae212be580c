import { describe, expect, test } from 'vitest'
import { Host } from './host'
import type { Command, Frame, Interest, Recording, ToWorker } from './protocol'

const RECORDING: Recording = {
  leasescope: 1,
  seed: 1,
  config: {
    members: 1,
    etcd: '3.4',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 30,
  },
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
}

function opened(at = 1500): Host {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: RECORDING, at })
  return host
}

function frame(host: Host, wallMs = 0): Frame {
  const answer = host.receive({ type: 'advance', wallMs })
  if (answer?.type !== 'frame') throw new Error('an advance is answered by a Frame')
  return answer
}

function stopHeartbeat(host: Host): void {
  const lease = frame(host).leases!.rows[0]!.id as Extract<Command, { type: 'heartbeat' }>['lease']
  host.receive({ type: 'command', command: { type: 'heartbeat', client: 'svc', lease, on: false } })
}

describe('time', () => {
  test('stands still while the run is paused, however long real time passes', () => {
    const host = opened()
    for (let i = 0; i < 50; i++) expect(frame(host, 100).now).toBe(1500)
  })
  test('passes at the chosen speed, and a long gap is not caught up', () => {
    const host = opened()
    host.receive({ type: 'pace', playing: true, speed: 2 })
    expect(frame(host, 16).now).toBe(1532)
    expect(frame(host, 60_000).now).toBe(1732)
  })
  test('continues at another speed, and a paused run stays paused', () => {
    const host = opened()
    host.receive({ type: 'speed', speed: 10 })
    expect(frame(host, 16)).toMatchObject({ now: 1500, playing: false, speed: 10 })
    host.receive({ type: 'pace', playing: true, speed: 1 })
    host.receive({ type: 'speed', speed: 10 })
    expect(frame(host, 16)).toMatchObject({ now: 1660, playing: true })
  })
  test('starts at the last chosen speed by default', () => {
    const host = opened()
    host.receive({ type: 'speed', speed: 10 })
    host.receive({ type: 'pace', playing: true })
    expect(frame(host, 16)).toMatchObject({ now: 1660, playing: true, speed: 10 })
  })
  test('keeps fractions of a millisecond', () => {
    const host = opened()
    host.receive({ type: 'pace', playing: true, speed: 0.1 })
    for (let i = 0; i < 10; i++) frame(host, 16)
    expect(frame(host).now).toBe(1516)
  })
  test('stops on the chosen kind of event, on the event itself', () => {
    const host = opened()
    stopHeartbeat(host)
    host.receive({ type: 'pace', playing: true, speed: 100, stopOn: 'lease-end' })
    let last = frame(host, 100)
    for (let i = 0; i < 10 && last.playing; i++) last = frame(host, 100)
    expect(last).toMatchObject({ playing: false, now: 10_194 })
    expect(last.on?.text).toContain('deletes key /svc/a')
  })
  test('that costs more than the budget passes later', () => {
    let wall = 0
    const host = new Host(() => wall++)
    host.receive({ type: 'open', recording: RECORDING, at: 0 })
    host.receive({ type: 'pace', playing: true, speed: 100 })
    expect(frame(host, 100).now).toBeLessThan(10_000)
  })
})

describe('a frame', () => {
  test('omits unchanged sections', () => {
    const host = opened()
    expect(frame(host).leases?.rows).toHaveLength(1)
    expect(frame(host).leases).toBeUndefined()
    host.receive({ type: 'pace', playing: true, speed: 1 })
    expect(frame(host, 1).keys).toBeUndefined()
  })
  test('shows deadline, belief and truth', () => {
    const first = frame(opened(5000))
    expect(first.leases?.rows[0]).toMatchObject({
      ttlSeconds: 10,
      deadline: 13_597,
      renewedAt: 3597,
      state: 'live',
      keys: ['/svc/a'],
    })
    expect(first.clients?.[0]?.sessions[0]).toMatchObject({
      until: 13_627,
      heartbeat: true,
      lost: false,
    })
  })
  test('shows a message in flight', () => {
    const messages = frame(opened(3580)).messages
    expect(messages).toMatchObject([
      { from: 'svc', to: 'm1', kind: 'request', label: 'LeaseKeepAlive', sent: 3567, due: 3597 },
    ])
  })
  test('shows deleted items, struck through, in both moments, until they fade', () => {
    const host = opened(8000)
    stopHeartbeat(host)
    host.receive({ type: 'seek', at: 17_150 })
    expect(frame(host).leases?.rows[0]).toMatchObject({
      state: 'expired',
      deadline: 17_104,
      expiredAt: 17_104,
    })
    host.receive({ type: 'seek', at: 17_500 })
    const gone = frame(host)
    expect(gone.leases?.rows[0]).toMatchObject({
      state: 'gone',
      expiredAt: 17_104,
      ended: { at: 17_194, end: 'expired', revision: 3 },
    })
    expect(gone.keys?.rows[0]).toMatchObject({
      key: '/svc/a',
      value: 'up',
      gone: { revision: 3, end: 'expired' },
    })
    host.receive({ type: 'seek', at: 30_000 })
    expect(frame(host)).toMatchObject({ leases: { total: 0 }, keys: { total: 0 }, quiet: true })
  })
})

describe('the console', () => {
  const enter = (text: string, terminal = 't1'): Command => ({
    type: 'console',
    terminal,
    text,
    mode: 'strict',
  })
  const states = (host: Host): string[] =>
    frame(host).console!.map(({ line, state }) => `${line}: ${state}`)

  test('distinguishes running lines, in the foreground and the background, from ended ones, with exit codes', () => {
    const host = opened()
    host.receive({
      type: 'command',
      command: enter('# a remark\netcdctl watch a &\nsleep 1\nwait\netcdctl watch b'),
    })
    expect(states(host)).toEqual(['# a remark: done', 'etcdctl watch a &: background'])
    host.receive({ type: 'seek', at: 2000 })
    expect(states(host).slice(1)).toEqual(['etcdctl watch a &: background', 'sleep 1: running'])
    host.receive({ type: 'seek', at: 3000 })
    const last = [
      'etcdctl watch a &: done',
      'sleep 1: done',
      'wait: done',
      'etcdctl watch b: running',
    ]
    expect(states(host).slice(1)).toEqual(last)
    host.receive({ type: 'command', command: { type: 'interrupt', terminal: 't1', job: 5 } })
    expect(states(host).at(-1)).toBe('etcdctl watch b: done')
    // Back at a time when they ran, they run.
    host.receive({ type: 'seek', at: 2000 })
    expect(states(host).slice(1)).toEqual(['etcdctl watch a &: background', 'sleep 1: running'])
  })
  test('keeps a running job, however many lines come after it', () => {
    const host = opened()
    host.receive({ type: 'command', command: enter(`etcdctl watch a &\n${'true\n'.repeat(300)}`) })
    host.receive({ type: 'command', command: enter('sleep 99 &', 't2') })
    host.receive({ type: 'seek', at: 3000 })
    const entries = frame(host).console!
    expect(entries[0]).toMatchObject({ terminal: 't1', state: 'background' })
    expect(
      entries.filter(({ state }) => state === 'background').map(({ terminal }) => terminal),
    ).toEqual(['t1', 't2'])
    expect(entries.length).toBeLessThan(300)
  })
})

describe('the cursor', () => {
  test('goes to the next and the previous event, by kind', () => {
    const host = opened(0)
    const at = (to: 'event' | 'lease', back: boolean): number => {
      host.receive({ type: 'step', to, back })
      return frame(host).now
    }
    expect([at('lease', false), at('lease', false), at('lease', false)]).toEqual([30, 90, 3597])
    expect([at('lease', true), at('lease', true)]).toEqual([90, 30])
    expect(at('event', false)).toBe(60)
  })
  test('going back brings the key back, and acting there makes another branch', () => {
    const host = opened(8000)
    stopHeartbeat(host)
    host.receive({ type: 'seek', at: 20_000 })
    expect(frame(host).keys?.rows[0]?.gone).not.toBeNull()
    host.receive({ type: 'seek', at: 15_000 })
    const back = frame(host)
    expect(back).toMatchObject({ now: 15_000, end: 20_000 })
    expect(back.keys?.rows[0]?.gone).toBeNull()
    const lease = back.leases!.rows[0]!.id as Extract<Command, { type: 'heartbeat' }>['lease']
    host.receive({
      type: 'command',
      command: { type: 'heartbeat', client: 'svc', lease, on: true },
    })
    const cut = frame(host)
    expect(cut.end).toBe(15_000)
    expect(cut.run).toBeGreaterThan(back.run)
    expect(cut.branches).toMatchObject([
      { name: 'main', end: 20_000, current: false },
      { name: 'branch 2', parent: 1, forkAt: 15_000, current: true },
    ])
    host.receive({ type: 'seek', at: 20_000 })
    expect(frame(host).keys?.rows[0]?.gone).toBeNull()
    host.receive({ type: 'branch', op: { type: 'switch', id: 1 } })
    expect(frame(host).keys?.rows[0]?.gone).not.toBeNull()
    host.receive({ type: 'undo' })
    host.receive({ type: 'undo' })
    expect(frame(host)).toMatchObject({ now: 15_000, redo: expect.stringContaining('heartbeat') })
  })
  test('goes to an event of the log, and an unknown one is ignored', () => {
    const host = opened(5000)
    const line = frame(host).log!.lines.find(({ text }) => text.includes('creates key'))!
    host.receive({ type: 'seek-event', id: line.id })
    expect(frame(host)).toMatchObject({ now: 90, on: { id: line.id } })
    host.receive({ type: 'seek-event', id: 1_000_000 })
    expect(frame(host).now).toBe(90)
  })
})

test('exceptions of the engine pass through, and the recording still exists', () => {
  const host = opened()
  expect(() =>
    host.receive({
      type: 'command',
      command: {
        type: 'program',
        client: 'x',
        program: [
          { op: 'get', key: 'k' },
          { op: 'revoke', lease: '$never' },
        ],
      },
    }),
  ).not.toThrow()
  host.receive({ type: 'pace', playing: true, speed: 2 })
  expect(() => frame(host, 100)).toThrow('before any line has set it')
  expect(host.recording().commands).toHaveLength(2)
})

describe('a frame of the one screen', () => {
  const interest = (more: Partial<Interest>): ToWorker => ({
    type: 'interest',
    interest: {
      leases: { from: 0, count: 10, sort: 'remaining' },
      keys: { from: 0, count: 10 },
      log: { from: 'tail', count: 10 },
      ...more,
    },
  })

  test('counts the live leases and the ended ones', () => {
    const host = opened(0)
    expect(frame(host)).toMatchObject({ live: 0, ended: 0, exclusion: null })
    host.receive({ type: 'seek', at: 8000 })
    stopHeartbeat(host)
    host.receive({ type: 'seek', at: 60_000 })
    expect(frame(host)).toMatchObject({ live: 0, ended: 1, leases: { total: 0 } })
  })
  test('has cells on request, and again only if one of them has changed', () => {
    const host = opened(1500)
    expect(frame(host).cells).toBeUndefined()
    host.receive(interest({ cells: true }))
    expect(frame(host).cells).toMatchObject({
      total: 1,
      numbers: Int32Array.of(1),
      renewedAt: Float64Array.of(90),
    })
    host.receive({ type: 'pace', playing: true, speed: 10 })
    const playing = Array.from({ length: 30 }, () => frame(host, 16))
    expect(playing.filter(({ members }) => members !== undefined).length).toBeGreaterThan(3)
    const news = playing.filter(({ cells }) => cells !== undefined)
    // The only renewal of these five seconds.
    expect(news.map(({ cells }) => cells!.renewedAt[0])).toEqual([3597])
    // A new request gets them again.
    host.receive(interest({ cells: true }))
    expect(frame(host).cells).toBeDefined()
  })
  test('has the rates of the last second, which fall by themselves', () => {
    const host = opened(3600)
    expect(frame(host).rates).toEqual({ renewals: 1, revokes: 0 })
    host.receive({ type: 'pace', playing: true, speed: 1 })
    const rates = Array.from({ length: 100 }, () => frame(host, 16)).flatMap(
      ({ rates: news, now }) => (news ? [{ ...news, now }] : []),
    )
    expect(rates).toMatchObject([{ renewals: 0, revokes: 0 }])
    expect(rates[0]!.now).toBeLessThan(4597 + 16)
  })
  test('sends sections that depend on time again after a seek', () => {
    const host = opened(1500)
    host.receive({
      type: 'command',
      command: { type: 'fault', fault: { type: 'pause', member: 'm1' } },
    })
    host.receive({ type: 'seek', at: 4100 })
    const asked = 3567
    expect(frame(host).clients![0]!.sessions[0]!.unansweredSince).toBe(asked)
    host.receive({ type: 'seek', at: asked + 60 })
    expect(frame(host).clients![0]!.sessions[0]!.unansweredSince).toBeNull()
    host.receive({ type: 'seek', at: asked + 61 })
    expect(frame(host).clients![0]!.sessions[0]!.unansweredSince).toBe(asked)
  })
  test('has the window of leases around the named one', () => {
    const host = opened(1500)
    host.receive(interest({ leases: { from: 5, count: 10, sort: 'remaining', around: 1 } }))
    expect(frame(host).leases).toMatchObject({ from: 0, rows: [{ name: 'L1' }] })
    host.receive(interest({ leases: { from: 5, count: 10, sort: 'remaining' } }))
    expect(frame(host).leases!.rows).toEqual([])
  })
})

describe('the engine that made a run', () => {
  const tree = () => {
    const answer = opened().receive({ type: 'export-tree' })
    if (answer?.type !== 'exported-tree') throw new Error('not exported')
    return answer.tree
  }
  test('is named if it is another one, until another run is open', () => {
    const host = opened()
    expect(frame(host).madeWith).toBe(null)
    host.receive({ type: 'open-shared', text: JSON.stringify(RECORDING), form: 'json' })
    expect(frame(host).madeWith).toBe('0.1')
    host.receive({ type: 'open', recording: RECORDING, at: 0 })
    expect(frame(host).madeWith).toBe(null)
    host.receive({ type: 'open-shared', text: 'engine=0.3&at=1', form: 'plain' })
    expect(frame(host).madeWith).toBe('0.3')
    host.receive({ type: 'open-shared', text: 'engine=0.2&at=1', form: 'plain' })
    expect(frame(host).madeWith).toBe(null)
  })
  test('is named for a kept run too, until this engine keeps the run again', () => {
    const host = opened()
    const { engine, ...older } = tree()
    expect(engine).toBe('0.2')
    host.receive({ type: 'open-tree', tree: older })
    expect(frame(host).madeWith).toBe('0.1')
    host.receive({ type: 'open-tree', tree: tree() })
    expect(frame(host).madeWith).toBe(null)
  })
})

describe('a shortfall is reported once', () => {
  /** A run that may have this many events at once, at 1.5 s. */
  const limited = (mostEvents: number): Host => {
    const host = new Host(() => 0, mostEvents)
    host.receive({
      type: 'open',
      recording: { ...RECORDING, config: { ...RECORDING.config, members: 3 } },
      at: 1500,
    })
    return host
  }

  test('a time that is too far', () => {
    const host = limited(1000)
    expect(frame(host).shortfall).toBeUndefined()
    host.receive({ type: 'seek', at: 2_592_000_000 })
    const there = frame(host)
    expect(there.shortfall).toEqual({
      what: 'place',
      branch: null,
      at: there.now,
      until: 2_592_000_000,
    })
    expect(frame(host).shortfall).toBeUndefined()
  })

  test('a compared branch that cannot follow', () => {
    const host = limited(1000)
    host.receive({ type: 'vary', change: { config: { heartbeatMs: 1000, electionMs: 10_000 } } })
    host.receive({ type: 'seek', at: 20_000 })
    expect(frame(host).shortfall).toBeUndefined()
    host.receive({ type: 'compare', with: 1 })
    expect(frame(host).shortfall).toMatchObject({ what: 'beside', branch: 'main', until: 20_000 })
    expect(frame(host).shortfall).toBeUndefined()
  })

  test('a step to a difference that does not exist', () => {
    const host = limited(1000)
    host.receive({ type: 'vary', change: { seed: 2 } })
    host.receive({ type: 'compare', with: 1 })
    frame(host)
    host.receive({ type: 'seek', at: 0 })
    host.receive({ type: 'step', to: 'difference', back: true })
    expect(frame(host).shortfall).toEqual({ what: 'difference', back: true, lookedTo: null })
    expect(frame(host).shortfall).toBeUndefined()
  })
})

test('a refused change, or one without effect, keeps the comparison', () => {
  const host = opened()
  host.receive({ type: 'vary', change: { seed: 2 }, beside: true })
  expect(frame(host).compare).toMatchObject({ with: 1, name: 'main' })
  expect(
    host.receive({ type: 'vary', change: { ttl: { from: 99, to: 5 } }, beside: true }),
  ).toMatchObject({ type: 'refused' })
  host.receive({ type: 'seek', at: 1550 })
  expect(frame(host).compare).toMatchObject({ with: 1 })
  host.receive({ type: 'vary', change: { seed: 2 }, beside: true })
  host.receive({ type: 'seek', at: 1600 })
  expect(frame(host).compare).toMatchObject({ with: 1 })
})

test('the run with another library stands beside it: both libraries, and when each noticed', () => {
  const host = opened(2000)
  host.receive({
    type: 'command',
    command: { type: 'fault', fault: { type: 'partition', groups: [['svc'], ['m1']] } },
  })
  host.receive({ type: 'seek', at: 40_000 })
  const library = { clients: ['svc'], to: 'node-etcd3' as const }
  host.receive({ type: 'vary', change: { library }, beside: true })
  host.receive({ type: 'seek', at: 40_000 })
  const { compare } = frame(host)
  const [node, go] = [compare!.here.clients[0]!, compare!.there.clients[0]!]
  expect([node.is.library, go.is.library]).toEqual(['node-etcd3', 'clientv3'])
  expect(node.differs).toContain('library')
  expect(compare!.parting).not.toBeNull()
  // The last answer came at 0.12 s. clientv3 looks after one TTL, etcd3 after two.
  const noticed = [go, node].map(({ is }) => is.beliefs[0]!.heartbeatAt)
  expect(noticed[0]).toBeGreaterThan(10_000)
  expect(noticed[0]).toBeLessThan(11_200)
  expect(noticed[1]).toBeGreaterThan(20_000)
  expect(noticed[1]).toBeLessThan(21_000)
})
