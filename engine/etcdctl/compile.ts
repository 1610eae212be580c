import { unreachable } from '../base/assert'
import type { Request } from '../base/rpc'
import type { Instruction, Instructions } from '../client/process/instructions'
import type { MutexRules } from '../concurrency/mutex'
import type { Invocation } from './invocation'
import { SESSION_TTL_SECONDS } from './invocation'
import { waitsForever } from './parse-maintenance'

interface Surroundings {
  clientURLs?: readonly string[]
  prevKv?: boolean
  readsMemberList?: boolean
  rules?: MutexRules
}

/**
 * An etcdctl line as a client's program. Commands that ignore --command-timeout have calls without
 * `timeoutMs` (semantics §5.1). `clientURLs` are those of every member, for commands that call all
 * members. `prevKv` makes put request the previous value, even without the flag. `readsMemberList`
 * is a row of versions.ts.
 */
export function compile(invocation: Invocation, surroundings: Surroundings = {}): Instructions {
  const program = requests(invocation, surroundings)
  const waitMs = 'before' in invocation ? (invocation.before?.waitMs ?? 0) : 0
  return waitMs > 0 ? [{ op: 'sleep', ms: waitMs }, ...program] : program
}

function requests(
  invocation: Invocation,
  { clientURLs = [], prevKv = false, readsMemberList = false, rules }: Surroundings,
): Instructions {
  const timeoutMs = Math.ceil(Math.max(0, invocation.commandTimeoutMs))
  const short = (request: Request, endpoint?: string): Instruction => ({
    op: 'call',
    request,
    timeoutMs,
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  const long = (request: Request): Instruction => ({ op: 'call', request })
  switch (invocation.type) {
    case 'lease-grant':
      return [short({ type: 'LeaseGrant', TTL: invocation.ttlSeconds })]
    case 'lease-revoke':
      return [short({ type: 'LeaseRevoke', ID: invocation.lease })]
    case 'lease-timetolive':
      return [
        long({
          type: 'LeaseTimeToLive',
          ID: invocation.lease,
          ...(invocation.keys ? { keys: true } : {}),
        }),
      ]
    case 'lease-keep-alive':
      if (invocation.once) return [long({ type: 'LeaseKeepAlive', ID: invocation.lease })]
      return [{ op: 'keep-alive', lease: invocation.lease }]
    case 'lease-list':
      return [long({ type: 'LeaseLeases' })]
    case 'put':
      return [short(prevKv ? { ...invocation.request, prev_kv: true } : invocation.request)]
    case 'get':
    case 'del':
    case 'compaction':
    case 'member-remove':
    case 'member-update':
    case 'member-promote':
      return [short(invocation.request)]
    case 'txn':
      return [long(invocation.request)]
    case 'watch':
      return [{ op: 'watch', request: invocation.request }]
    case 'lock': {
      const { name, ttlSeconds, exec } = invocation
      // A command that takes time holds the lock until the shell ends it.
      const runs = exec.length > 0
      return [
        {
          op: 'lock',
          name,
          ttlSeconds,
          release: runs && exec[0] !== 'sleep',
          ...(rules === undefined ? {} : { rules }),
          ...(runs ? {} : { readsKey: true }),
        },
      ]
    }
    case 'campaign':
      return [
        {
          op: 'campaign',
          name: invocation.name,
          value: invocation.value,
          ttlSeconds: SESSION_TTL_SECONDS,
          readsKey: true,
        },
      ]
    case 'observe':
      return [{ op: 'observe', name: invocation.name, ttlSeconds: SESSION_TTL_SECONDS }]
    case 'member-list':
      return [short({ type: 'MemberList', ...(readsMemberList ? { linearizable: true } : {}) })]
    case 'member-add':
      // The full output lists the cluster's URLs, so a request for them follows.
      return invocation.format === 'simple'
        ? [short(invocation.request), short({ type: 'MemberList' })]
        : [short(invocation.request)]
    case 'endpoint-status':
    case 'endpoint-health': {
      const request: Request =
        invocation.type === 'endpoint-status'
          ? { type: 'Status' }
          : { type: 'Range', key: 'health' }
      return askedEndpoints(invocation, clientURLs).map((endpoint) => ({
        ...short(request, endpoint),
        carryOn: true,
      }))
    }
    case 'defrag':
      return askedEndpoints(invocation, clientURLs).map((endpoint) => ({
        ...short({ type: 'Status' }, endpoint),
        carryOn: true,
      }))
    case 'maintenance': {
      // In etcd this is a proposal or a linearizable read. An invalid version is refused before
      // that.
      const request: Request =
        invocation.command === 'downgrade malformed'
          ? { type: 'Status' }
          : { type: 'Range', key: 'health' }
      return [waitsForever(invocation.command) ? long(request) : short(request)]
    }
    case 'move-leader':
      return [
        {
          op: 'call-leader',
          request: { type: 'MoveLeader', targetID: invocation.target },
          timeoutMs,
          endpoints: invocation.endpoints,
        },
      ]
    default:
      return unreachable(invocation)
  }
}

/** The endpoints that an endpoint command calls, in order. */
export function askedEndpoints(
  invocation: Extract<Invocation, { type: 'endpoint-status' | 'endpoint-health' | 'defrag' }>,
  clientURLs: readonly string[],
): readonly string[] {
  return invocation.cluster ? clientURLs : invocation.endpoints
}
