// The surroundings of one machine of a member, for tests of that machine alone.

import type { MemberId, MemberInfo } from '../base/rpc'
import { Lessor } from '../lease/lessor'
import type { Consensus } from '../member/consensus'
import { Core } from '../member/core'
import type { MemberOptions } from '../member/member-options'
import { Membership } from '../member/membership'
import { OwnClock } from '../member/own-clock'
import { ReadLoop } from '../member/read-loop'
import { RequestIds } from '../member/request-ids'
import { Ticker } from '../member/ticker'
import type { Differences } from '../member/versions'
import { differencesOf } from '../member/versions'
import { Store } from '../mvcc/store'

/** The state of consensus as the machine sees it. A test sets it. */
interface FakeConsensus {
  lead: MemberId | null
  isLeader: boolean
  commit: number
  applied: number
}

/** The core of member m1, with ID 1. */
export class FakeCore extends Core {
  override options: MemberOptions
  override readonly differences: Differences
  override readonly ids: RequestIds
  override readonly ownClock = new OwnClock()
  override readonly consensus: Consensus
  override readonly ticker = new Ticker()
  override readonly reads = new ReadLoop()
  override store = new Store()
  override lessor = new Lessor(2)
  override membership: Membership

  constructor(
    consensus: FakeConsensus,
    etcdVersion: string,
    differences: Partial<Differences> = {},
  ) {
    super()
    const self: MemberInfo = {
      ID: '1' as MemberId,
      name: 'm1',
      peerURLs: [],
      clientURLs: [],
      isLearner: false,
    }
    this.options = {
      ...self,
      clusterId: '0' as MemberId,
      etcdVersion,
      minTtlSeconds: 2,
      electionMs: 1000,
      expiryPhaseMs: 0,
      startedAtMs: 0,
      cluster: [self],
      heartbeatMs: 100,
      tickPhaseMs: 0,
      diskMs: 0,
      seed: 1,
      checkpoint: 'off',
      checkpointIntervalMs: 0,
      snapshotCount: 1000,
      catchUpEntries: 100,
      differences,
    }
    this.differences = differencesOf(this.options)
    this.ids = new RequestIds(self.ID, 0)
    this.membership = new Membership([self])
    // The few fields that machines read; the rest of Raft does not run.
    this.consensus = Object.assign(consensus, { term: 2 }) as unknown as Consensus
  }
}
