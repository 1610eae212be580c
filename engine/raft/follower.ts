// The follower and the candidate (etcd-io/raft: raft.go, stepFollower, stepCandidate).

import { handleVoteResponse, hup } from './election'
import type { LocalMessage, Message, Outcome } from './message'
import type { Peer } from './peer'
import { becomeFollower } from './peer'
import { handleAppendEntries, handleHeartbeat, handleSnapshot } from './replication'

export function stepFollower(r: Peer, m: Message | LocalMessage): Outcome {
  switch (m.type) {
    case 'MsgProp':
    case 'MsgReadIndex':
      return forward(r, m, 0)
    case 'MsgTransferLeader':
      return forward(r, m, r.term)
    case 'MsgApp':
    case 'MsgHeartbeat':
    case 'MsgSnap':
      r.electionElapsed = 0
      r.lead = m.from
      handleLeader(r, m)
      return 'taken'
    case 'MsgTimeoutNow':
      hup(r, 'transfer')
      return 'taken'
    case 'MsgReadIndexResp':
      r.readStates.push({ index: m.index, context: m.context })
      return 'taken'
    default:
      return 'dropped'
  }
}

export function stepCandidate(r: Peer, m: Message | LocalMessage): Outcome {
  switch (m.type) {
    case 'MsgApp':
    case 'MsgHeartbeat':
    case 'MsgSnap':
      // Another peer has won this term.
      becomeFollower(r, m.term, m.from)
      handleLeader(r, m)
      return 'taken'
    case 'MsgVoteResp':
    case 'MsgPreVoteResp':
      // Answers to a pre-candidacy do not count for the candidacy, and the reverse.
      if (m.type !== (r.role === 'pre-candidate' ? 'MsgPreVoteResp' : 'MsgVoteResp'))
        return 'dropped'
      handleVoteResponse(r, m)
      return 'taken'
    default:
      return 'dropped'
  }
}

/** Forwards a request to the leader. If it is lost, the sender does not learn of it. */
function forward(
  r: Peer,
  m: Message & { type: 'MsgProp' | 'MsgReadIndex' | 'MsgTransferLeader' },
  term: number,
): Outcome {
  if (r.lead === null) return 'dropped'
  r.msgs.push({ ...m, from: r.config.id, to: r.lead, term })
  return 'forwarded'
}

function handleLeader(r: Peer, m: Message & { type: 'MsgApp' | 'MsgHeartbeat' | 'MsgSnap' }): void {
  if (m.type === 'MsgApp') handleAppendEntries(r, m)
  else if (m.type === 'MsgHeartbeat') handleHeartbeat(r, m)
  else handleSnapshot(r, m)
}
