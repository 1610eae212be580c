import type { Header, MemberId, Request, RpcError } from '../base/rpc'
import type { EventId, MemberName } from '../base/trace'
import type { AskedProposal } from './apply'
import type { Consensus } from './consensus'
import type { MemberOptions } from './member-options'
import type { Membership, MembershipChange } from './membership'
import type { Origin, Turn } from './turn'
import type { Differences } from './versions'

/** The member around one of the machines that it is made of, for one turn. */
export interface Around {
  readonly turn: Turn
  readonly options: MemberOptions
  readonly consensus: Consensus
  readonly membership: Membership
  readonly differences: Differences
  header(revision?: number): Header
  /** A member by its name, as far as it is known; its ID else. */
  nameOf(id: MemberId): MemberName
  refuse(
    origin: Origin,
    request: Request | AskedProposal | MembershipChange,
    refused: RpcError,
    cause: EventId,
  ): void
}
