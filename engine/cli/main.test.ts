import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import { INVARIANTS } from '../check/invariants'
import { main } from './main'

const folder = mkdtempSync(join(tmpdir(), 'leasescope-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function leasescope(...args: string[]): { exit: number; out: string; error: string } {
  let [out, error] = ['', '']
  const exit = main(
    args,
    (text) => (out += text),
    (text) => (error += text),
  )
  return { exit, out, error }
}

const grant = { call: 'LeaseGrant', request: { ID: '-5', TTL: 3 } }
const put = { call: 'Put', request: { key: 'é', value: '\u0000', lease: -5 } }

describe('api', () => {
  test('answers step by step, with the events and times of a watch', () => {
    const exchange = file('one.json', {
      name: 'one',
      steps: [
        { ...grant, response: { ID: 'is ignored' } },
        put,
        { call: 'Range', request: { key: 'é' } },
        { start: 'w', call: 'Lock', request: { name: 'L', lease: -5 } },
        { finish: 'w' },
        { at: 4000, call: 'LeaseKeepAlive', request: { ID: -5 } },
        { call: 'Put', request: { key: 'k', lease: 99 } },
      ],
    })
    const { exit, out, error } = leasescope('api', exchange)
    expect({ exit, error }).toEqual({ exit: 0, error: '' })
    expect(out.endsWith('\n') && out.trimEnd().includes('\n')).toBe(false)
    const played = JSON.parse(out)
    const kv = {
      key: 'é',
      create_revision: 2,
      mod_revision: 2,
      version: 1,
      value: '\u0000',
      lease: -5,
    }
    expect(played.steps).toEqual([
      { response: { header: { revision: 1 }, ID: -5, TTL: 3 } },
      { response: { header: { revision: 2 } } },
      { response: { header: { revision: 2 }, kvs: [kv], count: 1 } },
      {},
      { response: { header: { revision: 3 }, key: 'L/-5' } },
      { response: { header: { revision: 4 }, ID: -5 } },
      { error: { code: 5, message: 'etcdserver: requested lease not found' } },
    ])
    const [first, second, ...gone] = played.events
    expect(first).toEqual({ at: 4, kv })
    expect(second).toMatchObject({ at: 8, kv: { key: 'L/-5' } })
    expect(gone).toMatchObject([
      { type: 'DELETE', kv: { key: 'L/-5', mod_revision: 4 } },
      { type: 'DELETE', kv: { key: 'é', mod_revision: 4 }, prev_kv: kv },
    ])
    expect(gone[0].at).toBeGreaterThanOrEqual(3002)
    expect(gone[0].at).toBeLessThan(3503)
  })
  test('plays the other files if one cannot be played, and fails', () => {
    const nobody = file('nobody.json', { name: 'n', members: 3, steps: [{ ...grant, on: 'm4' }] })
    const broken = file('broken.json', '{')
    const unknown = file('unknown.json', { name: 'u', steps: [{ call: 'Renew', request: {} }] })
    const wrong = file('wrong.json', { name: 'w', steps: [{ call: 'Put', request: { key: 7 } }] })
    const waits = file('waits.json', {
      name: 'l',
      steps: [grant, put, { call: 'Lock', request: { name: 'é', lease: -5 } }, { finish: 'x' }],
    })
    const good = file('good.json', { name: 'good', steps: [grant] })
    const { exit, out, error } = leasescope('api', nobody, broken, unknown, wrong, waits, good)
    expect(exit).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ name: 'good' })
    const lines = error.trimEnd().split('\n')
    expect(lines[0]).toContain('nobody.json: step 0: there is no member m4')
    expect(lines[1]).toContain('broken.json: ')
    expect(lines[2]).toContain('unknown.json: steps[0].call is not an RPC: "Renew"')
    expect(lines[3]).toContain('wrong.json: step 0: Put.key is not a string: 7')
    expect(lines[4]).toContain('waits.json: step 3: no call was started with the name x')
  })
  test('plays streams: several watches on one, renewals on another, until they are closed', () => {
    const watch = (key: string) => ({ create_request: { key } })
    const exchange = file('streams.json', {
      name: 'streams',
      steps: [
        { stream: 'w', call: 'Watch', request: watch('a') },
        { send: 'w', request: watch('b') },
        { send: 'w', request: {} },
        { call: 'Put', request: { key: 'b' } },
        { send: 'w', request: { cancel_request: { watch_id: 1 } } },
        { call: 'Put', request: { key: 'b' } },
        { stream: 'k', call: 'LeaseKeepAlive' },
        { send: 'k', request: { ID: 7 } },
        { close: 'w' },
        { call: 'Put', request: { key: 'a' } },
        { fault: 'crash', member: 'm1' },
      ],
    })
    const { steps, streams } = JSON.parse(leasescope('api', exchange).out)
    expect(steps.map((step: object) => Object.keys(step).join())).toEqual([
      '',
      '',
      '',
      'response',
      '',
      'response',
      '',
      '',
      '',
      'response',
      '',
    ])
    const onW = streams.w.map(({ response }: { response: object }) => response)
    const kv = { key: 'b', create_revision: 2, mod_revision: 2, version: 1 }
    expect(onW).toEqual([
      { header: { revision: 1 }, created: true },
      { header: { revision: 1 }, watch_id: 1, created: true },
      { header: { revision: 2 }, watch_id: 1, events: [{ kv }] },
      { header: { revision: 2 }, watch_id: 1, canceled: true },
    ])
    expect(streams.k).toMatchObject([
      { response: { header: { revision: 3 }, ID: 7 } },
      { end: true },
    ])
  })
  test('replaces members and leases by placeholders, and shortens long values', () => {
    const exchange = file('placeholders.json', {
      name: 'placeholders',
      members: 3,
      steps: [
        {
          at: 6000,
          call: 'MemberAdd',
          request: { peerURLs: ['http://127.0.0.1:42380'], isLearner: true },
        },
        { fault: 'join', member: 'm4' },
        { at: 9000, call: 'MemberPromote', request: { ID: '{m4}' } },
        { call: 'LeaseGrant', request: { TTL: 60 } },
        { call: 'LeaseGrant', request: { TTL: 60, ID: '123456789012345678' } },
        { call: 'Put', request: { key: 'k/{L1}', value: '{x*2000}', lease: '{l1}' } },
        { call: 'Range', request: { key: 'k/{L1}' }, on: 'm4' },
        { call: 'LeaseTimeToLive', request: { ID: '{l1}', keys: true } },
        { fault: 'restart', member: 'm2' },
        { fault: 'stop', member: 'm3' },
        { at: 12_000, call: 'Status', on: 'm2' },
        { call: 'Status', on: 'm3' },
      ],
    })
    const { steps } = JSON.parse(leasescope('api', exchange).out)
    expect(steps[0].response.member).toMatchObject({ ID: '{m4}', isLearner: true })
    expect(steps[2].response.members.map(({ ID }: { ID: string }) => ID).sort()).toEqual([
      '{m1}',
      '{m2}',
      '{m3}',
      '{m4}',
    ])
    expect([steps[3].response.ID, steps[4].response.ID]).toEqual(['{l1}', '123456789012345678'])
    expect(steps[6].response.kvs).toMatchObject([
      { key: 'k/{L1}', value: '{x*2000}', lease: '{l1}' },
    ])
    expect(steps[7].response).toMatchObject({ ID: '{l1}', grantedTTL: 60, keys: ['k/{L1}'] })
    expect(steps[10].response.leader).toBe('{m1}')
    expect(steps[11]).toEqual({ none: true })
  })
  test('reports the times of answers, and applies the options of the cluster', () => {
    const played = (options: object) => {
      const steps = [
        { at: 50, call: 'Put', request: { key: 'k' } },
        { at: 90, call: 'Lock', request: { name: 'L' }, start: 'l' },
        { finish: 'l' },
      ]
      return JSON.parse(leasescope('api', file('times.json', { name: 't', options, steps })).out)
        .steps
    }
    expect(played({ times: true }).map(({ after }: { after?: number }) => after)).toEqual([
      52,
      undefined,
      92,
    ])
    expect(played({ checkpoint: 'on' }).map(({ after }: { after?: number }) => after)).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
  test('refuses an invalid exchange with the name of the field', () => {
    const refused = (exchange: object) =>
      leasescope('api', file('refused.json', { name: 'r', ...exchange })).error.split(
        'refused.json: ',
      )[1]
    const put = { call: 'Put', request: { key: 'k' } }
    const cases: [object, string][] = [
      [{ name: 7, steps: [] }, 'name is not a string'],
      [{ members: 2, steps: [] }, 'members is not 1, 3, 5 or 7: 2'],
      [{ steps: {} }, 'steps is not a list'],
      [
        { options: { checkpoint: 'off' }, steps: [] },
        'options.checkpoint is not one of on, persist: "off"',
      ],
      [{ options: { preVote: 'yes' }, steps: [] }, 'options.preVote is not true or false: "yes"'],
      [
        { options: { quota: 1 }, steps: [] },
        'options.quota is not an option: checkpoint, preVote or times',
      ],
      [{ steps: [put, { at: -1, ...put }] }, 'steps[1].at is not a number of milliseconds: -1'],
      [{ steps: [7] }, 'steps[0] is not an object'],
      [
        { steps: [{ request: {} }] },
        'steps[0] has none of fault, finish, close, send, stream, start, call',
      ],
      [
        { steps: [{ fault: 'drop', member: 'm1' }] },
        'steps[0].fault is not one of move-leader, crash, restart, stop, pause, resume, join: "drop"',
      ],
      [{ steps: [{ fault: 'crash' }] }, 'steps[0].member is not a member: undefined'],
      [
        { steps: [{ fault: 'move-leader', member: 'm1' }] },
        'steps[0].to is not a member: undefined',
      ],
      [
        { steps: [{ stream: 's', call: 'Put' }] },
        'steps[0].call is not one of Watch, LeaseKeepAlive, Observe: "Put"',
      ],
      [{ steps: [{ send: 's', request: {} }] }, 'step 0: no stream is open with the name s'],
      [{ steps: [{ send: 's' }] }, 'steps[0].request is not a request: undefined'],
      [{ steps: [{ ...put, on: 1 }] }, 'steps[0].on is not a name: 1'],
      [{ steps: [{ call: 'Put', request: [] }] }, 'steps[0].request is not an object'],
      [
        { steps: [{ stream: 's', call: 'Watch', request: { create_request: { key: 7 } } }] },
        'step 0: WatchCreate.key is not a string: 7',
      ],
      [
        { steps: [{ stream: 's', call: 'Watch', request: { cancel_request: 7 } }] },
        'step 0: Watch.cancel_request is not an object',
      ],
      [{ steps: [{ fault: 'join', member: 'm4' }] }, 'step 0: m4 was not added'],
    ]
    for (const [exchange, words] of cases) expect(refused(exchange)).toBe(`${words}\n`)
  })
  test('answers as the given version, by default as 3.4', () => {
    const status = file('status.json', { name: 's', steps: [{ call: 'Status' }] })
    const version = (...option: string[]) =>
      JSON.parse(leasescope('api', ...option, status).out).steps[0].response.version
    expect([version(), ...ETCD_VERSIONS.map((each) => version('--etcd', each))]).toEqual([
      '3.4.23',
      '3.4.23',
      '3.5.35',
      '3.6.16',
      '3.7.3',
    ])
    for (const [subcommand, input] of [
      ['api', status],
      ['run', file('nothing.sh', '')],
    ] as const) {
      const { exit, error } = leasescope(subcommand, '--etcd', '3.8', input)
      expect([exit, error]).toEqual([
        1,
        `leasescope ${subcommand}: --etcd takes 3.4, 3.5, 3.6 or 3.7, not 3.8\n`,
      ])
    }
  })
  test('has help, and no other options', () => {
    expect(leasescope('api', '--help')).toMatchObject({ exit: 0, error: '' })
    expect(leasescope('api', '--fast')).toMatchObject({ exit: 1, out: '' })
    expect(leasescope('api')).toMatchObject({ exit: 1, out: '' })
  })
})

describe('replay', () => {
  const recording = {
    leasescope: 1,
    seed: 7,
    config: {
      members: 3,
      etcd: '3.4',
      heartbeatMs: 100,
      electionMs: 1000,
      boot: 'elected',
      latencyMs: 5,
    },
    commands: [
      { type: 'console', terminal: 't1', text: 'etcdctl lease grant 3', mode: 'strict', at: 100 },
      { type: 'fault', fault: { type: 'crash', member: 'm1' }, at: 900 },
    ],
  }
  test('prints the trace of a recording, until its last command or the given time', () => {
    const path = file('recording.json', recording)
    const short = leasescope('replay', path)
    expect(short).toMatchObject({
      exit: 0,
      error: `${path}: Made with 0.1; it may play differently.\n`,
    })
    expect(short.out).toMatch(/ 0\.900 m1 {3}crashes: writes that were not on its disk are lost\n/)
    expect(short.out).not.toContain('revokes L1')
    const long = leasescope('replay', '--until', '20', path)
    expect(long.out.startsWith(short.out)).toBe(true)
    expect(long.out).toContain('revokes L1')
    const events = leasescope('replay', '--until', '20', '--json', path).out.trimEnd().split('\n')
    expect(events).toHaveLength(long.out.trimEnd().split('\n').length)
    expect(JSON.parse(events[0]!)).toMatchObject({ id: 1, causes: [] })
  })
  test('reports that another engine made a recording, beside the same trace', () => {
    const of = (engine: string) =>
      leasescope('replay', file(`made-with-${engine}.json`, { ...recording, engine }))
    expect(of('0.2')).toMatchObject({ exit: 0, error: '' })
    expect(of('0.2.7').error).toBe('')
    expect(of('0.3').error).toMatch(/: Made with 0\.3; it may play differently\.\n$/)
    expect(of('0.3').out).toBe(of('0.2').out)
  })
  test('refuses an invalid recording with the place', () => {
    const wrong = file('wrong-recording.json', { ...recording, seed: 'x' })
    expect(leasescope('replay', wrong)).toMatchObject({
      exit: 1,
      out: '',
      error: expect.stringContaining('seed: expected a number'),
    })
    expect(leasescope('replay', '--until', 'soon', wrong)).toMatchObject({ exit: 1 })
    expect(leasescope('replay', '--help').out).toContain('--until')
  })
})

describe('check', () => {
  const recordings = join(import.meta.dirname, '../test/recordings')
  test('prints a verdict on every rule; exit code 0 if all hold', () => {
    const { exit, out, error } = leasescope(
      'check',
      join(recordings, 'fuzz/two-primaries-renew.json'),
    )
    expect({ exit, error }).toEqual({ exit: 0, error: '' })
    const lines = out.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^etcd 3\.\d, \d members, 117 commands, \d+ events, 70\.260 s$/)
    for (const { name } of INVARIANTS) expect(lines).toContain(`holds   ${name}`)
    expect(lines).toContain('holds   Linearizable histories: 3 keys judged')
    expect(lines).toContain('holds   Convergence')
    expect(lines).toContain('open    Locks: no program entered a section')
    expect(lines.at(-1)).toBe('everything holds')
    expect(lines[1]).toBe('note    Made with 0.1; it may play differently.')
  })
  test('exits with 1 if a lock breaks its promise', () => {
    const { exit, out } = leasescope('check', join(recordings, 'recipes/check-then-put.json'))
    expect(exit).toBe(1)
    expect(out).toMatch(
      /^broken {2}A lock admits only as many clients as it has room for while their leases live: at 0\.\d+ s, \w and \w are in \/lock at once$/m,
    )
    expect(out).toMatch(/^open {4}Convergence: /m)
    expect(out).toMatch(/\n2 broken\n$/)
  })
  test('excuses the known faults of etcd', () => {
    const { exit, out } = leasescope('check', join(recordings, 'fuzz/deposed-leader-3.4.json'))
    expect(exit).toBe(0)
    expect(out).toMatch(/^known {3}No lease ends early: at .* \(etcd does this too\)$/m)
  })
  test('checks up to the cursor, or to the given time', () => {
    const path = join(recordings, 'recipes/no-keep-alive.json')
    expect(leasescope('check', path).exit).toBe(1)
    expect(leasescope('check', '--until', '1', path)).toMatchObject({ exit: 0, error: '' })
  })
  test("accepts the fuzzer's recordings", () => {
    const run = file('drawn.json', leasescope('fuzz', '--seed', '7', '--recording').out)
    expect(leasescope('check', run)).toMatchObject({
      exit: 0,
      error: '',
      out: expect.stringContaining('everything holds'),
    })
  })
  test('exits with 2 if the recording cannot be checked', () => {
    const wrong = file('wrong-check.json', { leasescope: 1, seed: 'x', config: {}, commands: [] })
    expect(leasescope('check', wrong)).toMatchObject({
      exit: 2,
      out: '',
      error: expect.stringContaining('seed: expected a number'),
    })
    expect(leasescope('check', join(folder, 'missing.json'))).toMatchObject({ exit: 2, out: '' })
    expect(leasescope('check')).toMatchObject({
      exit: 2,
      error: expect.stringContaining('check takes one recording'),
    })
    expect(leasescope('check', '--until', 'soon', wrong)).toMatchObject({ exit: 2 })
    expect(leasescope('check', '--help')).toMatchObject({
      exit: 0,
      out: expect.stringContaining('Exit code: 0'),
    })
  })
})

