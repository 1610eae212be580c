// The requests of a member: from a client, from its own Lock and Election services, or from
// another member for a client. Each request goes to the machine that answers it, or is refused on
// arrival (etcd: api/v3rpc; v3_server.go).
//
//   read      → at once if it is serializable, else once this member has applied the leader's read
//             index
//   write     → proposed (calls.ts)
//   of leases → the lessor of the leader (lease-server.ts)
//   stream    → watch-loop.ts, lease-server.ts; Lock, Election → services.ts, whose
//             requests come in here again

import { errors } from '../base/errors'
import type {
  ConcurrencyRequest,
  MemberListRequest,
  RangeRequest,
  Reply,
  Request,
  RpcError,
  TxnRequest,
  WatchRequest,
} from '../base/rpc'
import { NO_LEASE, NO_MEMBER } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import { isReadOnly, read } from './apply'
import type { MemberContext, Origin } from './context'
import { answerMembership } from './group'
import type { MemberParts } from './parts'
import type { AskedProposal } from './proposal'
import type { ServiceOutput } from './services'
import { oversized, refusal, tooLargeToPropose } from './validate'

/**
 * Size, and size in use, of an almost empty 3.4 database (4 KiB pages), in bytes. An estimate for a
 * larger one.
 */
const DB_SIZE = 20_480
const DB_SIZE_IN_USE = 16_384
/** From 3.6 on a status has the default quota, and no downgrade while none is in progress. */
const STORAGE = { dbSizeQuota: 2_147_483_648, downgradeInfo: {} } as const

/** A request from outside. */
export function takeRequest(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  request: Request,
  cause: EventId,
): void {
  const refused = oversized(request) ?? refusalOfLearner(parts, request)
  return refused === undefined
    ? answer(parts, context, origin, request, cause)
    : parts.refuse(context, origin, request, refused, cause)
}

/** Handles the outputs of the Lock and Election services. */
export function handleOutputs(
  parts: MemberParts,
  context: MemberContext,
  outputs: ServiceOutput[],
  cause: EventId,
): void {
  for (const output of outputs) {
    if (output.type === 'request')
      answer(parts, context, { type: 'service', call: output.call }, output.request, cause)
    else
      context.answer(
        { type: 'client', client: output.client, rpc: output.rpc },
        output.reply,
        cause,
      )
  }
}

/** Answers a read whose index is applied, or that needs none. */
export function answerRead(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  request: RangeRequest | TxnRequest | MemberListRequest,
  cause: EventId,
): void {
  if (request.type === 'MemberList') return answerMembership(parts, context, origin, request, cause)
  const found = read(parts, request)
  if (found === errors.SortPanics) return context.panic('unexpected sort target', cause)
  if (found.type === 'error') return parts.refuse(context, origin, request, found, cause)
  context.answer(origin, found, cause)
}

function answer(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  request: Request,
  cause: EventId,
): void {
  const { ids, lessor, leases, consensus, membership, options, calls } = parts
  const refused = refusal(request, parts.differences.checksSortOptions)
  if (refused !== undefined) return parts.refuse(context, origin, request, refused, cause)
  switch (request.type) {
    case 'Range':
      return lookUp(parts, context, origin, request, cause)
    case 'Txn':
      if (!isReadOnly(request)) return propose(parts, context, origin, request, cause)
      return lookUp(parts, context, origin, request, cause)
    case 'Put':
    case 'DeleteRange':
    case 'Compact':
      return propose(parts, context, origin, request, cause)
    case 'LeaseGrant': {
      const ID =
        request.ID === undefined || request.ID === NO_LEASE ? ids.nextLeaseId() : request.ID
      return propose(parts, context, origin, { ...request, ID }, cause)
    }
    case 'LeaseRevoke':
      return propose(
        parts,
        context,
        origin,
        { type: 'LeaseRevoke', ID: request.ID, end: 'revoked' },
        cause,
      )
    case 'LeaseTimeToLive':
      return leases.timeToLive(parts, context, origin, request.ID, request.keys ?? false, cause)
    case 'LeaseLeases': {
      const known = lessor.leases().map(({ id }) => id)
      return context.answer(
        origin,
        { type: 'LeaseLeases', header: parts.header(), leases: known },
        cause,
      )
    }
    case 'Status':
      return context.answer(origin, status(parts, context), cause)
    case 'MoveLeader': {
      if (!consensus.isLeader)
        return parts.refuse(context, origin, request, errors.NotLeader, cause)
      const target = membership.find(request.targetID)
      if (target === undefined || target.isLearner)
        return parts.refuse(context, origin, request, errors.BadLeaderTransferee, cause)
      if (target.ID === options.ID) return context.answer(origin, { type: 'MoveLeader' }, cause)
      return calls.transfer(parts, context, origin, target.ID, cause)
    }
    case 'MemberList':
      if (request.linearizable && parts.differences.memberListReads)
        return waitToRead(parts, context, origin, request, cause)
      return answerMembership(parts, context, origin, request, cause)
    case 'MemberAdd':
    case 'MemberRemove':
    case 'MemberPromote':
    case 'MemberUpdate':
      return answerMembership(parts, context, origin, request, cause)
    default:
      // Streams and waiting calls come from clients only.
      return origin.type === 'client'
        ? open(parts, context, origin.client, origin.rpc, request, cause)
        : context.answer(origin, errors.NotModelled, cause)
  }
}

