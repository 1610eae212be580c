// The output of a running etcdctl for each signal: etcdctl's texts, streams and exit codes.

import { unreachable } from '../../base/assert'
import { text } from '../../base/bytes'
import type { Bytes, Reply, RpcError, WatchResponse } from '../../base/rpc'
import type { Signal } from '../../client/process/instructions'
import { echo, printf } from '../../shell/format'
import type { Invocation } from '../invocation'
import { Exit } from '../invocation'
import {
  endpointHealth,
  endpointStatus,
  memberAdd,
  memberChange,
  memberList,
  moveLeader,
} from './cluster'
import { errorText } from './error-text'
import { watchFields } from './fields'
import { watchJson } from './json'
import { defragEnded, defragmented, maintenance } from './maintenance'
import type { Answered, Circumstances, Printed, Progress } from './printed'
import { failure, formatted, unsupported } from './printed'
import { leaseText, replyText, timeToLiveText, watchText } from './simple'

/** The output for a signal; updates `progress`. */
export function print(
  invocation: Invocation,
  progress: Progress,
  signal: Signal,
  circumstances: Circumstances,
): Printed {
  switch (signal.type) {
    case 'reply':
      return onReply(invocation, progress, signal.reply, circumstances)
    case 'kept':
      // A lock keeps its session alive silently.
      if (invocation.type !== 'lease-keep-alive') return {}
      return formatted(invocation, circumstances, {
        simple: () => replyText(signal.response, style(invocation)),
        reply: signal.response,
      })
    case 'watched':
      return onWatched(invocation, signal.response, circumstances)
    case 'channel-closed':
      return onChannelClosed(invocation)
    case 'held':
      return onHeld(invocation)
    case 'told':
      // etcdctl prints the event as the answer to a range, without a count.
      return kvReply(
        invocation,
        { type: 'Range', header: signal.header, kvs: [signal.kv], more: false, count: 0 },
        circumstances,
      )
    case 'ended':
      return onEnded(invocation, progress, circumstances)
    default:
      return unreachable(signal)
  }
}

const style = (invocation: Invocation) => ({
  hex: invocation.hex,
  valueOnly: invocation.type === 'get' && invocation.valueOnly,
})

function onReply(
  invocation: Invocation,
  progress: Progress,
  reply: Reply,
  circumstances: Circumstances,
): Printed {
  if (invocation.type === 'endpoint-status' || invocation.type === 'endpoint-health') {
    progress.replies.push(reply)
    progress.tookMs.push(circumstances.tookMs)
    return {}
  }
  if (invocation.type === 'defrag') return defragmented(invocation, progress, reply, circumstances)
  if (reply.type === 'error' && invocation.type === 'watch') return canceled(reply.message)
  if (reply.type === 'error') return onError(invocation, reply)
  if (reply.type === 'Watch') return {}
  switch (invocation.type) {
    case 'lease-keep-alive':
      if (reply.type !== 'LeaseKeepAlive') return {}
      if (reply.TTL <= 0)
        return failure(Exit.BadConnection, 'etcdserver: requested lease not found')
      return formatted(invocation, circumstances, {
        simple: () => replyText(reply, style(invocation)),
        reply,
      })
    case 'lease-timetolive':
      if (reply.type !== 'LeaseTimeToLive') return {}
      return formatted(invocation, circumstances, {
        simple: () => timeToLiveText(reply, invocation.keys),
        reply,
      })
    case 'lease-revoke':
      return formatted(invocation, circumstances, {
        simple: () => `lease ${leaseText(invocation.lease)} revoked\n`,
        reply,
      })
    case 'compaction':
      return { stdout: `compacted revision ${invocation.asked}\n` }
    case 'get':
      if (invocation.request.count_only && invocation.format !== 'fields') {
        return failure(Exit.BadArgs, '--count-only is only for `--write-out=fields`')
      }
      if (invocation.valueOnly && invocation.format !== 'simple') {
        return failure(Exit.BadArgs, 'print-value-only is only for `--write-out=simple`')
      }
      return kvReply(invocation, reply, circumstances)
    case 'put': {
      if (reply.type !== 'Put') return {}
      // The guided console requests it for its own notes.
      const { prev_kv, ...bare } = reply
      return kvReply(
        invocation,
        invocation.request.prev_kv === true && prev_kv !== undefined ? reply : bare,
        circumstances,
      )
    }
    case 'txn': {
      const printed = kvReply(invocation, reply, circumstances)
      return {
        ...printed,
        ...(invocation.prompts === ''
          ? {}
          : { stdout: invocation.prompts + (printed.stdout ?? '') }),
      }
    }
    case 'lease-grant':
    case 'lease-list':
    case 'del':
      return kvReply(invocation, reply, circumstances)
    case 'lock':
      // Its own key may be gone: another client may have deleted it during the wait.
      if (reply.type === 'Range' && reply.kvs.length === 0)
        return failure(Exit.Error, 'lock lost on init')
      return kvReply(invocation, reply, circumstances)
    case 'campaign':
      return kvReply(invocation, reply, circumstances)
    case 'watch':
    case 'observe':
      return {}
    case 'member-list':
      return reply.type === 'MemberList' ? memberList(invocation, circumstances, reply) : {}
    case 'member-add':
      return memberAdd(invocation, progress, reply, circumstances)
    case 'member-remove':
    case 'member-update':
    case 'member-promote':
      return memberChange(invocation, reply, circumstances)
    case 'maintenance':
      return maintenance(invocation, reply, circumstances)
    case 'move-leader':
      return moveLeader(invocation, progress, reply, circumstances)
    default:
      return unreachable(invocation)
  }
}

