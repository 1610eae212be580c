// The options of a member, and the values that its machines derive from them.

import type { MemberId, MemberInfo } from '../base/rpc'
import type { MemberName } from '../base/trace'
import type { Checkpointing } from '../lease/lessor'
import type { RaftConfig } from '../raft/peer'
import { raftConfig } from '../raft/raft'
import type { Differences } from './versions'
import { differencesOf } from './versions'

export interface MemberOptions extends MemberInfo {
  name: MemberName
  clusterId: MemberId
  etcdVersion: string
  minTtlSeconds: number
  electionMs: number
  /** 0–499: the phase of the expiry loop in its half second. */
  expiryPhaseMs: number
  /** Unix milliseconds at virtual 0; lease IDs contain it. */
  startedAtMs: number
  /** All initial members of the cluster, this one included, in the same order for all. */
  cluster: readonly MemberInfo[]
  /** Milliseconds of one tick of Raft's clock, and the phase of this member's ticks. */
  heartbeatMs: number
  tickPhaseMs: number
  /** Milliseconds of a disk write; 0 for none. */
  diskMs: number
  /** The seed of its election timeouts. */
  seed: number
  /**
   * Whether its lessor makes checkpoints and writes them to disk, and the milliseconds between two
   * checkpoints (semantics §1.12).
   */
  checkpoint: 'off' | 'on' | 'persist'
  checkpointIntervalMs: number
  /**
   * The number of applied entries between two snapshots of Raft, and of kept entries before a
   * snapshot for slow followers.
   */
  snapshotCount: number
  catchUpEntries: number
  /** The members it knew when it joined a running cluster; absent for an initial member. */
  joins?: readonly MemberInfo[]
  /** Rows of versions.ts that differ from the version's own. */
  differences: Partial<Differences>
}

/** Values that a member derives from its options when it starts. */
interface Derived {
  readonly raft: RaftConfig
  readonly differences: Differences
}

const derived = new WeakMap<MemberOptions, Derived>()

/** The same object for the same options: a saved run is loaded many times with them. */
export function derivedOf(options: MemberOptions): Derived {
  const known = derived.get(options)
  if (known !== undefined) return known
  const { ID, electionMs, heartbeatMs } = options
  const differences = differencesOf(options)
  const { preVote } = differences
  const made = {
    raft: raftConfig(ID, { electionTick: Math.floor(electionMs / heartbeatMs), preVote }),
    differences,
  }
  derived.set(options, made)
  return made
}

export function checkpointingOf(
  { checkpoint, checkpointIntervalMs }: MemberOptions,
  differences: Differences,
): Checkpointing {
  return {
    intervalMs: checkpoint === 'off' ? null : checkpointIntervalMs,
    afterPromotion: differences.checkpointsAfterPromotion,
  }
}

export function infoOf({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): MemberInfo {
  return { ID, name, peerURLs, clientURLs, isLearner }
}

/**
 * The request timeout in milliseconds: 5 s and twice the election timeout (config.go: ReqTimeout).
 */
export function requestTimeoutMs({ electionMs }: Pick<MemberOptions, 'electionMs'>): number {
  return 5000 + 2 * electionMs
}
