// What the members of a run are before it starts: names, URLs, the IDs that etcd computes from them, and what is drawn from the seed.

import { Random } from '../base/random'
import type { Bytes, MemberId } from '../base/rpc'
import { sha1 } from '../base/sha1'
import { CHECKPOINT_INTERVAL_MS } from '../lease/checkpoints'
import { minTtlSeconds } from '../lease/lessor'
import { EXPIRY_LOOP_MS } from '../member/expiry-loop'
import type { MemberOptions } from '../member/member'
import type { Config } from './command'

const CLUSTER_TOKEN = 'etcd-cluster'
/** Client and peer ports of m1; those of m2, m3 … are 22379, 32379 …, as in the Procfile that etcd ships. */
const FIRST_PORTS = [2379, 2380] as const
const ETCD_VERSIONS = { '3.4': '3.4.23', '3.5': '3.5.33', '3.6': '3.6.14' } as const
/** Unix milliseconds at which members may have started: the first second of 2026 and some weeks more, drawn from the seed. */
const FIRST_START_MS = 1_767_225_600_000
const START_SPREAD_MS = 0x8000_0000

/** The members of a configuration. IDs are the first eight bytes of SHA-1 over peer URL and token, as in membership/member.go: computeMemberId. */
export function memberOptions(config: Config, seed: number): MemberOptions[] {
  const names = Array.from({ length: config.members }, (_, i) => `m${i + 1}`)
  const urls = names.map(
    (_, i) => FIRST_PORTS.map((port) => `http://127.0.0.1:${port + (i === 0 ? 0 : i * 10_000 + 10_000)}`) as [string, string],
  )
  const ids = urls.map(([, peer]) => sha1(peer + CLUSTER_TOKEN).slice(0, 16) as MemberId)
  // membership/cluster.go: genID: the members' IDs, sorted, eight bytes each.
  const clusterId = sha1([...ids].sort().map(idBytes).join('')).slice(0, 16) as MemberId
  const cluster = names.map((name, i) => ({ ID: ids[i]!, name, peerURLs: [urls[i]![1]], clientURLs: [urls[i]![0]], isLearner: false }))
  return cluster.map((info) => ({
    ...info,
    cluster,
    clusterId,
    etcdVersion: ETCD_VERSIONS[config.etcd],
    minTtlSeconds: minTtlSeconds(config.heartbeatMs, config.electionMs),
    electionMs: config.electionMs,
    heartbeatMs: config.heartbeatMs,
    tickPhaseMs: new Random(seed, `${info.name}/tick-phase`).below(config.heartbeatMs),
    diskMs: config.diskMs ?? 0,
    checkpoint: config.checkpoint ?? 'off',
    checkpointIntervalMs: config.checkpointIntervalMs ?? CHECKPOINT_INTERVAL_MS,
    differences: config.differences ?? {},
    seed,
    expiryPhaseMs: config.expiryPhaseMs ?? new Random(seed, `${info.name}/expiry-phase`).below(EXPIRY_LOOP_MS),
    startedAtMs: FIRST_START_MS + new Random(seed, `${info.name}/started-at`).below(START_SPREAD_MS),
  }))
}

function idBytes(id: MemberId): Bytes {
  let bytes = ''
  for (let i = 0; i < id.length; i += 2) bytes += String.fromCharCode(Number.parseInt(id.slice(i, i + 2), 16))
  return bytes
}
