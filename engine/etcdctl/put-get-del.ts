// put, get and del, on a line of their own or inside a transaction: with the same arguments and
// errors.

import { prefixEnd, quoted, text } from '../base/bytes'
import type {
  Bytes,
  DeleteRangeRequest,
  PutRequest,
  RangeRequest,
  SortOrder,
  SortTarget,
} from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { FlagSet } from './flags'
import type { Answer, Before, Task } from './invocation'
import { Exit, refusal } from './invocation'
import type { LeaseReader } from './line'
import { parsing } from './line'
import type { Etcdctl } from './versions'

/** The `range_end` that means every key from the first on. */
const FROM_KEY_END = '\0'
const CHOOSE_ONE = '`--prefix` and `--from-key` cannot be set at the same time, choose one'
const KEYS_OR_COUNT = '`--keys-only` and `--count-only` cannot be set at the same time, choose one'
const TOO_MANY =
  'too many arguments, only accept one argument when `--prefix` or `--from-key` is set'

/** put_command.go: getPutOp. */
export function put(
  { args, values }: FlagSet,
  stdin: Bytes,
  readLease: LeaseReader,
): Extract<Task, { type: 'put' }> | Answer {
  const [key, given] = args
  const missing = refusal(
    Exit.BadArgs,
    'put command needs 1 argument and input from stdin or 2 arguments',
  )
  const ignoreValue = values['ignore-value'] === 'true'
  if (key === undefined) return missing
  if (ignoreValue && args.length > 1)
    return refusal(Exit.BadArgs, "put command needs only 1 argument when 'ignore-value' is set")
  const value = ignoreValue ? '' : (given ?? stdin)
  if (!ignoreValue && given === undefined && value === '') return missing
  const word = values.lease ?? '0'
  const lease = readLease(word)
  if (!lease.ok)
    return refusal(
      Exit.BadArgs,
      `bad lease ID (${parsing('ParseInt', word, lease.why)}), expecting ID in Hex`,
    )
  const request: PutRequest = {
    type: 'Put',
    key,
    value,
    ...(lease.id === NO_LEASE ? {} : { lease: lease.id }),
    ...(values['prev-kv'] === 'true' ? { prev_kv: true } : {}),
    ...(ignoreValue ? { ignore_value: true } : {}),
    ...(values['ignore-lease'] === 'true' ? { ignore_lease: true } : {}),
  }
  return { type: 'put', request }
}

const TARGETS: Readonly<Record<string, SortTarget>> = {
  CREATE: 'CREATE',
  KEY: 'KEY',
  MODIFY: 'MOD',
  VALUE: 'VALUE',
  VERSION: 'VERSION',
}

/** get_command.go: getGetOp. */
export function get({ args, values }: FlagSet): Extract<Task, { type: 'get' }> | Answer {
  const [first, end] = args
  const prefix = values.prefix === 'true'
  const fromKey = values['from-key'] === 'true'
  const { consistency = 'l', order: orderWord = '', 'sort-by': targetWord = '' } = values
  if (first === undefined) {
    return refusal(
      Exit.BadArgs,
      'get command needs one argument as key and an optional argument as range_end',
    )
  }
  if (prefix && fromKey) return refusal(Exit.BadArgs, CHOOSE_ONE)
  if (values['keys-only'] === 'true' && values['count-only'] === 'true')
    return refusal(Exit.BadArgs, KEYS_OR_COUNT)
  if (consistency !== 's' && consistency !== 'l')
    return refusal(Exit.BadFeature, `unknown consistency flag ${quoted(consistency)}`)
  if (end !== undefined && (prefix || fromKey)) return refusal(Exit.BadArgs, TOO_MANY)
  const order = orderWord.toUpperCase()
  if (!['', 'ASCEND', 'DESCEND'].includes(order))
    return refusal(Exit.BadFeature, `bad sort order ${text(orderWord)}`)
  const target = targetWord === '' ? 'KEY' : TARGETS[targetWord.toUpperCase()]
  if (target === undefined) return refusal(Exit.BadFeature, `bad sort target ${text(targetWord)}`)
  // clientv3 omits the order if it is the store's own.
  const sortOrder =
    order === '' || (order === 'ASCEND' && target === 'KEY') ? 'NONE' : (order as SortOrder)
  const bounds = revisionBounds(values)
  if ('type' in bounds) return bounds
  const limit = Number(values.limit)
  const rev = Number(values.rev)
  const request: RangeRequest = {
    type: 'Range',
    ...range(first, end, prefix, fromKey),
    ...(limit !== 0 ? { limit } : {}),
    ...(rev > 0 ? { revision: rev } : {}),
    ...(sortOrder !== 'NONE' ? { sort_order: sortOrder } : {}),
    ...(target !== 'KEY' ? { sort_target: target } : {}),
    ...(consistency === 's' ? { serializable: true } : {}),
    ...(values['keys-only'] === 'true' ? { keys_only: true } : {}),
    ...(values['count-only'] === 'true' ? { count_only: true } : {}),
    ...bounds,
  }
  return { type: 'get', request, valueOnly: values['print-value-only'] === 'true' }
}

