// Renewals and requests for the remaining time, on any member (etcd: v3_server.go: LeaseRenew,
// LeaseTimeToLive; lease/leasehttp; semantics §1.6, §1.8). Only the primary can answer. Another
// member forwards the request over a connection of its own, and repeats it until the request
// timeout:
//
//   client ─▶ m3 ─ LeaseForward ─▶ m1 (leader) ─ renews ─▶ m3 ─▶ client
//             │                     └─ frozen: no answer and no shorter timeout: it hangs for
//             │                        the whole 7 s (semantics §10.3)
//             └─ no leader known: checks again after an election timeout
//
// A waiting call is a plain record. The requests of one keep-alive stream are served one after the
// other.

import { unreachable } from '../base/assert'
import { errors } from '../base/errors'
import type { Header, LeaseId, MemberId, Reply, RpcError } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import { FOREVER, remainingSeconds } from '../lease/lessor'
import type { MemberContext, Origin } from './context'
import type { Core } from './core'
import { requestTimeoutMs } from './member-options'
import type { Asked, LeaseAnswer, LeaseMessage } from './messages'

/**
 * Milliseconds between two attempts at a leader that answered but is not primary (yet). Before 3.5
 * the minimum (versions.ts: pausesBetweenForwards).
 */
const RETRY_MS = { pauses: 50, spins: 1 } as const
/**
 * Milliseconds between two attempts at a process that is gone. Members before 3.5 do not wait at
 * all; here they do.
 */
const REFUSED_RETRY_MS = 50
/**
 * The longest wait of a call, in milliseconds, for committed entries to be applied (v3_server.go:
 * applyTimeout).
 */
const APPLIED_WAIT_MS = 1000
/** Seconds: Go's value for a lease without a deadline (semantics §1.8). */
const FOREVER_SECONDS = 9_223_372_036

type Caller = { type: 'client'; origin: Origin } | { type: 'peer'; member: MemberId; id: number }

interface LeaseCall {
  id: number
  caller: Caller
  asked: Asked
  /**
   * `leader`: the next attempt is at `retryAt`. `forwarded`: the request is at the leader. On the
   * leader, in this order: `leadership`: the read loop checks whether it still leads. `applied`:
   * committed entries are being applied. `revoke`: the lease is due, and its revoke is pending.
   * `checkpoint`: the checkpoint of 0 is pending.
   */
  phase: 'leader' | 'forwarded' | 'leadership' | 'applied' | 'revoke' | 'checkpoint'
  /** The object of the wait: the number of a reader, an index, or the number of a proposal. */
  awaits: number | null
  /** The leader that received a forwarded call. */
  sentTo?: MemberId
  retryAt: number | null
  deadlineAt: number
  /** Seconds: the TTL of its lease when it began to wait for a checkpoint. */
  ttlSeconds?: number
  /** Filled before any other check. */
  header: Header
  cause: EventId
}

/** Requests of one keep-alive stream that wait behind a call. */
interface Queue {
  client: ClientId
  rpc: number
  call: number
  behind: LeaseId[]
}

export interface SavedLeaseServer {
  nextId: number
  calls: LeaseCall[]
  queues: Queue[]
}

export class LeaseServer {
  #nextId = 1
  #calls: LeaseCall[] = []
  #queues: Queue[] = []

  /** Numbers its calls after those of the previous process, whose answers may still arrive. */
  goOnFrom(crashed: LeaseServer): void {
    this.#nextId = crashed.#nextId
  }

