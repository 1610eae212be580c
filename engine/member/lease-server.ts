// Renewals and questions about what remains, wherever they are asked (etcd: v3_server.go:
// LeaseRenew, LeaseTimeToLive; lease/leasehttp; semantics §1.6, §1.8). Only the primary can answer.
// Another member asks it over a connection of its own, and goes on asking until the request
// timeout:
//
//   client ─▶ m3 ─ LeaseForward ─▶ m1 (leader) ─ renews ─▶ m3 ─▶ client
//             │                     └─ frozen: no answer and no shorter timeout: it hangs for
//             │                        the whole 7 s (semantics §10.3)
//             └─ no leader known: looks again after an election timeout
//
// A call that waits is a plain record. The requests of one keep-alive stream are served one after
// the other.

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
 * Milliseconds between two attempts at a leader that answered but is not primary (yet); before 3.5
 * the least there is (versions.ts: pausesBetweenForwards).
 */
const RETRY_MS = { pauses: 50, spins: 1 } as const
/**
 * Milliseconds between two attempts at a process that is gone. Members before 3.5 do not wait at
 * all; here they do.
 */
const REFUSED_RETRY_MS = 50
/**
 * Milliseconds that a call waits for what is committed to be applied (v3_server.go: applyTimeout).
 */
const APPLIED_WAIT_MS = 1000
/** Seconds: what Go makes of a lease that is never due (semantics §1.8). */
const FOREVER_SECONDS = 9_223_372_036

type Caller = { type: 'client'; origin: Origin } | { type: 'peer'; member: MemberId; id: number }

interface LeaseCall {
  id: number
  caller: Caller
  asked: Asked
  /**
   * `leader`: tried again at `retryAt`. `forwarded`: the leader is asked. Here at the leader, in
   * this order: `leadership`: the read loop tells whether it leads still. `applied`: what is
   * committed is being applied. `revoke`: its lease is due, and the revoke is awaited.
   * `checkpoint`: the one that says 0 is awaited.
   */
  phase: 'leader' | 'forwarded' | 'leadership' | 'applied' | 'revoke' | 'checkpoint'
  /** What a phase waits for: the number of a reader, an index, the number of a proposal. */
  awaits: number | null
  /** The leader that a forwarded call was sent to. */
  sentTo?: MemberId
  retryAt: number | null
  deadlineAt: number
  /** Seconds: the TTL of its lease when it began to wait for a checkpoint. */
  ttlSeconds?: number
  /** Filled before anything else is looked at. */
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

  /** Numbers its calls after those of the process before, whose answers may still come. */
  goOnFrom(crashed: LeaseServer): void {
    this.#nextId = crashed.#nextId
  }

  /** When a call has to be looked at again; Infinity for never. */
  get nextAt(): number {
    return Math.min(
      Number.POSITIVE_INFINITY,
      // The read loop has the deadline of a call that asks it.
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

  /** What another member says. An answer to a call that is over is ignored. */
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
   * The answer to whether this member still leads. One that does not fails the renewal
   * (v3_server.go: LeaseRenew). An unknown number is ignored.
   */
  answered(core: Core, context: MemberContext, reader: number, leads: boolean): void {
    for (const call of this.#calls.filter(
      ({ phase, awaits }) => phase === 'leadership' && awaits === reader,
    )) {
      if (leads) this.#look(core, context, call)
      else this.#fail(core, context, call, errors.NotPrimary)
    }
  }

  /** Entries may have been applied: calls that waited for that go on. */
  progressed(core: Core, context: MemberContext): void {
    if (this.#calls.every(({ phase }) => phase !== 'applied')) return
    for (const call of this.#calls.filter(
      ({ phase, awaits }) => phase === 'applied' && core.consensus.applied >= Number(awaits),
    ))
      this.#ask(core, context, call)
  }

  /**
   * A checkpoint that was proposed here has been applied: the renewal that waited for it goes on.
   */
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

  /** This lessor counts no more: who waited for a revoke asks the new leader. */
  demoted(core: Core, context: MemberContext): void {
    for (const call of this.#calls.filter(({ phase }) => phase === 'revoke'))
      this.#elsewhere(core, context, call)
  }

  /** Looks at the calls whose time has come: another attempt, or the end of patience. */
  look(core: Core, context: MemberContext): void {
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
    // A renewal that another member forwards is not checked (lease/leasehttp: ServeHTTP).
    const isChecked =
      checksLeadership && call.asked.type === 'renew' && call.caller.type === 'client'
    if (!isChecked || (trustsRecentTick && core.isActive(context)))
      return this.#look(core, context, call)
    this.#wait(call, 'leadership', core.askLeadership(context, call.cause), null)
  }

  /**
   * It leads. Has it applied what is committed? A lease just granted would be unknown else
   * (semantics §10.24).
   */
  #look(core: Core, context: MemberContext, call: LeaseCall): void {
    if (!core.consensus.isLeader) return this.#elsewhere(core, context, call)
    if (!core.differences.renewWaitsForApplied || core.consensus.applied >= core.consensus.commit)
      return this.#ask(core, context, call)
    this.#wait(call, 'applied', core.consensus.commit, context.now + APPLIED_WAIT_MS)
  }

  #ask(core: Core, context: MemberContext, call: LeaseCall): void {
    if (call.asked.type === 'renew') return this.#renew(core, context, call, false)
    const answer = look(core, context, call.asked)
    if (answer.type === 'demoted' && call.caller.type === 'client')
      return this.#fail(core, context, call, errors.LeaderChanged)
    this.#finish(core, context, call, answer, call.cause)
  }

  /** `cleared`: it has waited for the checkpoint that says 0. */
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

  /** The process that calls were forwarded to is gone: each is tried again. */
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

  /** What is committed is not applied after a second. */
  #late(core: Core, context: MemberContext, call: LeaseCall): void {
    if (call.caller.type === 'peer')
      return this.#finish(core, context, call, { type: 'failed' }, call.cause)
    this.#fail(core, context, call, errors.TimeoutWaitAppliedIndex)
  }

  /** Not here: a member that was asked by another says so, for a client the leader is asked. */
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
    // The stream has ended with the error; what waited behind it is gone too.
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

function look(
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
  // An unknown lease is an answer like any other: TTL 0 to a renewal, −1 to a question.
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
