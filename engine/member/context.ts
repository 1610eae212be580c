import type { MemberId, Reply } from '../base/rpc'
import { StepContext } from '../base/step-context'
import type { ClientId, EventId, Trace } from '../base/trace'
import type { PeerMessage } from './messages'

/**
 * `revokes`: a batch of expired leases whose revokes are to be proposed. `calls`: the next retry or
 * deadline of a call. `disk`: the current write is complete. `leader-look`: the check for a leader,
 * for streams that require one. `exit`: the member was removed. `stop`: the check whether its
 * leadership is transferred. `join`: a peer has not answered a joining member.
 */
export type MemberTimer =
  | 'expiry'
  | 'watch-sync'
  | 'watch-progress'
  | 'tick'
  | 'calls'
  | 'disk'
  | 'revokes'
  | 'exit'
  | 'leader-look'
  | 'stop'
  | 'join'

export type MemberOutput =
  | { type: 'reply'; client: ClientId; rpc: number; reply: Reply; cause: EventId }
  | { type: 'send'; to: MemberId; message: PeerMessage; cause: EventId }
  /** The member has shut down. */
  | { type: 'stopped'; cause: EventId }
  /** Sets a timer or moves it; null cancels it. */
  | { type: 'timer'; timer: MemberTimer; at: number | null; cause: EventId }
  /** Its process ends: it was removed from the cluster. */
  | { type: 'exit'; cause: EventId }
  /** Its process ends at once by a panic. */
  | { type: 'panic'; message: string; cause: EventId }

/**
 * The origin of a request: a client; a call of the Lock and Election services, which are a client
 * inside the server; another member for its client; or the member itself.
 */
export type Origin =
  | { type: 'client'; client: ClientId; rpc: number }
  | { type: 'service'; call: number }
  | { type: 'peer'; member: MemberId; id: number }
  | { type: 'self' }

/**
 * The trace of a member. Of the members that apply an entry, only the first reports its effect.
 */
export interface MemberTrace extends Trace {
  /** Whether the effect of this entry is not yet reported. The question marks it as reported. */
  tells(index: number): boolean
  /** The ms for which one member has been connected to another; null if it is not connected. */
  connectedFor(member: MemberId, to: MemberId): number | null
}

/** The context of one step of a member. `answers`: service replies that are not yet handled. */
export class MemberContext extends StepContext<MemberOutput, MemberTrace> {
  readonly answers: { call: number; reply: Reply; cause: EventId }[] = []
  readonly #grainMs: number

  /** `now` is on the member's own clock, which moves on by `grainMs` at once. */
  constructor(now: number, trace: MemberTrace, cause: EventId, grainMs = 1) {
    super(now, trace, cause)
    this.#grainMs = grainMs
  }

  /**
   * The time for which a timer was set, if it fires on time; now if it is late. Periodic timers
   * count from this time, so that a fast clock's steps do not add up.
   */
  onTime(at: number): number {
    const late = this.now - at
    return late >= 0 && late < this.#grainMs ? at : this.now
  }

  answer(to: Origin, reply: Reply, cause: EventId): void {
    if (to.type === 'client')
      this.outputs.push({ type: 'reply', client: to.client, rpc: to.rpc, reply, cause })
    // The reply waits: a change must first reach the watchers.
    else if (to.type === 'service') this.answers.push({ call: to.call, reply, cause })
    else if (to.type === 'peer')
      this.send(to.member, { type: 'promote-answer', id: to.id, reply }, cause)
  }

  send(to: MemberId, message: PeerMessage, cause: EventId): void {
    this.outputs.push({ type: 'send', to, message, cause })
  }

  exit(cause: EventId): void {
    this.outputs.push({ type: 'exit', cause })
  }

  panic(message: string, cause: EventId): void {
    this.outputs.push({ type: 'panic', message, cause })
  }

  timer(timer: MemberTimer, at: number | null, cause: EventId): void {
    this.outputs.push({ type: 'timer', timer, at, cause })
  }
}