test('an unknown subcommand is refused with the list of subcommands', () => {
  expect(leasescope('nonsense')).toEqual({
    exit: 2,
    out: '',
    error: expect.stringContaining('leasescope has no nonsense. It has: open, api'),
  })
})

test('the package has the program', () => {
  const path = file('spawned.json', { name: 'spawned', steps: [grant] })
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'leasescope.mjs'), 'api', path],
    {
      encoding: 'utf8',
    },
  )
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(JSON.parse(stdout)).toMatchObject({ name: 'spawned', events: [] })
})

describe('fuzz --recipe', () => {
  test('runs a correct recipe, a recipe that shows its flaw, and prints a single run completely', () => {
    expect(leasescope('fuzz', '--recipe', 'mutex', '--runs', '2').out).toMatch(
      /^mutex: 2 runs from seed 1 kept its promise; \d+ sections, \d+ faults\.\n$/,
    )
    expect(leasescope('fuzz', '--recipe', 'put-and-hope', '--runs', '2').out).toContain(
      'In 2 of them it showed its flaw: two hold.',
    )
    const told = leasescope('fuzz', '--recipe', 'check-then-put', '--seed', '1')
    expect(told.exit).toBe(0)
    expect(told.out).toMatch(/at \d+: two hold: \w and \w are in \/lock at once/)
  })

  test('lists the recipes in the error for an unknown one', () => {
    expect(leasescope('fuzz', '--recipe', 'none')).toMatchObject({
      exit: 1,
      error: expect.stringContaining('--recipe takes all, check-then-put'),
    })
  })
})
