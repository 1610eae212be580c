// Passes each input of a member to the right machines.

import { errors } from '../base/errors'
import type { MemberId, Request, StreamCall } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import { Host } from './consensus-host'
import type { MemberContext, MemberTimer, Origin } from './context'
import { takeClusterMessage } from './group'
import { requestTimeoutMs } from './member-options'
import type { PeerMessage } from './messages'
import type { MemberParts } from './parts'
import { handleOutputs, refusalOfStream, takeRequest } from './requests'

export type MemberInput =
  /**
   * Its process starts. `hurried`: its election timeout is almost over, so that a cluster without a
   * leader gets one soon (server.go: adjustTicks; semantics §6.1).
   */
  | { type: 'boot'; hurried: boolean }
  /** It starts an election now. */
  | { type: 'campaign' }
  /** It publishes its name to the cluster, as every member does after its start. */
  | { type: 'publish' }
  | { type: 'message'; from: MemberId; message: PeerMessage }
  /** `requiresLeader`: its stream requires a member that knows a leader. */
  | { type: 'request'; client: ClientId; rpc: number; request: Request; requiresLeader?: boolean }
  /** A stream is opened without a message. */
  | { type: 'open'; client: ClientId; rpc: number; call: StreamCall; requiresLeader?: boolean }
  /** The client closed a stream, or gave up a call. */
  | { type: 'cancel'; client: ClientId; rpc: number }
  | { type: 'timer'; timer: MemberTimer }
  /** It receives SIGTERM and shuts down. */
  | { type: 'stop' }

/** Handles one input, but not yet the resulting work of consensus. */
export function take(
  parts: MemberParts,
  context: MemberContext,
  input: MemberInput,
  cause: EventId,
): void {
  const { consensus, leaderStreams, joining, ownClock } = parts
  switch (input.type) {
    case 'boot':
      if (!asksPeers(parts) || !joining.begin(parts, context, cause))
        boot(parts, context, input.hurried, cause)
      return
    case 'campaign':
      return consensus.campaign()
    case 'publish':
      consensus.propose(null, cause)
      return
    case 'message':
      return takeMessage(parts, context, input.from, input.message, cause)
    case 'request': {
      const { client, rpc, request, requiresLeader } = input
      const origin: Origin = { type: 'client', client, rpc }
      if (requiresLeader === true) {
        if (consensus.lead === null)
          return parts.refuse(context, origin, request, errors.NoLeader, cause)
        leaderStreams.open(client, rpc)
      }
      return takeRequest(parts, context, origin, request, cause)
    }
    case 'open': {
      const { client, rpc, call, requiresLeader = false } = input
      const refused = refusalOfStream(parts, requiresLeader)
      const origin: Origin = { type: 'client', client, rpc }
      if (refused !== undefined)
        return parts.refuse(context, origin, { type: call }, refused, cause)
      if (requiresLeader) leaderStreams.open(client, rpc)
      return
    }
    case 'cancel': {
      const { client, rpc } = input
      parts.watch.close(client, rpc)
      parts.leases.cancel(client, rpc)
      leaderStreams.close(client, rpc)
      parts.calls.cancel(client, rpc)
      parts.reads.cancel(client, rpc)
      return handleOutputs(parts, context, parts.services.cancel(client, rpc, parts), cause)
    }
    case 'stop':
      return parts.leaving.begin(parts, context, cause)
    case 'timer':
      ownClock.fired(input.timer)
      return takeTimer(parts, context, input.timer, cause)
  }
}

/**
 * It must query its peers before its Raft starts (versions.ts: joinerAsksPeers). A member that was
 * in the cluster before does not.
 */
function asksPeers({ options, differences, consensus }: MemberParts): boolean {
  return options.joins !== undefined && differences.joinerAsksPeers && consensus.isBlank
}

