// What every machine of a member may read and use: its options, its consensus, its state machine.
// One object for the life of the member. Machines take it with the context of the step, as
// `(core, context, …)`.

import type { Header, MemberId, Request, RpcError, StreamCall } from '../base/rpc'
import type { EventId, MemberName } from '../base/trace'
import type { Lessor } from '../lease/lessor'
import type { Store } from '../mvcc/store'
import type { Consensus } from './consensus'
import type { MemberContext, Origin } from './context'
import type { MemberOptions } from './member-options'
import { requestTimeoutMs } from './member-options'
import type { Membership } from './membership'
import type { OwnClock } from './own-clock'
import type { Proposal } from './proposal'
import type { ReadLoop } from './read-loop'
import type { RequestIds } from './request-ids'
import type { Ticker } from './ticker'
import type { Differences } from './versions'

/** The store, and the header of an answer from it. */
export type Source = Pick<Core, 'store' | 'header'>

/** The part of a member that its machines see. `MemberParts` has the machines as well. */
export abstract class Core {
  abstract options: MemberOptions
  abstract readonly differences: Differences
  abstract readonly ids: RequestIds
  abstract readonly ownClock: OwnClock
  abstract readonly consensus: Consensus
  abstract readonly ticker: Ticker
  abstract readonly reads: ReadLoop
  abstract store: Store
  abstract lessor: Lessor
  /** The members of the cluster, as far as this member has applied. */
  abstract membership: Membership

  /** The header of an answer. `revision` is the store's by default; 0 for none. */
  header(revision = this.store.revision): Header {
    return {
      cluster_id: this.options.clusterId,
      member_id: this.options.ID,
      revision,
      raft_term: this.consensus.term,
    }
  }

  /** The name of a member; its ID while no name is known. */
  nameOf(id: MemberId): MemberName {
    const { cluster, joins = [] } = this.options
    const named = [...cluster, ...this.membership.members, ...joins].find(
      ({ ID, name }) => ID === id && name !== '',
    )
    return named?.name ?? id
  }

  /** The last tick is recent enough to trust that this member still leads (semantics §1.13). */
  isActive({ now }: MemberContext): boolean {
    return this.ticker.isActive(this.consensus, this.options, now)
  }

  /**
   * Proposes an entry of the member's own. Returns its number; null if it is lost or there is no
   * leader.
   */
  propose(proposal: Proposal, cause: EventId): number | null {
    this.ids.skip()
    const { id, outcome } = this.consensus.propose(proposal, cause)
    return outcome === 'dropped' ? null : id
  }

  /**
   * Checks whether this member still leads (server.go: ensureLeadership). Returns the number of the
   * check, which comes back with the answer.
   */
  askLeadership(context: MemberContext, cause: EventId): number {
    const deadlineAt = context.now + requestTimeoutMs(this.options)
    return this.reads.wait(this, context.now, { type: 'leadership' }, deadlineAt, cause)
  }

  /** Answers a request with an error, and writes that to the trace. */
  refuse(
    context: MemberContext,
    origin: Origin,
    request: { type: Request['type'] | StreamCall },
    refused: RpcError,
    ...causes: EventId[]
  ): void {
    const event = context.trace.emit(
      {
        type: 'request-refused',
        member: this.options.name,
        request: request.type,
        message: refused.message,
      },
      ...causes,
    )
    context.answer(origin, refused, event)
  }
}
