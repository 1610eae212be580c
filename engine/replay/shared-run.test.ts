import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Recording } from '../sim/recording'
import { plainLink } from './plain-link'
import { RunTree } from './run-tree'
import type { SharedRun } from './shared-form'
import { checkOf, openSharedRun, readSharedRun, sharedRun } from './shared-run'

const RECORDING: Recording = {
  leasescope: 1,
  seed: 42,
  config: {
    members: 3,
    etcd: '3.4',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 30,
  },
  commands: [
    { type: 'console', terminal: 't1', text: 'etcdctl lease grant 10', mode: 'guided', at: 500 },
    {
      type: 'console',
      terminal: 't2',
      text: 'etcdctl put a+b "é & =" # 100%',
      mode: 'strict',
      at: 700,
      after: 2,
    },
    { type: 'fault', fault: { type: 'partition', groups: [['m1'], ['m2', 'm3']] }, at: 900 },
    { type: 'fault', fault: { type: 'pause-client', client: 'svc' }, at: 901 },
    { type: 'interrupt', terminal: 't1', job: 1, at: 1000 },
    { type: 'request', client: 'you', request: { type: 'Put', key: 'k\u00ff' }, at: 1200 },
  ],
}

function tree(recording = RECORDING, at = 2400): RunTree {
  const made = new RunTree(recording)
  made.timeline.seek({ at })
  return made
}

const text = (
  change: (run: SharedRun & Record<string, unknown>) => void,
  check = false,
): string => {
  const run = JSON.parse(JSON.stringify(sharedRun(tree()))) as SharedRun & Record<string, unknown>
  delete run.check
  change(run)
  if (check) run.check = checkOf({ ...run, seed: 43 })
  return JSON.stringify(run)
}

describe('a run that is shared', () => {
  test('is the same run, at its cursor, with its view', () => {
    const run = sharedRun(tree(), { tab: 'keys', lab: 'moves', spacing: 'event' })
    const read = readSharedRun(JSON.stringify(run), 'json')
    if (!read.ok) throw new Error(read.reason)
    expect(read.value).toEqual(run)
    const { timeline } = openSharedRun(read.value)
    expect(timeline.now).toBe(2400)
    expect(timeline.trace).toEqual(tree().timeline.trace)
  })
  test('brings its branches along', () => {
    const made = tree()
    made.timeline.seek({ at: 600 })
    made.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    made.timeline.advance(3000)
    const run = sharedRun(made)
    expect(run.commands).toHaveLength(2)
    const read = readSharedRun(JSON.stringify(run), 'json')
    if (!read.ok) throw new Error(read.reason)
    const opened = openSharedRun(read.value)
    expect(opened.save()).toEqual(made.save())
    expect(opened.timeline.trace).toEqual(made.timeline.trace)
  })
  test('says which branch was compared with, and no other', () => {
    const made = tree()
    made.timeline.seek({ at: 600 })
    made.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    expect(sharedRun(made, { tab: 'keys', compare: 1 }).view).toEqual({ tab: 'keys', compare: 1 })
    for (const compare of [2, 9]) expect(sharedRun(made, { compare })).not.toHaveProperty('view')
    expect(sharedRun(tree(), { compare: 1 })).not.toHaveProperty('view')
    const { check: _check, ...run } = sharedRun(made, { compare: 1 })
    expect(readSharedRun(JSON.stringify(run), 'json')).toMatchObject({
      ok: true,
      value: { view: { compare: 1 } },
    })
    for (const compare of [2, 9])
      expect(readSharedRun(JSON.stringify({ ...run, view: { compare } }), 'json')).toEqual({
        ok: false,
        reason: 'view.compare: expected a branch other than the current one',
      })
  })
  test('names its story where it has stops', () => {
    const made = new RunTree({
      ...RECORDING,
      stops: [{ when: { type: 'at', at: 100 }, say: 'Here.' }],
    })
    const run = sharedRun(made, { story: 'too-late' })
    expect(run.view).toEqual({ story: 'too-late' })
    expect(readSharedRun(JSON.stringify(run), 'json')).toMatchObject({
      ok: true,
      value: { view: { story: 'too-late' } },
    })
    expect(plainLink(run)).toBeNull()
    expect(sharedRun(tree(), { story: 'too-late' })).not.toHaveProperty('view')
  })
  test('needs only a recording', () => {
    expect(openSharedRun(RECORDING).timeline.now).toBe(0)
    expect(readSharedRun(JSON.stringify(RECORDING), 'json')).toEqual({ ok: true, value: RECORDING })
  })
  test.each<[string, string]>([
    [
      'leasescope: expected version 1 (got 2)',
      text((run) => Object.assign(run, { leasescope: 2 })),
    ],
    ['leasescope: expected version 1; this is not the recording', '{"nodes": []}'],
    ['the run: expected a recording', '[1]'],
    ['the run: expected JSON', text(() => {}).slice(0, -20)],
    ['colour: this field is not known', text((run) => (run.colour = 'red'))],
    ['"": this field is not known', text((run) => (run[''] = 'red'))],
    ['cursor: expected at most', text((run) => (run.cursor = 1e15))],
    ['cursor: expected a whole number', text((run) => (run.cursor = 0.5))],
    ['engine: expected a version, as 0.2', text((run) => Object.assign(run, { engine: 'new' }))],
    ['seed: expected at least 0', text((run) => (run.seed = -1))],
    ['commands.5.at', text((run) => (run.commands[5]!.at = 1e300))],
    ['view.tab', text((run) => (run.view = { tab: 'nothing' as 'keys' }))],
    ['check: expected the check digits', text(() => {}, true)],
    ['branch: expected both branch and branches', text((run) => (run.branch = 1))],
    ['at most 100 levels', '['.repeat(10_000)],
  ])('is refused with its place: %s', (reason, damaged) => {
    expect(readSharedRun(damaged, 'json')).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    })
  })
  test('is not opened if its branches do not agree with its recording', () => {
    const made = tree()
    made.timeline.seek({ at: 600 })
    made.submit({ type: 'fault', fault: { type: 'crash', member: 'm1' } })
    const run = sharedRun(made)
    expect(() => openSharedRun({ ...run, commands: [] })).toThrow(
      /^branch: the commands of branch 2/,
    )
    expect(() => openSharedRun({ ...run, branch: 9 })).toThrow(/a branch of this run \(got 9\)/)
  })
})

