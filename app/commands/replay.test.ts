import { expect, test } from 'vitest'
import type { Config } from '../../engine/worker/protocol'
import { STORY_AT_START } from '../scene/test-story'
import { canReplay, replayChange, UNTOUCHED } from './replay'

const config: Config = {
  members: 3,
  etcd: '3.6',
  heartbeatMs: 100,
  electionMs: 1000,
  boot: 'elected',
  latencyMs: 30,
}
const now = { ttl: 10, config, seed: 7, client: 'a' }

test('an empty or unchanged field changes nothing', () => {
  expect(replayChange(UNTOUCHED, now)).toBeNull()
  expect(
    replayChange(
      {
        ...UNTOUCHED,
        ttl: '10',
        latency: '30',
        peerLatency: '30',
        etcd: '3.6',
        members: '3',
        checkpoint: 'off',
        seed: '7',
        library: 'clientv3',
      },
      now,
    ),
  ).toBeNull()
})

test('every field has its place in the change', () => {
  expect(
    replayChange(
      {
        ttl: '20',
        latency: '5',
        peerLatency: '0',
        etcd: '3.4',
        members: '5',
        checkpoint: 'persist',
        seed: '1',
        library: 'jetcd',
      },
      now,
    ),
  ).toEqual({
    ttl: { from: 10, to: 20 },
    seed: 1,
    library: { clients: ['a'], to: 'jetcd' },
    config: { latencyMs: 5, peerLatencyMs: 0, etcd: '3.4', members: 5, checkpoint: 'persist' },
  })
  expect(replayChange({ ...UNTOUCHED, seed: '0' }, now)).toEqual({ seed: 0 })
})

test('a story is replayed after its first stop, another run once time has passed', () => {
  const story = (reached: number | null) => ({ ...STORY_AT_START, reached })
  expect(canReplay(story(null), 5000)).toBe(false)
  expect(canReplay(story(0), 5000)).toBe(true)
  expect(canReplay(null, 0)).toBe(false)
  expect(canReplay(null, 1)).toBe(true)
})
