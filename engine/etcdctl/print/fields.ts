// `-w fields`: a line for every field, `"Name" : value` (etcdctl/ctlv3/command/printer_fields.go).
// Strings as Go quotes them.

import { quoted, utf8 } from '../../base/bytes'
import { decimal, unsignedDecimal } from '../../base/int64'
import type {
  Header,
  KeyValue,
  LeaseId,
  MemberId,
  MemberListResponse,
  Reply,
  ResponseOp,
  StatusResponse,
  WatchResponse,
} from '../../base/rpc'
import { NO_MEMBER } from '../../base/rpc'
import type { Look } from './look'
import { leaseText, memberText } from './simple'

const row = (name: string, value: string | number | boolean): string => `"${name}" : ${value}\n`

const isHex = ({ hex, etcdctl }: Look): boolean => hex && etcdctl.has.hexFields
const leaseId = (id: LeaseId, look: Look): string => (isHex(look) ? leaseText(id) : decimal(id))
const memberId = (id: MemberId, look: Look): string =>
  isHex(look) ? memberText(id) : unsignedDecimal(id)

/** The rows of a header. */
export function headerRows(
  { cluster_id, member_id, revision, raft_term }: Header,
  look: Look,
): string {
  return (
    row('ClusterID', memberId(cluster_id, look)) +
    row('MemberID', memberId(member_id, look)) +
    (revision === 0 && look.etcdctl.has.hidesZeroRevision ? '' : row('Revision', revision)) +
    row('RaftTerm', raft_term)
  )
}

/** A result inside a transaction has a header with only its revision. */
const opHeaderRows = (revision: number, look: Look): string =>
  headerRows({ cluster_id: NO_MEMBER, member_id: NO_MEMBER, revision, raft_term: 0 }, look)

function kvRows(kv: KeyValue, look: Look, prefix = ''): string {
  return (
    row(`${prefix}Key`, quoted(kv.key)) +
    row(`${prefix}CreateRevision`, kv.create_revision) +
    row(`${prefix}ModRevision`, kv.mod_revision) +
    row(`${prefix}Version`, kv.version) +
    row(`${prefix}Value`, quoted(kv.value)) +
    row(`${prefix}Lease`, leaseId(kv.lease, look))
  )
}

type Rows = Extract<
  Reply,
  {
    type:
      | 'LeaseGrant'
      | 'LeaseRevoke'
      | 'LeaseKeepAlive'
      | 'LeaseTimeToLive'
      | 'LeaseLeases'
      | 'Range'
      | 'Put'
      | 'DeleteRange'
      | 'Txn'
  }
>

/** A reply in rows; null for a reply that etcdctl has no rows for. */
export function replyFields(
  reply: Exclude<Reply, { type: 'error' | 'Watch' }>,
  look: Look,
): string | null {
  return isRows(reply) ? headerRows(reply.header, look) + rows(reply, look) : null
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

function rows(reply: Rows, look: Look): string {
  switch (reply.type) {
    case 'LeaseRevoke':
      return ''
    case 'LeaseGrant':
    case 'LeaseKeepAlive':
      return row('ID', leaseId(reply.ID, look)) + row('TTL', reply.TTL)
    case 'LeaseTimeToLive': {
      const keys = reply.keys.map((key) => row('Key', quoted(key))).join('')
      return (
        row('ID', leaseId(reply.ID, look)) +
        row('TTL', reply.TTL) +
        row('GrantedTTL', reply.grantedTTL) +
        keys
      )
    }
    case 'LeaseLeases':
      return reply.leases.map((id) => row('ID', leaseId(id, look))).join('')
    case 'Txn':
      return (
        row('Succeeded', reply.succeeded) + reply.responses.map((op) => opRows(op, look)).join('')
      )
    case 'Range':
    case 'Put':
    case 'DeleteRange':
      return kvReplyRows(reply, look)
  }
}

function opRows(op: ResponseOp, look: Look): string {
  // etcdctl knows no transaction inside a transaction: it cannot send one.
  return op.type === 'Txn' ? '' : opHeaderRows(op.revision, look) + kvReplyRows(op, look)
}

function kvReplyRows(
  reply:
    | { type: 'Range'; kvs: KeyValue[]; more: boolean; count: number }
    | { type: 'Put'; prev_kv?: KeyValue }
    | { type: 'DeleteRange'; deleted: number; prev_kvs: KeyValue[] },
  look: Look,
): string {
  switch (reply.type) {
    case 'Range':
      return (
        reply.kvs.map((kv) => kvRows(kv, look)).join('') +
        row('More', reply.more) +
        row('Count', reply.count)
      )
    case 'Put':
      return reply.prev_kv === undefined ? '' : kvRows(reply.prev_kv, look, 'Prev')
    case 'DeleteRange':
      return (
        row('Deleted', reply.deleted) +
        reply.prev_kvs.map((kv) => kvRows(kv, look, 'Prev')).join('')
      )
  }
}

/** One response of a watch. */
export function watchFields(response: WatchResponse, look: Look): string {
  const events = response.events.map(
    ({ type, kv, prev_kv }) =>
      row('Type', type) +
      (prev_kv === undefined ? '' : kvRows(prev_kv, look, 'Prev')) +
      kvRows(kv, look),
  )
  return headerRows(response.header, look) + events.join('')
}

export function memberListFields(reply: MemberListResponse, look: Look): string {
  const members = reply.members.map(
    ({ ID, name, peerURLs, clientURLs, isLearner }) =>
      row('ID', memberId(ID, look)) +
      row('Name', quoted(utf8(name))) +
      peerURLs.map((url) => row('PeerURL', quoted(utf8(url)))).join('') +
      clientURLs.map((url) => row('ClientURL', quoted(utf8(url)))).join('') +
      row('IsLearner', isLearner) +
      '\n',
  )
  return headerRows(reply.header, look) + members.join('')
}

export function statusFields(endpoint: string, status: StatusResponse, look: Look): string {
  const { statusTellsStorage: storage, statusRepeatsTerm: repeats } = look.etcdctl.has
  return (
    headerRows(status.header, look) +
    row('Version', quoted(utf8(status.version))) +
    (storage ? row('StorageVersion', quoted(utf8(status.storageVersion ?? ''))) : '') +
    row('DBSize', status.dbSize) +
    (storage
      ? row('DBSizeInUse', status.dbSizeInUse) + row('DBSizeQuota', status.dbSizeQuota ?? 0)
      : '') +
    row('Leader', unsignedDecimal(status.leader)) +
    row('IsLearner', status.isLearner) +
    row('RaftIndex', status.raftIndex) +
    (repeats ? row('RaftTerm', status.raftTerm) : '') +
    row('RaftAppliedIndex', status.raftAppliedIndex) +
    row('Errors', `[${status.errors.join(' ')}]`) +
    row('Endpoint', quoted(utf8(endpoint))) +
    (storage ? row('DowngradeTargetVersion', '""') + row('DowngradeEnabled', false) : '') +
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
