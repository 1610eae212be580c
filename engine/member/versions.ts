// The differences between the modelled versions of etcd, one row each: the difference, its source,
// and the versions that have it. `config.differences` switches each row by itself. All four patch
// versions of base/etcd-versions.ts were recorded.

import type { EtcdVersion } from '../base/etcd-versions'
import { ETCD_VERSIONS } from '../base/etcd-versions'
import type { MutexRules } from '../concurrency/mutex'

interface Row extends Record<EtcdVersion, boolean> {
  /** A few words, for lists. */
  title: string
  what: string
  source: string
}

function row(
  title: string,
  what: string,
  source: string,
  ...[v34, v35, v36, v37]: [boolean, boolean, boolean, boolean]
): Row {
  return { title, what, source, '3.4': v34, '3.5': v35, '3.6': v36, '3.7': v37 }
}

export const ROWS = {
  // semantics §4, §6.7
  learnerRefusesAsUnavailable: row(
    'Learners refuse with Unavailable',
    'A learner refuses requests that it does not serve with code Unavailable, and clients retry up to a hundred times. Newer versions answer FailedPrecondition.',
    '14 in 3.4 and 3.5, 9 from 3.6 (api/v3rpc/rpctypes/error.go: ErrGRPCNotSupportedForLearner)',
    true,
    true,
    false,
    false,
  ),
  // semantics §6.2
  preVote: row(
    'Pre-vote',
    'A member that hears no leader asks for pre-votes before it raises its term.',
    'on by default from 3.5 (embed/config.go: PreVote)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.13, §10.2
  checksLeadership: row(
    'Leadership is checked before revokes',
    'A member whose Raft loop stands still confirms that it leads before it renews, revokes or checkpoints. Older versions: a leader whose disk hangs revokes leases that clients have renewed with the next leader. A frozen leader that wakes may do so in every version.',
    '3.4.31, 3.5.13, 3.6: PR #16822 (server.go: ensureLeadership)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.13
  trustsRecentTick: row(
    'No leadership check after a recent tick',
    'A leader skips that confirmation while its last tick is younger than three ticks. To confirm every time cost a fifth of the CPU.',
    '3.4.34, 3.5.16, 3.6: #18069 (server.go: isActive)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.6, §10.24
  renewWaitsForApplied: row(
    'Renewals wait for apply',
    'LeaseKeepAlive and LeaseTimeToLive wait, at most one second, until committed entries are applied. Older versions may answer that a new lease does not exist.',
    '3.4.20, 3.5.3: PR #13932 (v3_server.go: waitAppliedIndex)',
    true,
    true,
    true,
    true,
  ),
  // semantics §1.6, §10.15
  renewChecksAgain: row(
    'Renewals check the lease again',
    'A renewal that waited for its checkpoint checks again that the lease exists. Older versions report success for a lease that was revoked meanwhile.',
    '3.4.38, 3.5.23, 3.6.5: #20547 (lessor.go: Renew)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.8, §10.17
  leaderAnswersDemoted: row(
    'A demoted lessor answers leader changed',
    'A leader whose lessor counts nothing down answers LeaseTimeToLive with "leader changed". Older versions answer 9223372036 s.',
    '3.4.32, 3.5.14, 3.6: PR #17642, #12381 (v3_server.go: LeaseTimeToLive)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.6, §9
  pausesBetweenForwards: row(
    'Pause between forwarded renewals',
    'A member that forwards a renewal to a leader that is not yet primary waits 50 ms between attempts. Older versions do not wait.',
    '3.5 (v3_server.go: LeaseRenew)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.12, §10.5
  checkpointPersists: row(
    'Checkpoints are written to disk',
    'Checkpoints (remaining TTL) are written to disk. In older versions a restart forgets those before the last write to the store, unless a flag says otherwise.',
    'cluster version 3.6 (lessor.go: shouldPersistCheckpoints)',
    false,
    false,
    true,
    true,
  ),
  // semantics §1.12
  checkpointsAfterPromotion: row(
    'Checkpoints continue after promotion',
    'A new primary continues to checkpoint. Older versions checkpoint nothing after a change of leader.',
    '3.4.20, 3.5.2: #13491, #13508, #14253 (lessor.go: Promote)',
    true,
    true,
    true,
    true,
  ),
  // semantics §7.3, §10.14
  mutexChecksSession: row(
    'Mutex checks its session',
    'A waiter checks its own key again when its turn comes. Older versions give the lock to a waiter whose lease has expired.',
    '3.5.0: #11456 (concurrency/mutex.go: Lock)',
    false,
    true,
    true,
    true,
  ),
  // semantics §1.14, §10.16
  expiryQueueOnWallClock: row(
    'Expiry queue on the wall clock',
    'The lessor finds due leases by the wall clock. A clock set back delays their ends. A clock set ahead finds leases that are not due, and checks them again after 7 s. Newer versions use the monotonic clock.',
    'all of 3.4; 3.5.0: PR #12292, #12291 (lessor.go: expireExists)',
    true,
    false,
    false,
    false,
  ),
  // semantics §7.3
  unlockRefusesReleased: row(
    'A second unlock is refused',
    'A client that unlocks a lock it does not hold gets an error. Older versions delete a key that is not there and report success.',
    '3.6 (concurrency/mutex.go: Unlock)',
    false,
    false,
    true,
    true,
  ),
  // semantics §3.1
  statusTellsStorage: row(
    'Status shows the storage',
    'A status also has the storage version, the maximum size of the data, and whether a downgrade is in progress.',
    '3.6 (api/etcdserverpb/rpc.proto: StatusResponse)',
    false,
    false,
    true,
    true,
  ),
  storageVersionLags: row(
    'Storage version lags',
    'The storage version of a new member is 3.5.0 until its monitor, which looks every 4 s, sets it to the version of the cluster.',
    '3.6 (etcdserver/server.go: monitorStorageVersion)',
    false,
    false,
    true,
    true,
  ),
  progressWaitsForSync: row(
    'Progress needs synced watches',
    'A progress request is dropped, and not answered later, while a watch of its stream is not synced or was ended by a compaction. Older versions answer it.',
    '3.4.25, 3.5.8 (etcdserver/api/v3rpc/watch.go: recvLoop)',
    false,
    true,
    true,
    true,
  ),
  addNeedsQuorum: row(
    'Adding a voter needs a quorum',
    'To add a voter, a member must be connected to a majority of the group with the new voter. Older versions: to every voter, so that no second voter can be added before the first one runs.',
    'recorded: members-voter (server.go: mayAddMember; isConnectedToQuorumAfterAddingNewMemberSince)',
    false,
    true,
    true,
    true,
  ),
  memberListReads: row(
    'Linearizable member list',
    'A member list that asks for it is a linearizable read, and fails without a quorum. etcdctl asks for it. Older versions answer with what the member knows.',
    '3.5 (server.go: MemberList; clientv3/cluster.go)',
    false,
    true,
    true,
    true,
  ),
  promoteChecksMember: row(
    'Promotion checks the member',
    'The promotion of an unknown member is refused at once. Older versions propose it, and its entry comes to nothing.',
    'read in 3.5.35 (server.go: isLearnerReady); found by random exchanges',
    false,
    true,
    true,
    true,
  ),
  joinerAsksPeers: row(
    'A joining member asks its peers',
    'A member that joins first asks its peers, by a linearizable read, whether a downgrade is in progress. Without a quorum the read fails after 7 s, and only then its Raft starts.',
    '3.5 (cluster_util.go: isCompatibleWithCluster, getDowngradeEnabledFromRemotePeers)',
    false,
    true,
    true,
    true,
  ),
  progressWaitsForStart: row(
    'Progress needs started watches',
    'A progress request is dropped while a watch of its stream waits for a revision to come. Older versions answer it.',
    '3.4.25, 3.5.8 (mvcc/watchable_store.go: progressIfSync)',
    false,
    true,
    true,
    true,
  ),
  progressNeedsWatches: row(
    'Progress needs a watch',
    'A progress request on a stream without watches is not answered. Older versions answer it.',
    '3.4.25, 3.5.8 (mvcc/watchable_store.go: progressIfSync)',
    false,
    true,
    true,
    true,
  ),
  negativeStartIsCompacted: row(
    'Negative start revision is compacted',
    'A watch with a negative start revision is refused as compacted. Older versions create it and cancel it when something is compacted.',
    '3.5 (api/v3rpc/watch.go: recvLoop)',
    false,
    true,
    true,
    true,
  ),
  keysOnlyOmitsLease: row(
    'Keys-only ranges leave out the lease',
    'A range with keys_only leaves out the lease of each key, unless it sorts by value. Older versions give the lease.',
    '3.7 (etcdserver/txn/range.go: executeRange, FastKeysOnly)',
    false,
    false,
    false,
    true,
  ),
  compactKeepsTombstone: row(
    'Compaction keeps its deletion',
    'A compaction keeps a deletion at its own revision: a watch from there learns of it. Older versions drop the deletion.',
    '3.4.34, 3.5.16, 3.6: PR #18274 (mvcc/key_index.go: doCompact)',
    false,
    true,
    true,
    true,
  ),
  txnChecksInOrder: row(
    'Transactions check in order',
    'A transaction that writes checks its operations in their order. Older versions check all puts before the ranges.',
    '3.6 (etcdserver/txn/txn.go: checkTxn)',
    false,
    false,
    true,
    true,
  ),
  txnChecksLeaseFirst: row(
    'Transactions check the lease first',
    'A put in a transaction that has an unknown lease and ignores the value of a missing key is refused for its lease. Older versions name the key.',
    '3.7 (etcdserver/txn/put.go: checkPut)',
    false,
    false,
    false,
    true,
  ),
  checksSortOptions: row(
    'Sort options are checked',
    'A range with an unknown sort order or target is refused. Older versions ignore an unknown order. An unknown target ends their process: a panic.',
    '3.6 (api/v3rpc/key.go: checkRangeRequest; 3.5: etcdserver/apply.go: Range)',
    false,
    false,
    true,
    true,
  ),
  // semantics §4
  neverProposedIsDeadline: row(
    'Lost proposals end with DeadlineExceeded',
    'A proposal that reached no leader ends with code 4 (DeadlineExceeded), also that of a Lock. Older versions: code 2 (Unknown) and the same text.',
    'newer gRPC: status.FromContextError',
    false,
    true,
    true,
    true,
  ),
} satisfies Record<string, Row>

export type Difference = keyof typeof ROWS
export type Differences = Readonly<Record<Difference, boolean>>

/** Every row's name, in the order of the table. */
export const DIFFERENCES = Object.keys(ROWS) as Difference[]

/** Computed from the rows once: a simulation needs them for each member each time it is loaded. */
const DEFAULTS = Object.fromEntries(
  ETCD_VERSIONS.map((version) => [version, columnOf(version)]),
) as Record<EtcdVersion, Differences>

function columnOf(version: EtcdVersion): Differences {
  return Object.fromEntries(DIFFERENCES.map((name) => [name, ROWS[name][version]])) as Record<
    Difference,
    boolean
  >
}

/**
 * The differences of a version such as 3.4 or 3.4.23, with the named rows overridden. An unknown
 * version has those of 3.4.
 */
export function differencesOf({
  etcdVersion,
  differences = {},
}: {
  etcdVersion: string
  differences?: Partial<Differences>
}): Differences {
  const version = ETCD_VERSIONS.find((named) => etcdVersion.slice(0, 3) === named) ?? '3.4'
  return { ...DEFAULTS[version], ...differences }
}

/** Those of the client library with the server's version. */
export function mutexRules({ mutexChecksSession, unlockRefusesReleased }: Differences): MutexRules {
  return { checksSession: mutexChecksSession, refusesReleased: unlockRefusesReleased }
}
