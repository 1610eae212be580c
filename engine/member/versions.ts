// What differs from one version of etcd to the next, one row a difference, each switchable by itself. 3.4 is the version whose answers were recorded.

import type { MemberOptions } from './member'

export interface Differences {
  /** A waiter looks at its own key again when its turn comes; before, a waiter whose lease had run out was told it held the lock (3.5.0; semantics §7.3). */
  mutexChecksSession: boolean
  /** A member that hears no leader asks before it raises its term (on by default from 3.5; semantics §6.2). */
  preVote: boolean
  /** A progress request is answered once every watch of the stream is synced; before, at once (3.4.25, 3.5.8; etcdserver/api/v3rpc/watch.go: recvLoop). */
  progressWaitsForSync: boolean
  /**
   * Before it proposes the revokes of a batch a member makes sure that it still leads. Before, one that was frozen and deposed meanwhile proposed them as a follower, and
   * Raft forwarded them to the new leader, with whom clients had renewed (3.4.31, 3.5.13, PR #16822; server.go: revokeExpiredLeases; semantics §1.13).
   */
  checksLeadershipBeforeRevoke: boolean
}

const DIFFERENCES: Record<string, Differences> = {
  '3.4': { mutexChecksSession: false, preVote: false, progressWaitsForSync: false, checksLeadershipBeforeRevoke: false },
  '3.5': { mutexChecksSession: true, preVote: true, progressWaitsForSync: true, checksLeadershipBeforeRevoke: true },
  '3.6': { mutexChecksSession: true, preVote: true, progressWaitsForSync: true, checksLeadershipBeforeRevoke: true },
}

/** The differences of a version such as 3.4.23; those of 3.4 for one that is not known. */
export function differencesOf({ etcdVersion }: Pick<MemberOptions, 'etcdVersion'>): Differences {
  return DIFFERENCES[etcdVersion.slice(0, 3)] ?? DIFFERENCES['3.4']!
}
