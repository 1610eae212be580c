// A request as the etcdctl command that sends it. The command comes from the request alone, never
// from a typed line. A typed line may hold flags and arguments that run a program, write a file or
// name another server.

import { prefixEnd } from '../base/bytes'
import type {
  Bytes,
  Compare,
  DeleteRangeRequest,
  LeaseId,
  PutRequest,
  RangeRequest,
  Request,
  RequestOp,
  WatchCreateRequest,
} from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { Etcdctl } from '../etcdctl/versions'

export type Operand = { bytes: Bytes } | { lease: LeaseId } | { number: number }

export interface EtcdctlCommand {
  /** `lease grant` and the like. */
  name: string
  flags: readonly (string | { lease: LeaseId })[]
  operands: readonly Operand[]
  /** The three parts of a transaction. */
  txn?: {
    compare: readonly Comparison[]
    success: readonly EtcdctlCommand[]
    failure: readonly EtcdctlCommand[]
  }
}

export interface Comparison {
  target: string
  key: Bytes
  sign: string
  value: Bytes
}

/**
 * The command of that etcdctl version for a request. Null where etcdctl has no command for it, or
 * where its arguments (member IDs and URLs) are valid on one cluster alone.
 */
export function commandOf(request: Request, etcdctl: Etcdctl): EtcdctlCommand | null {
  switch (request.type) {
    case 'LeaseGrant':
      return command('lease grant', [], [{ number: request.TTL }])
    case 'LeaseRevoke':
      return command('lease revoke', [], [{ lease: request.ID }])
    case 'LeaseKeepAlive':
      return command('lease keep-alive', ['--once'], [{ lease: request.ID }])
    case 'LeaseTimeToLive':
      return command('lease timetolive', request.keys ? ['--keys'] : [], [{ lease: request.ID }])
    case 'LeaseLeases':
      return command('lease list', [], [])
    case 'Put':
      return put(request)
    case 'Range':
      return get(request, etcdctl)
    case 'DeleteRange':
      return del(request, etcdctl)
    case 'WatchCreate':
      return watch(request, etcdctl)
    case 'Compact':
      return command('compaction', request.physical ? ['--physical'] : [], [
        { number: request.revision },
      ])
    case 'Txn': {
      const { compare = [], success = [], failure = [] } = request
      const op = (each: RequestOp) => operation(each, etcdctl)
      const parts = {
        compare: compare.map((each) => comparison(each, etcdctl)),
        success: success.map(op),
        failure: failure.map(op),
      }
      if (!isWhole(parts.compare) || !isWhole(parts.success) || !isWhole(parts.failure)) return null
      return {
        ...command('txn', [], []),
        txn: { compare: parts.compare, success: parts.success, failure: parts.failure },
      }
    }
    case 'MemberList':
      return command('member list', [], [])
    case 'Status':
      return command('endpoint status', [], [])
    default:
      return null
  }
}

/** Whether a word of the command holds a NUL byte, which no argument of a process can. */
export function hasNul({ operands, txn }: EtcdctlCommand): boolean {
  if (operands.some((operand) => 'bytes' in operand && operand.bytes.includes('\0'))) return true
  if (txn === undefined) return false
  return (
    txn.compare.some(({ key, value }) => key.includes('\0') || value.includes('\0')) ||
    [...txn.success, ...txn.failure].some(hasNul)
  )
}

export function command(
  name: string,
  flags: EtcdctlCommand['flags'],
  operands: readonly Operand[],
): EtcdctlCommand {
  return { name, flags, operands }
}

/**
 * Without `--prev-kv`: the console sets it for every line that it explains, and it changes no key.
 */
function put({ key, value = '', lease, ignore_lease, ignore_value }: PutRequest): EtcdctlCommand {
  const flags: (string | { lease: LeaseId })[] =
    lease === undefined || lease === NO_LEASE ? [] : [{ lease }]
  if (ignore_lease) flags.push('--ignore-lease')
  if (ignore_value) flags.push('--ignore-value')
  return command('put', flags, ignore_value ? [{ bytes: key }] : [{ bytes: key }, { bytes: value }])
}

const SORTED_BY = {
  KEY: 'KEY',
  VERSION: 'VERSION',
  CREATE: 'CREATE',
  MOD: 'MODIFY',
  VALUE: 'VALUE',
} as const

/**
 * Up to 3.5 etcdctl has no flags for bounds of revisions, and 3.4 no flag for a count. No version
 * has flags for unknown sort orders. The read is then a wider one, which changes no key either.
 */
