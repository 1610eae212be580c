// The start of a member that joins a running cluster, from 3.5 on (etcd: server.go: NewServer;
// cluster_util.go: isCompatibleWithCluster). Before its Raft starts, the member asks one peer after
// the other whether a downgrade is in progress. Each peer answers with a linearizable read. A peer
// without a quorum cannot read, and the member waits:
//
//   process starts ─▶ GET /downgrade/enabled at a peer ─ answer ──────────────────▶ Raft starts
//                        └─ read fails, connection refused, or 7 s over ─▶ next peer ─┘ after the
//                        last

import type { MemberId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { MemberContext } from './context'
import type { Core } from './core'
import { requestTimeoutMs } from './member-options'

export interface SavedJoining {
  /** The number of the pending request; 0 before the first. */
  id: number
  /** The remaining peers, by ID. Null if the member needs no answer (any more). */
  left: MemberId[] | null
}

export class Joining {
  #state: SavedJoining = { id: 0, left: null }

  /** Its Raft does not run yet. */
  get isAsking(): boolean {
    return this.#state.left !== null
  }

  /**
   * Sends the request to the first peer. Returns false if no peer has started: then Raft starts at
   * once.
   */
  begin(core: Core, context: MemberContext, cause: EventId): boolean {
    const { joins = [], ID } = core.options
    this.#state.left = joins
      .filter((peer) => peer.ID !== ID && peer.name !== '')
      .map((peer) => peer.ID)
    return this.#next(core, context, cause)
  }

  /**
   * A peer has answered. Returns false if Raft starts now. An answer to an earlier request is
   * ignored.
   */
  answered(
    core: Core,
    context: MemberContext,
    id: number,
    isKnown: boolean,
    cause: EventId,
  ): boolean {
    if (id !== this.#state.id || !this.isAsking) return true
    if (!isKnown) return this.#next(core, context, cause)
    this.#state.left = null
    context.timer('join', null, cause)
    return false
  }

  /** No answer came in time. Returns false if Raft starts now. */
  late(core: Core, context: MemberContext, cause: EventId): boolean {
    return this.#next(core, context, cause)
  }

  save(): SavedJoining {
    const { id, left } = this.#state
    return { id, left: left === null ? null : [...left] }
  }

  static load({ id, left }: SavedJoining): Joining {
    const joining = new Joining()
    joining.#state = { id, left: left === null ? null : [...left] }
    return joining
  }

  #next(core: Core, context: MemberContext, cause: EventId): boolean {
    const { options } = core
    const peer = this.#state.left?.shift()
    if (peer === undefined) {
      this.#state.left = null
      context.timer('join', null, cause)
      return false
    }
    const asks = context.trace.emit(
      { type: 'join-waits', member: options.name, peer: core.nameOf(peer) },
      cause,
    )
    context.send(peer, { type: 'downgrade-ask', id: ++this.#state.id }, asks)
    context.timer('join', context.now + requestTimeoutMs(options), asks)
    return true
  }
}
