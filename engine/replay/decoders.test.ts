// Data from outside, damaged at every place: each field of each command, each link between
// branches, each character of a text. The reader must not misread it. Each refusal says where and
// why, and the run that the worker has open stays as it was.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../worker/accept'
import { Host } from '../worker/host'
import { plainLink } from './plain-link'
import type { SharedRun } from './shared-form'
import { openSharedRun, readSharedRun } from './shared-run'

type Json = null | boolean | number | string | Json[] | { [field: string]: Json }
type Place = (string | number)[]

const LEASE = '0000000000001234'
const KEY = { key: 'k', range_end: 'l' }

/**
 * One of every kind of command, request, instruction and fault, with every field that it may have.
 */
const requests = [
  {
    type: 'Range',
    ...KEY,
    limit: 1,
    revision: 1,
    sort_order: 'ASCEND',
    sort_target: 'MOD',
    serializable: true,
    keys_only: true,
    count_only: true,
    min_mod_revision: 1,
    max_mod_revision: 1,
    min_create_revision: 1,
    max_create_revision: 1,
  },
  {
    type: 'Put',
    key: 'k',
    value: 'v',
    lease: LEASE,
    prev_kv: true,
    ignore_value: true,
    ignore_lease: true,
  },
  { type: 'DeleteRange', ...KEY, prev_kv: true },
  {
    type: 'Txn',
    compare: [
      {
        ...KEY,
        target: 'MOD',
        result: 'LESS',
        version: 1,
        create_revision: 1,
        mod_revision: 1,
        value: 'v',
        lease: LEASE,
      },
    ],
    success: [
      { type: 'Put', key: 'k' },
      { type: 'Txn', failure: [{ type: 'DeleteRange', key: 'k' }] },
    ],
    failure: [{ type: 'Range', key: 'k' }],
  },
  {
    type: 'WatchCreate',
    ...KEY,
    start_revision: 1,
    progress_notify: true,
    filters: ['NOPUT'],
    prev_kv: true,
    watch_id: 1,
    fragment: true,
  },
  { type: 'Compact', revision: 1, physical: true },
  { type: 'LeaseGrant', TTL: 1, ID: LEASE },
  { type: 'LeaseRevoke', ID: LEASE },
  { type: 'LeaseKeepAlive', ID: LEASE },
  { type: 'LeaseTimeToLive', ID: LEASE, keys: true },
  { type: 'LeaseLeases' },
  { type: 'WatchCancel', watch_id: 1 },
  { type: 'Lock', name: 'n', lease: LEASE },
  { type: 'Unlock', key: 'k' },
  { type: 'Campaign', name: 'n', lease: LEASE, value: 'v' },
  { type: 'Proclaim', leader: { name: 'n', key: 'k', rev: 1, lease: LEASE }, value: 'v' },
  { type: 'Leader', name: 'n' },
  { type: 'Resign', leader: { name: 'n' } },
  { type: 'MemberAdd', peerURLs: ['http://a'], isLearner: true },
  { type: 'MemberRemove', ID: LEASE },
  { type: 'MemberUpdate', ID: LEASE, peerURLs: ['http://a'] },
  { type: 'MoveLeader', targetID: LEASE },
]
const program = [
  { op: 'call', request: { type: 'LeaseLeases' }, timeoutMs: 5, endpoint: 'm1', carryOn: true },
  { op: 'session', ttlSeconds: 1, as: 'lease', requireLeader: true },
  { op: 'grant', ttlSeconds: 1, as: 'other' },
  { op: 'put', key: 'k', value: 'v', lease: '$lease' },
  { op: 'get', key: 'k' },
  { op: 'revoke', lease: LEASE },
  { op: 'heartbeat', lease: '$lease', on: true },
  { op: 'watch', request: { type: 'WatchCreate', key: 'k' } },
  { op: 'sleep', ms: 5 },
  { op: 'lock', name: 'n', ttlSeconds: 1, release: true },
  { op: 'campaign', name: 'n', value: 'v', ttlSeconds: 1 },
  { op: 'observe', name: 'n', ttlSeconds: 1 },
]
const faults = [
  { type: 'crash', member: 'm1' },
  { type: 'partition', groups: [['m1'], ['m2', 'm3']] },
  { type: 'heal' },
  { type: 'stop', member: 'm1' },
  { type: 'disk', member: 'm1', ms: 5 },
  { type: 'member-clock', member: 'm1', percent: 50 },
  { type: 'wall-clock', member: 'm1', seconds: 5 },
  { type: 'cut', from: ['m1'], to: ['m2'] },
  { type: 'link', link: { from: 'm1', to: 'm2', oneWay: true }, dial: 'delay', value: 5 },
  { type: 'message', message: 1, fate: 'drop' },
  { type: 'message', message: 1, fate: 'delay', ms: 5 },
  { type: 'pause-client', client: 'c' },
  { type: 'clock', client: 'c', percent: 50 },
  { type: 'set-clock', client: 'c', ms: 50 },
]
const commands = [
  { type: 'console', terminal: 't1', text: 'etcdctl lease list', mode: 'guided' },
  { type: 'interrupt', terminal: 't1', job: 1 },
  { type: 'program', client: 'c', program },
  { type: 'script', client: 'c', source: 'sleep 1s' },
  { type: 'control', client: 'c', control: { type: 'run-to', line: 1 } },
  { type: 'control', client: 'c', control: { type: 'hold' } },
  { type: 'heartbeat', client: 'c', lease: LEASE, on: true },
  {
    type: 'open-stream',
    client: 'c',
    stream: 's',
    call: 'Watch',
    member: 'm1',
    requiresLeader: true,
  },
  { type: 'send-on-stream', client: 'c', stream: 's', request: { type: 'WatchProgress' } },
  { type: 'close-stream', client: 'c', stream: 's' },
  { type: 'dial', client: 'c', keepAliveTimeMs: 10_000, keepAliveTimeoutMs: 1000 },
  { type: 'cancel', client: 'c', rpc: 1 },
  { type: 'take', move: 1, machinery: 'ticks' },
  { type: 'idle', until: 5, machinery: 'members', news: true },
  ...requests.map((request) => ({ type: 'request', client: 'c', request, member: 'm1' })),
  ...faults.map((fault) => ({ type: 'fault', fault })),
].map((command, at) => ({ ...command, at: 1000 + at, after: 1 }))
const config = {
  members: 3,
  etcd: '3.4',
  heartbeatMs: 100,
  electionMs: 1000,
  expiryPhaseMs: 100,
  boot: 'elected',
  latencyMs: 5,
  peerLatencyMs: 5,
  jitterMs: 1,
  lossPercent: 1,
  duplicatePercent: 1,
  reorderPercent: 1,
  diskMs: 1,
  clientEndpoints: 'all',
  checkpoint: 'on',
  checkpointIntervalMs: 1000,
  snapshotCount: 100,
  catchUpEntries: 100,
  differences: {},
  libraries: { a: 'jetcd' },
  checkTokens: true,
}
const branch = (id: number, parent: number | null, shared: number) => ({
  ...{ id, name: `b${id}`, parent, shared, forkAt: 0, seed: 1, config, end: 10 },
  commands: commands.slice(shared),
})
const conditions = [
  { type: 'process', who: 'leader', does: 'crashes' },
  { type: 'leads', who: 'm3' },
  { type: 'lease', lease: 1, does: 'due' },
  { type: 'key', key: 'k', does: 'deleted' },
  { type: 'enters', client: 'c', section: '/job' },
  { type: 'two-inside', section: '/job' },
  { type: 'told-gone', client: 'c', lease: 1 },
  { type: 'heartbeat', on: false },
  { type: 'write', value: 'v', taken: true },
  { type: 'no-leader' },
  { type: 'member', change: 'added' },
  { type: 'happens', words: 'w' },
]
const marks = conditions.map((when) => ({ when, choice: 1 }))
const stops = [
  {
    when: { type: 'at', at: 5 },
    say: 'At {now}.',
    ask: {
      kind: 'choose',
      text: 'Will it?',
      choices: ['yes', 'no'],
      marks,
      so: [{ text: 'No.', choice: 1 }],
    },
  },
  {
    when: { type: 'fault' },
    afterMs: 650,
    show: { panel: 'storage', rows: ['leases', 'beliefs'] },
    ask: { kind: 'when', text: 'When?', mark: { type: 'stale-write' }, so: [{ text: 'So late.' }] },
  },
]
/** Nothing is played: the cursor is at the start. */
const RUN: { [field: string]: Json } = JSON.parse(
  JSON.stringify({
    leasescope: 1,
    engine: '0.2',
    seed: 1,
    config,
    commands,
    stops,
    after: 0,
    answers: [
      { stop: 0, answer: 1 },
      { stop: 1, answer: null },
    ],
    branch: 2,
    branches: [branch(1, null, 0), branch(2, 1, 3)],
    view: {
      tab: 'keys',
      lab: 'moves',
      panel: 'log',
      timeline: 'space-time',
      spacing: 'event',
      story: 'too-late',
      compare: 1,
    },
  }),
)

