// The leader (etcd-io/raft: raft.go, stepLeader, switchToConfig).

import type { MemberId } from '../base/rpc'
import { changedConf } from './conf'
import type { Conf, ConfChange, LocalMessage, Message, Outcome, Proposed } from './message'
import type { Peer } from './peer'
import { appendEntry, becomeFollower, progressOf, send, switchConf } from './peer'
import type { Progress } from './progress'
import {
  becomeProbe,
  becomeReplicate,
  canBumpCommit,
  freeInflights,
  maybeDecrTo,
  maybeUpdate,
} from './progress'
import { voteResult } from './quorum'
import type { ReadRequest } from './read-only'
import { addRequest, advanceReads, heartbeatContext, recvAck } from './read-only'
import { bcastAppend, bcastHeartbeat, maybeCommit, maybeSendAppend } from './replication'

export function stepLeader(r: Peer, m: Message | LocalMessage): Outcome {
  switch (m.type) {
    case 'MsgBeat':
      bcastHeartbeat(r)
      return 'taken'
    case 'MsgCheckQuorum':
      checkQuorum(r)
      return 'taken'
    case 'MsgProp':
      return handleProposal(r, m.entry)
    case 'MsgReadIndex':
      handleReadIndex(r, m)
      return 'taken'
    case 'MsgTransferLeader':
      handleTransferLeader(r, m.transferee)
      return 'taken'
    default: {
      const pr = progressOf(r, m.from)
      return pr === undefined ? 'dropped' : stepPeer(r, pr, m)
    }
  }
}

/** Messages from a member of the group, and reports about one. */
function stepPeer(r: Peer, pr: Progress, m: Message | LocalMessage): Outcome {
  switch (m.type) {
    case 'MsgAppResp':
      pr.recentActive = true
      if (m.reject) handleRejection(r, pr, m)
      else handleAcceptance(r, pr, m.index)
      return 'taken'
    case 'MsgHeartbeatResp':
      pr.recentActive = true
      pr.msgAppFlowPaused = false
      if (pr.match < r.log.lastIndex || pr.state === 'probe') maybeSendAppend(r, pr, true)
      if (m.context > 0) {
        recvAck(r.readOnly, m.from, m.context)
        for (const read of advanceReads(r.readOnly, r.conf.voters)) answerRead(r, read, read.index)
      }
      return 'taken'
    case 'MsgSnapStatus':
      if (pr.state !== 'snapshot') return 'taken'
      // The snapshot was lost: the probe starts as without a snapshot.
      if (m.reject) pr.pendingSnapshot = 0
      becomeProbe(pr)
      // If the snapshot arrived, the peer's answer comes. If it was lost, the next attempt can wait
      // for a heartbeat.
      pr.msgAppFlowPaused = true
      return 'taken'
    case 'MsgUnreachable':
      if (pr.state === 'replicate') becomeProbe(pr)
      return 'taken'
    default:
      return 'dropped'
  }
}

/** Steps down if no majority has answered since the last quorum check (dissertation §6.2). */
function checkQuorum(r: Peer): void {
  const active = voteResult(r.conf.voters, (id) => progressOf(r, id)?.recentActive ?? false)
  if (active !== 'won') becomeFollower(r, r.term, null)
  for (const pr of r.progress) if (pr.id !== r.config.id) pr.recentActive = false
}

function handleProposal(r: Peer, proposed: Proposed): Outcome {
  // The leader was removed, or is transferring its leadership.
  if (progressOf(r, r.config.id) === undefined || r.transferee !== null) return 'dropped'
  let entry = proposed
  if (proposed.type === 'conf-change') {
    // One change at a time (§6). A second change becomes an entry without data, so that its
    // proposer learns the result.
    if (r.pendingConfIndex > r.log.applied) entry = { type: 'normal', data: null }
    else r.pendingConfIndex = r.log.lastIndex + 1
  }
  appendEntry(r, entry)
  bcastAppend(r)
  return 'taken'
}

