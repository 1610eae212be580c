import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accept } from '../worker/accept'
import { validCommand, validRecording, validRunTree, validSharedRun } from './validate'

const GOOD = {
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
      program: [{ op: 'session', ttlSeconds: 10, as: 'lease' }],
      at: 0,
    },
    {
      type: 'request',
      client: 'you',
      request: { type: 'Txn', success: [{ type: 'Txn', failure: [{ type: 'Put', key: 'k' }] }] },
      at: 5,
      after: 1,
    },
    { type: 'console', terminal: 't1', text: 'etcdctl lease list', mode: 'guided', at: 5 },
  ],
}

const altered = (change: (recording: typeof GOOD) => void): unknown => {
  const copy = JSON.parse(JSON.stringify(GOOD)) as typeof GOOD
  change(copy)
  return copy
}

describe('a recording', () => {
  test('is accepted unchanged', () => {
    expect(validRecording(GOOD)).toEqual({ ok: true, value: GOOD })
  })
  test.each<[string, unknown]>([
    ['leasescope', altered((r) => Object.assign(r, { leasescope: 2 }))],
    ['seed', altered((r) => Object.assign(r, { seed: -1 }))],
    ['config.latencyMs', altered((r) => Object.assign(r.config, { latencyMs: 1e9 }))],
    ['config.members', altered((r) => Object.assign(r.config, { members: 1000 }))],
    ['commands.0.at', altered((r) => Object.assign(r.commands[0]!, { at: -1 }))],
    ['commands.1.after', altered((r) => Object.assign(r.commands[1]!, { after: -1 }))],
    ['colour', altered((r) => Object.assign(r, { colour: 'red' }))],
    [
      'commands.0.program.0.ttlSeconds',
      altered((r) => Object.assign(r.commands[0]!.program![0]!, { ttlSeconds: '10' })),
    ],
    [
      'commands.1.request.success.0.failure.0.key',
      altered((r) => Object.assign(r.commands[1]!.request!.success[0]!.failure[0]!, { key: '☃' })),
    ],
    ['commands.2.type', altered((r) => Object.assign(r.commands[2]!, { type: 'explode' }))],
    ['commands', altered((r) => Object.assign(r.commands[2]!, { at: 1 }))],
  ])('is refused with the place: %s', (place, recording) => {
    const result = validRecording(recording)
    expect(result.ok).toBe(false)
    expect(!result.ok && result.reason.split(':')[0]).toBe(place)
  })
})

describe('a number of the configuration', () => {
  test.each<[string, number, number]>([
    ['heartbeatMs', 10, 200],
    ['electionMs', 500, 50_000],
    ['expiryPhaseMs', 0, 499],
    ['latencyMs', 0, 60_000],
    ['peerLatencyMs', 0, 60_000],
    ['jitterMs', 0, 60_000],
    ['lossPercent', 0, 100],
    ['duplicatePercent', 0, 100],
    ['reorderPercent', 0, 100],
    ['diskMs', 0, 60_000],
    ['snapshotCount', 1, 1_000_000],
    ['catchUpEntries', 0, 1_000_000],
  ])('%s is from %i to %i', (field, least, most) => {
    const taken = (value: number): boolean =>
      validRecording(altered((r) => Object.assign(r.config, { [field]: value }))).ok
    expect([least - 1, least, most, most + 1].map(taken)).toEqual([false, true, true, false])
    expect(taken(least + 0.5)).toBe(false)
  })
})

describe('a time before the start', () => {
  const branch = {
    id: 1,
    name: 'main',
    parent: null,
    shared: 0,
    forkAt: 0,
    end: 0,
    seed: 1,
    config: GOOD.config,
    commands: [],
  }
  const tree = { branches: [branch], current: 1, cursor: 0 }

  test('is refused in a session', () => {
    expect(validRunTree(tree)).toMatchObject({ ok: true })
    expect(validRunTree({ ...tree, cursor: -1 })).toEqual({
      ok: false,
      reason: 'cursor: expected at least 0 (got -1)',
    })
    for (const field of ['forkAt', 'end']) {
      const early = { ...tree, branches: [{ ...branch, [field]: -1 }] }
      expect(validRunTree(early)).toEqual({
        ok: false,
        reason: `branches.0.${field}: expected at least 0 (got -1)`,
      })
    }
  })
  test('is refused in a file', () => {
    expect(validSharedRun({ ...GOOD, cursor: 0 })).toMatchObject({ ok: true })
    expect(validSharedRun({ ...GOOD, cursor: -1 })).toEqual({
      ok: false,
      reason: 'cursor: expected at least 0 (got -1)',
    })
    const early = { ...GOOD, branch: 1, branches: [{ ...branch, end: -1 }] }
    expect(validSharedRun(early)).toEqual({
      ok: false,
      reason: 'branches.0.end: expected at least 0 (got -1)',
    })
  })
})

describe('any input', () => {
  test('gets an answer and no exception', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        expect(typeof validRecording(anything).ok).toBe('boolean')
        expect(typeof validCommand(anything).ok).toBe('boolean')
        expect(typeof accept(anything).ok).toBe('boolean')
      }),
    )
  })
  test('over the port and unknown is refused by its name', () => {
    expect(accept({ type: 'explode' })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('explode'),
    })
    expect(accept('hello')).toMatchObject({ ok: false })
    expect(
      accept({
        type: 'command',
        command: { type: 'console', terminal: 't1', text: 7, mode: 'strict' },
      }),
    ).toMatchObject({
      ok: false,
      reason: 'command: text: expected text (got 7)',
    })
    expect(accept({ type: 'advance', wallMs: Number.NaN }).ok).toBe(false)
  })
})

test('a missing field is reported as missing', () => {
  const answer = validCommand({ type: 'request', client: 'a' })
  expect(answer).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/request: this field is missing$/),
  })
})
