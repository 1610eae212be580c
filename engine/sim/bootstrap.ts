// The members of a run before it starts: names, URLs, the IDs that etcd computes from them, and
// values drawn from the seed.

import { PATCH_VERSIONS } from '../base/etcd-versions'
import { Random } from '../base/random'
import type { Bytes, MemberId, MemberInfo } from '../base/rpc'
import { sha1 } from '../base/sha1'
import type { MemberName } from '../base/trace'
import { CHECKPOINT_INTERVAL_MS } from '../lease/checkpoints'
import { minTtlSeconds } from '../lease/lessor'
import { EXPIRY_LOOP_MS } from '../member/expiry-loop'
import type { MemberOptions } from '../member/member'
import type { Config } from './command'

const CLUSTER_TOKEN = 'etcd-cluster'
/** Client and peer ports of m1. Those of m2, m3 … are 22379, 32379 …, as in etcd's own Procfile. */
const FIRST_PORTS = [2379, 2380] as const
/**
 * How many entries a member applies between two snapshots, and how many it keeps before a snapshot
 * (embed/config.go; semantics §6.3).
 */
const SNAPSHOT_COUNT = { '3.4': 100_000, '3.5': 100_000, '3.6': 10_000, '3.7': 10_000 } as const
const CATCH_UP_ENTRIES = 5000
/**
 * Unix milliseconds when members may have started: the first second of 2026 and some weeks more,
 * drawn from the seed.
 */
const FIRST_START_MS = 1_767_225_600_000
const START_SPREAD_MS = 0x8000_0000

/**
 * The members of a configuration. IDs are the first eight bytes of SHA-1 over peer URL and token,
 * as in membership/member.go: computeMemberId.
 */
export function memberOptions(config: Config, seed: number): readonly MemberOptions[] {
  const key = JSON.stringify([config, seed])
  if (latest.key !== key) {
    const { cluster, clusterId } = identityOf(config.members)
    latest = {
      key,
      options: cluster.map((info) => ({
        ...info,
        cluster,
        clusterId,
        ...ofMember(config, seed, info.name),
      })),
    }
  }
  return latest.options
}

/** The last answer is kept: a seek loads saved states of one run again and again. */
let latest: { key: string; options: readonly MemberOptions[] } = { key: '', options: [] }

interface Identity {
  cluster: MemberInfo[]
  clusterId: MemberId
}

/** By the number of members. The IDs are hashes, and each load of a saved run needs them. */
const identities = new Map<number, Identity>()

function identityOf(members: number): Identity {
  const known = identities.get(members) ?? newIdentity(members)
  identities.set(members, known)
  return known
}

function newIdentity(members: number): Identity {
  const names = Array.from({ length: members }, (_, i) => `m${i + 1}`)
  const urls = names.map(
    (_, i) =>
      FIRST_PORTS.map(
        (port) => `http://127.0.0.1:${port + (i === 0 ? 0 : i * 10_000 + 10_000)}`,
      ) as [string, string],
  )
  const ids = urls.map(([, peer]) => sha1(peer + CLUSTER_TOKEN).slice(0, 16) as MemberId)
  // membership/cluster.go: genID: the members' IDs, sorted, eight bytes each.
  const clusterId = sha1([...ids].sort().map(idBytes).join('')).slice(0, 16) as MemberId
  const cluster = names.map((name, i) => ({
    ID: ids[i]!,
    name,
    peerURLs: [urls[i]![1]],
    clientURLs: [urls[i]![0]],
    isLearner: false,
  }))
  return { cluster, clusterId }
}

/**
 * A member that joins the cluster of `first` while it runs. `joins`: the members that it learns of.
 */
export function joiningOptions(
  config: Config,
  seed: number,
  info: MemberInfo,
  joins: readonly MemberInfo[],
): MemberOptions {
  const { cluster, clusterId } = memberOptions(config, seed)[0]!
  return { ...info, cluster, clusterId, joins, ...ofMember(config, seed, info.name) }
}

type OfMember = Omit<MemberOptions, keyof MemberInfo | 'cluster' | 'clusterId' | 'joins'>

function ofMember(config: Config, seed: number, name: MemberName): OfMember {
  return {
    etcdVersion: PATCH_VERSIONS[config.etcd],
    minTtlSeconds: minTtlSeconds(config.heartbeatMs, config.electionMs),
    electionMs: config.electionMs,
    heartbeatMs: config.heartbeatMs,
    tickPhaseMs: new Random(seed, `${name}/tick-phase`).below(config.heartbeatMs),
    diskMs: config.diskMs ?? 0,
    checkpoint: config.checkpoint ?? 'off',
    checkpointIntervalMs: config.checkpointIntervalMs ?? CHECKPOINT_INTERVAL_MS,
    snapshotCount: config.snapshotCount ?? SNAPSHOT_COUNT[config.etcd],
    catchUpEntries: config.catchUpEntries ?? CATCH_UP_ENTRIES,
    differences: config.differences ?? {},
    seed,
    expiryPhaseMs:
      config.expiryPhaseMs ?? new Random(seed, `${name}/expiry-phase`).below(EXPIRY_LOOP_MS),
    startedAtMs: FIRST_START_MS + new Random(seed, `${name}/started-at`).below(START_SPREAD_MS),
  }
}

function idBytes(id: MemberId): Bytes {
  let bytes = ''
  for (let i = 0; i < id.length; i += 2)
    bytes += String.fromCharCode(Number.parseInt(id.slice(i, i + 2), 16))
  return bytes
}
