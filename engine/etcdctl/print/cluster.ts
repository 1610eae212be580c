// The output of the commands on members and endpoints.

import { unreachable } from '../../base/assert'
import type { MemberId, Reply, StatusResponse } from '../../base/rpc'
import { askedEndpoints } from '../compile'
import type { Invocation } from '../invocation'
import { Exit } from '../invocation'
import { errorText } from './error-text'
import { healthFields, memberListFields, statusFields } from './fields'
import { healthListJson, statusListJson } from './json'
import type { Answered, Circumstances, Printed, Progress } from './printed'
import { failure, formatted, unsupported } from './printed'
import { memberCells, memberText, memberText16 } from './simple'
import { byteSize, goDuration } from './sizes'
import { table } from './table'

const MEMBER_HEADERS = ['ID', 'Status', 'Name', 'Peer Addrs', 'Client Addrs', 'Is Learner']

export function memberList(
  invocation: Invocation,
  circumstances: Circumstances,
  reply: Extract<Reply, { type: 'MemberList' }>,
): Printed {
  const rows = reply.members.map(memberCells)
  if (invocation.format === 'table')
    return { stdout: table(MEMBER_HEADERS, rows, circumstances.etcdctl.has.boxTables) }
  return formatted(invocation, circumstances, {
    simple: () => rows.map((cells) => `${cells.join(', ')}\n`).join(''),
    reply,
    fields: (_, look) => memberListFields(reply, look),
  })
}

export function memberAdd(
  invocation: Extract<Invocation, { type: 'member-add' }>,
  progress: Progress,
  reply: Answered,
  circumstances: Circumstances,
): Printed {
  const [added] = progress.replies
  if (added === undefined) {
    progress.replies.push(reply)
    return invocation.format === 'simple'
      ? {}
      : formatted(invocation, circumstances, { simple: () => '', reply })
  }
  if (added.type !== 'MemberAdd' || added.member === undefined || reply.type !== 'MemberList')
    return {}
  const { ID, peerURLs, isLearner } = added.member
  const as = isLearner && circumstances.etcdctl.has.addsAsLearner ? ' as learner' : ''
  const cluster = reply.members.flatMap((member) =>
    member.peerURLs.map((url) => `${member.ID === ID ? invocation.name : member.name}=${url}`),
  )
  return {
    stdout: [
      `Member ${memberText16(ID)} added${as} to cluster ${memberText16(added.header.cluster_id)}\n`,
      `ETCD_NAME="${invocation.name}"`,
      `ETCD_INITIAL_CLUSTER="${cluster.join(',')}"`,
      `ETCD_INITIAL_ADVERTISE_PEER_URLS="${peerURLs.join(',')}"`,
      'ETCD_INITIAL_CLUSTER_STATE="existing"\n',
    ].join('\n'),
  }
}

export function memberChange(
  invocation: Extract<Invocation, { type: 'member-remove' | 'member-update' | 'member-promote' }>,
  reply: Answered,
  circumstances: Circumstances,
): Printed {
  const done = {
    'member-remove': 'removed from',
    'member-update': 'updated in',
    'member-promote': 'promoted in',
  }[invocation.type]
  const cluster = 'header' in reply ? reply.header.cluster_id : ('' as MemberId)
  const line = `Member ${memberText16(invocation.request.ID)} ${done} cluster ${memberText16(cluster)}\n`
  return formatted(invocation, circumstances, { simple: () => line, reply })
}

export function moveLeader(
  invocation: Extract<Invocation, { type: 'move-leader' }>,
  progress: Progress,
  reply: Answered,
  circumstances: Circumstances,
): Printed {
  const isLeader = (each: Reply): each is StatusResponse =>
    each.type === 'Status' && each.header.member_id === each.leader
  if (reply.type === 'Status') {
    progress.replies.push(reply)
    if (progress.replies.length < invocation.endpoints.length || progress.replies.some(isLeader))
      return {}
    return failure(Exit.BadArgs, `no leader endpoint given at [${invocation.endpoints.join(' ')}]`)
  }
  const leader = progress.replies.find(isLeader)?.leader ?? invocation.target
  const line = `Leadership transferred from ${memberText(leader)} to ${memberText(invocation.target)}\n`
  return formatted(invocation, circumstances, { simple: () => line, reply })
}

type EndpointInvocation = Extract<Invocation, { type: 'endpoint-status' | 'endpoint-health' }>

interface StatusRow {
  endpoint: string
  status: StatusResponse
}

interface Column {
  head: string
  /** Only if a status has the storage fields. */
  isStorage?: true
  cell: (row: StatusRow) => string
}

const text = (value: boolean | number): string => String(value)

