import type { Recording } from '../../engine/worker/protocol'
import { readScenario } from './scenario'

const OPENING = 'beat-1-key-dies'
const files = import.meta.glob<string>('../../engine/scenario/catalogue/beat-1-key-dies.txt', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** The first story of the page: part of the first paint. */
export const openingStory = readScenario(OPENING, Object.values(files)[0] ?? '')

/**
 * The start of the opening, in virtual ms. By then the lease is granted, renewed once, and
 * draining.
 */
export const OPENING_AT = 1500

/** The client and the key of the opening. */
export const OPENING_CLIENT = 'svc'
export const OPENING_KEY = '/svc/a'

/**
 * One client, one member, one lease of ten seconds and a key that is attached to it. The latency is
 * long enough to be visible.
 */
export const opening: Recording = {
  leasescope: 1,
  seed: 1,
  config: {
    members: 1,
    etcd: '3.6',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 30,
  },
  commands: [
    {
      type: 'program',
      client: OPENING_CLIENT,
      program: [
        { op: 'session', ttlSeconds: 10, as: 'lease' },
        { op: 'put', key: OPENING_KEY, value: '10.0.0.7:8080', lease: '$lease' },
      ],
      at: 0,
    },
  ],
}
