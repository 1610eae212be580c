// How logs become equal (§5.3, §7; etcd-io/raft: raft.go, maybeSendAppend and the handlers): the
// leader sends, a follower receives.

import { assert } from '../base/assert'
import { NO_CONF } from './conf'
import type { Message, Snapshot } from './message'
import type { Peer } from './peer'
import { send, switchConf } from './peer'
import type { Progress } from './progress'
import { becomeSnapshot, isFull, isPaused, sentCommit, sentEntries } from './progress'
import { committedIndex } from './quorum'
import { heartbeatContext } from './read-only'

export function bcastAppend(r: Peer): void {
  for (const pr of r.progress) if (pr.id !== r.config.id) maybeSendAppend(r, pr, true)
}

/** Carries the number of the last pending read, if any. */
export function bcastHeartbeat(r: Peer): void {
  const context = heartbeatContext(r.readOnly)
  for (const pr of r.progress) {
    if (pr.id === r.config.id) continue
    // A peer must not commit entries that it may not have: its log may still differ behind `match`.
    const commit = Math.min(pr.match, r.log.committed)
    send(r, pr.id, { type: 'MsgHeartbeat', commit, context })
    sentCommit(pr, commit)
  }
}

/**
 * Sends the entries from `next` on to a peer, or a snapshot if they are compacted, unless the peer
 * is paused. Returns whether a message was sent. A message without entries still carries the commit
 * index; `evenIfEmpty` allows such a message.
 */
export function maybeSendAppend(r: Peer, pr: Progress, evenIfEmpty: boolean): boolean {
  if (isPaused(pr)) return false
  const index = pr.next - 1
  const logTerm = r.log.term(index)
  if (logTerm === undefined) return maybeSendSnapshot(r, pr)
  const last = Math.min(r.log.lastIndex, index + r.config.maxEntriesPerMessage)
  // A message without entries still goes to a peer with a full window. If all messages in flight
  // are lost, this message reveals it.
  const entries =
    pr.state === 'replicate' && isFull(pr, r.config.maxInflight) ? [] : r.log.slice(pr.next, last)
  if (entries.length === 0 && !evenIfEmpty) return false
  send(r, pr.id, { type: 'MsgApp', index, logTerm, entries, commit: r.log.committed })
  sentEntries(pr, entries.length, r.config.maxInflight)
  sentCommit(pr, r.log.committed)
  return true
}

/**
 * A peer that may be down gets no snapshot: a snapshot is large, and the peer is paused until the
 * result is known.
 */
function maybeSendSnapshot(r: Peer, pr: Progress): boolean {
  if (!pr.recentActive) return false
  const { snapshot } = r.log
  assert(
    snapshot.index >= r.log.firstIndex - 1,
    `raft: entries up to ${r.log.firstIndex - 1} are gone, the snapshot ends at ${snapshot.index}`,
  )
  send(r, pr.id, { type: 'MsgSnap', snapshot })
  becomeSnapshot(pr, snapshot.index)
  return true
}

/**
 * Commits the entries that a majority of the voters has on disk; true if the commit index rises.
 */
export function maybeCommit(r: Peer): boolean {
  const index = committedIndex(
    r.conf.voters,
    (id) => r.progress.find((pr) => pr.id === id)?.match ?? 0,
  )
  return r.log.maybeCommit(index, r.term)
}

export function handleAppendEntries(r: Peer, m: Message & { type: 'MsgApp' }): void {
  const { committed, lastIndex } = r.log
  if (m.index < committed) {
    // An old message; committed entries agree with every leader's log.
    send(r, m.from, { type: 'MsgAppResp', index: committed, reject: false, hint: 0, logTerm: 0 })
    return
  }
  const last = r.log.maybeAppend(m.index, m.logTerm, m.commit, m.entries)
  if (last !== undefined) {
    send(r, m.from, { type: 'MsgAppResp', index: last, reject: false, hint: 0, logTerm: 0 })
    return
  }
  // The two logs cannot agree on an entry of a later term than the leader's at `index`. The hint
  // skips all those entries at once.
  const hint = r.log.findConflictByTerm(Math.min(m.index, lastIndex), m.logTerm)
  send(r, m.from, {
    type: 'MsgAppResp',
    index: m.index,
    reject: true,
    hint: hint.index,
    logTerm: hint.term,
  })
}

export function handleHeartbeat(r: Peer, m: Message & { type: 'MsgHeartbeat' }): void {
  r.log.commitTo(m.commit)
  send(r, m.from, { type: 'MsgHeartbeatResp', context: m.context })
}

export function handleSnapshot(r: Peer, m: Message & { type: 'MsgSnap' }): void {
  const index = restore(r, m.snapshot) ? r.log.lastIndex : r.log.committed
  send(r, m.from, { type: 'MsgAppResp', index, reject: false, hint: 0, logTerm: 0 })
}

/**
 * Replaces the log with a snapshot; false if the snapshot has nothing new, or its group does not
 * contain this peer.
 */
function restore(r: Peer, snapshot: Snapshot): boolean {
  if (snapshot.index <= r.log.committed) return false
  const { voters, learners } = snapshot.conf
  if (!voters.includes(r.config.id) && !learners.includes(r.config.id)) return false
  if (r.log.matchTerm(snapshot.index, snapshot.term)) {
    // The log has all of its entries (§7), but did not know that they are committed.
    r.log.commitTo(snapshot.index)
    return false
  }
  r.log.restore(snapshot)
  switchConf(r, NO_CONF)
  switchConf(r, snapshot.conf)
  return true
}