function open(
  parts: MemberParts,
  context: MemberContext,
  client: ClientId,
  rpc: number,
  request: WatchRequest | ConcurrencyRequest | Extract<Request, { type: 'LeaseKeepAlive' }>,
  cause: EventId,
): void {
  const { leases, watch, services } = parts
  switch (request.type) {
    case 'LeaseKeepAlive':
      return leases.keepAlive(parts, context, client, rpc, request.ID, cause)
    case 'WatchCreate':
    case 'WatchCancel':
    case 'WatchProgress':
      return watch.request(parts, context, client, rpc, request, cause)
    default:
      return handleOutputs(parts, context, services.begin(client, rpc, request, parts), cause)
  }
}

function propose(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  proposal: AskedProposal,
  cause: EventId,
): void {
  const { ids, calls } = parts
  const refused = tooLargeToPropose(proposal, ids.nextBytes)
  ids.skip()
  if (refused !== undefined) return parts.refuse(context, origin, proposal, refused, cause)
  calls.propose(parts, context, origin, proposal, cause)
}

function lookUp(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  request: RangeRequest | TxnRequest,
  cause: EventId,
): void {
  if (isSerializable(request)) answerRead(parts, context, origin, request, cause)
  else waitToRead(parts, context, origin, request, cause)
}

/** A linearizable read waits for its round. */
function waitToRead(
  parts: MemberParts,
  context: MemberContext,
  origin: Origin,
  request: RangeRequest | TxnRequest | MemberListRequest,
  cause: EventId,
): void {
  parts.reads.wait(parts, context.now, { type: 'read', origin, request }, null, cause)
}

/** A serializable read: a transaction only if all its reads are serializable. */
function isSerializable(request: RangeRequest | TxnRequest): boolean {
  if (request.type === 'Range') return request.serializable ?? false
  const ops = [...(request.success ?? []), ...(request.failure ?? [])]
  return ops.every((op) => (op.type === 'Range' || op.type === 'Txn') && isSerializable(op))
}

function isLearner({ membership, options }: MemberParts): boolean {
  return membership.find(options.ID)?.isLearner ?? false
}

/**
 * The error of a stream that is refused when it is opened (v3rpc/interceptor.go:
 * newStreamInterceptor); undefined for none.
 */
export function refusalOfStream(parts: MemberParts, requiresLeader: boolean): RpcError | undefined {
  if (isLearner(parts)) return errorOfLearner(parts)
  return requiresLeader && parts.consensus.lead === null ? errors.NoLeader : undefined
}

/**
 * A learner answers only status and serializable reads (v3rpc/interceptor.go:
 * isRPCSupportedForLearner).
 */
function refusalOfLearner(parts: MemberParts, request: Request): RpcError | undefined {
  if (
    !isLearner(parts) ||
    request.type === 'Status' ||
    (request.type === 'Range' && request.serializable === true)
  )
    return undefined
  return errorOfLearner(parts)
}

function errorOfLearner({ differences }: MemberParts): RpcError {
  return differences.learnerRefusesAsUnavailable
    ? errors.NotSupportedForLearnerUnavailable
    : errors.NotSupportedForLearner
}

function status(parts: MemberParts, context: MemberContext): Reply {
  const { consensus, options, differences, storageVersion } = parts
  return {
    type: 'Status',
    header: parts.header(),
    version: options.etcdVersion,
    dbSize: DB_SIZE,
    dbSizeInUse: DB_SIZE_IN_USE,
    leader: consensus.lead ?? NO_MEMBER,
    raftIndex: consensus.commit,
    raftTerm: consensus.term,
    raftAppliedIndex: consensus.applied,
    errors: consensus.lead === null ? [errors.NoLeader.message] : [],
    isLearner: isLearner(parts),
    ...(differences.statusTellsStorage
      ? {
          storageVersion: storageVersion.at(context.now, options.etcdVersion, differences),
          ...STORAGE,
        }
      : {}),
  }
}