function at(root: Json, place: Place): Json {
  return place.reduce<Json>(
    (value, step) => (value as { [field: string | number]: Json })[step]!,
    root,
  )
}

/** The run with another value at that place; undefined removes the value. */
function altered(place: Place, value: Json | undefined): string {
  const copy = JSON.parse(JSON.stringify(RUN)) as Json
  const parent = at(copy, place.slice(0, -1)) as { [field: string | number]: Json }
  const last = place.at(-1)!
  if (value !== undefined) parent[last] = value
  else if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else delete parent[last]
  return JSON.stringify(copy)
}

function placesOf(value: Json, here: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [here]
  const inside = Object.entries(value).flatMap(([step, part]) =>
    placesOf(part, [...here, Array.isArray(value) ? Number(step) : step]),
  )
  return [here, ...inside]
}

// The commands and configurations of branches are read by the same code as the run's own. One field
// of each is enough.
const places = placesOf(RUN).filter(
  ([first, , field, step]) =>
    first !== undefined &&
    !(first === 'branches' && /^(commands|config)$/.test(String(field)) && step !== undefined),
)
const refusalOf = (text: string): string | null => {
  const read = readSharedRun(text, 'json')
  return read.ok ? null : read.reason
}

test('the run that this test damages is valid, and has a field of every kind', () => {
  expect(refusalOf(JSON.stringify(RUN))).toBe(null)
  expect(openSharedRun(RUN as unknown as SharedRun).branches()).toHaveLength(2)
  // Every field by name that any command of the schemas has.
  expect(
    new Set(places.map((place) => place.filter((step) => typeof step === 'string').join('.'))).size,
  ).toBeGreaterThan(150)
})

