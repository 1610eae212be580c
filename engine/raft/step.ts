// How a peer handles a message or a tick, before its role matters (etcd-io/raft: raft.go, Step,
// tickElection, tickHeartbeat).

import { handleVoteRequest, hup } from './election'
import { stepCandidate, stepFollower } from './follower'
import { stepLeader } from './leader'
import type { LocalBody, LocalMessage, Message, Outcome } from './message'
import type { Peer } from './peer'
import { becomeFollower, isPromotable, send } from './peer'

export function step(r: Peer, m: Message | LocalMessage): Outcome {
  if (m.term > r.term && !takeHigherTerm(r, m)) return 'dropped'
  if (m.term > 0 && m.term < r.term) return answerLowerTerm(r, m)
  switch (m.type) {
    case 'MsgHup':
      hup(r, r.config.preVote ? 'pre-election' : 'election')
      return 'taken'
    case 'MsgVote':
    case 'MsgPreVote':
      handleVoteRequest(r, m)
      return 'taken'
    default:
      if (r.role === 'leader') return stepLeader(r, m)
      return r.role === 'follower' ? stepFollower(r, m) : stepCandidate(r, m)
  }
}

/** A peer's message to itself; `from` is itself, or the peer that a report concerns. */
export function stepLocal(r: Peer, body: LocalBody, from = r.config.id): Outcome {
  return step(r, { ...body, from, to: r.config.id, term: 0 })
}

export function tick(r: Peer): void {
  if (r.role === 'leader') tickHeartbeat(r)
  else tickElection(r)
}

function tickElection(r: Peer): void {
  r.electionElapsed++
  if (!isPromotable(r) || r.electionElapsed < r.randomizedElectionTimeout) return
  r.electionElapsed = 0
  stepLocal(r, { type: 'MsgHup' })
}

/** Once in an election timeout a leader checks its quorum and ends a leadership transfer. */
function tickHeartbeat(r: Peer): void {
  r.heartbeatElapsed++
  r.electionElapsed++
  if (r.electionElapsed >= r.config.electionTick) {
    r.electionElapsed = 0
    if (r.config.checkQuorum) stepLocal(r, { type: 'MsgCheckQuorum' })
    r.transferee = null
  }
  if (r.role !== 'leader' || r.heartbeatElapsed < r.config.heartbeatTick) return
  r.heartbeatElapsed = 0
  stepLocal(r, { type: 'MsgBeat' })
}

/**
 * §5.1: a peer that sees a later term becomes a follower in it. False if the message is to be
 * ignored instead.
 */
function takeHigherTerm(r: Peer, m: Message | LocalMessage): boolean {
  if (m.type === 'MsgVote' || m.type === 'MsgPreVote') {
    // A peer that has just heard from a leader does not help to depose it (dissertation §4.2.3),
    // unless the leader requested the election.
    const inLease =
      r.config.checkQuorum && r.lead !== null && r.electionElapsed < r.config.electionTick
    if (inLease && !m.transfer) return false
  }
  // A pre-vote and its grant carry a term that does not exist yet.
  if (m.type === 'MsgPreVote' || (m.type === 'MsgPreVoteResp' && !m.reject)) return true
  const isLeader = m.type === 'MsgApp' || m.type === 'MsgHeartbeat' || m.type === 'MsgSnap'
  becomeFollower(r, m.term, isLeader ? m.from : null)
  return true
}

function answerLowerTerm(r: Peer, m: Message | LocalMessage): Outcome {
  if (
    (r.config.checkQuorum || r.config.preVote) &&
    (m.type === 'MsgHeartbeat' || m.type === 'MsgApp')
  ) {
    // The sender is an old leader, or a majority's leader whose term is lower because this peer was
    // cut off:
    //
    //   1. c is cut off, times out again and again, and returns in term 9; a leads b in term 2.
    //   2. b ignores c's MsgVote, for it hears from a. c ignores a's MsgApp, for its term is old. c
    //      stays outside for ever.
    //
    // So this peer answers: a learns of term 9, steps down, and an election brings c back. With
    // pre-vote, step 1 does not happen.
    send(r, m.from, { type: 'MsgAppResp', index: 0, reject: false, hint: 0, logTerm: 0 })
    return 'taken'
  }
  if (m.type === 'MsgPreVote') {
    // The same for a pre-candidate with an older term and a longer log.
    send(r, m.from, { type: 'MsgPreVoteResp', reject: true })
    return 'taken'
  }
  return 'dropped'
}