  /** The next deadline or retry of a call; Infinity for none. */
  get nextAt(): number {
    return Math.min(
      Number.POSITIVE_INFINITY,
      // The read loop has the deadline of a call that waits for it.
      ...this.#calls.map(({ retryAt, deadlineAt, phase }) =>
        phase === 'leadership'
          ? Number.POSITIVE_INFINITY
          : phase === 'revoke'
            ? deadlineAt
            : (retryAt ?? deadlineAt),
      ),
    )
  }

  /** One request of a keep-alive stream. */
  keepAlive(
    core: Core,
    context: MemberContext,
    client: ClientId,
    rpc: number,
    lease: LeaseId,
    cause: EventId,
  ): void {
    const queue = this.#queues.find((other) => other.client === client && other.rpc === rpc)
    if (queue !== undefined) queue.behind.push(lease)
    else
      this.#begin(
        core,
        context,
        { type: 'client', origin: { type: 'client', client, rpc } },
        { type: 'renew', lease },
        cause,
      )
  }

  timeToLive(
    core: Core,
    context: MemberContext,
    origin: Origin,
    lease: LeaseId,
    keys: boolean,
    cause: EventId,
  ): void {
    this.#begin(
      core,
      context,
      { type: 'client', origin },
      { type: 'time-to-live', lease, keys },
      cause,
    )
  }

  /** A message of another member. An answer to a finished call is ignored. */
  message(
    core: Core,
    context: MemberContext,
    from: MemberId,
    message: LeaseMessage,
    cause: EventId,
  ): void {
    if (message.type === 'lease-forward')
      return this.#begin(
        core,
        context,
        { type: 'peer', member: from, id: message.id },
        message.asked,
        cause,
      )
    if (message.type === 'lease-refused') return this.#refused(context, from, cause)
    const call = this.#calls.find(({ id }) => id === message.id)
    if (call === undefined || call.phase !== 'forwarded') return
    call.cause = cause
    if (message.answer.type !== 'failed')
      return this.#finish(core, context, call, message.answer, cause)
    call.phase = 'leader'
    call.retryAt = context.now + pauseOf(core)
  }

  /**
   * The result of the leadership check. A member that no longer leads fails the renewal
   * (v3_server.go: LeaseRenew). An unknown number is ignored.
   */
  answered(core: Core, context: MemberContext, reader: number, leads: boolean): void {
    for (const call of this.#calls.filter(
      ({ phase, awaits }) => phase === 'leadership' && awaits === reader,
    )) {
      if (leads) this.#checkApplied(core, context, call)
      else this.#fail(core, context, call, errors.NotPrimary)
    }
  }

  /** Entries may have been applied: calls that waited for them continue. */
  progressed(core: Core, context: MemberContext): void {
    if (this.#calls.every(({ phase }) => phase !== 'applied')) return
    for (const call of this.#calls.filter(
      ({ phase, awaits }) => phase === 'applied' && core.consensus.applied >= Number(awaits),
    ))
      this.#ask(core, context, call)
  }

  /** A checkpoint of this member has been applied: the renewal that waited for it continues. */
  checkpointed(core: Core, context: MemberContext, proposal: number, cause: EventId): void {
    const call = this.#calls.find(
      ({ phase, awaits }) => phase === 'checkpoint' && awaits === proposal,
    )
    if (call === undefined) return
    call.cause = cause
    this.#renew(core, context, call, true)
  }

  /** The revoke of a lease has been applied: renewals that waited for it are refused. */
  revoked(core: Core, context: MemberContext, lease: LeaseId, cause: EventId): void {
    for (const call of this.#calls.filter(
      ({ phase, asked }) => phase === 'revoke' && asked.lease === lease,
    )) {
      const refused = context.trace.emit(
        { type: 'renewal-refused', member: core.options.name, lease },
        cause,
      )
      this.#finish(core, context, call, { type: 'not-found' }, refused)
    }
  }

  /** This lessor is demoted: calls that waited for a revoke go to the new leader. */
  demoted(core: Core, context: MemberContext): void {
    for (const call of this.#calls.filter(({ phase }) => phase === 'revoke'))
      this.#elsewhere(core, context, call)
  }

  /** Retries or ends the calls whose time has come. */
  checkDeadlines(core: Core, context: MemberContext): void {
    for (const call of [...this.#calls]) {
      if (call.phase === 'leadership') continue
      if (call.deadlineAt <= context.now) this.#giveUp(core, context, call)
      else if (call.retryAt === null || call.retryAt > context.now) continue
      else if (call.phase === 'applied') this.#late(core, context, call)
      else this.#attempt(core, context, call)
    }
  }

  /** Whether a call here waits for that member's answer. */
  forwardsTo(member: MemberId): boolean {
    return this.#calls.some(({ phase, sentTo }) => phase === 'forwarded' && sentTo === member)
  }

  /** The client closed a stream or gave up a call. */
  cancel(client: ClientId, rpc: number): void {
    this.#queues = this.#queues.filter((queue) => queue.client !== client || queue.rpc !== rpc)
    this.#calls = this.#calls.filter(
      ({ caller }) =>
        caller.type !== 'client' ||
        caller.origin.type !== 'client' ||
        caller.origin.client !== client ||
        caller.origin.rpc !== rpc,
    )
  }

  save(): SavedLeaseServer {
    return {
      nextId: this.#nextId,
      calls: this.#calls.map((call) => ({ ...call })),
      queues: this.#queues.map((queue) => ({ ...queue, behind: [...queue.behind] })),
    }
  }

  static load(saved: SavedLeaseServer): LeaseServer {
    const server = new LeaseServer()
    server.#nextId = saved.nextId
    server.#calls = saved.calls.map((call) => ({ ...call }))
    server.#queues = saved.queues.map((queue) => ({ ...queue, behind: [...queue.behind] }))
    return server
  }

  #begin(core: Core, context: MemberContext, caller: Caller, asked: Asked, cause: EventId): void {
    const call: LeaseCall = {
      id: this.#nextId++,
      caller,
      asked,
      phase: 'leader',
      awaits: null,
      retryAt: null,
      deadlineAt: context.now + requestTimeoutMs(core.options),
      header: core.header(),
      cause,
    }
    this.#calls.push(call)
    this.#attempt(core, context, call)
    const { origin } = caller.type === 'client' ? caller : { origin: null }
    if (asked.type === 'renew' && origin?.type === 'client' && this.#calls.includes(call)) {
      this.#queues.push({ client: origin.client, rpc: origin.rpc, call: call.id, behind: [] })
    }
  }

  /**
   * From the start: is this the leader, and does it know that it still is? (server.go:
   * ensureLeadership; semantics §1.13)
   */
  #attempt(core: Core, context: MemberContext, call: LeaseCall): void {
    if (!core.consensus.isLeader) return this.#elsewhere(core, context, call)
    const { checksLeadership, trustsRecentTick } = core.differences
    // A forwarded renewal is not checked (lease/leasehttp: ServeHTTP).
    const isChecked =
      checksLeadership && call.asked.type === 'renew' && call.caller.type === 'client'
    if (!isChecked || (trustsRecentTick && core.isActive(context)))
      return this.#checkApplied(core, context, call)
    this.#wait(call, 'leadership', core.askLeadership(context, call.cause), null)
  }

  /**
   * The member leads. Have its committed entries been applied? Otherwise a new lease would be
   * unknown (semantics §10.24).
   */
  #checkApplied(core: Core, context: MemberContext, call: LeaseCall): void {
    if (!core.consensus.isLeader) return this.#elsewhere(core, context, call)
    if (!core.differences.renewWaitsForApplied || core.consensus.applied >= core.consensus.commit)
      return this.#ask(core, context, call)
    this.#wait(call, 'applied', core.consensus.commit, context.now + APPLIED_WAIT_MS)
  }

  #ask(core: Core, context: MemberContext, call: LeaseCall): void {
    if (call.asked.type === 'renew') return this.#renew(core, context, call, false)
    const answer = timeToLive(core, context, call.asked)
    if (answer.type === 'demoted' && call.caller.type === 'client')
      return this.#fail(core, context, call, errors.LeaderChanged)
    this.#finish(core, context, call, answer, call.cause)
  }

  /** `cleared`: the call has waited for the checkpoint of 0. */
  #renew(core: Core, context: MemberContext, call: LeaseCall, cleared: boolean): void {
    const { cause } = call
    const { lessor, differences, options } = core
    const { name } = options
    const { trace } = context
    const { lease } = call.asked
    const renewal = lessor.renew(lease, context.now, cleared)
    switch (renewal.type) {
      case 'renewed': {
        const { ttlSeconds, deadline } = renewal
        const event = trace.emit(
          { type: 'lease-renewed', member: name, lease, ttlSeconds, deadline },
          cause,
        )
        lessor.setCause(lease, event)
        return this.#finish(core, context, call, { type: 'renewed', ttlSeconds }, event)
      }
      case 'not-found': {
        if (cleared && !differences.renewChecksAgain) {
          const ttlSeconds = call.ttlSeconds ?? 0
          const event = trace.emit(
            { type: 'renewal-in-vain', member: name, lease, ttlSeconds },
            cause,
          )
          return this.#finish(core, context, call, { type: 'renewed', ttlSeconds }, event)
        }
        return this.#finish(
          core,
          context,
          call,
          { type: 'not-found' },
          trace.emit({ type: 'renewal-refused', member: name, lease }, cause),
        )
      }
      case 'expired':
        trace.emit({ type: 'renewal-waits', member: name, lease }, cause)
        return this.#wait(call, 'revoke', null, null)
      case 'checkpointed': {
        const proposal = core.propose(
          { type: 'LeaseCheckpoint', checkpoints: [{ ID: lease, remaining_TTL: 0 }] },
          cause,
        )
        if (proposal === null) return this.#elsewhere(core, context, call)
        call.ttlSeconds = lessor.lookup(lease)?.ttlSeconds ?? 0
        return this.#wait(call, 'checkpoint', proposal, null)
      }
      case 'not-primary':
        return this.#elsewhere(core, context, call)
      default:
        return unreachable(renewal)
    }
  }

  /** The process that received forwarded calls is gone: each is tried again. */
  #refused(context: MemberContext, by: MemberId, cause: EventId): void {
    for (const call of this.#calls.filter(
      ({ phase, sentTo }) => phase === 'forwarded' && sentTo === by,
    )) {
      call.cause = cause
      this.#wait(call, 'leader', null, context.now + REFUSED_RETRY_MS)
    }
  }

  #wait(
    call: LeaseCall,
    phase: LeaseCall['phase'],
    awaits: LeaseCall['awaits'],
    retryAt: number | null,
  ): void {
    call.phase = phase
    call.awaits = awaits
    call.retryAt = retryAt
  }

  /** Committed entries are not applied after a second. */
  #late(core: Core, context: MemberContext, call: LeaseCall): void {
    if (call.caller.type === 'peer')
      return this.#finish(core, context, call, { type: 'failed' }, call.cause)
    this.#fail(core, context, call, errors.TimeoutWaitAppliedIndex)
  }

  /**
   * This member cannot answer. For another member it answers so; for a client it forwards the
   * request to the leader.
   */
  #elsewhere(core: Core, context: MemberContext, call: LeaseCall): void {
    if (call.caller.type === 'peer')
      return this.#finish(core, context, call, { type: 'failed' }, call.cause)
    const { lead } = core.consensus
    const { ID: self, electionMs } = core.options
    const { now } = context
    if (lead === null) this.#wait(call, 'leader', null, now + electionMs)
    else if (lead === self) this.#wait(call, 'leader', null, now + pauseOf(core))
    else {
      this.#wait(call, 'forwarded', null, null)
      call.sentTo = lead
      context.send(lead, { type: 'lease-forward', id: call.id, asked: call.asked }, call.cause)
    }
  }

  #giveUp(core: Core, context: MemberContext, call: LeaseCall): void {
    if (call.caller.type === 'peer')
      return this.#finish(core, context, call, { type: 'failed' }, call.cause)
    this.#fail(core, context, call, core.consensus.lead === null ? errors.NoLeader : errors.Timeout)
  }

  #fail(core: Core, context: MemberContext, call: LeaseCall, error: RpcError): void {
    this.#over(call)
    if (call.caller.type === 'peer') return
    const { name: member } = core.options
    const request = call.asked.type === 'renew' ? 'LeaseKeepAlive' : 'LeaseTimeToLive'
    context.answer(
      call.caller.origin,
      error,
      context.trace.emit(
        { type: 'request-refused', member, request, message: error.message },
        call.cause,
      ),
    )
    // The stream has ended with the error; its waiting requests are gone too.
    this.#queues = this.#queues.filter((queue) => queue.call !== call.id)
  }

  #finish(
    core: Core,
    context: MemberContext,
    call: LeaseCall,
    answer: LeaseAnswer,
    cause: EventId,
  ): void {
    this.#over(call)
    if (call.caller.type === 'peer') {
      const said: LeaseAnswer = answer.type === 'demoted' ? { type: 'failed' } : answer
      return context.send(
        call.caller.member,
        { type: 'lease-answer', id: call.caller.id, answer: said },
        cause,
      )
    }
    context.answer(call.caller.origin, replyTo(call, answer), cause)
    const queue = this.#queues.find((other) => other.call === call.id)
    if (queue === undefined) return
    this.#queues = this.#queues.filter((other) => other !== queue)
    for (const lease of queue.behind)
      this.keepAlive(core, context, queue.client, queue.rpc, lease, cause)
  }

  #over(call: LeaseCall): void {
    this.#calls = this.#calls.filter((other) => other !== call)
  }
}

