// The behaviour in public reports about leases, locks and clients, or of a real etcd where that was
// tried. Written from the reports: the engine has to agree.

/**
 * `[condition, seconds, tolerance]`: the condition holds at each of these times and at no other;
 * the default tolerance is 0.3 s.
 */
export type Outcome = [condition: string, seconds: readonly number[], within?: number]

const NEVER: readonly number[] = []
/** An election, or a back-off of gRPC, comes before. */
const ELECTION = 2.5

/** By the name of its file in recordings/reports. */
export const REPORTS: Readonly<Record<string, readonly Outcome[]>> = {
  'stale-unlock-retry': [
    ['two inside /job', [1.2]],
    ['L1 ends', NEVER],
  ],
  'node-lock-and-etcdctl-lock': [
    ['happens creates key mylock2/', [0.02]],
    ['a enters mylock2', [1.01]],
    ['happens deletes key mylock2/', [5.02]],
  ],
  'etcdctl-lock-then-lock-call': [['a enters lockName', [8.03]]],
  'session-with-lease-lives-on': [
    ['b enters /xxxsx', [8.02]],
    ['L1 ends', NEVER],
  ],
  'zombie-candidate': [
    ['L2 ends', [3.7]],
    ['z enters /leader', [12]],
    ['two inside /leader', [12.5]],
  ],
  // Their fixes: the unlock carries the token of its own lock, and the candidate waits only as long
  // as its session.
  'stale-unlock-retry-by-token': [
    ['a leaves /job', [0.08, 3.21]],
    ['b enters /job', [3.3]],
  ],
  'zombie-candidate-while-its-session': [
    ['L2 ends', [3.7]],
    ['z enters /leader', NEVER],
    ['c enters /leader', [18]],
  ],
  // The last renewal before the cut is of 20 s. The next one has 10 s, and the leader steps down in
  // time.
  'one-renewal-in-each-turn': [
    ['L1 renewed', [0, 10, 20]],
    ['takes lost', [40]],
    ['L1 ends', [50.2]],
  ],
  // The record changed last at 6.1 s. The other client checks every 2 s, and takes it 15 s after it
  // saw that; the first steps down when it resumes.
  'leader-by-a-record': [
    ['b enters /leader', [23.1]],
    ['a leaves /leader', [40]],
  ],
  // svc: its clock is set back, so it sends nothing and its lease ends. b: its clock is set ahead,
  // and its keep-alive ends for good. go: clientv3 notices neither.
  'jetcd-and-a-set-clock': [
    ['L1 renewed', [0, 3.5]],
    ['L1 ends', [13.7]],
    ['svc gives up L1', [30]],
    // The last request is of the same turn as the end.
    ['L2 renewed', [0, 3.5, 7, 10.5, 14, 17.5, 21, 24.5, 28, 30]],
    ['b gives up L2', [30]],
    ['L2 ends', [40.2]],
    ['L3 ends', NEVER],
  ],
  'watch-late-delete': [['key k deleted', [11.05], ELECTION]],
  'last-lease-wins': [
    ['happens revokes L1 (expired) and deletes no key', [5.2]],
    ['console prints up', [8.13]],
    ['key node deleted', [20.2]],
  ],
  // The last answer of the frozen member is of 28.1 s. gRPC pings it 10 s later and gives it up
  // after 6 s more.
  'silent-follower': [
    ['L1 renewed', [0.1, 7.1, 14.1, 21.1, 28.1, 44.4, 51.4, 58.4], 0.6],
    ['L1 ends', NEVER],
  ],
  'key-deleted-by-hand': [
    ['key /services/a created', [0]],
    ['key /services/a deleted', [3.02]],
    ['console prints found 1 leases', [3.04]],
    ['L1 ends', NEVER],
  ],
  'keep-alive-ends-with-a-context': [
    ['heartbeat off', [0]],
    ['two inside /ks', [5.2]],
  ],
  'lock-expires-mid-work': [
    ['L1 ends', [5.2]],
    ['happens refuses Put: etcdserver: requested lease not found', [9]],
  ],
  'unlock-keeps-the-lease': [
    ['console prints found 1 leases', [2.02]],
    ['happens revokes L1 (expired) and deletes no key', [10.2]],
  ],
  'lock-key-loses-its-lease': [
    ['happens detached from L1', [0]],
    ['L1 ends', [7.2]],
    ['b enters /core/lock', NEVER],
  ],
  'a-lease-each-time': [['console prints found 15 leases', [14.52]]],
  'python-lock-without-keep-alive': [
    ['two inside /locks/toot', [4.2, 8.7]],
    ['console prints found 2 leases', [5.02]],
  ],
  'rwmutex-dead-writer': [
    ['L2 ends', [3.7]],
    ['two inside /rw', [6.02]],
  ],
  queue: [
    ['key /queue/1 deleted', [0.51]],
    ['key /queue/2 deleted', [0.51]],
    ['takes job-1', [0.51]],
    ['takes job-2', [0.52]],
  ],
  'lock-holder-killed': [
    ['happens creates key prod/', [0.02, 2.02]],
    ['L1 ends', [10.2]],
    ['console prints mine', [10.2]],
  ],
  'kill-a-console-lock': [
    ['L1 ends', [10.2]],
    ['console prints mine', [10.2]],
  ],
}