/** printer.go: makeEndpointStatusTable. */
const STATUS_COLUMNS: readonly Column[] = [
  { head: 'Endpoint', cell: ({ endpoint }) => endpoint },
  { head: 'ID', cell: ({ status }) => memberText(status.header.member_id) },
  { head: 'Version', cell: ({ status }) => status.version },
  { head: 'Storage Version', isStorage: true, cell: ({ status }) => status.storageVersion ?? '' },
  { head: 'DB Size', cell: ({ status }) => byteSize(status.dbSize) },
  { head: 'In Use', isStorage: true, cell: ({ status }) => byteSize(status.dbSizeInUse) },
  {
    head: 'Percentage Not In Use',
    isStorage: true,
    cell: ({ status }) => `${100 - Math.floor((status.dbSizeInUse * 100) / status.dbSize)}%`,
  },
  { head: 'Quota', isStorage: true, cell: ({ status }) => byteSize(status.dbSizeQuota ?? 0) },
  { head: 'Is Leader', cell: ({ status }) => text(status.leader === status.header.member_id) },
  { head: 'Is Learner', cell: ({ status }) => text(status.isLearner) },
  { head: 'Raft Term', cell: ({ status }) => text(status.raftTerm) },
  { head: 'Raft Index', cell: ({ status }) => text(status.raftIndex) },
  { head: 'Raft Applied Index', cell: ({ status }) => text(status.raftAppliedIndex) },
  { head: 'Errors', cell: ({ status }) => status.errors.join(', ') },
  // No downgrade is ever in progress here.
  { head: 'Downgrade Target Version', isStorage: true, cell: () => '' },
  { head: 'Downgrade Enabled', isStorage: true, cell: () => text(false) },
]

export function endpointStatus(
  invocation: EndpointInvocation,
  { replies }: Progress,
  circumstances: Circumstances,
): Printed {
  const { format, hex } = invocation
  const { etcdctl, clientURLs } = circumstances
  const endpoints = askedEndpoints(invocation, clientURLs)
  const columns = STATUS_COLUMNS.filter(
    ({ isStorage }) => etcdctl.has.statusTellsStorage || !isStorage,
  )
  const cellsOf = (row: StatusRow): string[] => columns.map(({ cell }) => cell(row))
  const rows = endpoints.flatMap((endpoint, i) => {
    const status = replies[i]
    return status?.type === 'Status' ? [{ endpoint, status }] : []
  })
  const failed = endpoints.flatMap((endpoint, i) => {
    const error = replies[i]
    return error?.type === 'error'
      ? [`Failed to get the status of endpoint ${endpoint} (${errorText(error)})\n`]
      : []
  })
  const ended = {
    ...(failed.length > 0 ? { stderr: failed.join('') } : {}),
    exit: failed.length > 0 ? Exit.Error : Exit.Success,
  }
  switch (format) {
    case 'simple':
      return { stdout: rows.map((row) => `${cellsOf(row).join(', ')}\n`).join(''), ...ended }
    case 'json':
      return { stdout: `${statusListJson(rows)}\n`, ...ended }
    case 'fields':
      return {
        stdout: rows
          .map((row) => statusFields(row.endpoint, row.status, { hex, etcdctl }))
          .join(''),
        ...ended,
      }
    case 'table':
      return {
        stdout: table(
          columns.map(({ head }) => head),
          rows.map(cellsOf),
          etcdctl.has.boxTables,
        ),
        ...ended,
      }
    case 'protobuf':
      return unsupported(format)
    default:
      return unreachable(format)
  }
}

export function endpointHealth(
  invocation: EndpointInvocation,
  { replies, tookMs }: Progress,
  { etcdctl, clientURLs }: Circumstances,
): Printed {
  const { format } = invocation
  const endpoints = askedEndpoints(invocation, clientURLs)
  const rows = endpoints.map((endpoint, i) => {
    const reply = replies[i]
    const error =
      reply === undefined
        ? 'context deadline exceeded'
        : reply.type === 'error'
          ? errorText(reply)
          : ''
    return { endpoint, healthy: error === '', took: goDuration(tookMs[i] ?? 0), error }
  })
  const unhealthy = rows.some(({ healthy }) => !healthy)
  const ended = unhealthy ? failure(Exit.Error, 'unhealthy cluster') : { exit: Exit.Success }
  switch (format) {
    case 'simple': {
      const line = ({
        endpoint,
        healthy: isHealthy,
        took,
        error,
      }: (typeof rows)[number]): string =>
        isHealthy
          ? `${endpoint} is healthy: successfully committed proposal: took = ${took}\n`
          : `${endpoint} is unhealthy: failed to commit proposal: ${error}\n`
      // In every version a failure is on stderr.
      const toStdout = rows.filter(
        ({ healthy: isHealthy }) => isHealthy && etcdctl.has.healthOnStdout,
      )
      const toStderr = rows.filter((row) => !toStdout.includes(row))
      return {
        ...ended,
        stdout: toStdout.map(line).join(''),
        stderr: toStderr.map(line).join('') + (ended.stderr ?? ''),
      }
    }
    case 'json':
      return { stdout: `${healthListJson(rows)}\n`, ...ended }
    case 'fields':
      return { stdout: rows.map(healthFields).join(''), ...ended }
    case 'table': {
      const cells = rows.map(({ endpoint, healthy, took, error }) => [
        endpoint,
        String(healthy),
        took,
        error,
      ])
      return {
        stdout: table(['Endpoint', 'Health', 'Took', 'Error'], cells, etcdctl.has.boxTables),
        ...ended,
      }
    }
    case 'protobuf':
      return unsupported(format)
    default:
      return unreachable(format)
  }
}