function pauseOf({ differences }: Core): number {
  return differences.pausesBetweenForwards ? RETRY_MS.pauses : RETRY_MS.spins
}

function timeToLive(
  { lessor, differences }: Core,
  { now }: MemberContext,
  { lease, keys }: Extract<Asked, { type: 'time-to-live' }>,
): LeaseAnswer {
  const info = lessor.lookup(lease)
  if (info === undefined) return { type: 'not-found' }
  if (info.deadline === FOREVER && differences.leaderAnswersDemoted) return { type: 'demoted' }
  const TTL = info.deadline === FOREVER ? FOREVER_SECONDS : remainingSeconds(info.deadline, now)
  return {
    type: 'time-to-live',
    TTL,
    grantedTTL: info.ttlSeconds,
    keys: keys ? lessor.keysOf(lease) : [],
  }
}

function replyTo({ asked, header }: LeaseCall, answer: LeaseAnswer): Reply {
  const ID = asked.lease
  // An unknown lease is a normal answer: TTL 0 for a renewal, −1 for the remaining time.
  if (asked.type === 'renew')
    return {
      type: 'LeaseKeepAlive',
      header,
      ID,
      TTL: answer.type === 'renewed' ? answer.ttlSeconds : 0,
    }
  if (answer.type !== 'time-to-live')
    return { type: 'LeaseTimeToLive', header, ID, TTL: -1, grantedTTL: 0, keys: [] }
  const { TTL, grantedTTL, keys } = answer
  return { type: 'LeaseTimeToLive', header, ID, TTL, grantedTTL, keys: [...keys] }
}