function handleReadIndex(r: Peer, { requester, context }: ReadRequest): void {
  const { voters } = r.conf
  // The leader knows all committed entries only once an entry of its own term is committed
  // (dissertation §6.4).
  if (!r.log.matchTerm(r.log.committed, r.term)) r.postponedReads.push({ requester, context })
  else if (voters.length === 1 && voters[0] === r.config.id)
    answerRead(r, { requester, context }, r.log.committed)
  else {
    addRequest(r.readOnly, { requester, context }, r.log.committed)
    recvAck(r.readOnly, r.config.id, heartbeatContext(r.readOnly))
    bcastHeartbeat(r)
  }
}

function answerRead(r: Peer, { requester, context }: ReadRequest, index: number): void {
  if (requester === r.config.id) r.readStates.push({ index, context })
  else send(r, requester, { type: 'MsgReadIndexResp', index, context })
}

/**
 * A rejection says where the peer's log could agree (index, term). The leader skips the entries of
 * its own log that this term excludes. So a probe costs one message a term, not one an entry:
 *
 *   index     1 2 3 4 5 6 7 8 9
 *   leader    1 3 3 3 5 5 5 5 5      an append after 9 is rejected with the hint (6, term 2)
 *   follower  1 1 1 1 2 2            2 to 6 are of later terms here: the next probe is after 1
 */
function handleRejection(r: Peer, pr: Progress, m: Message & { type: 'MsgAppResp' }): void {
  const hint = m.logTerm > 0 ? r.log.findConflictByTerm(m.hint, m.logTerm).index : m.hint
  if (!maybeDecrTo(pr, m.index, hint)) return
  if (pr.state === 'replicate') becomeProbe(pr)
  maybeSendAppend(r, pr, true)
}

function handleAcceptance(r: Peer, pr: Progress, index: number): void {
  // An answer without a new index may still end a probe.
  if (!maybeUpdate(pr, index) && !(pr.match === index && pr.state === 'probe')) return
  if (pr.state === 'probe') becomeReplicate(pr)
  else if (pr.state === 'replicate') freeInflights(pr, index)
  // Any snapshot is enough if the leader's log continues after it.
  else if (pr.match + 1 >= r.log.firstIndex) becomeReplicate(pr)
  const isOther = pr.id !== r.config.id
  if (maybeCommit(r)) afterCommit(r)
  else if (isOther && canBumpCommit(pr, r.log.committed)) maybeSendAppend(r, pr, true)
  if (isOther) while (maybeSendAppend(r, pr, false)) {}
  if (pr.id === r.transferee && pr.match === r.log.lastIndex)
    send(r, pr.id, { type: 'MsgTimeoutNow' })
}

/**
 * Sends the new commit index, and serves the reads that waited for the first commit of the term.
 */
function afterCommit(r: Peer): void {
  const postponed = r.postponedReads
  r.postponedReads = []
  for (const request of postponed) handleReadIndex(r, request)
  bcastAppend(r)
}

/**
 * Brings the transferee's log up to date, then sends it MsgTimeoutNow (dissertation §3.10). Unknown
 * members, learners and the leader itself are ignored.
 */
function handleTransferLeader(r: Peer, transferee: MemberId): void {
  const pr = progressOf(r, transferee)
  if (pr === undefined || pr.isLearner || transferee === r.transferee) return
  r.transferee = null
  if (transferee === r.config.id) return
  // The transfer has one election timeout, counted from now.
  r.electionElapsed = 0
  r.transferee = transferee
  if (pr.match === r.log.lastIndex) send(r, transferee, { type: 'MsgTimeoutNow' })
  else maybeSendAppend(r, pr, true)
}

/**
 * The group changes when the change is applied, as in etcd. In the paper it changes when the entry
 * is appended.
 */
export function applyConfChange(r: Peer, change: ConfChange): Conf {
  switchConf(r, changedConf(r.conf, change))
  if (r.role !== 'leader') return r.conf
  if (!r.conf.voters.includes(r.config.id)) {
    if (r.config.stepDownOnRemoval) becomeFollower(r, r.term, null)
    return r.conf
  }
  // A smaller majority may have committed more. If not, new members need not wait for the next
  // heartbeat.
  if (maybeCommit(r)) afterCommit(r)
  else for (const pr of r.progress) if (pr.id !== r.config.id) maybeSendAppend(r, pr, false)
  if (r.transferee !== null && !r.conf.voters.includes(r.transferee)) r.transferee = null
  return r.conf
}
