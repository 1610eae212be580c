import type { Reply } from '../base/rpc'
import type { ClientId, EventId, Trace } from '../base/trace'

export type MemberTimer = 'expiry' | 'watch-sync' | 'watch-progress'

export type MemberOutput =
  | { type: 'reply'; client: ClientId; rpc: number; reply: Reply; cause: EventId }
  | { type: 'timer'; timer: MemberTimer; at: number; cause: EventId }

/** Who asked: a client, or a call of the Lock and Election services, which are a client inside the server. */
export type Origin = { type: 'client'; client: ClientId; rpc: number } | { type: 'service'; call: number }

/** One input being taken: the time, where what happens goes, what has been wished so far, and the services' answers that are still to be taken in. */
export class Turn {
  readonly outputs: MemberOutput[] = []
  readonly answers: { call: number; reply: Reply; cause: EventId }[] = []
  readonly now: number
  readonly trace: Trace

  constructor(now: number, trace: Trace) {
    this.now = now
    this.trace = trace
  }

  answer(to: Origin, reply: Reply, cause: EventId): void {
    if (to.type === 'client') this.outputs.push({ type: 'reply', client: to.client, rpc: to.rpc, reply, cause })
    // Not taken in at once: who changed something must first have told the watchers.
    else this.answers.push({ call: to.call, reply, cause })
  }

  timer(timer: MemberTimer, at: number, cause: EventId): void {
    this.outputs.push({ type: 'timer', timer, at, cause })
  }
}