function get(request: RangeRequest, { has }: Etcdctl): EtcdctlCommand {
  const {
    limit,
    revision,
    sort_order: order = 'NONE',
    sort_target: target = 'KEY',
    serializable,
    keys_only,
    count_only,
  } = request
  const flags = [
    ...(limit ? [`--limit=${Number(limit)}`] : []),
    ...(revision ? [`--rev=${Number(revision)}`] : []),
    ...(order === 'NONE' || typeof order === 'number' ? [] : [`--order=${order}`]),
    ...(target === 'KEY' || typeof target === 'number' ? [] : [`--sort-by=${SORTED_BY[target]}`]),
    ...(count_only && has.countOnly
      ? ['--count-only', '--write-out=fields']
      : keys_only || count_only
        ? ['--keys-only']
        : []),
    ...(has.revisionBounds ? bounds(request) : []),
    ...(serializable ? ['--consistency=s'] : []),
  ]
  const { flag, operands } = range(request)
  return command('get', [...flags, ...flag], operands)
}

const BOUNDS = [
  'min_create_revision',
  'max_create_revision',
  'min_mod_revision',
  'max_mod_revision',
] as const

function bounds(request: RangeRequest): string[] {
  return BOUNDS.flatMap((name) => {
    const revision = Number(request[name] ?? 0)
    return revision > 0
      ? [`--${name.replaceAll('_', '-').replace('revision', 'rev')}=${revision}`]
      : []
  })
}

/** Without --range, 3.6 waits 2 s before it deletes a range of two keys. */
function del(request: DeleteRangeRequest, { has }: Etcdctl): EtcdctlCommand {
  const { flag, operands } = range(request)
  const onPurpose = operands.length > 1 && has.delRange ? ['--range'] : []
  return command(
    'del',
    [...(request.prev_kv ? ['--prev-kv'] : []), ...flag, ...onPurpose],
    operands,
  )
}

/** `watch` has no `--from-key`; all keys are those with the empty prefix. */
function watch(request: WatchCreateRequest, { has }: Etcdctl): EtcdctlCommand | null {
  const { start_revision: rev, prev_kv, progress_notify: progress } = request
  const { flag, operands } = range(request)
  const isAll = request.key === '' || request.key === '\0'
  if (flag.includes('--from-key') && !isAll) return null
  const own = [
    ...(rev ? [`--rev=${Number(rev)}`] : []),
    ...(prev_kv ? ['--prev-kv'] : []),
    ...(progress && has.progressNotify ? ['--progress-notify'] : []),
  ]
  return command('watch', [...own, ...(flag.length > 0 ? ['--prefix'] : [])], operands)
}

/** etcdctl writes "every key" as the empty key with a flag. */
function range({ key, range_end: end = '' }: { key: Bytes; range_end?: Bytes }): {
  flag: string[]
  operands: Operand[]
} {
  if (end === '') return { flag: [], operands: [{ bytes: key }] }
  if (end === '\0') return { flag: ['--from-key'], operands: [{ bytes: key === '\0' ? '' : key }] }
  if (end === prefixEnd(key)) return { flag: ['--prefix'], operands: [{ bytes: key }] }
  return { flag: [], operands: [{ bytes: key }, { bytes: end }] }
}

const SIGNS = { EQUAL: '=', NOT_EQUAL: '!=', GREATER: '>', LESS: '<' } as const

/** etcdctl compares one key. Only 3.6 compares a lease; the other versions panic. */
function comparison(
  { key, range_end, target = 'VERSION', result = 'EQUAL', ...of }: Compare,
  { has }: Etcdctl,
): Comparison | null {
  if (range_end !== undefined && range_end !== '') return null
  const sign = SIGNS[result]
  if (target === 'LEASE')
    return has.comparesLeases ? { target: 'lease', key, sign, value: of.lease ?? NO_LEASE } : null
  if (target === 'VALUE') return { target: 'value', key, sign, value: of.value ?? '' }
  if (target === 'VERSION') return { target: 'ver', key, sign, value: String(of.version ?? 0) }
  if (target === 'CREATE')
    return { target: 'create', key, sign, value: String(of.create_revision ?? 0) }
  return { target: 'mod', key, sign, value: String(of.mod_revision ?? 0) }
}

function operation(op: RequestOp, etcdctl: Etcdctl): EtcdctlCommand | null {
  switch (op.type) {
    case 'Put':
      return put(op)
    case 'Range':
      return get(op, etcdctl)
    case 'DeleteRange':
      return del(op, etcdctl)
    default:
      return null
  }
}

function isWhole<T>(items: readonly (T | null)[]): items is T[] {
  return !items.includes(null)
}