type WithSimple = Parameters<typeof replyText>[0]
const SIMPLE: readonly string[] = [
  'LeaseGrant',
  'LeaseKeepAlive',
  'LeaseLeases',
  'Range',
  'Put',
  'DeleteRange',
  'Txn',
]

function isSimple(reply: Reply): reply is WithSimple {
  return SIMPLE.includes(reply.type)
}

function kvReply(invocation: Invocation, reply: Answered, circumstances: Circumstances): Printed {
  return formatted(invocation, circumstances, {
    simple: () => (isSimple(reply) ? replyText(reply, style(invocation)) : ''),
    reply,
  })
}

function onError(invocation: Invocation, error: RpcError): Printed {
  const message = errorText(error)
  switch (invocation.type) {
    case 'lease-grant':
      return failure(Exit.Error, `failed to grant lease (${message})`)
    case 'lease-revoke':
      return failure(Exit.Error, `failed to revoke lease (${message})`)
    case 'lease-timetolive':
    case 'lease-list':
    case 'lease-keep-alive':
      return failure(Exit.BadConnection, message)
    case 'watch':
      return canceled(message)
    default:
      return failure(Exit.Error, message)
  }
}

// Watches and keep-alives -------------------------------------------------------------------------

const canceled = (why: string): Printed => ({
  stderr: `watch was canceled (${why})\nError: watch is canceled by the server\n`,
  exit: Exit.Interrupted,
})

function onWatched(
  invocation: Invocation,
  response: WatchResponse,
  { etcdctl }: Circumstances,
): Printed {
  const { created, events, compact_revision: compacted } = response
  const isNews = events.length > 0 || response.canceled
  // clientv3 does not report that a watch was created.
  if (created && !isNews) return {}
  const { format, hex } = invocation
  const look = { hex, etcdctl }
  const progress = isNews ? '' : `progress notify: ${response.header.revision}\n`
  const printed =
    format === 'simple'
      ? { stdout: progress + watchText(response, style(invocation)) }
      : format === 'json'
        ? { stdout: `${progress}${watchJson(response, look)}\n` }
        : format === 'fields'
          ? { stdout: progress + watchFields(response, look) }
          : unsupported(format)
  if (!response.canceled) return withEvents(invocation, response, printed)
  const future = 'etcdserver: mvcc: required revision is a future revision'
  const why =
    compacted !== 0
      ? 'etcdserver: mvcc: required revision has been compacted'
      : response.cancel_reason || future
  return format === 'table' ? printed : { ...printed, ...canceled(why) }
}

/**
 * The output of a watch's command, once for every event. Go prints it after the response
 * (watch_command.go: printWatchCh).
 */
function withEvents(invocation: Invocation, { events }: WatchResponse, printed: Printed): Printed {
  const exec = invocation.type === 'watch' ? (invocation.exec ?? []) : []
  if (exec.length === 0 || events.length === 0 || printed.exit !== undefined) return printed
  if (exec[0] === 'false') {
    return {
      ...printed,
      stderr: `command ["${exec.map(text).join('" "')}"] error (exit status 1)\n`,
      exit: Exit.Error,
    }
  }
  return { ...printed, stdout: (printed.stdout ?? '') + outputOf(exec).repeat(events.length) }
}

/** The output of a command that runs under a lock or for an event. */
function outputOf([command, ...args]: readonly Bytes[]): string {
  return command === 'echo'
    ? text(echo(args))
    : command === 'printf'
      ? text(printf(args).stdout)
      : ''
}

function onChannelClosed(invocation: Invocation): Printed {
  switch (invocation.type) {
    case 'lease-keep-alive':
      return invocation.format === 'simple'
        ? { stdout: `lease ${leaseText(invocation.lease)} expired or revoked.\n` }
        : {}
    case 'lock':
      return failure(Exit.Error, 'session expired')
    case 'campaign':
      return failure(Exit.Error, 'elect: session expired')
    case 'observe':
      return failure(Exit.Error, 'elect: observer lost')
    default:
      return {}
  }
}

// Locks and elections -----------------------------------------------------------------------------

/**
 * With a command, prints the command's output. Without one etcdctl reads its own key next, and
 * prints it as `get` would.
 */
function onHeld(invocation: Invocation): Printed {
  return invocation.type === 'lock' && invocation.exec.length > 0
    ? { stdout: outputOf(invocation.exec) }
    : {}
}

function onEnded(
  invocation: Invocation,
  progress: Progress,
  circumstances: Circumstances,
): Printed {
  switch (invocation.type) {
    case 'endpoint-status':
      return endpointStatus(invocation, progress, circumstances)
    case 'endpoint-health':
      return endpointHealth(invocation, progress, circumstances)
    case 'defrag':
      return defragEnded(progress)
    case 'lock':
      return invocation.exec[0] === 'false'
        ? failure(Exit.Error, 'exit status 1')
        : { exit: Exit.Success }
    default:
      return { exit: Exit.Success }
  }
}
