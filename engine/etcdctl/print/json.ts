// `-w json` prints clientv3's structs through Go's encoding/json. Fields come in the order of their
// declaration, and zero values with omitempty are left out. 64-bit integers are bare digits, so
// JSON.stringify cannot be used. Bytes are base64.

import { unreachable } from '../../base/assert'
import { base64 } from '../../base/bytes'
import { decimal, unsignedDecimal } from '../../base/int64'
import type {
  Bytes,
  Header,
  KeyValue,
  LeaseId,
  MemberId,
  MemberInfo,
  Reply,
  ResponseOp,
  StatusResponse,
  WatchResponse,
} from '../../base/rpc'
import { NO_LEASE } from '../../base/rpc'
import type { Look } from './look'
import { memberText } from './simple'

/** A field, or null for an omitted one. */
type Field = string | null

const object = (...fields: Field[]): string =>
  `{${fields.filter((field) => field !== null).join(',')}}`
const list = (items: readonly string[]): string => `[${items.join(',')}]`
const field = (name: string, value: string): string => `"${name}":${value}`
const number = (name: string, value: number): Field =>
  value === 0 ? null : field(name, String(value))
const bool = (name: string, value: boolean): Field => (value ? field(name, 'true') : null)
const bytes = (name: string, value: Bytes): Field =>
  value === '' ? null : field(name, `"${base64(value)}"`)
const string = (name: string, value: string): Field =>
  value === '' ? null : field(name, goString(value))
const items = (name: string, values: readonly string[]): Field =>
  values.length === 0 ? null : field(name, list(values))
const member = (name: string, id: MemberId): Field =>
  /^0+$/.test(id) ? null : field(name, unsignedDecimal(id))
const lease = (name: string, id: LeaseId): Field =>
  id === NO_LEASE ? null : field(name, decimal(id))

/** Go escapes characters that could end a script in a page. */
function goString(value: string): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function headerFields({ cluster_id, member_id, revision, raft_term }: Header): Field[] {
  return [
    member('cluster_id', cluster_id),
    member('member_id', member_id),
    number('revision', revision),
    number('raft_term', raft_term),
  ]
}
/** `"header":{…}`. */
export const headerJson = (of: Header): string => field('header', object(...headerFields(of)))

function keyValue(kv: KeyValue): string {
  return object(
    bytes('key', kv.key),
    number('create_revision', kv.create_revision),
    number('mod_revision', kv.mod_revision),
    number('version', kv.version),
    bytes('value', kv.value),
    lease('lease', kv.lease),
  )
}

/** A member's ID in quotes, in hex. */
const hexId = (id: MemberId): string => `"${memberText(id)}"`

/** With --hex. Up to 3.6 every field is present except `isLearner`. */
function hexMember(
  { ID, name, peerURLs, clientURLs, isLearner }: MemberInfo,
  { etcdctl: { has } }: Look,
): string {
  if (has.hexMembers) {
    return object(
      field('ID', hexId(ID)),
      string('name', name),
      items('peerURLs', peerURLs.map(goString)),
      items('clientURLs', clientURLs.map(goString)),
      bool('isLearner', isLearner),
    )
  }
  const urls = (all: readonly string[]): string =>
    all.length === 0 ? 'null' : list(all.map(goString))
  return object(
    field('ID', hexId(ID)),
    field('name', `"${name}"`),
    field('peerURLs', urls(peerURLs)),
    field(has.hexClientURLS ? 'clientURLS' : 'clientURLs', urls(clientURLs)),
  )
}

function hexHeader({ cluster_id, member_id, revision, raft_term }: Header): string {
  const ids = [field('cluster_id', hexId(cluster_id)), field('member_id', hexId(member_id))]
  return field(
    'header',
    object(...ids, number('revision', revision), number('raft_term', raft_term)),
  )
}