describe('every field of every kind of command', () => {
  test.each<[string, (old: Json) => Json]>([
    [
      'an object where none was',
      (old) =>
        typeof old === 'object' && old !== null && !Array.isArray(old) ? 7 : { colour: 'red' },
    ],
    ['a number that no clock has', (old) => (typeof old === 'number' ? 1e300 : 1e300)],
    ['half a number', (old) => (typeof old === 'number' ? old + 0.5 : 0.5)],
    ['nothing', () => null],
  ])('is refused with its own place: %s', (_, wrong) => {
    for (const place of places) {
      // Null is a valid value of some fields: the parent of a first branch, every link, any member,
      // a skipped question.
      if (wrong(1) === null && /(parent|link|who|answer)$/.test(String(place.at(-1)))) continue
      const reason = refusalOf(altered(place, wrong(at(RUN, place))))
      expect(reason, place.join('.')).toMatch(/\S: \S/)
      // A wrong version is reported first. A wrong type of a command is reported at the type.
      expect(reason!.split(':')[0], `${place.join('.')}: ${reason}`).toMatch(
        new RegExp(`^${place.join('\\.')}(\\.type|\\.op|\\.fate|\\.\\w+)?$`),
      )
    }
  })
  test('and an unknown field, wherever it is added', () => {
    for (const place of [[], ...places]) {
      const old = at(RUN, place)
      if (typeof old !== 'object' || old === null || Array.isArray(old)) continue
      expect(refusalOf(altered([...place, 'colour'], 'red'))?.split(':')[0]).toBe(
        [...place, 'colour'].join('.'),
      )
    }
  })
  test('and an unknown word, where there is a choice', () => {
    const choices =
      /^(type|op|does|change|kind|mode|etcd|boot|checkpoint|clientEndpoints|machinery|fate|dial|tab|lab|panel|timeline|spacing|sort_order|sort_target|target|result)$/
    const found = places.filter(
      (place) => choices.test(String(place.at(-1))) && typeof at(RUN, place) === 'string',
    )
    expect(found.length).toBeGreaterThan(100)
    for (const place of found)
      expect(refusalOf(altered(place, 'explode'))?.split(':')[0], place.join('.')).toBe(
        place.join('.'),
      )
  })
  test('and a missing field is reported by its name, unless it is optional', () => {
    const missed = places.filter(
      (place) => typeof place.at(-1) === 'string' && refusalOf(altered(place, undefined)) !== null,
    )
    for (const place of missed) {
      const reason = refusalOf(altered(place, undefined))!
      const [where] = reason.split(':')
      const said = [
        place.join('.'),
        place[0] === 'branch' || place[0] === 'branches' ? 'branch' : '',
        'leasescope',
        'view.compare',
      ]
      // A missing answer is reported by its stop.
      if (place[0] === 'stops') said.push('answers.0', 'answers.1')
      expect(said, reason).toContain(where)
    }
    for (const needed of [
      'seed',
      'config',
      'commands',
      'config.members',
      'commands.0.terminal',
      'commands.2.program.1.ttlSeconds',
      'branches.0.end',
    ])
      expect(missed.map((place) => place.join('.'))).toContain(needed)
  })
})

