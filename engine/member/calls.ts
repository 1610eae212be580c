// The calls that wait for consensus, from the request to its answer: proposals until this member
// applies them, a transfer of the leadership, a promotion that the leader must confirm (etcd:
// v3_server.go: processInternalRaftRequest; server.go: configure).
//
//   propose ─▶ taken by a leader ─▶ committed ─▶ applied here ─▶ answered
//      └─ no leader: handed to the next one that is known, until the time is up

import { errors } from '../base/errors'
import type { MemberId, Reply, RpcError } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import type { MemberContext, Origin } from './context'
import type { Core } from './core'
import { requestTimeoutMs } from './member-options'
import type { MemberAttributes, MembershipChange } from './membership'
import { isChange } from './membership'
import type { Pending, PendingPromotion, PendingProposal } from './pending'
import { nextLook, requestOf, timeoutOf } from './pending'
import type { AskedProposal } from './proposal'

/** No deadline: a number, because JSON has no Infinity. */
const NEVER = Number.MAX_SAFE_INTEGER

export interface SavedCalls {
  leadElectedAt: number | null
  pending: Pending[]
  nextPromotion: number
}

export class Calls {
  /**
   * The time when this member last became the leader; null for never (server.go: leadElectedTime).
   */
  #leadElectedAt: number | null = null
  #pending: Pending[] = []
  #nextPromotion = 1

  /** Numbers its calls after those of the previous process, whose answers may still arrive. */
  goOnFrom(crashed: Calls): void {
    this.#nextPromotion = crashed.#nextPromotion
  }

  /** The next deadline or retry of a call; Infinity for none. */
  get nextAt(): number {
    return nextLook(this.#pending)
  }

  /**
   * A write. Without a leader it waits for one; during a transfer it is lost at once (semantics
   * §4).
   */
  propose(
    core: Core,
    context: MemberContext,
    origin: Origin,
    proposal: AskedProposal,
    cause: EventId,
  ): void {
    this.#propose(
      core,
      context,
      origin,
      proposal,
      context.now + requestTimeoutMs(core.options),
      cause,
    )
  }

  /** A change has only the caller's own deadline (server.go: configure). */
  proposeChange(
    core: Core,
    context: MemberContext,
    origin: Origin,
    change: MembershipChange,
    cause: EventId,
  ): void {
    this.#propose(core, context, origin, change, NEVER, cause)
  }

