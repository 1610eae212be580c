// How logs become equal (§5.3, §7; etcd-io/raft: raft.go, maybeSendAppend and the handlers): the
// leader's side of sending, and a follower's of taking.

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

/** Carries the number of the last read that waits, if one does. */
export function bcastHeartbeat(r: Peer): void {
  const context = heartbeatContext(r.readOnly)
  for (const pr of r.progress) {
    if (pr.id === r.config.id) continue
    // A peer must not be told to commit what it may not have: its log may still differ behind
    // `match`.
    const commit = Math.min(pr.match, r.log.committed)
    send(r, pr.id, { type: 'MsgHeartbeat', commit, context })
    sentCommit(pr, commit)
  }
}

/**
 * Sends a peer what follows its `next`, or a snapshot where that is compacted, unless the peer is
 * paused; returns whether anything was sent. A message without entries still says how far the log
 * is committed; `evenIfEmpty` is for who wants just that.
 */
export function maybeSendAppend(r: Peer, pr: Progress, evenIfEmpty: boolean): boolean {
  if (isPaused(pr)) return false
  const index = pr.next - 1
  const logTerm = r.log.term(index)
  if (logTerm === undefined) return maybeSendSnapshot(r, pr)
  const last = Math.min(r.log.lastIndex, index + r.config.maxEntriesPerMessage)
  // A message without entries still goes to a peer whose window is full. Were all messages in
  // flight lost, it is what finds out.
  const entries =
    pr.state === 'replicate' && isFull(pr, r.config.maxInflight) ? [] : r.log.slice(pr.next, last)
  if (entries.length === 0 && !evenIfEmpty) return false
  send(r, pr.id, { type: 'MsgApp', index, logTerm, entries, commit: r.log.committed })
  sentEntries(pr, entries.length, r.config.maxInflight)
  sentCommit(pr, r.log.committed)
  return true
}

/**
 * Nothing is sent to a peer that may be down: a snapshot is large, and the peer is paused until it
 * is known what became of it.
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

/** Commits what a majority of the voters has on its disks; true if that is more than before. */
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
    // Old news, and what is committed agrees with every leader's log.
    send(r, m.from, { type: 'MsgAppResp', index: committed, reject: false, hint: 0, logTerm: 0 })
    return
  }
  const last = r.log.maybeAppend(m.index, m.logTerm, m.commit, m.entries)
  if (last !== undefined) {
    send(r, m.from, { type: 'MsgAppResp', index: last, reject: false, hint: 0, logTerm: 0 })
    return
  }
  // Which entry could be the same in both logs? None of a later term than the leader's at `index`:
  // all those are skipped at once.
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
 * Takes a snapshot in place of the log; false if it holds nothing new, or is of a group that this
 * peer is not in.
 */
function restore(r: Peer, snapshot: Snapshot): boolean {
  if (snapshot.index <= r.log.committed) return false
  const { voters, learners } = snapshot.conf
  if (!voters.includes(r.config.id) && !learners.includes(r.config.id)) return false
  if (r.log.matchTerm(snapshot.index, snapshot.term)) {
    // The log has all of it (§7): it only was not known to be committed.
    r.log.commitTo(snapshot.index)
    return false
  }
  r.log.restore(snapshot)
  switchConf(r, NO_CONF)
  switchConf(r, snapshot.conf)
  return true
}
