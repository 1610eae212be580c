// put, get, del, txn, compaction and watch. The first three are also read inside a transaction, with the same words and the same refusals.

import { prefixEnd, quoted, text } from '../base/bytes'
import { parseDecimalGo } from '../base/int64'
import type { Bytes, DeleteRangeRequest, PutRequest, RangeRequest, SortOrder, SortTarget, WatchCreateRequest } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { FlagSet } from './flags'
import type { LeaseReader } from './guided'
import type { Answer, Task } from './invocation'
import { Exit, notModelled, refusal } from './invocation'
import type { Line } from './parse'
import { parsing } from './parse-lease'
import { readTxn } from './txn-input'

/** `range_end` that takes every key from the first on. */
const FROM_KEY_END = '\0'
const CHOOSE_ONE = '`--prefix` and `--from-key` cannot be set at the same time, choose one'
const TOO_MANY = 'too many arguments, only accept one argument when `--prefix` or `--from-key` is set'

/** etcdctl/ctlv3/command/{put,get,del,txn,compaction,watch}_command.go; null for a command of another file. */
export function kvTask(line: Line): Task | Answer | null {
  const { command, set, stdin, readLease } = line
  switch (command) {
    case 'put':
      return put(set, stdin, readLease)
    case 'get':
      return get(set)
    case 'del':
      return del(set)
    case 'txn': {
      if (set.args.length !== 0) return refusal(Exit.BadArgs, 'txn command does not accept argument')
      return line.connect() ?? readTxn(stdin, set.values.interactive === 'true', readLease)
    }
    case 'compaction': {
      const [asked = ''] = set.args
      if (set.args.length !== 1) return refusal(Exit.BadArgs, 'compaction command needs 1 argument')
      const revision = parseDecimalGo(asked)
      if (!revision.ok) return refusal(Exit.Error, parsing('ParseInt', asked, revision.why))
      return {
        type: 'compaction',
        request: { type: 'Compact', revision: Number(revision.value), ...(set.values.physical === 'true' ? { physical: true } : {}) },
        asked: revision.value.toString(),
      }
    }
    case 'watch':
      return watch(line)
    default:
      return null
  }
}

export function put({ args, values }: FlagSet, stdin: Bytes, readLease: LeaseReader): Extract<Task, { type: 'put' }> | Answer {
  const [key, given] = args
  const missing = refusal(Exit.BadArgs, 'put command needs 1 argument and input from stdin or 2 arguments')
  const ignoreValue = values['ignore-value'] === 'true'
  if (key === undefined) return missing
  if (ignoreValue && args.length > 1) return refusal(Exit.BadArgs, "put command needs only 1 argument when 'ignore-value' is set")
  const value = ignoreValue ? '' : (given ?? stdin)
  if (!ignoreValue && given === undefined && value === '') return missing
  const word = values.lease ?? '0'
  const lease = readLease(word)
  if (!lease.ok) return refusal(Exit.BadArgs, `bad lease ID (${parsing('ParseInt', word, lease.why)}), expecting ID in Hex`)
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

const TARGETS: Readonly<Record<string, SortTarget>> = { CREATE: 'CREATE', KEY: 'KEY', MODIFY: 'MOD', VALUE: 'VALUE', VERSION: 'VERSION' }

export function get({ args, values }: FlagSet): Extract<Task, { type: 'get' }> | Answer {
  const [first, end] = args
  const prefix = values.prefix === 'true'
  const fromKey = values['from-key'] === 'true'
  const { consistency = 'l', order: orderWord = '', 'sort-by': targetWord = '' } = values
  if (first === undefined) {
    return refusal(Exit.BadArgs, 'get command needs one argument as key and an optional argument as range_end')
  }
  if (prefix && fromKey) return refusal(Exit.BadArgs, CHOOSE_ONE)
  if (consistency !== 's' && consistency !== 'l') return refusal(Exit.BadFeature, `unknown consistency flag ${quoted(consistency)}`)
  if (end !== undefined && (prefix || fromKey)) return refusal(Exit.BadArgs, TOO_MANY)
  const order = orderWord.toUpperCase()
  if (!['', 'ASCEND', 'DESCEND'].includes(order)) return refusal(Exit.BadFeature, `bad sort order ${text(orderWord)}`)
  const target = targetWord === '' ? 'KEY' : TARGETS[targetWord.toUpperCase()]
  if (target === undefined) return refusal(Exit.BadFeature, `bad sort target ${text(targetWord)}`)
  // clientv3 leaves the order out where it is the store's own.
  const sortOrder = order === '' || (order === 'ASCEND' && target === 'KEY') ? 'NONE' : (order as SortOrder)
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
  }
  return { type: 'get', request, valueOnly: values['print-value-only'] === 'true' }
}

export function del({ args, values }: FlagSet): Extract<Task, { type: 'del' }> | Answer {
  const [first, end] = args
  const prefix = values.prefix === 'true'
  const fromKey = values['from-key'] === 'true'
  if (first === undefined || args.length > 2) {
    return refusal(Exit.BadArgs, 'del command needs one argument as key and an optional argument as range_end')
  }
  if (prefix && fromKey) return refusal(Exit.BadArgs, CHOOSE_ONE)
  if (end !== undefined && (prefix || fromKey)) return refusal(Exit.BadArgs, TOO_MANY)
  const request: DeleteRangeRequest = {
    type: 'DeleteRange',
    ...range(first, end, prefix, fromKey),
    ...(values['prev-kv'] === 'true' ? { prev_kv: true } : {}),
  }
  return { type: 'del', request }
}

function range(key: Bytes, end: Bytes | undefined, prefix: boolean, fromKey: boolean): { key: Bytes; range_end?: Bytes } {
  // An empty key is refused by etcd; "every key" is asked for from the least one on.
  if (key === '' && (prefix || fromKey)) return { key: '\0', range_end: FROM_KEY_END }
  if (prefix) return { key, range_end: prefixEnd(key) }
  if (fromKey) return { key, range_end: FROM_KEY_END }
  return end === undefined || end === '' ? { key } : { key, range_end: end }
}

/** watch_command.go. Words behind `--` are a command to run for every event. */
function watch({ set, stdin, connect }: Line): Task | Answer {
  const { args, values, beforeDashes } = set
  if (values.interactive === 'true') {
    const problem = connect()
    if (problem !== null) return problem
    if (stdin !== '') return notModelled('watch -i; enter `etcdctl watch …` once for each key')
    return refusal(Exit.InvalidInput, 'Error reading watch request line: EOF')
  }
  if (beforeDashes !== null && beforeDashes === args.length) {
    return refusal(Exit.BadArgs, 'bad number of arguments (found separator --, but no commands)')
  }
  const problem = connect()
  if (problem !== null) return problem
  const watched = beforeDashes === null ? args : args.slice(0, beforeDashes)
  const [key, second] = watched
  if (key === undefined) return refusal(Exit.BadArgs, 'bad number of arguments')
  const prefix = values.prefix === 'true'
  // With a third word etcdctl takes neither as the end.
  const end = watched.length === 2 ? second : undefined
  if (prefix && end !== undefined) return refusal(Exit.BadArgs, '`range_end` and `--prefix` are mutually exclusive')
  if (beforeDashes !== null) return notModelled('a command that watch runs for every event; leave out what follows `--`')
  const rev = Number(values.rev)
  const request: WatchCreateRequest = {
    type: 'WatchCreate',
    ...range(key, end, prefix, false),
    ...(rev !== 0 ? { start_revision: rev } : {}),
    ...(values['prev-kv'] === 'true' ? { prev_kv: true } : {}),
  }
  return { type: 'watch', request }
}
