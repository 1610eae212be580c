// The members of the cluster, as far as one member has applied (etcd:
// etcdserver/api/membership/cluster.go; semantics §6.7). A change is a log entry like any other.
// Every member checks it when it applies it, with the same result, and only then Raft's group
// changes. reconfiguration.ts refuses changes before they are proposed.

import { assert } from '../base/assert'
import { errors } from '../base/errors'
import type {
  Bytes,
  ClusterRequest,
  MemberAddRequest,
  MemberId,
  MemberInfo,
  RpcError,
} from '../base/rpc'
import { sha1 } from '../base/sha1'
import type { ConfChange } from '../raft/message'

/** The maximum of learners in a cluster (membership/cluster.go: maxLearners). */
const MAX_LEARNERS = 1

export type MembershipRequest = Exclude<ClusterRequest, { type: 'Status' | 'MoveLeader' }>

/** One membership change, as in the log. */
export type MembershipChange =
  | { type: 'MemberAdd'; member: MemberInfo }
  | { type: 'MemberPromote' | 'MemberRemove'; ID: MemberId }
  | { type: 'MemberUpdate'; ID: MemberId; peerURLs: readonly string[] }

/**
 * The published name and URLs of a started member: a log entry, but no change of the group
 * (server.go: publish).
 */
export interface MemberAttributes {
  type: 'MemberAttributes'
  ID: MemberId
  name: string
  clientURLs: readonly string[]
}

export interface SavedMembership {
  members: MemberInfo[]
  /** IDs of removed members: they never return. */
  removed: MemberId[]
}

export class Membership {
  /** By ID. */
  #members: MemberInfo[]
  #removed: MemberId[] = []

  /** `members`: the initial cluster. */
  constructor(members: readonly MemberInfo[]) {
    this.#members = byId(members)
  }

  /** All members, by ID. */
  get members(): readonly MemberInfo[] {
    return this.#members
  }

  get voters(): readonly MemberInfo[] {
    return this.#members.filter(({ isLearner }) => !isLearner)
  }

  /** Undefined for an ID that is not (or no longer) a member's. */
  find(id: MemberId): MemberInfo | undefined {
    return this.#members.find(({ ID }) => ID === id)
  }

  /** Whether this ID belonged to a removed member; false for an unknown one. */
  wasRemoved(id: MemberId): boolean {
    return this.#removed.includes(id)
  }

  /** Copies of all members, by ID, for an answer. */
  list(): MemberInfo[] {
    return this.#members.map(copyOf)
  }

  /**
   * The error of a change in the log that has no effect; undefined for a valid change (cluster.go:
   * ValidateConfigurationChange).
   */
  refusal(change: MembershipChange): RpcError | undefined {
    const id = idOf(change)
    if (this.wasRemoved(id)) return errors.MemberNotFound
    const known = this.find(id)
    switch (change.type) {
      case 'MemberAdd': {
        const { peerURLs, isLearner } = change.member
        if (known !== undefined) return errors.MemberExist
        if (peerURLs.some((url) => hasUrl(this.#members, url))) return errors.PeerURLExist
        return isLearner && this.#members.length - this.voters.length >= MAX_LEARNERS
          ? errors.TooManyLearners
          : undefined
      }
      case 'MemberPromote':
        if (known === undefined) return errors.MemberNotFound
        return known.isLearner ? undefined : errors.MemberNotLearner
      case 'MemberRemove':
        return known === undefined ? errors.MemberNotFound : undefined
      case 'MemberUpdate': {
        if (known === undefined) return errors.MemberNotFound
        const others = this.#members.filter(({ ID }) => ID !== id)
        return change.peerURLs.some((url) => hasUrl(others, url)) ? errors.PeerURLExist : undefined
      }
    }
  }

  /** Applies a change that is not refused. */
  apply(change: MembershipChange): void {
    assert(
      this.refusal(change) === undefined,
      `membership: ${change.type} ${idOf(change)} is refused`,
    )
    switch (change.type) {
      case 'MemberAdd':
        this.#members = byId([...this.#members, copyOf(change.member)])
        return
      case 'MemberPromote':
        return this.#alter(change.ID, { isLearner: false })
      case 'MemberRemove':
        this.#members = this.#members.filter(({ ID }) => ID !== change.ID)
        this.#removed = [...this.#removed, change.ID]
        return
      case 'MemberUpdate':
        // The raft attributes are replaced as a whole: a learner is listed as a voter from then on
        // (cluster.go: UpdateRaftAttributes).
        return this.#alter(change.ID, { peerURLs: [...change.peerURLs], isLearner: false })
    }
  }

  /** An unknown ID is ignored: its member was removed meanwhile. */
  setAttributes({ ID, name, clientURLs }: MemberAttributes): void {
    this.#alter(ID, { name, clientURLs: [...clientURLs] })
  }

  /** The members are shared, not copied: a change replaces them. */
  save(): SavedMembership {
    return { members: [...this.#members], removed: [...this.#removed] }
  }

  static load(saved: SavedMembership): Membership {
    const membership = new Membership(saved.members)
    membership.#removed = [...saved.removed]
    return membership
  }

  #alter(id: MemberId, altered: Partial<MemberInfo>): void {
    this.#members = this.#members.map((member) =>
      member.ID === id ? { ...member, ...altered } : member,
    )
  }
}

export function idOf(change: MembershipChange): MemberId {
  return change.type === 'MemberAdd' ? change.member.ID : change.ID
}

/** The corresponding change of Raft's group. */
export function confChangeType(change: MembershipChange): ConfChange['type'] {
  switch (change.type) {
    case 'MemberAdd':
      return change.member.isLearner ? 'add-learner' : 'add-voter'
    case 'MemberPromote':
      return 'add-voter'
    case 'MemberRemove':
      return 'remove'
    case 'MemberUpdate':
      return 'update'
  }
}

/**
 * A member that has not started: its ID is the start of the hash over its URLs and the second when
 * it was added (membership/member.go: NewMember).
 */
export function newMember(request: MemberAddRequest, unixSeconds: number): MemberInfo {
  const peerURLs = request.peerURLs.map((url) => url.trim()).sort()
  const ID = sha1(`${peerURLs.join('')}${unixSeconds}` as Bytes).slice(0, 16) as MemberId
  return { ID, name: '', peerURLs, clientURLs: [], isLearner: request.isLearner ?? false }
}

/**
 * Whether a member may listen on these URLs: a scheme, a host, a port, no path (pkg/types/urls.go:
 * NewURLs).
 */
export function areUrls(urls: readonly string[]): boolean {
  return (
    urls.length > 0 &&
    urls.every((url) =>
      /^(https?|unixs?):\/\/([^/:?#[\]]*|\[[0-9a-fA-F:.%]*\]):\d*$/.test(url.trim()),
    )
  )
}

function byId(members: readonly MemberInfo[]): MemberInfo[] {
  return [...members].sort((a, b) => (a.ID < b.ID ? -1 : 1))
}

function copyOf(member: MemberInfo): MemberInfo {
  return { ...member, peerURLs: [...member.peerURLs], clientURLs: [...member.clientURLs] }
}

function hasUrl(members: readonly MemberInfo[], url: string): boolean {
  return members.some(({ peerURLs }) => peerURLs.includes(url))
}

export function isChange(proposal: { type: string }): proposal is MembershipChange {
  const { type } = proposal
  return (
    type === 'MemberAdd' ||
    type === 'MemberPromote' ||
    type === 'MemberRemove' ||
    type === 'MemberUpdate'
  )
}