function memberInfo({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): string {
  return object(
    member('ID', ID),
    string('name', name),
    items('peerURLs', peerURLs.map(goString)),
    items('clientURLs', clientURLs.map(goString)),
    bool('isLearner', isLearner),
  )
}

/**
 * A reply's fields after its header. Replies about leases are etcdctl's own structs, with the
 * header's fields among theirs.
 */
export function replyJson(reply: Exclude<Reply, { type: 'error' | 'Watch' }>, look: Look): string {
  const { has } = look.etcdctl
  switch (reply.type) {
    case 'LeaseGrant':
      return object(
        ...headerFields(reply.header),
        field('ID', decimal(reply.ID)),
        field('TTL', String(reply.TTL)),
        field('Error', '""'),
      )
    case 'LeaseKeepAlive':
      return object(
        ...headerFields(reply.header),
        field('ID', decimal(reply.ID)),
        field('TTL', String(reply.TTL)),
      )
    case 'LeaseTimeToLive': {
      const keys =
        reply.keys.length === 0 ? 'null' : list(reply.keys.map((key) => `"${base64(key)}"`))
      return object(
        ...headerFields(reply.header),
        field('id', decimal(reply.ID)),
        field('ttl', String(reply.TTL)),
        field('granted-ttl', String(reply.grantedTTL)),
        field('keys', keys),
      )
    }
    case 'LeaseLeases':
      return object(
        ...headerFields(reply.header),
        field('leases', list(reply.leases.map((id) => object(field('id', decimal(id)))))),
      )
    case 'Range':
    case 'Put':
    case 'DeleteRange':
      return object(headerJson(reply.header), ...opFields(reply))
    case 'Txn':
      return object(
        headerJson(reply.header),
        bool('succeeded', reply.succeeded),
        items(
          'responses',
          reply.responses.map((op) => responseOp(op, look)),
        ),
      )
    case 'MemberAdd':
    case 'MemberRemove':
    case 'MemberUpdate':
    case 'MemberPromote':
      if (look.hex && has.hexMembers) {
        return object(
          hexHeader(reply.header),
          reply.member === undefined ? null : field('member', hexMember(reply.member, look)),
          field('members', list(reply.members.map((each) => hexMember(each, look)))),
        )
      }
      return object(
        headerJson(reply.header),
        reply.member === undefined ? null : field('member', memberInfo(reply.member)),
        items('members', reply.members.map(memberInfo)),
      )
    case 'MemberList':
      if (look.hex && has.hexMemberList) {
        return object(
          hexHeader(reply.header),
          items(
            'members',
            reply.members.map((each) => hexMember(each, look)),
          ),
        )
      }
      return object(headerJson(reply.header), items('members', reply.members.map(memberInfo)))
    case 'MoveLeader':
      return '{}'
    case 'Leader':
      return object(headerJson(reply.header), field('kv', keyValue(reply.kv)))
    case 'Status':
      return status(reply)
    case 'LeaseRevoke':
    case 'Compact':
    case 'Unlock':
    case 'Proclaim':
    case 'Resign':
      return object(headerJson(reply.header))
    case 'Lock':
      return object(headerJson(reply.header), bytes('key', reply.key))
    case 'Campaign': {
      const { name, key, rev, lease: id } = reply.leader
      return object(
        headerJson(reply.header),
        field(
          'leader',
          object(bytes('name', name), bytes('key', key), number('rev', rev), lease('lease', id)),
        ),
      )
    }
    default:
      return unreachable(reply)
  }
}

type KvFields =
  | { type: 'Range'; kvs: KeyValue[]; more: boolean; count: number }
  | { type: 'Put'; prev_kv?: KeyValue }
  | { type: 'DeleteRange'; deleted: number; prev_kvs: KeyValue[] }

function opFields(op: KvFields): Field[] {
  switch (op.type) {
    case 'Range':
      return [items('kvs', op.kvs.map(keyValue)), bool('more', op.more), number('count', op.count)]
    case 'Put':
      return [op.prev_kv === undefined ? null : field('prev_kv', keyValue(op.prev_kv))]
    case 'DeleteRange':
      return [number('deleted', op.deleted), items('prev_kvs', op.prev_kvs.map(keyValue))]
    default:
      return unreachable(op)
  }
}

const PROTO_NAMES = {
  Range: 'response_range',
  Put: 'response_put',
  DeleteRange: 'response_delete_range',
  Txn: 'response_txn',
} as const

/**
 * `{"Response":{"ResponsePut":{…}}}`: the oneof's wrapper is visible. From 3.5 on it has the
 * proto's name.
 */
function responseOp(op: ResponseOp, look: Look): string {
  const inner =
    op.type === 'Txn'
      ? object(
          bool('succeeded', op.succeeded),
          items(
            'responses',
            op.responses.map((each) => responseOp(each, look)),
          ),
        )
      : object(field('header', object(number('revision', op.revision))), ...opFields(op))
  const name = look.etcdctl.has.protoTxnNames ? PROTO_NAMES[op.type] : `Response${op.type}`
  return object(field('Response', object(field(name, inner))))
}

function status(reply: StatusResponse): string {
  return object(
    headerJson(reply.header),
    string('version', reply.version),
    number('dbSize', reply.dbSize),
    member('leader', reply.leader),
    number('raftIndex', reply.raftIndex),
    number('raftTerm', reply.raftTerm),
    number('raftAppliedIndex', reply.raftAppliedIndex),
    items('errors', reply.errors.map(goString)),
    number('dbSizeInUse', reply.dbSizeInUse),
    bool('isLearner', reply.isLearner),
    string('storageVersion', reply.storageVersion ?? ''),
    number('dbSizeQuota', reply.dbSizeQuota ?? 0),
    reply.downgradeInfo === undefined ? null : field('downgradeInfo', '{}'),
  )
}

/** One response of a watch: a struct of clientv3's, whose fields have no JSON names. */
export function watchJson(response: WatchResponse, { etcdctl: { has } }: Look): string {
  const events = response.events.map(({ type, kv, prev_kv }) =>
    object(
      type === 'DELETE' ? field('type', '1') : null,
      field('kv', keyValue(kv)),
      prev_kv === undefined ? null : field('prev_kv', keyValue(prev_kv)),
    ),
  )
  return object(
    field('Header', object(...headerFields(response.header))),
    field('Events', events.length === 0 && has.watchCancelReason ? 'null' : list(events)),
    field('CompactRevision', String(response.compact_revision)),
    field('Canceled', String(response.canceled)),
    field('Created', String(response.created)),
    has.watchCancelReason ? field('CancelReason', goString(response.cancel_reason ?? '')) : null,
  )
}

/** `endpoint status`: every endpoint in one list. */
export function statusListJson(
  rows: readonly { endpoint: string; status: StatusResponse }[],
): string {
  return list(
    rows.map(({ endpoint, status: of }) =>
      object(field('Endpoint', goString(endpoint)), field('Status', status(of))),
    ),
  )
}

/** `endpoint health`: every endpoint in one list. */
export function healthListJson(
  rows: readonly { endpoint: string; healthy: boolean; took: string; error: string }[],
): string {
  return list(
    rows.map(({ endpoint, healthy, took, error }) =>
      object(
        field('endpoint', goString(endpoint)),
        field('health', String(healthy)),
        field('took', `"${took}"`),
        string('error', error),
      ),
    ),
  )
}
