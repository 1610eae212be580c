// Leader election (§5.2, §5.4.1; dissertation §4.2.3, §9.6; etcd-io/raft: raft.go, hup, campaign,
// poll).

import type { MemberId } from '../base/rpc'
import type { Message } from './message'
import type { Peer } from './peer'
import {
  becomeCandidate,
  becomeFollower,
  becomeLeader,
  becomePreCandidate,
  isPromotable,
  send,
} from './peer'
import type { VoteResult } from './quorum'
import { voteResult } from './quorum'
import { bcastAppend } from './replication'

/**
 * `transfer`: requested by the leader. It needs no pre-vote, because there is no sign of a failure.
 * Followers of that leader still vote.
 */
export type Campaign = 'pre-election' | 'election' | 'transfer'

/**
 * Starts an election, if this peer may campaign. A possible membership change must be applied
 * first.
 */
export function hup(r: Peer, campaign: Campaign): void {
  if (r.role === 'leader' || !isPromotable(r) || hasUnappliedConfChange(r)) return
  startCampaign(r, campaign)
}

function startCampaign(r: Peer, campaign: Campaign): void {
  let type: 'MsgVote' | 'MsgPreVote' = 'MsgVote'
  if (campaign === 'pre-election') {
    becomePreCandidate(r)
    type = 'MsgPreVote'
  } else becomeCandidate(r)
  // A pre-candidate requests votes for its next term.
  const term = campaign === 'pre-election' ? r.term + 1 : r.term
  const { lastIndex: index, lastTerm: logTerm } = r.log
  for (const voter of r.conf.voters) {
    // Its own vote counts once it is on disk, as any other vote.
    if (voter === r.config.id) send(r, voter, { type: `${type}Resp`, reject: false }, term)
    else send(r, voter, { type, index, logTerm, transfer: campaign === 'transfer' }, term)
  }
}

/**
 * Answers a candidate (§5.2: at most one vote in a term, first come first served; §5.4.1: only if
 * the candidate's log is at least as up to date).
 */
export function handleVoteRequest(r: Peer, m: Message & { type: 'MsgVote' | 'MsgPreVote' }): void {
  const canVote =
    r.vote === m.from ||
    (r.vote === null && r.lead === null) ||
    (m.type === 'MsgPreVote' && m.term > r.term)
  // A learner votes too. It may be a voter already without knowing it, and the others may need its
  // vote for a majority.
  const reject = !(canVote && r.log.isUpToDate(m.index, m.logTerm))
  // A grant carries the requested term, which a pre-vote does not adopt. A rejection carries this
  // peer's term, so that the candidate learns it.
  send(
    r,
    m.from,
    { type: m.type === 'MsgVote' ? 'MsgVoteResp' : 'MsgPreVoteResp', reject },
    reject ? r.term : m.term,
  )
  if (!reject && m.type === 'MsgVote') {
    r.electionElapsed = 0
    r.vote = m.from
  }
}

/** Counts an answer to this peer's own campaign. */
export function handleVoteResponse(
  r: Peer,
  m: Message & { type: 'MsgVoteResp' | 'MsgPreVoteResp' },
): void {
  switch (poll(r, m.from, !m.reject)) {
    case 'won':
      if (r.role === 'pre-candidate') startCampaign(r, 'election')
      else {
        becomeLeader(r)
        bcastAppend(r)
      }
      return
    case 'lost':
      becomeFollower(r, r.term, null)
      return
    case 'pending':
  }
}

/** Only the first answer of each voter counts. */
function poll(r: Peer, id: MemberId, granted: boolean): VoteResult {
  if (!r.votes.some((vote) => vote.id === id)) r.votes.push({ id, granted })
  return voteResult(r.conf.voters, (voter) => r.votes.find((vote) => vote.id === voter)?.granted)
}

function hasUnappliedConfChange(r: Peer): boolean {
  const { applied, committed, firstIndex } = r.log
  return r.log
    .slice(Math.max(applied + 1, firstIndex), committed)
    .some((entry) => entry.type === 'conf-change')
}
