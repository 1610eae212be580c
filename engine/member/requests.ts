// What is asked of a member, by a client, by a recipe of the Lock and Election services that runs
// in it, by another member for a client: each request goes to the machine that answers it, or is
// refused at the door (etcd: api/v3rpc; v3_server.go).
//
//   read      → here and now where it need not be the newest, else once this member has applied
//             what the leader has
//   write     → proposed (calls.ts)
//   of leases → the lessor of the leader (lease-server.ts)
//   stream    → watch-loop.ts, lease-server.ts; a recipe → services.ts, whose requests come in here
//             again

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
import type { Lessor } from '../lease/lessor'
import type { AskedProposal } from './apply'
import { isReadOnly, read } from './apply'
import type { GroupContext } from './group'
import { answerMembership } from './group'
import type { LeaseContext, LeaseServer } from './lease-server'
import type { Services, ServiceWish } from './services'
import type { StorageVersion } from './storage-version'
import type { Origin } from './turn'
import { oversized, refusal, tooLargeToPropose } from './validate'
import type { Source, WatchLoop } from './watch-loop'

/**
 * Bytes of a database that holds next to nothing, and of what of it is in use: 3.4 on a page of 4
 * KiB. An estimate where there is more in it.
 */
const DB_SIZE = 20_480
const DB_SIZE_IN_USE = 16_384
/** From 3.6 on a status has the default quota, and no downgrade while none is in progress. */
const STORAGE = { dbSizeQuota: 2_147_483_648, downgradeInfo: {} } as const

export interface RequestContext extends GroupContext {
  readonly lessor: Lessor
  readonly leases: LeaseServer
  readonly watch: WatchLoop
  readonly services: Services
  readonly source: Source
  readonly storageVersion: StorageVersion
  leaseContext(): LeaseContext
  /** A linearizable read waits for its round. */
  read(origin: Origin, request: RangeRequest | TxnRequest | MemberListRequest, cause: EventId): void
}

/** A request that comes in from outside. */
export function takeRequest(
  origin: Origin,
  request: Request,
  context: RequestContext,
  cause: EventId,
): void {
  const refused = oversized(request) ?? refusalOfLearner(request, context)
  return refused === undefined
    ? answer(origin, request, context, cause)
    : context.refuse(origin, request, refused, cause)
}

/** Does what the calls of the services wish. */
export function serve(wishes: ServiceWish[], context: RequestContext, cause: EventId): void {
  for (const wish of wishes) {
    if (wish.type === 'request')
      answer({ type: 'service', call: wish.call }, wish.request, context, cause)
    else
      context.turn.answer({ type: 'client', client: wish.client, rpc: wish.rpc }, wish.reply, cause)
  }
}

/** A read whose point is applied, or that has none. */
export function answerRead(
  origin: Origin,
  request: RangeRequest | TxnRequest | MemberListRequest,
  context: RequestContext,
  cause: EventId,
): void {
  if (request.type === 'MemberList') return answerMembership(origin, request, context, cause)
  const { store, header } = context.source
  const found = read(request, { store, header, differences: context.differences })
  if (found === errors.SortPanics) return context.turn.panic('unexpected sort target', cause)
  if (found.type === 'error') return context.refuse(origin, request, found, cause)
  context.turn.answer(origin, found, cause)
}

function answer(origin: Origin, request: Request, context: RequestContext, cause: EventId): void {
  const { turn, ids, lessor, leases, consensus, membership, options, calls } = context
  const refused = refusal(request, context.differences.checksSortOptions)
  if (refused !== undefined) return context.refuse(origin, request, refused, cause)
  switch (request.type) {
    case 'Range':
      return lookUp(origin, request, context, cause)
    case 'Txn':
      if (!isReadOnly(request)) return propose(origin, request, context, cause)
      return lookUp(origin, request, context, cause)
    case 'Put':
    case 'DeleteRange':
    case 'Compact':
      return propose(origin, request, context, cause)
    case 'LeaseGrant': {
      const ID =
        request.ID === undefined || request.ID === NO_LEASE ? ids.nextLeaseId() : request.ID
      return propose(origin, { ...request, ID }, context, cause)
    }
    case 'LeaseRevoke':
      return propose(
        origin,
        { type: 'LeaseRevoke', ID: request.ID, end: 'revoked' },
        context,
        cause,
      )
    case 'LeaseTimeToLive':
      return leases.timeToLive(
        origin,
        request.ID,
        request.keys ?? false,
        context.leaseContext(),
        cause,
      )
    case 'LeaseLeases': {
      const known = lessor.leases().map(({ id }) => id)
      return turn.answer(
        origin,
        { type: 'LeaseLeases', header: context.header(), leases: known },
        cause,
      )
    }
    case 'Status':
      return turn.answer(origin, status(context), cause)
    case 'MoveLeader': {
      if (!consensus.isLeader) return context.refuse(origin, request, errors.NotLeader, cause)
      const target = membership.find(request.targetID)
      if (target === undefined || target.isLearner)
        return context.refuse(origin, request, errors.BadLeaderTransferee, cause)
      if (target.ID === options.ID) return turn.answer(origin, { type: 'MoveLeader' }, cause)
      return calls.transfer(origin, target.ID, context, cause)
    }
    case 'MemberList':
      if (request.linearizable && context.differences.memberListReads)
        return context.read(origin, request, cause)
      return answerMembership(origin, request, context, cause)
    case 'MemberAdd':
    case 'MemberRemove':
    case 'MemberPromote':
    case 'MemberUpdate':
      return answerMembership(origin, request, context, cause)
    default:
      // Streams, and the calls that wait: a client's alone.
      return origin.type === 'client'
        ? open(origin.client, origin.rpc, request, context, cause)
        : turn.answer(origin, errors.NotModelled, cause)
  }
}