describe('branches that do not fit together', () => {
  test.each<[string, Place, Json]>([
    ['branches.1.id: 1 exists twice', ['branches', 1, 'id'], 1],
    ['branches.1.parent: expected an earlier branch (got 9)', ['branches', 1, 'parent'], 9],
    ['branches.0.parent: expected an earlier branch (got 2)', ['branches', 0, 'parent'], 2],
    [
      'branches.1.shared: expected at most the commands of the parent',
      ['branches', 1, 'shared'],
      99,
    ],
    [
      'branches.0.shared: expected at most the commands of the parent',
      ['branches', 0, 'shared'],
      1,
    ],
    [
      'branches.1.commands.0.at: expected a time not before the command before it',
      ['branches', 1, 'shared'],
      commands.length,
    ],
    ['branch: the commands of branch 2', ['branches', 1, 'shared'], 2],
    ['view.compare: expected a branch other', ['branch'], 1],
  ])('%s', (reason, place, value) => {
    const read = readSharedRun(altered(place, value), 'json')
    if (!read.ok) return expect(read.reason).toContain(reason)
    expect(() => openSharedRun(read.value)).toThrow(reason)
  })
  test('nor branches that share so many commands that they exceed the limit', () => {
    const line = { type: 'console', terminal: 't', text: '', mode: 'strict', at: 0 }
    const base = { ...branch(1, null, 0), commands: Array.from({ length: 2000 }, () => line) }
    const branches = [
      base,
      ...Array.from({ length: 900 }, (_, i) => ({ ...branch(i + 2, i + 1, 2000), commands: [] })),
    ]
    const read = readSharedRun(
      JSON.stringify({ ...RUN, view: {}, branch: 1, branches, commands: base.commands }),
      'json',
    )
    if (!read.ok) throw new Error(read.reason)
    expect(() => openSharedRun(read.value)).toThrow(
      'branches.500.shared: expected at most 1000000 commands in all branches',
    )
  })
})