function boot(parts: MemberParts, context: MemberContext, hurried: boolean, cause: EventId): void {
  const { options } = parts
  const { name, startedAtMs, expiryPhaseMs, electionMs, heartbeatMs } = options
  const { now } = context
  const booted = context.trace.emit({ type: 'booted', member: name }, cause)
  parts.ids.startAt(startedAtMs + now + parts.ownClock.wallMs)
  parts.leaderStreams.start(now)
  parts.storageVersion.start(now, !hurried)
  parts.expiry.start(now + expiryPhaseMs, context, booted)
  parts.ticker.start(options, context, booted)
  if (options.joins !== undefined) parts.calls.publish(parts, context, booted)
  for (let ticks = hurried ? Math.floor(electionMs / heartbeatMs) - 2 : 0; ticks > 0; ticks--)
    parts.consensus.tick()
}

function takeTimer(
  parts: MemberParts,
  context: MemberContext,
  timer: MemberTimer,
  cause: EventId,
): void {
  const { consensus, options, ownClock } = parts
  switch (timer) {
    case 'expiry':
      return parts.expiry.pass(parts, context)
    case 'watch-sync':
      return parts.watch.sync(parts, context, cause)
    case 'watch-progress':
      return parts.watch.sendProgress(parts, context, cause)
    case 'join':
      if (!parts.joining.late(parts, context, cause)) boot(parts, context, true, cause)
      return
    case 'tick':
      return parts.ticker.tick(consensus, options, ownClock.firedAt ?? context.now, context, cause)
    case 'disk':
      return consensus.persisted()
    case 'exit':
      return context.exit(cause)
    case 'stop':
      return parts.leaving.checkTransfer(parts, context, cause)
    case 'revokes':
      return parts.expiry.takeLate(parts, context)
    case 'leader-look':
      return checkLeader(parts, context, cause)
    case 'calls':
      new Host(parts, context).checkReads()
      parts.leases.checkDeadlines(parts, context)
      parts.expiry.checkDeadlines(parts, context)
      return parts.calls.checkDeadlines(parts, context)
  }
}

/** Ends streams that require a leader, if there was none for too long. */
function checkLeader(parts: MemberParts, context: MemberContext, cause: EventId): void {
  const { leaderStreams, options } = parts
  const { name: member, electionMs } = options
  const hasLeader = parts.consensus.lead !== null
  for (const { client, rpc } of leaderStreams.checkLeader(hasLeader, electionMs, context.now)) {
    parts.watch.close(client, rpc)
    parts.leases.cancel(client, rpc)
    const ended = context.trace.emit(
      { type: 'stream-ended', member, client, message: errors.NoLeader.message },
      cause,
    )
    context.answer({ type: 'client', client, rpc }, errors.NoLeader, ended)
  }
  leaderStreams.schedule(hasLeader, electionMs, context, cause)
}

function takeMessage(
  parts: MemberParts,
  context: MemberContext,
  from: MemberId,
  message: PeerMessage,
  cause: EventId,
): void {
  const { consensus } = parts
  switch (message.type) {
    case 'raft':
      // A removed member learns that it is removed (rafthttp: 410 Gone). Its message is dropped.
      if (parts.membership.wasRemoved(from)) return context.send(from, { type: 'removed' }, cause)
      consensus.step(message.message)
      if (message.message.type === 'MsgSnap') context.send(from, { type: 'snapshot-taken' }, cause)
      return
    case 'snapshot-taken':
      return consensus.reportSnapshot(from, true, context.now)
    case 'snapshot-lost':
      return consensus.reportSnapshot(message.to, false, context.now)
    case 'downgrade-ask': {
      const deadlineAt = context.now + requestTimeoutMs(parts.options)
      const reader = { type: 'joiner', member: from, id: message.id } as const
      parts.reads.wait(parts, context.now, reader, deadlineAt, cause)
      return
    }
    case 'downgrade-answer':
      if (!parts.joining.answered(parts, context, message.id, message.isKnown, cause))
        boot(parts, context, true, cause)
      return
    case 'promote-forward':
    case 'promote-answer':
    case 'removed':
      return takeClusterMessage(parts, context, from, message, cause)
    default:
      return parts.leases.message(parts, context, from, message, cause)
  }
}
