import { describe, expect, test } from 'vitest'
import { validRecording } from '../replay/validate'
import { parseScenario, runScenario } from './scenario'

const JOINS = [
  'config members=1 seed=3',
  'show fault',
  '$ etcdctl member add infra4 --peer-urls=http://127.0.0.1:42380',
  'until 1',
  '$ etcd --name infra4 --initial-cluster-state existing --listen-client-urls http://127.0.0.1:42379 --initial-advertise-peer-urls http://127.0.0.1:42380',
  'until 4',
]

test('fault words accept a member that an etcd line starts, by any name', () => {
  const faults = [
    'pause infra4',
    'resume infra4',
    'clock infra4 150',
    'disk infra4 5',
    'crash infra4',
    'restart infra4',
  ]
  const { trace, recording } = runScenario(
    parseScenario(
      [...JOINS, ...faults, 'until 6', 'svc asks infra4 local-get k', 'until 7'].join('\n'),
    ),
  )
  expect(trace).toEqual([
    expect.stringContaining('infra4 starts as'),
    '   4.000 infra4 freezes',
    '   4.000 infra4 continues and sees that time has passed',
    '   4.000 infra4 has a clock that runs at 150 % from now on',
    '   4.000 infra4 needs 5 ms for each disk write from now on',
    '   4.000 infra4 crashes: writes that were not on its disk are lost',
    '   4.000 infra4 restarts from its disk',
  ])
  expect(validRecording(recording)).toMatchObject({ ok: true })
})

test('fault words refuse a member that no line starts', () => {
  expect(() => parseScenario('svc asks infra4 get k')).toThrow(
    'line 1: expected a member, m1 to m7 or one that an etcd line starts, not "infra4"',
  )
  expect(() => parseScenario('stop infra4')).toThrow('line 1: there is no member infra4')
})

describe('a story', () => {
  const STORY = [
    '# When does the key go?',
    '# A lease of 5 s,',
    '# and a key.',
    '',
    'shelf leases',
    '$ etcdctl lease grant 5',
    'until 9',
    'start 1.5',
    'stop when L1 granted +2',
    '  ask when When does L1 end?',
    '  # by itself',
    '',
    '  mark L1 ends',
    'stop at 8',
    '  say  The end.',
    'never renewed',
  ]
  const read = (...lines: string[]) => parseScenario(lines.join('\n'))

  test('has a title, a sentence, a shelf, a start and stops, which are part of its recording', () => {
    const scenario = read(...STORY)
    expect(scenario).toMatchObject({
      title: 'When does the key go?',
      sentence: 'A lease of 5 s, and a key.',
      shelf: 'leases',
      start: 1500,
      claims: [{ words: 'renewed', never: true }],
    })
    expect(scenario.stops).toMatchObject([
      { when: { type: 'lease', lease: 1, does: 'granted' }, afterMs: 2000, ask: { kind: 'when' } },
      { when: { type: 'at', at: 8000 }, say: 'The end.' },
    ])
    const { recording } = runScenario(scenario)
    expect(validRecording(recording)).toEqual({ ok: true, value: recording })
    expect(recording.stops).toEqual(scenario.stops)
    expect(read('until 5')).toMatchObject({
      title: '',
      sentence: '',
      shelf: null,
      start: 0,
      stops: [],
    })
  })
  test('is refused with the place of the fault', () => {
    expect(() => read(...STORY, 'stop when L1 dies')).toThrow(
      'line 17: expected L1 granted|renewed',
    )
    expect(() => read(...STORY.map((line) => line.replace('mark L1 ends', 'mark L1')))).toThrow(
      'line 13: expected L1 granted|renewed',
    )
    expect(() => read('stop at 1', '  say  One.', 'until 3', '  say  Two.')).toThrow(
      'line 4: unknown line "say  Two."',
    )
    expect(() => read('shelf books')).toThrow('line 1: expected one of leases, cluster')
    expect(() => read(...Array.from({ length: 51 }, (_, i) => `stop at ${i}`))).toThrow(
      'at most 50 stops (got 51)',
    )
    expect(() => read('stop at 5 +70')).toThrow('line 1: expected at most +60')
  })
  test('distinguishes a fault from a stop', () => {
    expect(read('config members=3', 'stop m1', 'stop at 3').steps).toEqual([
      { type: 'fault', fault: { type: 'stop', member: 'm1' }, place: 'line 2' },
    ])
  })
})
