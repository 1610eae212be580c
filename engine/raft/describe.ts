// One line for each message and each piece of work of a peer, for golden traces, logs and the page.
// An entry or the end of a log is written term/index.

import type { MemberId } from '../base/rpc'
import type {
  Conf,
  ConfChange,
  Entry,
  HardState,
  Message,
  Proposed,
  Snapshot,
  SoftState,
} from './message'
import type { Progress } from './progress'
import { isPaused } from './progress'
import type { Ready } from './ready'
import type { Save } from './storage'

/** How to print members and proposed data. */
export interface Names<P = unknown> {
  peer(id: MemberId): string
  data(data: P): string
}

type PeerNames = Pick<Names, 'peer'>

export const PLAIN: Names = { peer: (id) => id, data: (data) => JSON.stringify(data) }

/** `MsgApp term 2 after 1/3, commit 3: 2/4 "x"`, without from and to. */
export function describeMessage<P>(m: Message<P>, names: Names<P> = PLAIN): string {
  const head = m.term === 0 ? m.type : `${m.type} term ${m.term}`
  switch (m.type) {
    case 'MsgProp':
      return `${head} ${describeProposed(m.entry, names)}`
    case 'MsgApp': {
      const entries =
        m.entries.length === 0
          ? 'no entries'
          : m.entries.map((entry) => describeEntry(entry, names)).join(', ')
      return `${head} after ${m.logTerm}/${m.index}, commit ${m.commit}: ${entries}`
    }
    case 'MsgAppResp':
      return m.reject
        ? `${head} rejects ${m.index}, try ${m.logTerm}/${m.hint}`
        : `${head} has ${m.index}`
    case 'MsgVote':
    case 'MsgPreVote':
      return `${head} log ends ${m.logTerm}/${m.index}${m.transfer ? ', transfer' : ''}`
    case 'MsgVoteResp':
    case 'MsgPreVoteResp':
      return `${head} ${m.reject ? 'rejected' : 'granted'}`
    case 'MsgSnap':
      return `${head} ${describeSnapshot(m.snapshot, names)}`
    case 'MsgHeartbeat':
      return `${head} commit ${m.commit}${m.context > 0 ? `, confirms read ${m.context}` : ''}`
    case 'MsgHeartbeatResp':
      return `${head}${m.context > 0 ? ` confirms read ${m.context}` : ''}`
    case 'MsgTransferLeader':
      return `${head} to ${names.peer(m.transferee)}`
    case 'MsgTimeoutNow':
      return head
    case 'MsgReadIndex':
      return `${head} "${m.context}" for ${names.peer(m.requester)}`
    case 'MsgReadIndexResp':
      return `${head} "${m.context}" at ${m.index}`
  }
}

export function describeEntry<P>(entry: Entry<P>, names: Names<P> = PLAIN): string {
  return `${entry.term}/${entry.index} ${describeProposed(entry, names)}`
}

export function describeConfChange(change: ConfChange, names: PeerNames = PLAIN): string {
  return `${change.type} ${names.peer(change.peer)}`
}

export function describeConf(conf: Conf, names: PeerNames = PLAIN): string {
  const list = (ids: readonly MemberId[]) => ids.map(names.peer).join(' ')
  return conf.learners.length === 0
    ? `voters ${list(conf.voters)}`
    : `voters ${list(conf.voters)}, learners ${list(conf.learners)}`
}

export function describeSnapshot(snapshot: Snapshot, names: PeerNames = PLAIN): string {
  return `snapshot ${snapshot.term}/${snapshot.index}, ${describeConf(snapshot.conf, names)}`
}

/** `term 3, vote for 2, commit 7`. */
export function describeHardState(
  { term, vote, commit }: HardState,
  names: PeerNames = PLAIN,
): string {
  return `term ${term}, ${vote === null ? 'no vote' : `vote for ${names.peer(vote)}`}, commit ${commit}`
}

/** `follower of 2`, `candidate`, `leader`; a follower without a leader is just that. */
export function describeSoftState({ role, lead }: SoftState, names: PeerNames = PLAIN): string {
  return role === 'follower' && lead !== null
    ? `follower of ${names.peer(lead)}`
    : role === 'follower'
      ? 'follower without a leader'
      : role
}

/**
 * `saves term 2, vote for 1, commit 3; 2/4 "x"`, or `notes commit 4` for a commit index alone,
 * which needs no fsync.
 */
export function describeSave<P>(save: Save<P>, names: Names<P> = PLAIN): string {
  const parts: string[] = []
  if (!save.mustSync && save.hardState !== null) return `notes commit ${save.hardState.commit}`
  if (save.hardState !== null) parts.push(describeHardState(save.hardState, names))
  if (save.snapshot !== null) parts.push(describeSnapshot(save.snapshot, names))
  parts.push(...save.entries.map((entry) => describeEntry(entry, names)))
  return `saves ${parts.join('; ')}`
}

/**
 * A bundle line by line: first the state of the peer, then its writes, sent messages, applied
 * entries and allowed reads.
 */
export function describeReady<P>(ready: Ready<P>, names: Names<P> = PLAIN): string[] {
  const { softState, save, messages, snapshot, committed, readStates } = ready
  const lines: string[] = []
  if (softState !== null) lines.push(`is ${describeSoftState(softState, names)}`)
  if (save !== null) lines.push(describeSave(save, names))
  for (const m of messages) lines.push(`→ ${names.peer(m.to)} ${describeMessage(m, names)}`)
  if (snapshot !== null) lines.push(`applies ${describeSnapshot(snapshot, names)}`)
  for (const entry of committed) lines.push(`applies ${describeEntry(entry, names)}`)
  for (const { context, index } of readStates) lines.push(`may read "${context}" at ${index}`)
  return lines
}

/** The leader's knowledge of a peer: `3 replicate, has 4, next 7, 2 in flight`. */
export function describeProgress(pr: Readonly<Progress>, names: PeerNames = PLAIN): string {
  const parts = [`${names.peer(pr.id)} ${pr.state}`, `has ${pr.match}`, `next ${pr.next}`]
  if (pr.inflights.length > 0) parts.push(`${pr.inflights.length} in flight`)
  if (pr.pendingSnapshot > 0) parts.push(`snapshot ${pr.pendingSnapshot} on its way`)
  if (isPaused(pr)) parts.push('paused')
  if (!pr.recentActive) parts.push('silent')
  if (pr.isLearner) parts.push('learner')
  return parts.join(', ')
}

function describeProposed<P>(entry: Proposed<P>, names: Names<P>): string {
  if (entry.type === 'conf-change') return describeConfChange(entry.data, names)
  return entry.data === null ? 'empty' : names.data(entry.data)
}
