// What a running etcdctl prints, as its signals come in: etcdctl's words, streams and exit codes.

import { unreachable } from '../../base/assert'
import { text } from '../../base/bytes'
import type { LeaseId, MemberId, Reply, RpcError, StatusResponse, WatchResponse } from '../../base/rpc'
import type { Signal } from '../../client/program'
import { echo, printf } from '../builtins'
import { askedEndpoints } from '../compile'
import type { Invocation } from '../invocation'
import { Exit } from '../invocation'
import { errorText } from './error-text'
import { healthFields, memberListFields, replyFields, statusFields, watchFields } from './fields'
import { healthListJson, replyJson, statusListJson, watchJson } from './json'
import { leaseText, memberCells, memberText, memberText16, replyText, timeToLiveText, watchText } from './simple'
import { table } from './table'

export interface Printed {
  stdout?: string
  stderr?: string
  /** The process ends, with this code. */
  exit?: number
}

/** What an invocation has been told so far, as far as later output needs it. Plain data, part of the shell's state. */
export interface Progress {
  replies: Reply[]
  /** Virtual ms since the last answer, for each of them. */
  tookMs: number[]
}

export const noProgress = (): Progress => ({ replies: [], tookMs: [] })

export interface Circumstances {
  /** Virtual ms since the process started or was last answered. */
  tookMs: number
  /** Every member's, for the commands that ask them all. */
  clientURLs: readonly string[]
}

/** What a signal makes etcdctl print; `progress` is kept up by it. */
export function print(invocation: Invocation, progress: Progress, signal: Signal, circumstances: Circumstances): Printed {
  switch (signal.type) {
    case 'reply':
      return onReply(invocation, progress, signal.reply, circumstances)
    case 'kept':
      // A lock keeps its session alive in silence.
      if (invocation.type !== 'lease-keep-alive') return {}
      return formatted(invocation, { simple: () => replyText(signal.response, style(invocation)), reply: signal.response })
    case 'watched':
      return onWatched(invocation, signal.response)
    case 'channel-closed':
      return onChannelClosed(invocation)
    case 'held':
      return onHeld(invocation, signal)
    case 'told':
      // etcdctl makes a range's answer of it, and forgets to count.
      return kvReply(invocation, { type: 'Range', header: signal.header, kvs: [signal.kv], more: false, count: 0 })
    case 'ended':
      return onEnded(invocation, progress, circumstances)
    default:
      return unreachable(signal)
  }
}

const style = (invocation: Invocation) => ({ hex: invocation.hex, valueOnly: invocation.type === 'get' && invocation.valueOnly })
const failure = (exit: number, message: string): Printed => ({ stderr: `Error: ${message}\n`, exit })

function onReply(invocation: Invocation, progress: Progress, reply: Reply, { tookMs }: Circumstances): Printed {
  if (invocation.type === 'endpoint-status' || invocation.type === 'endpoint-health') {
    progress.replies.push(reply)
    progress.tookMs.push(tookMs)
    return {}
  }
  if (reply.type === 'error' && invocation.type === 'watch') return canceled(reply.message)
  if (reply.type === 'error') return onError(invocation, reply)
  if (reply.type === 'Watch') return {}
  switch (invocation.type) {
    case 'lease-keep-alive':
      if (reply.type !== 'LeaseKeepAlive') return {}
      if (reply.TTL <= 0) return failure(Exit.BadConnection, 'etcdserver: requested lease not found')
      return formatted(invocation, { simple: () => replyText(reply, style(invocation)), reply })
    case 'lease-timetolive':
      if (reply.type !== 'LeaseTimeToLive') return {}
      return formatted(invocation, { simple: () => timeToLiveText(reply, invocation.keys), reply })
    case 'lease-revoke':
      return formatted(invocation, { simple: () => `lease ${leaseText(invocation.lease)} revoked\n`, reply })
    case 'compaction':
      return { stdout: `compacted revision ${invocation.asked}\n` }
    case 'get':
      if (invocation.valueOnly && invocation.format !== 'simple') {
        return failure(Exit.BadArgs, 'print-value-only is only for `--write-out=simple`')
      }
      return kvReply(invocation, reply)
    case 'put': {
      if (reply.type !== 'Put') return {}
      // The guided console asks for it on its own account.
      const { prev_kv, ...bare } = reply
      return kvReply(invocation, invocation.request.prev_kv === true && prev_kv !== undefined ? reply : bare)
    }
    case 'txn': {
      const printed = kvReply(invocation, reply)
      return { ...printed, ...(invocation.prompts === '' ? {} : { stdout: invocation.prompts + (printed.stdout ?? '') }) }
    }
    case 'lease-grant':
    case 'lease-list':
    case 'del':
      return kvReply(invocation, reply)
    case 'watch':
    case 'lock':
    case 'campaign':
    case 'observe':
      return {}
    case 'member-list':
      return reply.type === 'MemberList' ? memberList(invocation, reply) : {}
    case 'member-add':
      return memberAdd(invocation, progress, reply)
    case 'member-remove':
    case 'member-update':
    case 'member-promote':
      return memberChange(invocation, reply)
    case 'move-leader':
      return moveLeader(invocation, progress, reply)
    default:
      return unreachable(invocation)
  }
}