describe('the plain form', () => {
  test('is readable', () => {
    const run = sharedRun(tree(), { tab: 'keys' })
    expect(plainLink(run)).toBe(
      'seed=42&members=3&etcd=3.4&latency=30&engine=0.2&at=2.4&tab=keys&$@0.5=etcdctl+lease+grant+10&strict.t2@0.7+2=etcdctl+put+a%2Bb+%22%C3%A9+%26+=%22+%23+100%25' +
        '&fault@0.9=partition+m1+m2,m3&fault@0.901=pause+svc&stop@1=t1:1' +
        '&call.you@1.2=%7B%22type%22:%22Put%22,%22key%22:%22k%C3%BF%22%7D',
    )
  })
  test('is the same run, with its view', () => {
    const run = sharedRun(tree(), { panel: 'log', timeline: 'space-time', spacing: 'event' })
    const { check: _check, ...rest } = run
    expect(plainLink(run)).toContain('&panel=log&timeline=space-time&spacing=event&')
    expect(readSharedRun(plainLink(run)!, 'plain')).toEqual({ ok: true, value: rest })
  })
  test.each<[string, Partial<Recording['config']>]>([
    ['etcd=3.6', { etcd: '3.6' }],
    ['boot=cold', { boot: 'cold' }],
    ['heartbeat=200', { heartbeatMs: 200 }],
    ['election=3000', { electionMs: 3000 }],
    ['peer-latency=7', { peerLatencyMs: 7 }],
    ['disk=3', { diskMs: 3 }],
    ['phase=250', { expiryPhaseMs: 250 }],
    [
      'checkpoint=persist&checkpoint-interval=9000',
      { checkpoint: 'persist', checkpointIntervalMs: 9000 },
    ],
  ])('says %s', (fields, config) => {
    const { check: _check, ...run } = sharedRun(
      tree({ ...RECORDING, config: { ...RECORDING.config, ...config } }),
    )
    const link = plainLink(run)
    expect(link).toContain(fields)
    expect(readSharedRun(link!, 'plain')).toEqual({ ok: true, value: run })
  })
  test('says a setting without a word, on request', () => {
    const config = { ...RECORDING.config, libraries: { a: 'jetcd' as const }, lossPercent: 1 }
    const { check: _check, ...run } = sharedRun(tree({ ...RECORDING, config }))
    expect(plainLink(run)).toBe(null)
    const link = plainLink(run, { mostCommands: 10, longest: 2000, anySetting: true })
    expect(link).toContain('&config=%7B%22libraries%22:%7B%22a%22:%22jetcd%22%7D,%22lossPercent')
    expect(readSharedRun(link!, 'plain')).toEqual({ ok: true, value: run })
  })
  test('takes a call to a member as it is', () => {
    const request = { type: 'Range' as const, key: 'k' }
    const call = { type: 'request' as const, client: 'a', request, member: 'm2', at: 5 }
    const run: SharedRun = { ...RECORDING, commands: [call] }
    expect(plainLink(run)).toContain('json@0.005=')
    expect(readSharedRun(plainLink(run)!, 'plain')).toEqual({ ok: true, value: run })
  })
  test('names a fault of every possible member', () => {
    for (const name of ['m1', 'm9']) {
      const read = readSharedRun(`fault@1=crash+${name}`, 'plain')
      expect(read).toMatchObject({
        ok: true,
        value: { commands: [{ type: 'fault', fault: { type: 'crash', member: name } }] },
      })
    }
  })
  test('can be written by hand, most of it left out', () => {
    expect(readSharedRun('$@0.5=etcdctl%20lease%20grant%2010', 'plain')).toMatchObject({
      ok: true,
      value: {
        seed: 1,
        config: { members: 1, latencyMs: 1 },
        commands: [{ text: 'etcdctl lease grant 10', at: 500 }],
      },
    })
  })
  test.each<[string, string]>([
    ['field 1 (colour=red): expected one of seed', 'colour=red'],
    ['field 2 (seed=2): expected this field only once', 'seed=1&seed=2'],
    ['field 1 (at=-1)', 'at=-1'],
    ['field 1 (seed=1e3)', 'seed=1e3'],
    ['field 1 ($@x=etcdctl): expected a time', '$@x=etcdctl'],
    ['field 1 (fault@1=explode): expected a command', 'fault@1=explode'],
    ['field 1 ($@1=%ff): expected two hex digits', '$@1=%ff'],
    ['field 1 (stop@1=t1:1:2): expected a command', 'stop@1=t1:1:2'],
    ['field 1 (stop@1=t1:x): expected a command', 'stop@1=t1:x'],
    ['field 1 (beat@1=a b c): expected a command', 'beat@1=a b c'],
    ['expected a command', 'json@1={"type":"idle","at":3}'],
    ['expected a command', 'json@1={"type":"idle","after":3}'],
    ['expected a command', 'json@1=7'],
    ['expected a command', 'json@1=[]'],
    ['expected a command', 'call.a@1=Put'],
    ['commands.0.request.type', 'call.a@1={"type":"Putt"}'],
    ['field 1 (config=[]): expected settings', 'config=[]'],
    ['expected settings without a word', 'config={"members":3}'],
    ['config.colour', 'config={"colour":3}'],
    ['config.lossPercent', 'config={"lossPercent":101}'],
    ['expected a command', 'json@1=null'],
    ['config.members', 'members=2'],
    ['commands: expected commands in the order', '$@2=a&$@1=b'],
    ['field 1 (seed): expected a name', 'seed'],
  ])('is refused with its place: %s', (reason, damaged) => {
    expect(readSharedRun(damaged, 'plain')).toEqual({
      ok: false,
      reason: expect.stringContaining(reason),
    })
  })
  test('of any commands that it takes is the same run', () => {
    const line = fc.record({
      type: fc.constant('console' as const),
      terminal: fc.constantFrom('t1', 't2', 'a b&c@3'),
      text: fc.string({ unit: 'binary', maxLength: 40 }),
      mode: fc.constantFrom('strict' as const, 'guided' as const),
      at: fc.nat(100_000),
    })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.nat(1_000_000), (lines, seed) => {
        const run: SharedRun = { ...RECORDING, seed, commands: lines.sort((a, b) => a.at - b.at) }
        const plain = plainLink(run)
        if (plain !== null) expect(readSharedRun(plain, 'plain')).toEqual({ ok: true, value: run })
      }),
      { numRuns: 120 },
    )
  })
})

test('any input gets an answer without an exception, and a refusal has a reason', () => {
  const good = [JSON.stringify(sharedRun(tree())), plainLink(sharedRun(tree()))!]
  const damaged = fc
    .tuple(fc.constantFrom(...good), fc.nat(), fc.nat(), fc.string({ maxLength: 3 }))
    .map(([whole, from, length, put]) => {
      const at = from % whole.length
      return whole.slice(0, at) + put + whole.slice(at + (length % 8))
    })
  fc.assert(
    fc.property(
      fc.oneof(damaged, fc.string(), fc.json()),
      fc.constantFrom('json' as const, 'plain' as const),
      (input, form) => {
        const read = readSharedRun(input, form)
        if (!read.ok) expect(read.reason).toMatch(/^\S[\s\S]*: \S/)
      },
    ),
    { numRuns: 500 },
  )
})
