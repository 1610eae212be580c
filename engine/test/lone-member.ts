// One member alone, on a clock that the test moves: no network, no clients. It answers requests at
// once.

import type { LeaseId, Reply, Request } from '../base/rpc'
import type { EventBody, EventId } from '../base/trace'
import type {
  MemberInput,
  MemberOptions,
  MemberOutput,
  MemberTimer,
  MemberTrace,
} from '../member/member'
import { Member } from '../member/member'
import { memberOptions } from '../sim/bootstrap'
import { DEFAULT_CONFIG } from '../sim/command'

/** The client's own number of a stream. */
type Rpc = number

export class LoneMember implements MemberTrace {
  readonly events: EventBody[] = []
  #now = 0
  #member: Member
  #timers = new Map<MemberTimer, number>()
  #nextRpc: Rpc = 1
  readonly #replies = new Map<Rpc, Reply[]>()

  constructor(options: Partial<MemberOptions> = {}) {
    const lone = { ...memberOptions(DEFAULT_CONFIG, 1)[0]!, ...options }
    const { ID, name, peerURLs, clientURLs, isLearner } = lone
    this.#member = new Member({ ...lone, cluster: [{ ID, name, peerURLs, clientURLs, isLearner }] })
    // As in a running cluster (sim/simulation.ts): it has elected itself, published its name and
    // set the cluster's version.
    this.#step({ type: 'boot', hurried: false })
    for (const type of ['campaign', 'publish', 'publish'] as const) this.#step({ type })
  }

  get now(): number {
    return this.#now
  }

  get member(): Member {
    return this.#member
  }

  /**
   * Sends a request on a new stream, or another on an open one, and returns the stream's number.
   */
  send(request: Request, rpc = this.#nextRpc++): Rpc {
    this.#step({ type: 'request', client: 'test', rpc, request })
    return rpc
  }

  /** All messages on a stream so far. */
  replies(rpc: Rpc): readonly Reply[] {
    return this.#replies.get(rpc) ?? []
  }

  /** The answer to a request that does not wait; throws for one that does. */
  ask(request: Request): Reply {
    const rpc = this.send(request)
    const reply = this.replies(rpc)[0]
    if (reply === undefined) throw new Error(`${request.type} waits`)
    if (request.type === 'LeaseKeepAlive') this.cancel(rpc)
    return reply
  }

  cancel(rpc: Rpc): void {
    this.#step({ type: 'cancel', client: 'test', rpc })
  }

  /** Advances the time to `to` (virtual ms), with timers in order. */
  advance(to: number): void {
    for (;;) {
      const next = [...this.#timers].sort(
        ([a, at], [b, other]) => at - other || (a < b ? -1 : 1),
      )[0]
      if (next === undefined || next[1] > to) break
      const [timer, at] = next
      this.#timers.delete(timer)
      this.#now = at
      this.#step({ type: 'timer', timer })
    }
    this.#now = to
  }

  emit(body: EventBody): EventId {
    return this.events.push(body)
  }

  tells(): boolean {
    return true
  }

  connectedFor(): null {
    return null
  }

  /** Replaces the member by one loaded from its save through JSON, and returns the save. */
  reload(): unknown {
    const saved = JSON.parse(JSON.stringify(this.#member.save()))
    this.#member = Member.load(this.#member.options, saved)
    return saved
  }

  /** The lease IDs, by remaining time. */
  leases(): LeaseId[] {
    return this.#member.lessor.leases().map(({ id }) => id)
  }

  #step(input: MemberInput): void {
    for (const output of this.#member.step(input, this.#now, this, 0)) this.#take(output)
  }

  #take(output: MemberOutput): void {
    // An added member has not started.
    if (
      output.type === 'send' ||
      output.type === 'exit' ||
      output.type === 'stopped' ||
      output.type === 'panic'
    )
      return
    if (output.type === 'timer') {
      if (output.at === null) this.#timers.delete(output.timer)
      else this.#timers.set(output.timer, output.at)
      return
    }
    const replies = this.#replies.get(output.rpc)
    if (replies === undefined) this.#replies.set(output.rpc, [output.reply])
    else replies.push(output.reply)
  }
}
