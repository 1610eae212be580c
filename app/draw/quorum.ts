// Voters and quorum of a cluster.

import type { MemberView } from '../../engine/worker/protocol'

export type Known = Pick<
  MemberView,
  'id' | 'name' | 'role' | 'status' | 'paused' | 'clientUrl' | 'peerUrl'
>

export interface Quorum {
  /** The voting members, started or not. */
  voters: number
  /** The size of the quorum. */
  needed: number
  /** The number of voters that run and are not frozen. */
  running: number
}

export function quorumOf(members: readonly Known[]): Quorum {
  const voters = members.filter(hasVote)
  return {
    voters: voters.length,
    needed: majorityOf(voters.length),
    running: voters.filter(isRunning).length,
  }
}

export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

export function hasVote({ status }: Known): boolean {
  return status === 'voter' || status === 'unstarted'
}

export function isUnstarted({ status }: Known): boolean {
  return status === 'unstarted' || status === 'unstarted-learner'
}

export function isRunning({ role, paused }: Known): boolean {
  return role !== 'down' && !paused
}