describe('runs that ask for too much', () => {
  test('a month of heartbeats opens where the limit of events is reached', () => {
    const read = readSharedRun(
      JSON.stringify({
        ...RUN,
        branches: undefined,
        branch: undefined,
        view: {},
        commands: [],
        cursor: 2_592_000_000,
      }),
      'json',
    )
    if (!read.ok) throw new Error(read.reason)
    const { timeline, cutShort } = openSharedRun(read.value, 3000)
    expect(timeline.lastEvent).toBeLessThanOrEqual(3000)
    expect(timeline.lastEvent).toBeGreaterThan(2900)
    expect(cutShort).toEqual({ at: timeline.now, cursor: 2_592_000_000 })
  })
  test('an election shorter than etcd allows', () => {
    expect(refusalOf(altered(['config', 'electionMs'], 499))).toMatch(
      /^config\.electionMs: expected at least 5 times heartbeatMs/,
    )
    expect(refusalOf(altered(['config', 'electionMs'], 500))).toBe(null)
  })
  test('a program with a mistake says where in it', () => {
    expect(refusalOf(altered(['commands', 3, 'source'], 'sleep 1s\nfly'))).toMatch(
      /^commands\.3\.source: expected a program without mistakes \(line 2, column 1: /,
    )
  })
})

/** A worker with an open run, and all that a page would see of it. */
function standing(): { host: Host; seen(): unknown } {
  const host = new Host(() => 0)
  host.receive({
    type: 'open-shared',
    text: 'seed=7&at=2&$@0.5=etcdctl+lease+grant+10',
    form: 'plain',
  })
  const seen = (): unknown => {
    const interest = {
      leases: { from: 0, count: 9, sort: 'id' as const },
      keys: { from: 0, count: 9 },
      log: { from: 'tail' as const, count: 9 },
    }
    host.receive({ type: 'interest', interest })
    const frame = host.receive({ type: 'advance', wallMs: 0 })
    if (frame?.type !== 'frame') throw new Error('no frame')
    const { run, now, end, leases, keys, log, console, branches, members } = frame
    return { run, now, end, leases, keys, log, console, branches, members }
  }
  return { host, seen }
}

const SMALL: SharedRun = (() => {
  const host = new Host(() => 0)
  const text =
    'seed=42&members=3&latency=30&at=1.5&tab=keys&$@0.5=etcdctl+lease+grant+10&fault@0.9=partition+m1+m2,m3&beat@1=svc+0000000000001234'
  host.receive({ type: 'open-shared', text, form: 'plain' })
  const shared = host.receive({ type: 'share', form: 'link', view: { tab: 'keys' } })
  if (shared?.type !== 'shared') throw new Error('not shared')
  return JSON.parse(shared.text) as SharedRun
})()

describe('every character of a text', () => {
  const json = JSON.stringify(SMALL)
  const plain = plainLink(SMALL)!
  const { host, seen } = standing()
  const before = JSON.stringify(seen())
  /** Only the very same run is accepted. A refusal leaves the open run as it was. */
  function tried(text: string, form: 'json' | 'plain'): void {
    const read = readSharedRun(text, form)
    if (read.ok) {
      if (form === 'json') expect(read.value).toEqual(SMALL)
      return
    }
    expect(read.reason).toMatch(/^\S[\s\S]*: \S/)
  }

  test('of a file, flipped bit by bit, and cut off', () => {
    for (let i = 0; i < json.length; i++) {
      for (let bit = 0; bit < 7; bit++)
        tried(
          json.slice(0, i) +
            String.fromCharCode(json.charCodeAt(i) ^ (1 << bit)) +
            json.slice(i + 1),
          'json',
        )
      expect(readSharedRun(json.slice(0, i), 'json').ok).toBe(false)
    }
  })
  test('of a plain link: a link that is still valid means what it says', () => {
    for (let i = 0; i < plain.length; i++) {
      for (let bit = 0; bit < 7; bit++)
        tried(
          plain.slice(0, i) +
            String.fromCharCode(plain.charCodeAt(i) ^ (1 << bit)) +
            plain.slice(i + 1),
          'plain',
        )
      tried(plain.slice(0, i), 'plain')
    }
  })
  test('a refused run leaves the open run as it was', () => {
    for (let i = 1; i < json.length; i += 7) {
      const answer = host.receive({ type: 'open-shared', text: json.slice(0, i), form: 'json' })
      expect(answer).toMatchObject({ type: 'refused' })
    }
    for (const place of places.filter((_, i) => i % 9 === 0))
      expect(
        host.receive({ type: 'open-shared', text: altered(place, { colour: 'red' }), form: 'json' })
          ?.type,
        place.join('.'),
      ).toBe('refused')
    // The same holds for a fault that shows only when the run is put together.
    for (const place of [
      ['branches', 1, 'parent'],
      ['branches', 1, 'shared'],
    ])
      expect(
        host.receive({ type: 'open-shared', text: altered(place, 2), form: 'json' }),
      ).toMatchObject({ type: 'refused' })
    expect(JSON.stringify(seen())).toBe(before)
    expect(host.receive({ type: 'open-shared', text: json, form: 'json' })).toEqual({
      type: 'opened',
      view: { tab: 'keys' },
    })
    expect(JSON.stringify(seen())).not.toBe(before)
  })
})

test('damage deep within a valid run gets an answer and no exception; and the damage does reach that deep', () => {
  const depths = new Map<number, number>()
  const values = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<Json>(-1, 1e15, 1e300, '', 'm1', [], {}, null, true, '\u0000', '$lease'),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...places),
      fc.option(values, { nil: undefined }),
      (place, value) => {
        const read = readSharedRun(altered(place, value as Json | undefined), 'json')
        if (read.ok) {
          // A run that passes the checks is opened, or is refused with a place in it.
          try {
            openSharedRun(read.value)
          } catch (error) {
            expect(String((error as Error).message)).toMatch(
              /^(branch|branches\.\d+(\.\w+)*|cursor|current): \S/,
            )
          }
          return
        }
        expect(read.reason).toMatch(/^\S[\s\S]*: \S/)
        const depth = read.reason.split(':')[0]!.split('.').length
        depths.set(depth, (depths.get(depth) ?? 0) + 1)
      },
    ),
    { numRuns: 1200, seed: 1 },
  )
  for (const depth of [1, 2, 3, 4, 5, 6])
    expect(depths.get(depth) ?? 0, `refused ${depth} fields deep`).toBeGreaterThan(5)
})

test('a run tree and a recording are read by the same checks', () => {
  const { branches } = RUN as { branches: Json }
  const tree = { branches, current: 2, cursor: 0 }
  expect(accept({ type: 'open-tree', tree })).toMatchObject({ ok: true })
  for (const place of places.filter(
    ([first, , field]) => first === 'branches' && field !== undefined,
  )) {
    const damaged = JSON.parse(altered(place, { colour: 'red' })) as { branches: Json }
    const taken = accept({
      type: 'open-tree',
      tree: { ...tree, branches: damaged.branches },
    })
    expect(taken.ok ? 'taken' : taken.reason.split(':').slice(0, 2).join(':')).toMatch(
      new RegExp(`^open-tree: ${place.join('\\.')}`),
    )
  }
})
