// `-w fields`: a line for every field, `"Name" : value` (etcdctl/ctlv3/command/printer_fields.go). Strings as Go quotes them.

import { quoted, utf8 } from '../../base/bytes'
import { decimal, unsignedDecimal } from '../../base/int64'
import type { Header, KeyValue, MemberListResponse, Reply, ResponseOp, StatusResponse, WatchResponse } from '../../base/rpc'

const row = (name: string, value: string | number | boolean): string => `"${name}" : ${value}\n`

function headerRows({ cluster_id, member_id, revision, raft_term }: Header): string {
  return (
    row('ClusterID', unsignedDecimal(cluster_id)) +
    row('MemberID', unsignedDecimal(member_id)) +
    row('Revision', revision) +
    row('RaftTerm', raft_term)
  )
}

/** A result inside a transaction has a header with nothing but its revision. */
const opHeaderRows = (revision: number): string => row('ClusterID', 0) + row('MemberID', 0) + row('Revision', revision) + row('RaftTerm', 0)

function kvRows(kv: KeyValue, prefix = ''): string {
  return (
    row(`${prefix}Key`, quoted(kv.key)) +
    row(`${prefix}CreateRevision`, kv.create_revision) +
    row(`${prefix}ModRevision`, kv.mod_revision) +
    row(`${prefix}Version`, kv.version) +
    row(`${prefix}Value`, quoted(kv.value)) +
    row(`${prefix}Lease`, decimal(kv.lease))
  )
}

type Rows = Extract<
  Reply,
  { type: 'LeaseGrant' | 'LeaseRevoke' | 'LeaseKeepAlive' | 'LeaseTimeToLive' | 'LeaseLeases' | 'Range' | 'Put' | 'DeleteRange' | 'Txn' }
>

/** A reply in rows, or null for one that etcdctl has no rows for. */
export function replyFields(reply: Exclude<Reply, { type: 'error' | 'Watch' }>): string | null {
  return isRows(reply) ? headerRows(reply.header) + rows(reply) : null
}

const WITH_ROWS: readonly string[] = [
  'LeaseGrant',
  'LeaseRevoke',
  'LeaseKeepAlive',
  'LeaseTimeToLive',
  'LeaseLeases',
  'Range',
  'Put',
  'DeleteRange',
  'Txn',
]

function isRows(reply: Reply): reply is Rows {
  return WITH_ROWS.includes(reply.type)
}

function rows(reply: Rows): string {
  switch (reply.type) {
    case 'LeaseRevoke':
      return ''
    case 'LeaseGrant':
    case 'LeaseKeepAlive':
      return row('ID', decimal(reply.ID)) + row('TTL', reply.TTL)
    case 'LeaseTimeToLive': {
      const keys = reply.keys.map((key) => row('Key', quoted(key))).join('')
      return row('ID', decimal(reply.ID)) + row('TTL', reply.TTL) + row('GrantedTTL', reply.grantedTTL) + keys
    }
    case 'LeaseLeases':
      return reply.leases.map((id) => row('ID', decimal(id))).join('')
    case 'Txn':
      return row('Succeeded', reply.succeeded) + reply.responses.map(opRows).join('')
    case 'Range':
    case 'Put':
    case 'DeleteRange':
      return kvReplyRows(reply)
  }
}

function opRows(op: ResponseOp): string {
  // etcdctl knows no transaction inside a transaction: it can send none.
  return op.type === 'Txn' ? '' : opHeaderRows(op.revision) + kvReplyRows(op)
}

function kvReplyRows(
  reply:
    | { type: 'Range'; kvs: KeyValue[]; more: boolean; count: number }
    | { type: 'Put'; prev_kv?: KeyValue }
    | { type: 'DeleteRange'; deleted: number; prev_kvs: KeyValue[] },
): string {
  switch (reply.type) {
    case 'Range':
      return reply.kvs.map((kv) => kvRows(kv)).join('') + row('More', reply.more) + row('Count', reply.count)
    case 'Put':
      return reply.prev_kv === undefined ? '' : kvRows(reply.prev_kv, 'Prev')
    case 'DeleteRange':
      return row('Deleted', reply.deleted) + reply.prev_kvs.map((kv) => kvRows(kv, 'Prev')).join('')
  }
}

/** One response of a watch. */
export function watchFields(response: WatchResponse): string {
  const events = response.events.map(
    ({ type, kv, prev_kv }) => row('Type', type) + (prev_kv === undefined ? '' : kvRows(prev_kv, 'Prev')) + kvRows(kv),
  )
  return headerRows(response.header) + events.join('')
}

export function memberListFields(reply: MemberListResponse): string {
  const members = reply.members.map(
    ({ ID, name, peerURLs, clientURLs, isLearner }) =>
      row('ID', unsignedDecimal(ID)) +
      row('Name', quoted(utf8(name))) +
      peerURLs.map((url) => row('PeerURL', quoted(utf8(url)))).join('') +
      clientURLs.map((url) => row('ClientURL', quoted(utf8(url)))).join('') +
      row('IsLearner', isLearner) +
      '\n',
  )
  return headerRows(reply.header) + members.join('')
}

export function statusFields(endpoint: string, status: StatusResponse): string {
  return (
    headerRows(status.header) +
    row('Version', quoted(utf8(status.version))) +
    row('DBSize', status.dbSize) +
    row('Leader', unsignedDecimal(status.leader)) +
    row('IsLearner', status.isLearner) +
    row('RaftIndex', status.raftIndex) +
    row('RaftTerm', status.raftTerm) +
    row('RaftAppliedIndex', status.raftAppliedIndex) +
    row('Errors', `[${status.errors.join(' ')}]`) +
    row('Endpoint', quoted(utf8(endpoint))) +
    '\n'
  )
}

export function healthFields({
  endpoint,
  healthy,
  took,
  error,
}: {
  endpoint: string
  healthy: boolean
  took: string
  error: string
}): string {
  return `${row('Endpoint', quoted(utf8(endpoint)))}${row('Health', healthy)}${row('Took', took)}${row('Error', error)}\n`
}
