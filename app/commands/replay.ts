// The same run with other numbers: the change that a form of strings describes, and when the page
// offers it.

import { ETCD_VERSIONS, PATCH_VERSIONS } from '../../engine/text/releases'
import type { Change, Config, StoryView } from '../../engine/worker/protocol'
import { libraryChange } from './libraries'

export const VERSIONS = ETCD_VERSIONS
/** `3.6 (as 3.6.16)`: a version, and the modelled patch version. */
export const versionWords = Object.fromEntries(
  VERSIONS.map((version) => [version, `${version} (as ${PATCH_VERSIONS[version]})`]),
) as Record<(typeof VERSIONS)[number], string>
export const SIZES = [1, 3, 5, 7] as const
export const CHECKPOINTS = ['off', 'on', 'persist'] as const
export const checkpointWords = { off: 'off', on: 'on', persist: 'on, and written to disk' }

/** The fields of the form, as text. An empty field leaves its setting unchanged. */
export type Dials = Record<Dial, string>
export type Dial =
  | 'ttl'
  | 'latency'
  | 'peerLatency'
  | 'etcd'
  | 'members'
  | 'checkpoint'
  | 'seed'
  | 'library'

export const UNTOUCHED: Dials = {
  ttl: '',
  latency: '',
  peerLatency: '',
  etcd: '',
  members: '',
  checkpoint: '',
  seed: '',
  library: '',
}

/**
 * The differences from the current run; null if there are none. `ttl` (seconds): the TTL that the
 * field replaces. `client`: the client of the library field. Both are empty for none.
 */
export function replayChange(
  dials: Dials,
  { ttl, config, seed, client }: { ttl: number; config: Config; seed: number; client: string },
): Change | null {
  const number = (dial: Dial, now: number): number | undefined =>
    dials[dial] === '' || Number(dials[dial]) === now ? undefined : Number(dials[dial])
  const choice = <T extends string>(dial: Dial, all: readonly T[], now: T): T | undefined =>
    all.find((each) => each === dials[dial] && each !== now)
  const change = present<Change>({
    ttl: optional(number('ttl', ttl), (to) => ({ from: ttl, to })),
    seed: number('seed', seed),
    library: libraryChange(config, client, dials.library) ?? undefined,
    config: present<Partial<Config>>({
      latencyMs: number('latency', config.latencyMs),
      peerLatencyMs: number('peerLatency', config.peerLatencyMs ?? config.latencyMs),
      etcd: choice('etcd', VERSIONS, config.etcd),
      members: number('members', config.members),
      checkpoint: choice('checkpoint', CHECKPOINTS, config.checkpoint ?? 'off'),
    }),
  })
  return change ?? null
}

/**
 * The reader's own run can be replayed after some time has passed; a story after its first stop.
 */
export function canReplay(story: StoryView | null, end: number): boolean {
  return story === null || story.stops === 0 ? end > 0 : story.reached !== null
}

function optional<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  return value === undefined ? undefined : make(value)
}

/** The fields with a value; undefined if there are none. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T | undefined {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined)
  return set.length === 0 ? undefined : (Object.fromEntries(set) as T)
}
