// Counting voters, and nothing else (etcd-io/raft: quorum/majority.go). Pure: who has acknowledged
// or voted what is asked of the caller.

import type { MemberId } from '../base/rpc'

export type VoteResult = 'won' | 'pending' | 'lost'

/** How many of `voters` it takes: more than half. */
export function majority(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/**
 * The highest index that a majority has acknowledged; 0 without voters. `ackedIndex` answers 0 for
 * a voter never heard of.
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
 * What the votes come to; `voteOf` answers undefined where no vote has arrived. Without voters
 * nobody wins.
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
