// Who belongs to the cluster, as far as a lone member can say: it lists itself, takes a learner, and refuses what etcd refuses it (etcd:
// etcdserver/api/membership/cluster.go, etcdserver/server.go: AddMember …; semantics §6.7). A second voter would cost it its quorum until that one starts.

import { errors } from '../base/errors'
import type {
  Bytes,
  ClusterRequest,
  Header,
  MemberAddRequest,
  MemberChangeResponse,
  MemberId,
  MemberInfo,
  Reply,
  RpcError,
} from '../base/rpc'
import { sha1 } from '../base/sha1'

/** The most learners of a cluster (membership/cluster.go: maxLearners). */
const MAX_LEARNERS = 1

export type MembershipRequest = Exclude<ClusterRequest, { type: 'Status' | 'MoveLeader' }>

export interface SavedMembership {
  members: MemberInfo[]
  /** IDs that were removed: they never come back. */
  removed: MemberId[]
}

/** What a change came to: whether it took a place in the log, also where it was refused there, and the answer. */
export interface MembershipAnswer {
  reply: Reply
  proposed: boolean
}

export class Membership {
  readonly #self: MemberId
  /** By ID. */
  #members: MemberInfo[]
  #removed: MemberId[] = []

  /** `members`: the cluster it begins with, itself among them. */
  constructor(self: MemberId, members: readonly MemberInfo[]) {
    this.#self = self
    this.#members = [...members].sort((a, b) => (a.ID < b.ID ? -1 : 1))
  }

  /** Everybody, by ID. */
  get members(): readonly MemberInfo[] {
    return this.#members
  }

  /** Undefined for an ID that is not (or no longer) a member's. */
  find(id: MemberId): MemberInfo | undefined {
    return this.#members.find(({ ID }) => ID === id)
  }

  /** Answers a request. `unixSeconds` is the time of day: the ID of a new member is made of it. The header names no revision. */
  answer(request: MembershipRequest, header: Header, unixSeconds: number): MembershipAnswer {
    const refused = this.#refusal(request, unixSeconds)
    if (refused !== undefined) return refused
    const members = (): MemberInfo[] => this.#members.map(copyOf)
    switch (request.type) {
      case 'MemberList':
        return { reply: { type: 'MemberList', header, members: members() }, proposed: false }
      case 'MemberAdd': {
        const member = newMember(request, unixSeconds)
        this.#members = [...this.#members, member].sort((a, b) => (a.ID < b.ID ? -1 : 1))
        return changed({ type: 'MemberAdd', header, member: copyOf(member), members: members() })
      }
      case 'MemberRemove':
        this.#members = this.#members.filter(({ ID }) => ID !== request.ID)
        this.#removed = [...this.#removed, request.ID]
        return changed({ type: 'MemberRemove', header, members: members() })
      case 'MemberPromote':
        return refuse(errors.LearnerNotReady)
      case 'MemberUpdate':
        // The raft attributes are replaced as a whole: a learner is listed as a voter from then on (cluster.go: UpdateRaftAttributes).
        this.#members = this.#members.map((member) =>
          member.ID === request.ID ? { ...member, peerURLs: [...request.peerURLs], isLearner: false } : member,
        )
        return changed({ type: 'MemberUpdate', header, members: members() })
    }
  }

  save(): SavedMembership {
    return { members: this.#members.map(copyOf), removed: [...this.#removed] }
  }

  static load(self: MemberId, saved: SavedMembership): Membership {
    const membership = new Membership(self, saved.members.map(copyOf))
    membership.#removed = [...saved.removed]
    return membership
  }

  /** The answer to a request that changes nothing because etcd refuses it; undefined for one that is taken. */
  #refusal(request: MembershipRequest, unixSeconds: number): MembershipAnswer | undefined {
    switch (request.type) {
      case 'MemberList':
        return undefined
      case 'MemberAdd':
        return this.#addRefusal(request, unixSeconds)
      case 'MemberRemove':
        // The last started voter stays (server.go: mayRemoveMember).
        if (request.ID === this.#self) return refuse(errors.NotEnoughStartedMembers)
        return this.find(request.ID) === undefined ? refuse(errors.MemberNotFound, true) : undefined
      case 'MemberPromote': {
        const member = this.find(request.ID)
        if (member === undefined) return refuse(errors.MemberNotFound, !this.#removed.includes(request.ID))
        // What was added and never started is behind the leader.
        return refuse(member.isLearner ? errors.LearnerNotReady : errors.MemberNotLearner, !member.isLearner)
      }
      case 'MemberUpdate': {
        if (this.find(request.ID) === undefined) return refuse(errors.MemberNotFound, true)
        const others = this.#members.filter(({ ID }) => ID !== request.ID)
        return request.peerURLs.some((url) => hasUrl(others, url)) ? refuse(errors.PeerURLExist, true) : undefined
      }
    }
  }

  #addRefusal(request: MemberAddRequest, unixSeconds: number): MembershipAnswer | undefined {
    if (!areUrls(request.peerURLs)) return refuse(errors.MemberBadURLs)
    const voters = this.#members.filter(({ isLearner }) => !isLearner)
    if (voters.length > 1) return refuse(request.isLearner ? errors.Unhealthy : errors.NotEnoughStartedMembers)
    const { ID, peerURLs } = newMember(request, unixSeconds)
    if (this.#removed.includes(ID)) return refuse(errors.MemberNotFound, true)
    if (this.find(ID) !== undefined) return refuse(errors.MemberExist, true)
    if (peerURLs.some((url) => hasUrl(this.#members, url))) return refuse(errors.PeerURLExist, true)
    if (!request.isLearner) return refuse(errors.SecondVoterNotModelled)
    return this.#members.filter(({ isLearner }) => isLearner).length >= MAX_LEARNERS ? refuse(errors.TooManyLearners, true) : undefined
  }
}

function changed(reply: MemberChangeResponse): MembershipAnswer {
  return { reply, proposed: true }
}

function refuse(reply: RpcError, proposed = false): MembershipAnswer {
  return { reply, proposed }
}

function copyOf(member: MemberInfo): MemberInfo {
  return { ...member, peerURLs: [...member.peerURLs], clientURLs: [...member.clientURLs] }
}

function hasUrl(members: readonly MemberInfo[], url: string): boolean {
  return members.some(({ peerURLs }) => peerURLs.includes(url))
}

/** A member that has not started: its ID is the start of the hash over its URLs and the second of its adding (membership/member.go: NewMember). */
function newMember(request: MemberAddRequest, unixSeconds: number): MemberInfo {
  const peerURLs = request.peerURLs.map((url) => url.trim()).sort()
  const ID = sha1(`${peerURLs.join('')}${unixSeconds}` as Bytes).slice(0, 16) as MemberId
  return { ID, name: '', peerURLs, clientURLs: [], isLearner: request.isLearner ?? false }
}

/** Whether these are URLs that a member may listen on: a scheme, a host, a port, no path (pkg/types/urls.go: NewURLs). */
function areUrls(urls: readonly string[]): boolean {
  return urls.length > 0 && urls.every((url) => /^(https?|unixs?):\/\/([^/:?#[\]]*|\[[0-9a-fA-F:.%]*\]):\d*$/.test(url.trim()))
}
