// The same run with other numbers: what a form of strings comes to as a change, and when it is
// offered.

import { ETCD_VERSIONS, PATCH_VERSIONS } from '../../engine/text/releases'
import type { Change, Config, StoryView } from '../../engine/worker/protocol'
import { libraryChange } from './libraries'

export const VERSIONS = ETCD_VERSIONS
/** `3.6 (as 3.6.16)`: a version, and the patch version that is modelled. */
export const versionWords = Object.fromEntries(
  VERSIONS.map((version) => [version, `${version} (as ${PATCH_VERSIONS[version]})`]),
) as Record<(typeof VERSIONS)[number], string>
export const SIZES = [1, 3, 5, 7] as const
export const CHECKPOINTS = ['off', 'on', 'persist'] as const
export const checkpointWords = { off: 'off', on: 'on', persist: 'on, and written to disk' }

/** The fields of the form, as text; an empty one stays as it is. */
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
 * What differs from the run as it is; null where nothing does. `ttl` (seconds) is the one that the
 * TTL field replaces, `client` the one that another library is for; empty for none.
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
 * A run of one's own can be replayed once time has passed; a story once its first stop is reached.
 */
export function canReplay(story: StoryView | null, end: number): boolean {
  return story === null || story.stops === 0 ? end > 0 : story.reached !== null
}

function optional<T, R>(value: T | undefined, make: (value: T) => R): R | undefined {
  return value === undefined ? undefined : make(value)
}

/** The fields that have a value; undefined where none has. */
function present<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T | undefined {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined)
  return set.length === 0 ? undefined : (Object.fromEntries(set) as T)
}
