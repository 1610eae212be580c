// What a member is before it starts, and what follows from it for the machines that it is made of.

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
  /** 0–499: where in its half second the expiry loop runs. */
  expiryPhaseMs: number
  /** Unix milliseconds at virtual 0; lease IDs are made of it. */
  startedAtMs: number
  /** Everybody the cluster begins with, itself among them, in the same order for all. */
  cluster: readonly MemberInfo[]
  /** Milliseconds of one tick of Raft's clock, and where in it this member's ticks lie. */
  heartbeatMs: number
  tickPhaseMs: number
  /** Milliseconds that a write to its disk takes; 0 for none. */
  diskMs: number
  /** What its election timeouts are drawn from. */
  seed: number
  /**
   * Whether its lessor checkpoints, and writes what a checkpoint says to the disk; and the
   * milliseconds between two (semantics §1.12).
   */
  checkpoint: 'off' | 'on' | 'persist'
  checkpointIntervalMs: number
  /**
   * How many entries are applied from one snapshot of Raft to the next, and how many before it are
   * kept for who is slow.
   */
  snapshotCount: number
  catchUpEntries: number
  /**
   * Whom it was told of when it joined a cluster that ran; absent where it was there from the
   * start.
   */
  joins?: readonly MemberInfo[]
  /** Rows of versions.ts that are set otherwise than the version has them. */
  differences: Partial<Differences>
}

/** What a member reads off its options when it starts. */
interface Derived {
  readonly raft: RaftConfig
  readonly differences: Differences
}

const derived = new WeakMap<MemberOptions, Derived>()

/** The same object for the same options: a saved run is loaded again and again with them. */
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
 * Milliseconds that a member gives a request: 5 s and twice the election timeout (config.go:
 * ReqTimeout).
 */
export function requestTimeoutMs({ electionMs }: Pick<MemberOptions, 'electionMs'>): number {
  return 5000 + 2 * electionMs
}