type Bounds = Pick<
  RangeRequest,
  'min_create_revision' | 'max_create_revision' | 'min_mod_revision' | 'max_mod_revision'
>

/** The bounds of revisions; only those above 0 count. */
function revisionBounds(values: FlagSet['values']): Bounds | Answer {
  const [minCreate, maxCreate, minMod, maxMod] = [
    'min-create-rev',
    'max-create-rev',
    'min-mod-rev',
    'max-mod-rev',
  ].map((name) => Math.max(0, Number(values[name] ?? 0))) as [number, number, number, number]
  const crossed = (of: string, least: number, most: number): Answer =>
    refusal(Exit.BadFeature, `getMin${of}Rev(=${least}) > getMax${of}Rev(=${most})`)
  if (maxCreate > 0 && minCreate > maxCreate) return crossed('Create', minCreate, maxCreate)
  if (maxMod > 0 && minMod > maxMod) return crossed('Mod', minMod, maxMod)
  return {
    ...(minCreate > 0 ? { min_create_revision: minCreate } : {}),
    ...(maxCreate > 0 ? { max_create_revision: maxCreate } : {}),
    ...(minMod > 0 ? { min_mod_revision: minMod } : {}),
    ...(maxMod > 0 ? { max_mod_revision: maxMod } : {}),
  }
}

/**
 * Milliseconds that 3.6 waits before it deletes a range of two arguments (del_command.go:
 * getDelOp).
 */
const DEL_WAIT_MS = 2000

/** The warning of `del a b` without --range. */
function beforeDel(
  [key = '', end]: readonly Bytes[],
  values: FlagSet['values'],
  { has }: Etcdctl,
): Before | undefined {
  if (end === undefined || values.range === 'true') return undefined
  if (has.delAnnouncesWait) {
    const announced =
      'In etcd v3.6, the operation will be suspended for a few seconds to provide the user time to verify range.'
    return { stderr: `${announced}\n`, waitMs: 0 }
  }
  if (!has.delWaits) return undefined
  const warning = `Warning: Keys between ${quoted(key)} and ${quoted(end)} will be deleted. Please interrupt the command within next 2 seconds to cancel.`
  return {
    stderr: `${warning} You can provide \`--range\` flag to avoid the delay.\n`,
    waitMs: DEL_WAIT_MS,
  }
}

/** del_command.go: getDelOp. */
export function del(
  { args, values }: FlagSet,
  etcdctl: Etcdctl,
): Extract<Task, { type: 'del' }> | Answer {
  const [first, end] = args
  const prefix = values.prefix === 'true'
  const fromKey = values['from-key'] === 'true'
  if (first === undefined || args.length > 2) {
    return refusal(
      Exit.BadArgs,
      'del command needs one argument as key and an optional argument as range_end',
    )
  }
  if (prefix && fromKey) return refusal(Exit.BadArgs, CHOOSE_ONE)
  if (end !== undefined && (prefix || fromKey)) return refusal(Exit.BadArgs, TOO_MANY)
  const request: DeleteRangeRequest = {
    type: 'DeleteRange',
    ...range(first, end, prefix, fromKey),
    ...(values['prev-kv'] === 'true' ? { prev_kv: true } : {}),
  }
  const before = beforeDel(args, values, etcdctl)
  return { type: 'del', request, ...(before === undefined ? {} : { before }) }
}

/** The keys that words and flags select. */
export function range(
  key: Bytes,
  end: Bytes | undefined,
  prefix: boolean,
  fromKey: boolean,
): { key: Bytes; range_end?: Bytes } {
  // etcd refuses an empty key; "every key" is requested from the least key on.
  if (key === '' && (prefix || fromKey)) return { key: '\0', range_end: FROM_KEY_END }
  if (prefix) return { key, range_end: prefixEnd(key) }
  if (fromKey) return { key, range_end: FROM_KEY_END }
  return end === undefined || end === '' ? { key } : { key, range_end: end }
}
