import { expect, test } from 'vitest'
import { differenceRows } from '../../engine/text/differences'
import type { Config } from '../../engine/worker/protocol'
import { settingsChange, settingsOf } from './settings'

const config: Config = {
  members: 3,
  etcd: '3.6',
  heartbeatMs: 100,
  electionMs: 1000,
  boot: 'elected',
  latencyMs: 30,
}
const before = settingsOf(config, 7)

test('settings that are as before change nothing, nor does a seed that is no number', () => {
  expect(settingsChange(before, { ...before })).toBeNull()
  expect(settingsChange(before, { ...before, differences: {} })).toBeNull()
  for (const seed of ['', '-1', '1.5', 'x'])
    expect(settingsChange(before, { ...before, etcd: '3.4', seed })).toBeNull()
})

test('every setting has its place in the change', () => {
  const name = differenceRows[0]!.name
  const library = { clients: ['a'], to: 'jetcd' as const }
  const after = {
    library,
    etcd: '3.4',
    members: 5,
    seed: '8',
    endpoints: 'all',
    checkpoint: 'on',
    differences: { [name]: true },
  } as const
  expect(settingsChange(before, after)).toEqual({
    seed: 8,
    library,
    config: {
      etcd: '3.4',
      members: 5,
      clientEndpoints: 'all',
      checkpoint: 'on',
      differences: { [name]: true },
    },
  })
  expect(settingsChange({ ...before, differences: { [name]: true } }, before)).toEqual({
    config: { differences: {} },
  })
})
