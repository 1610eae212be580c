// The commands on keys and their history: put, get, del, txn, compaction and watch.

import { text } from '../base/bytes'
import { parseDecimalGo } from '../base/int64'
import type { Bytes, WatchCreateRequest } from '../base/rpc'
import type { Answer, Task } from './invocation'
import { answer, Exit, INSTANT, notModelled, refusal } from './invocation'
import type { Line } from './line'
import { parsing } from './line'
import { del, get, put, range } from './put-get-del'
import { readTxn, splitWords } from './txn-input'
import type { Etcdctl } from './versions'

/**
 * etcdctl/ctlv3/command/{put,get,del,txn,compaction,watch}_command.go; null for a command of
 * another file.
 */
export function kvTask(line: Line): Task | Answer | null {
  const { command, set, stdin, readLease } = line
  switch (command) {
    case 'put':
      return put(set, stdin, readLease)
    case 'get':
      return get(set)
    case 'del':
      return del(set, line.etcdctl)
    case 'txn': {
      if (set.args.length !== 0)
        return refusal(Exit.BadArgs, 'txn command does not accept argument')
      return (
        line.connect() ?? readTxn(stdin, set.values.interactive === 'true', readLease, line.etcdctl)
      )
    }
    case 'compaction': {
      const [asked = ''] = set.args
      if (set.args.length !== 1) return refusal(Exit.BadArgs, 'compaction command needs 1 argument')
      const revision = parseDecimalGo(asked)
      if (!revision.ok) return refusal(Exit.Error, parsing('ParseInt', asked, revision.why))
      return {
        type: 'compaction',
        request: {
          type: 'Compact',
          revision: Number(revision.value),
          ...(set.values.physical === 'true' ? { physical: true } : {}),
        },
        asked: revision.value.toString(),
      }
    }
    case 'watch':
      return watch(line)
    default:
      return null
  }
}

/** watch_command.go. Words after `--` are a command to run for every event. */
function watch({ set, stdin, connect, etcdctl }: Line): Task | Answer {
  const { args, values, beforeDashes } = set
  if (values.interactive === 'true') {
    const problem = connect()
    if (problem !== null) return problem
    return interactiveWatch(stdin, etcdctl)
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
  // With a third word etcdctl uses neither as the end.
  const end = watched.length === 2 ? second : undefined
  if (prefix && end !== undefined)
    return refusal(Exit.BadArgs, '`range_end` and `--prefix` are mutually exclusive')
  const exec = beforeDashes === null ? [] : args.slice(beforeDashes)
  if (exec.length > 0 && !INSTANT.includes(exec[0]!)) {
    return notModelled(`running anything but ${INSTANT.join(', ')} for every event of a watch`)
  }
  const rev = Number(values.rev)
  const request: WatchCreateRequest = {
    type: 'WatchCreate',
    ...range(key, end, prefix, false),
    ...(rev !== 0 ? { start_revision: rev } : {}),
    ...(values['prev-kv'] === 'true' ? { prev_kv: true } : {}),
    ...(values['progress-notify'] === 'true' ? { progress_notify: true } : {}),
  }
  return { type: 'watch', request, ...(exec.length > 0 ? { exec } : {}) }
}

/**
 * `watch -i` reads its input to the end and then exits (watch_command.go: watchInteractiveFunc). A
 * console has no input except a here-document, which ends at once. So no watch lives long enough to
 * print an event.
 */
function interactiveWatch(stdin: Bytes, etcdctl: Etcdctl): Answer {
  const said: string[] = []
  // The text after the last line end is not a line: the end of the input comes first.
  for (const row of stdin.split('\n').slice(0, -1)) {
    const words = splitWords(row)
    if (!Array.isArray(words)) return { ...words, stderr: said.join('') + words.stderr }
    const [command] = words
    if (command === undefined)
      said.push(`Invalid command: ${text(row)} (watch and progress supported)\n`)
    else if (command === 'watch' && words.length < 2)
      said.push(`Invalid command ${text(row)} (command type or key is not provided)\n`)
    else if (command !== 'watch' && command !== 'progress')
      said.push(`Invalid command ${text(row)} (only support watch)\n`)
  }
  const begin = etcdctl.has.lowerCaseWatchError ? 'error' : 'Error'
  return {
    ...answer('', Exit.InvalidInput),
    stderr: `${said.join('')}Error: ${begin} reading watch request line: EOF\n`,
  }
}
