// Counting voters (etcd-io/raft: quorum/majority.go). Pure functions: the caller supplies
// acknowledgements and votes.

import type { MemberId } from '../base/rpc'

export type VoteResult = 'won' | 'pending' | 'lost'

/** The number of voters in a majority: more than half. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/**
 * The highest index that a majority has acknowledged; 0 without voters. `ackedIndex` returns 0 for
 * a silent voter.
 */
export function committedIndex(
  voters: readonly MemberId[],
  ackedIndex: (voter: MemberId) => number,
): number {
  if (voters.length === 0) return 0
  const acked = voters.map(ackedIndex).sort((a, b) => b - a)
  return acked[majority(voters.length) - 1]!
}

/**
 * The result of the votes; `voteOf` returns undefined for a missing vote. Without voters the vote
 * is lost.
 */
export function voteResult(
  voters: readonly MemberId[],
  voteOf: (voter: MemberId) => boolean | undefined,
): VoteResult {
  let granted = 0
  let open = 0
  for (const voter of voters) {
    const vote = voteOf(voter)
    if (vote === undefined) open++
    else if (vote) granted++
  }
  const needed = majority(voters.length)
  return granted >= needed ? 'won' : granted + open >= needed ? 'pending' : 'lost'
}
