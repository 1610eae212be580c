// The members of the group, changed one at a time (etcd-io/raft: confchange/confchange.go, Simple).
// Majorities of two groups that differ by one voter always share a voter. So the new group cannot
// miss a decision of the old one (§6; dissertation §4.1).

import { assert, unreachable } from '../base/assert'
import type { MemberId } from '../base/rpc'
import type { Conf, ConfChange } from './message'

export const NO_CONF: Conf = { voters: [], learners: [] }

/**
 * The group after `change`. A change without effect returns the same group; removing the last voter
 * throws.
 */
export function changedConf(conf: Conf, change: ConfChange): Conf {
  const { voters, learners } = conf
  const { peer } = change
  switch (change.type) {
    case 'add-voter':
      return { voters: withMember(voters, peer), learners: without(learners, peer) }
    case 'add-learner':
      return remaining(
        { voters: without(voters, peer), learners: withMember(learners, peer) },
        change,
      )
    case 'remove':
      return remaining({ voters: without(voters, peer), learners: without(learners, peer) }, change)
    case 'update':
      return conf
    default:
      return unreachable(change.type)
  }
}

/** All members of the group, in order. */
export function membersOf(conf: Conf): MemberId[] {
  return [...conf.voters, ...conf.learners].sort(ascending)
}

function remaining(conf: Conf, change: ConfChange): Conf {
  assert(conf.voters.length > 0, `raft: ${change.type} ${change.peer} leaves no voter`)
  return conf
}

function withMember(members: readonly MemberId[], peer: MemberId): readonly MemberId[] {
  return members.includes(peer) ? members : [...members, peer].sort(ascending)
}

function without(members: readonly MemberId[], peer: MemberId): readonly MemberId[] {
  return members.includes(peer) ? members.filter((member) => member !== peer) : members
}

function ascending(a: MemberId, b: MemberId): number {
  return a < b ? -1 : a > b ? 1 : 0
}
