// A leader's knowledge of one peer's log, and its way of sending (etcd-io/raft:
// tracker/progress.go).
//
//               probe                        replicate                     snapshot
//   one message at a time, until   entries are sent ahead of their    nothing is sent until the
//   the peer says where its log    answers, at most maxInflight       peer has the snapshot
//   agrees with the leader's       messages of them
//
//   probe ──── accepted ───▶ replicate ─── rejected, or unreachable ───▶ probe
//   any ─── the next entry is compacted ───▶ snapshot ─── acknowledged ───▶ replicate
//                                                      └─ reported as sent or lost ───▶ probe

import { assert } from '../base/assert'
import type { MemberId } from '../base/rpc'

export type ProgressState = 'probe' | 'replicate' | 'snapshot'

/** Plain data that the functions below change in place. `match` < `next` always. */
export interface Progress {
  readonly id: MemberId
  state: ProgressState
  isLearner: boolean
  /** The last entry known to be the same on the peer and on its disk. */
  match: number
  /** The next entry to send; entries between `match` and `next` are in flight. */
  next: number
  /** The highest commit index sent. */
  sentCommit: number
  /** The index of the snapshot in flight; 0 for none. */
  pendingSnapshot: number
  /** The peer has answered since the last quorum check. */
  recentActive: boolean
  /** No more appends until an answer to an append or to a heartbeat arrives. */
  msgAppFlowPaused: boolean
  /** The last index of each message with entries in flight, ascending. */
  inflights: number[]
}

export function newProgress(
  id: MemberId,
  isLearner: boolean,
  match: number,
  next: number,
): Progress {
  return {
    id,
    state: 'probe',
    isLearner,
    match,
    next,
    sentCommit: 0,
    pendingSnapshot: 0,
    recentActive: false,
    msgAppFlowPaused: false,
    inflights: [],
  }
}

/**
 * After a snapshot the probe starts behind it, as if it had arrived. If the snapshot was lost, the
 * caller sets `pendingSnapshot` to 0 first.
 */
export function becomeProbe(pr: Progress): void {
  const after = pr.state === 'snapshot' ? pr.pendingSnapshot : 0
  resetState(pr, 'probe')
  pr.next = Math.max(pr.match, after) + 1
  pr.sentCommit = Math.min(pr.sentCommit, pr.next - 1)
}

export function becomeReplicate(pr: Progress): void {
  resetState(pr, 'replicate')
  pr.next = pr.match + 1
  pr.sentCommit = Math.min(pr.sentCommit, pr.next - 1)
}

export function becomeSnapshot(pr: Progress, index: number): void {
  resetState(pr, 'snapshot')
  pr.pendingSnapshot = index
  pr.next = index + 1
  pr.sentCommit = index
}

/** A message with `count` entries from `next` on has been sent. */
export function sentEntries(pr: Progress, count: number, maxInflight: number): void {
  assert(pr.state !== 'snapshot', `progress: entries sent to ${pr.id}, which waits for a snapshot`)
  if (pr.state === 'probe') {
    if (count > 0) pr.msgAppFlowPaused = true
    return
  }
  if (count > 0) {
    pr.next += count
    pr.inflights.push(pr.next - 1)
  }
  pr.msgAppFlowPaused = isFull(pr, maxInflight)
}

/** A message that may raise the peer's commit index to `commit` has been sent. */
export function sentCommit(pr: Progress, commit: number): void {
  pr.sentCommit = commit
}

/** Whether sending `commit` could raise the peer's commit index. */
export function canBumpCommit(pr: Progress, commit: number): boolean {
  return commit > pr.sentCommit && pr.sentCommit < pr.next - 1
}

/** The peer has acknowledged `index`; false if that is not new. */
export function maybeUpdate(pr: Progress, index: number): boolean {
  if (index <= pr.match) return false
  pr.match = index
  pr.next = Math.max(pr.next, index + 1)
  pr.msgAppFlowPaused = false
  return true
}

/**
 * The peer has rejected an append after `rejected` and suggests one after `hint`. False for a stale
 * rejection: the peer has acknowledged that index since, or it is not the last probe.
 */
export function maybeDecrTo(pr: Progress, rejected: number, hint: number): boolean {
  if (pr.state === 'replicate') {
    if (rejected <= pr.match) return false
    pr.next = pr.match + 1
  } else {
    if (pr.next - 1 !== rejected) return false
    pr.next = Math.max(Math.min(rejected, hint + 1), pr.match + 1)
    pr.msgAppFlowPaused = false
  }
  pr.sentCommit = Math.min(pr.sentCommit, pr.next - 1)
  return true
}

/** The messages up to `index` have arrived. */
export function freeInflights(pr: Progress, index: number): void {
  let freed = 0
  while (freed < pr.inflights.length && pr.inflights[freed]! <= index) freed++
  pr.inflights.splice(0, freed)
}

export function isFull(pr: Progress, maxInflight: number): boolean {
  return pr.inflights.length >= maxInflight
}

/** Whether nothing may be sent to the peer for now. */
export function isPaused(pr: Progress): boolean {
  return pr.state === 'snapshot' || pr.msgAppFlowPaused
}

function resetState(pr: Progress, state: ProgressState): void {
  pr.state = state
  pr.msgAppFlowPaused = false
  pr.pendingSnapshot = 0
  pr.inflights = []
}
