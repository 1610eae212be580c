// Who belongs to the group, changed by one member at a time (etcd-io/raft:
// confchange/confchange.go, Simple). Two majorities of which the second has one voter more or less
// than the first always share a voter, so no decision of the old group can be missed by the new one
// (§6; dissertation §4.1).

import { assert, unreachable } from '../base/assert'
import type { MemberId } from '../base/rpc'
import type { Conf, ConfChange } from './message'

export const NO_CONF: Conf = { voters: [], learners: [] }

/**
 * The group after `change`. What is so already stays so; throws where nobody could vote any more.
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
