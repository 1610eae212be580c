// The members of the cluster as the page shows them, with added members that have never started.

import type { MemberId, MemberInfo } from '../base/rpc'
import { FOREVER } from '../lease/lessor'
import type { LogEntry } from '../member/consensus'
import type { Entry } from '../raft/message'
import { hostAndPort } from '../sim/endpoint'
import { reachOf, silentSince } from './reach'
import type { LogCell, MemberView } from './rows'
import type { Scene } from './scene'

const LOG_CELLS = 8
const OWN_LEASES = 8

export function memberViews(scene: Scene): MemberView[] {
  const { sim, ledger, last } = scene
  const names = new Map(sim.members.map(({ options }) => [options.ID, options.name]))
  const known = sim.known
  const voters = new Set(known.filter(({ isLearner }) => !isLearner).map(({ ID }) => ID))
  const running = sim.servers.map((server): MemberView => {
    const { member, state, stopping } = server
    const { options, term, store, raftIndex, lessor, nextPassAt, consensus } = member
    const { role, lead, applied, lastIndex } = consensus.status()
    return {
      id: options.ID,
      name: options.name,
      role: state === 'down' ? 'down' : role,
      status: statusOf(options.ID, known),
      paused: state === 'paused',
      stopping,
      diskMs: options.diskMs,
      clockPercent: member.clockPercent,
      wallSeconds: member.wallSeconds,
      lead: lead === null ? null : (names.get(lead) ?? lead),
      silentSince: silentSince(scene, server, voters),
      electsBetween: electsBetween(sim.config.electionMs),
      reaches: reachOf(sim, server, voters),
      leaderSince:
        state !== 'down' && role === 'leader' ? ledger.hearing.electedAt(options.name, last) : null,
      term,
      revision: store.revision,
      raftIndex,
      applied,
      lastIndex,
      log: consensus
        .entries(lastIndex - LOG_CELLS + 1, lastIndex)
        .map((entry) => logCell(entry, raftIndex)),
      ownLeases: member
        .leases()
        .slice(0, OWN_LEASES)
        .map(({ id, deadline }) => ({
          id,
          deadline: state === 'down' || deadline === FOREVER ? null : deadline,
        })),
      leases: lessor.size,
      keys: store.size,
      primary: state !== 'down' && lessor.isPrimary,
      nextPassAt,
      clientUrl: options.clientURLs[0] ?? '',
      peerUrl: (known.find(({ ID }) => ID === options.ID) ?? options).peerURLs[0] ?? '',
    }
  })
  return [...running, ...sim.added.map((info) => unstartedView(info, sim.config.electionMs))]
}

/**
 * Raft draws the ticks of each election timeout from this number up to twice as many, the last
 * excluded (raft/peer.ts).
 */
function electsBetween(electionMs: number): [number, number] {
  return [electionMs, 2 * electionMs]
}

function statusOf(id: MemberId, known: readonly MemberInfo[]): MemberView['status'] {
  const info = known.find(({ ID }) => ID === id)
  return info === undefined ? 'removed' : info.isLearner ? 'learner' : 'voter'
}

/**
 * A member that was added and has never started: it counts for the cluster, and has no state yet.
 */
function unstartedView({ ID, peerURLs, isLearner }: MemberInfo, electionMs: number): MemberView {
  return {
    id: ID,
    name: hostAndPort(peerURLs[0] ?? ID),
    role: 'down',
    status: isLearner ? 'unstarted-learner' : 'unstarted',
    paused: false,
    stopping: false,
    diskMs: 0,
    clockPercent: 100,
    wallSeconds: 0,
    lead: null,
    silentSince: null,
    electsBetween: electsBetween(electionMs),
    reaches: 0,
    leaderSince: null,
    term: 0,
    revision: 0,
    raftIndex: 0,
    applied: 0,
    lastIndex: 0,
    log: [],
    ownLeases: [],
    leases: 0,
    keys: 0,
    primary: false,
    nextPassAt: 0,
    clientUrl: '',
    peerUrl: peerURLs[0] ?? '',
  }
}

function logCell(entry: Entry<LogEntry>, commit: number): LogCell {
  const { index, term } = entry
  const label =
    entry.type === 'conf-change'
      ? 'members'
      : entry.data === null
        ? 'new leader'
        : (entry.data.proposal?.type ?? 'cluster')
  return { index, term, committed: index <= commit, label }
}
