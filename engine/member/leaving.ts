// A member that is asked to end (SIGTERM; etcd: server.go: Stop, TransferLeadership). A leader of
// several hands its leadership over first, and looks every heartbeat interval whether that is done;
// anybody else just ends.

import type { MemberId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { MemberContext } from './context'
import type { Core } from './core'
import { requestTimeoutMs } from './member-options'

/** To whom it hands over, and until when it tries; null for one that does not leave. */
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

  look({ options, consensus }: Core, context: MemberContext, cause: EventId): void {
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
 * The voter that it has been connected to longest (server.go: longestConnected); of those that are
 * equal in that the first by name; undefined where it is connected to none.
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
