// The shutdown of a member (SIGTERM; etcd: server.go: Stop, TransferLeadership). A leader with
// followers first transfers its leadership, and checks every heartbeat interval whether that is
// done. Any other member just ends.

import type { MemberId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { MemberContext } from './context'
import type { Core } from './core'
import { requestTimeoutMs } from './member-options'

/** The target of the transfer, and its time limit; null for a member that is not shutting down. */
export type SavedLeaving = { to: MemberId; until: number } | null

export class Leaving {
  #state: SavedLeaving = null

  begin(core: Core, context: MemberContext, cause: EventId): void {
    const { options, consensus } = core
    const to = longestConnected(core, context)
    if (!consensus.isLeader || to === undefined) {
      context.outputs.push({ type: 'stopped', cause })
      return
    }
    const offered = context.trace.emit(
      { type: 'leadership-offered', member: options.name, to: core.nameOf(to) },
      cause,
    )
    consensus.transferLeader(to)
    this.#state = { to, until: context.now + requestTimeoutMs(options) }
    context.timer('stop', context.now + options.heartbeatMs, offered)
  }

  checkTransfer({ options, consensus }: Core, context: MemberContext, cause: EventId): void {
    if (this.#state === null) return
    const { to, until } = this.#state
    if (consensus.lead === to || context.now >= until)
      context.outputs.push({ type: 'stopped', cause })
    else context.timer('stop', context.now + options.heartbeatMs, cause)
  }

  save(): SavedLeaving {
    return this.#state
  }

  static load(saved: SavedLeaving): Leaving {
    const leaving = new Leaving()
    leaving.#state = saved
    return leaving
  }
}

/**
 * The voter with the longest connection to this member (server.go: longestConnected); of equal ones
 * the first by name; undefined for none.
 */
function longestConnected(
  { options: { ID: self, cluster }, membership }: Core,
  context: MemberContext,
): MemberId | undefined {
  const order = (id: MemberId): number =>
    cluster.findIndex(({ ID }) => ID === id) + 1 || Number.MAX_SAFE_INTEGER
  const connected = membership.voters.flatMap(({ ID: id }) => {
    const ms = id === self ? null : context.trace.connectedFor(self, id)
    return ms === null ? [] : [{ id, ms }]
  })
  return connected.sort((a, b) => b.ms - a.ms || order(a.id) - order(b.id))[0]?.id
}