type WithSimple = Parameters<typeof replyText>[0]
const SIMPLE: readonly string[] = ['LeaseGrant', 'LeaseKeepAlive', 'LeaseLeases', 'Range', 'Put', 'DeleteRange', 'Txn']

function isSimple(reply: Reply): reply is WithSimple {
  return SIMPLE.includes(reply.type)
}

function kvReply(invocation: Invocation, reply: Exclude<Reply, { type: 'error' | 'Watch' }>): Printed {
  return formatted(invocation, { simple: () => (isSimple(reply) ? replyText(reply, style(invocation)) : ''), reply })
}

/** A reply in the format asked for. What the command did, it has done by now, also where the format turns out to be none of its own. */
function formatted(
  { format }: Invocation,
  {
    simple,
    reply,
    fields = replyFields,
  }: { simple: () => string; reply: Exclude<Reply, { type: 'error' | 'Watch' }>; fields?: typeof replyFields },
): Printed {
  if (format === 'simple') return { stdout: simple() }
  if (format === 'json') return { stdout: `${replyJson(reply)}\n` }
  const rows = format === 'fields' ? fields(reply) : null
  return rows === null ? unsupported(format) : { stdout: rows }
}

function unsupported(format: string): Printed {
  return failure(Exit.BadFeature, `${format} not supported as output format`)
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

// Watches and keep-alives --------------------------------------------------------------------------------------------------------------------------

const canceled = (why: string): Printed => ({
  stderr: `watch was canceled (${why})\nError: watch is canceled by the server\n`,
  exit: Exit.Interrupted,
})

function onWatched(invocation: Invocation, response: WatchResponse): Printed {
  const { created, events, compact_revision: compacted } = response
  const isNews = events.length > 0 || response.canceled
  // clientv3 keeps to itself that a watch was created.
  if (created && !isNews) return {}
  const { format } = invocation
  const progress = isNews ? '' : `progress notify: ${response.header.revision}\n`
  const printed =
    format === 'simple'
      ? { stdout: progress + watchText(response, style(invocation)) }
      : format === 'json'
        ? { stdout: `${progress}${watchJson(response)}\n` }
        : format === 'fields'
          ? { stdout: progress + watchFields(response) }
          : unsupported(format)
  if (!response.canceled) return printed
  const future = 'etcdserver: mvcc: required revision is a future revision'
  const why = compacted !== 0 ? 'etcdserver: mvcc: required revision has been compacted' : response.cancel_reason || future
  return format === 'table' ? printed : { ...printed, ...canceled(why) }
}

function onChannelClosed(invocation: Invocation): Printed {
  switch (invocation.type) {
    case 'lease-keep-alive':
      return invocation.format === 'simple' ? { stdout: `lease ${leaseText(invocation.lease)} expired or revoked.\n` } : {}
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

// Locks and elections ------------------------------------------------------------------------------------------------------------------------------

/** Once it holds, etcdctl reads its own key and prints it as `get` would; with a command it prints what the command does. */
function onHeld(invocation: Invocation, { key, revision, header }: Extract<Signal, { type: 'held' }>): Printed {
  if (invocation.type === 'lock' && invocation.exec.length > 0) {
    const [command, ...args] = invocation.exec
    return command === 'echo' ? { stdout: text(echo(args)) } : command === 'printf' ? { stdout: text(printf(args)) } : {}
  }
  // The last part of the key is the lease's ID, without its zeros.
  const lease = key.slice(key.lastIndexOf('/') + 1).padStart(16, '0') as LeaseId
  const value = invocation.type === 'campaign' ? invocation.value : ''
  const kv = { key, value, create_revision: revision, mod_revision: revision, version: 1, lease }
  return kvReply(invocation, { type: 'Range', header, kvs: [kv], more: false, count: 1 })
}

// Members and endpoints ----------------------------------------------------------------------------------------------------------------------------

const MEMBER_HEADERS = ['ID', 'Status', 'Name', 'Peer Addrs', 'Client Addrs', 'Is Learner']

function memberList(invocation: Invocation, reply: Extract<Reply, { type: 'MemberList' }>): Printed {
  const rows = reply.members.map(memberCells)
  if (invocation.format === 'table') return { stdout: table(MEMBER_HEADERS, rows) }
  return formatted(invocation, {
    simple: () => rows.map((cells) => `${cells.join(', ')}\n`).join(''),
    reply,
    fields: () => memberListFields(reply),
  })
}

function memberAdd(
  invocation: Extract<Invocation, { type: 'member-add' }>,
  progress: Progress,
  reply: Exclude<Reply, { type: 'error' | 'Watch' }>,
): Printed {
  const [added] = progress.replies
  if (added === undefined) {
    progress.replies.push(reply)
    return invocation.format === 'simple' ? {} : formatted(invocation, { simple: () => '', reply })
  }
  if (added.type !== 'MemberAdd' || added.member === undefined || reply.type !== 'MemberList') return {}
  const { ID, peerURLs } = added.member
  const cluster = reply.members.flatMap((member) =>
    member.peerURLs.map((url) => `${member.ID === ID ? invocation.name : member.name}=${url}`),
  )
  return {
    stdout: [
      `Member ${memberText16(ID)} added to cluster ${memberText16(added.header.cluster_id)}\n`,
      `ETCD_NAME="${invocation.name}"`,
      `ETCD_INITIAL_CLUSTER="${cluster.join(',')}"`,
      `ETCD_INITIAL_ADVERTISE_PEER_URLS="${peerURLs.join(',')}"`,
      'ETCD_INITIAL_CLUSTER_STATE="existing"\n',
    ].join('\n'),
  }
}

function memberChange(
  invocation: Extract<Invocation, { type: 'member-remove' | 'member-update' | 'member-promote' }>,
  reply: Exclude<Reply, { type: 'error' | 'Watch' }>,
): Printed {
  const done = { 'member-remove': 'removed from', 'member-update': 'updated in', 'member-promote': 'promoted in' }[invocation.type]
  const cluster = 'header' in reply ? reply.header.cluster_id : ('' as MemberId)
  const line = `Member ${memberText16(invocation.request.ID)} ${done} cluster ${memberText16(cluster)}\n`
  return formatted(invocation, { simple: () => line, reply })
}

function moveLeader(
  invocation: Extract<Invocation, { type: 'move-leader' }>,
  progress: Progress,
  reply: Exclude<Reply, { type: 'error' | 'Watch' }>,
): Printed {
  const isLeader = (each: Reply): each is StatusResponse => each.type === 'Status' && each.header.member_id === each.leader
  if (reply.type === 'Status') {
    progress.replies.push(reply)
    if (progress.replies.length < invocation.endpoints.length || progress.replies.some(isLeader)) return {}
    return failure(Exit.BadArgs, `no leader endpoint given at [${invocation.endpoints.join(' ')}]`)
  }
  const leader = progress.replies.find(isLeader)?.leader ?? invocation.target
  const line = `Leadership transferred from ${memberText(leader)} to ${memberText(invocation.target)}\n`
  return formatted(invocation, { simple: () => line, reply })
}

function onEnded(invocation: Invocation, progress: Progress, { clientURLs }: Circumstances): Printed {
  switch (invocation.type) {
    case 'endpoint-status':
      return endpointStatus(invocation, progress, askedEndpoints(invocation, clientURLs))
    case 'endpoint-health':
      return endpointHealth(invocation, progress, askedEndpoints(invocation, clientURLs))
    case 'lock':
      return invocation.exec[0] === 'false' ? failure(Exit.Error, 'exit status 1') : { exit: Exit.Success }
    default:
      return { exit: Exit.Success }
  }
}

const STATUS_HEADERS = [
  'Endpoint',
  'ID',
  'Version',
  'DB Size',
  'Is Leader',
  'Is Learner',
  'Raft Term',
  'Raft Index',
  'Raft Applied Index',
  'Errors',
]

function endpointStatus({ format }: Invocation, { replies }: Progress, endpoints: readonly string[]): Printed {
  const rows = endpoints.flatMap((endpoint, i) => {
    const status = replies[i]
    return status?.type === 'Status' ? [{ endpoint, status }] : []
  })
  const failed = endpoints.flatMap((endpoint, i) => {
    const error = replies[i]
    return error?.type === 'error' ? [`Failed to get the status of endpoint ${endpoint} (${errorText(error)})\n`] : []
  })
  const ended = { ...(failed.length > 0 ? { stderr: failed.join('') } : {}), exit: failed.length > 0 ? Exit.Error : Exit.Success }
  switch (format) {
    case 'simple':
      return { stdout: rows.map((row) => `${statusCells(row).join(', ')}\n`).join(''), ...ended }
    case 'json':
      return { stdout: `${statusListJson(rows)}\n`, ...ended }
    case 'fields':
      return { stdout: rows.map((row) => statusFields(row.endpoint, row.status)).join(''), ...ended }
    case 'table':
      return { stdout: table(STATUS_HEADERS, rows.map(statusCells)), ...ended }
    case 'protobuf':
      return unsupported(format)
    default:
      return unreachable(format)
  }
}

function statusCells({ endpoint, status }: { endpoint: string; status: StatusResponse }): string[] {
  return [
    endpoint,
    memberText(status.header.member_id),
    status.version,
    byteSize(status.dbSize),
    String(status.leader === status.header.member_id),
    String(status.isLearner),
    String(status.raftTerm),
    String(status.raftIndex),
    String(status.raftAppliedIndex),
    status.errors.join(', '),
  ]
}

/** Decimal units, one decimal place below ten of them (github.com/dustin/go-humanize: Bytes). */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB']
  let size = 1
  let unit = 0
  for (; bytes >= size * 1000 && unit < units.length - 1; unit++) size *= 1000
  if (bytes < 10) return `${bytes} B`
  const tenths = Math.floor((bytes / size) * 10 + 0.5)
  const value = tenths < 100 ? `${Math.floor(tenths / 10)}.${tenths % 10}` : String(rounded(tenths))
  return `${value} ${units[unit]}`
}

/** Go's %.0f of tenths: a half goes to the even neighbour. */
function rounded(tenths: number): number {
  const whole = Math.floor(tenths / 10)
  const rest = tenths % 10
  return rest > 5 || (rest === 5 && whole % 2 === 1) ? whole + 1 : whole
}

function endpointHealth({ format }: Invocation, { replies, tookMs }: Progress, endpoints: readonly string[]): Printed {
  const rows = endpoints.map((endpoint, i) => {
    const reply = replies[i]
    const error = reply === undefined ? 'context deadline exceeded' : reply.type === 'error' ? errorText(reply) : ''
    return { endpoint, healthy: error === '', took: goDuration(tookMs[i] ?? 0), error }
  })
  const unhealthy = rows.some(({ healthy }) => !healthy)
  const ended = unhealthy ? failure(Exit.Error, 'unhealthy cluster') : { exit: Exit.Success }
  switch (format) {
    case 'simple': {
      const lines = rows.map(({ endpoint, healthy, took, error }) =>
        healthy
          ? `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`
          : `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`,
      )
      return { ...ended, stderr: lines.join('') + (ended.stderr ?? '') }
    }
    case 'json':
      return { stdout: `${healthListJson(rows)}\n`, ...ended }
    case 'fields':
      return { stdout: rows.map(healthFields).join(''), ...ended }
    case 'table': {
      const cells = rows.map(({ endpoint, healthy, took, error }) => [endpoint, String(healthy), took, error])
      return { stdout: table(['Endpoint', 'Health', 'Took', 'Error'], cells), ...ended }
    }
    case 'protobuf':
      return unsupported(format)
    default:
      return unreachable(format)
  }
}

/** Whole milliseconds as Go prints a time.Duration. */
export function goDuration(ms: number): string {
  if (ms === 0) return '0s'
  if (ms < 1000) return `${ms}ms`
  const minutes = Math.floor(ms / 60_000)
  const seconds = `${(ms % 60_000) / 1000}s`
  if (minutes === 0) return seconds
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`
}