  #propose(
    core: Core,
    context: MemberContext,
    origin: Origin,
    proposal: AskedProposal | MembershipChange,
    deadlineAt: number,
    cause: EventId,
  ): void {
    const id = offer(core, proposal, cause)
    if (id === null && core.consensus.lead !== null)
      return core.refuse(context, origin, proposal, errors.ProposalDropped, cause)
    this.#pending.push({
      type: 'proposal',
      id,
      origin,
      proposal,
      startedAt: context.now,
      deadlineAt,
      cause,
    })
  }

  /**
   * Publishes its name and its URLs to the cluster, with retries until the entry is applied
   * (server.go: publish).
   */
  publish(core: Core, context: MemberContext, cause: EventId): void {
    const { ID, name, clientURLs } = core.options
    const proposal: MemberAttributes = {
      type: 'MemberAttributes',
      ID,
      name,
      clientURLs: [...clientURLs],
    }
    const { now } = context
    const deadlineAt = now + requestTimeoutMs(core.options)
    this.#pending.push({
      type: 'proposal',
      id: null,
      origin: { type: 'self' },
      proposal,
      startedAt: now,
      deadlineAt,
      cause,
    })
  }

  /** Transfers the leadership to another member. */
  transfer(core: Core, context: MemberContext, origin: Origin, to: MemberId, cause: EventId): void {
    this.#pending.push({
      type: 'transfer',
      origin,
      to,
      deadlineAt: context.now + requestTimeoutMs(core.options),
      cause,
    })
    core.consensus.transferLeader(to)
  }

  /**
   * Only the leader knows a learner's progress: it receives the request now, or once it is known.
   */
  promote(core: Core, context: MemberContext, origin: Origin, ID: MemberId, cause: EventId): void {
    const deadlineAt = context.now + requestTimeoutMs(core.options)
    const call: PendingPromotion = {
      type: 'promotion',
      id: this.#nextPromotion++,
      origin,
      ID,
      asked: null,
      deadlineAt,
      cause,
    }
    this.#pending.push(call)
    askToPromote(core, context, call)
  }

  /**
   * The leader's answer to a promotion. An answer of a deposed leader is ignored, and the next
   * leader receives the request.
   */
  promotionAnswered(
    core: Core,
    context: MemberContext,
    id: number,
    reply: Reply,
    cause: EventId,
  ): void {
    const call = this.#pending.find(
      (other): other is PendingPromotion => other.type === 'promotion' && other.id === id,
    )
    if (call === undefined) return
    if (reply.type === 'error' && reply.message === errors.NotLeader.message) {
      call.asked = null
      return
    }
    this.#over(call)
    context.answer(
      call.origin,
      reply.type === 'MemberPromote' ? { ...reply, header: core.header(0) } : reply,
      cause,
    )
  }

  /** The proposal of this member with that number; undefined if no call waits for it. */
  proposal(id: number): PendingProposal | undefined {
    return this.#pending.find(
      (other): other is PendingProposal => other.type === 'proposal' && other.id === id,
    )
  }

  answer(context: MemberContext, call: Pending, reply: Reply, event: EventId): void {
    this.#over(call)
    context.answer(call.origin, reply, event)
  }

  refuse({ options }: Core, context: MemberContext, call: Pending, error: RpcError): void {
    const body = {
      type: 'request-refused' as const,
      member: options.name,
      request: requestOf(call),
      message: error.message,
    }
    this.#over(call)
    context.answer(call.origin, error, context.trace.emit(body, call.cause, context.cause))
  }

  /** The published name is applied. */
  published(id: number): void {
    this.#pending = this.#pending.filter((other) => other.type !== 'proposal' || other.id !== id)
  }

  /** Hands the calls that waited for a leader to this one. */
  leaderChanged(core: Core, context: MemberContext, lead: MemberId, event: EventId): void {
    for (const call of this.#pending)
      if (call.type === 'proposal' && call.id === null)
        call.id = offer(core, call.proposal, call.cause)
    for (const call of this.#pending)
      if (call.type === 'promotion' && call.asked === null) askToPromote(core, context, call)
    for (const call of this.#pending.filter(({ type }) => type === 'transfer')) {
      if (call.type !== 'transfer' || call.to !== lead) continue
      this.answer(context, call, { type: 'MoveLeader' }, event)
    }
  }

  /** This member became the leader at `now`, milliseconds of its clock. */
  elected(now: number): void {
    this.#leadElectedAt = now
  }

  /** Retries or ends the calls whose time has come. */
  checkDeadlines(core: Core, context: MemberContext): void {
    const { consensus, options, differences } = core
    for (const call of [...this.#pending]) {
      if (
        call.deadlineAt <= context.now &&
        call.type === 'proposal' &&
        call.origin.type === 'self'
      ) {
        call.id = offer(core, call.proposal, call.cause)
        call.deadlineAt = context.now + requestTimeoutMs(core.options)
      } else if (call.deadlineAt <= context.now) {
        this.refuse(
          core,
          context,
          call,
          timeoutOf(call, consensus.lead, this.#leadElectedAt, options.electionMs, differences),
        )
      }
    }
  }

  /** The client gave up a call. */
  cancel(client: ClientId, rpc: number): void {
    this.#pending = this.#pending.filter(
      ({ origin }) => origin.type !== 'client' || origin.client !== client || origin.rpc !== rpc,
    )
  }

  save(): SavedCalls {
    const pending = this.#pending.map((call) => ({ ...call }))
    return { leadElectedAt: this.#leadElectedAt, pending, nextPromotion: this.#nextPromotion }
  }

  static load(saved: SavedCalls): Calls {
    const calls = new Calls()
    calls.#leadElectedAt = saved.leadElectedAt
    calls.#pending = saved.pending.map((call) => ({ ...call }))
    calls.#nextPromotion = saved.nextPromotion
    return calls
  }

  #over(call: Pending): void {
    this.#pending = this.#pending.filter((other) => other !== call)
  }
}

/** The number of the proposal; null if there is no leader. */
function offer(
  { consensus }: Core,
  proposal: AskedProposal | MembershipChange | MemberAttributes,
  cause: EventId,
): number | null {
  const { id, outcome } = isChange(proposal)
    ? consensus.proposeChange(proposal, cause)
    : consensus.propose(proposal, cause)
  return outcome === 'dropped' ? null : id
}

function askToPromote(
  { consensus, options }: Core,
  context: MemberContext,
  call: PendingPromotion,
): void {
  const { lead } = consensus
  if (lead === null || lead === options.ID) return
  call.asked = lead
  context.send(lead, { type: 'promote-forward', id: call.id, ID: call.ID }, call.cause)
}