function open(
  client: ClientId,
  rpc: number,
  request: WatchRequest | ConcurrencyRequest | Extract<Request, { type: 'LeaseKeepAlive' }>,
  context: RequestContext,
  cause: EventId,
): void {
  const { turn, leases, watch, services, source, options } = context
  switch (request.type) {
    case 'LeaseKeepAlive':
      return leases.keepAlive(client, rpc, request.ID, context.leaseContext(), cause)
    case 'WatchCreate':
    case 'WatchCancel':
    case 'WatchProgress':
      return watch.request(client, rpc, request, options.name, source, turn, cause)
    default:
      return serve(services.begin(client, rpc, request, source), context, cause)
  }
}

function propose(
  origin: Origin,
  proposal: AskedProposal,
  context: RequestContext,
  cause: EventId,
): void {
  const { ids, calls } = context
  const refused = tooLargeToPropose(proposal, ids.nextBytes)
  ids.skip()
  if (refused !== undefined) return context.refuse(origin, proposal, refused, cause)
  calls.propose(origin, proposal, context, cause)
}

function lookUp(
  origin: Origin,
  request: RangeRequest | TxnRequest,
  context: RequestContext,
  cause: EventId,
): void {
  if (isSerializable(request)) answerRead(origin, request, context, cause)
  else context.read(origin, request, cause)
}

/** A read that need not be the newest: a transaction only where all its reads say so. */
function isSerializable(request: RangeRequest | TxnRequest): boolean {
  if (request.type === 'Range') return request.serializable ?? false
  const ops = [...(request.success ?? []), ...(request.failure ?? [])]
  return ops.every((op) => (op.type === 'Range' || op.type === 'Txn') && isSerializable(op))
}

function isLearner({ membership, options }: RequestContext): boolean {
  return membership.find(options.ID)?.isLearner ?? false
}

/**
 * Why a stream is refused as it is opened (v3rpc/interceptor.go: newStreamInterceptor); undefined
 * for one that is not.
 */
export function refusalOfStream(
  context: RequestContext,
  requiresLeader: boolean,
): RpcError | undefined {
  if (isLearner(context)) return errorOfLearner(context)
  return requiresLeader && context.consensus.lead === null ? errors.NoLeader : undefined
}

/**
 * A learner answers for itself and from what it has, and nothing else (v3rpc/interceptor.go:
 * isRPCSupportedForLearner).
 */
function refusalOfLearner(request: Request, context: RequestContext): RpcError | undefined {
  if (
    !isLearner(context) ||
    request.type === 'Status' ||
    (request.type === 'Range' && request.serializable === true)
  )
    return undefined
  return errorOfLearner(context)
}

function errorOfLearner({ differences }: RequestContext): RpcError {
  return differences.learnerRefusesAsUnavailable
    ? errors.NotSupportedForLearnerUnavailable
    : errors.NotSupportedForLearner
}

function status(context: RequestContext): Reply {
  const { consensus, options, differences, storageVersion, turn } = context
  return {
    type: 'Status',
    header: context.header(),
    version: options.etcdVersion,
    dbSize: DB_SIZE,
    dbSizeInUse: DB_SIZE_IN_USE,
    leader: consensus.lead ?? NO_MEMBER,
    raftIndex: consensus.commit,
    raftTerm: consensus.term,
    raftAppliedIndex: consensus.applied,
    errors: consensus.lead === null ? [errors.NoLeader.message] : [],
    isLearner: isLearner(context),
    ...(differences.statusTellsStorage
      ? {
          storageVersion: storageVersion.at(turn.now, options.etcdVersion, differences),
          ...STORAGE,
        }
      : {}),
  }
}
