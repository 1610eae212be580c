import { expect, test } from 'vitest'
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

test('fault words know a member that an etcd line starts, whatever its name', () => {
  const faults = ['pause infra4', 'resume infra4', 'clock infra4 150', 'disk infra4 5', 'crash infra4', 'restart infra4']
  const { trace, recording } = runScenario(
    parseScenario([...JOINS, ...faults, 'until 6', 'svc asks infra4 local-get k', 'until 7'].join('\n')),
  )
  expect(trace).toEqual([
    expect.stringContaining('infra4 starts as'),
    '   4.000 infra4 is paused',
    '   4.000 infra4 continues and sees that time has passed',
    '   4.000 infra4 has a clock that runs at 150 % from now on',
    '   4.000 infra4 needs 5 ms for each disk write from now on',
    '   4.000 infra4 crashes: writes that were not on its disk are lost',
    '   4.000 infra4 restarts from its disk',
  ])
  expect(validRecording(recording)).toMatchObject({ ok: true })
})

test('one that no line starts is nobody', () => {
  expect(() => parseScenario('svc asks infra4 get k')).toThrow(
    'line 1: expected a member, m1 to m7 or one that an etcd line starts, not "infra4"',
  )
  expect(() => parseScenario('stop infra4')).toThrow('line 1: there is no member infra4')
})
