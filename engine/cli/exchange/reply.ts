// Writes answers in normal form.

import { text } from '../../base/bytes'
import { decimal, unsignedDecimal } from '../../base/int64'
import type {
  KeyValue,
  LeaseId,
  MemberId,
  MemberInfo,
  Reply,
  ResponseOp,
  WatchEvent,
} from '../../base/rpc'
import type { Plain } from './form'

/** A reply in normal form. */
export function writeReply(
  reply: Reply,
): { response: Plain } | { error: { code: number; message: string } } {
  if (reply.type === 'error') return { error: { code: reply.code, message: reply.message } }
  return { response: writeResponse(reply) }
}

function writeResponse(response: Exclude<Reply, { type: 'error' }>): Plain {
  if (response.type === 'MoveLeader') return {}
  const header = { header: withoutDefaults({ revision: response.header.revision }) }
  switch (response.type) {
    case 'Range':
    case 'Put':
    case 'DeleteRange':
    case 'Txn':
      return { ...header, ...writeKvResult(response) }
    case 'LeaseGrant':
    case 'LeaseKeepAlive':
      return { ...header, ...withoutDefaults({ ID: writeId(response.ID), TTL: response.TTL }) }
    case 'LeaseTimeToLive': {
      const { ID, TTL, grantedTTL, keys } = response
      return {
        ...header,
        ...withoutDefaults({ ID: writeId(ID), TTL, grantedTTL, keys: keys.map(text) }),
      }
    }
    case 'LeaseLeases':
      return {
        ...header,
        ...withoutDefaults({ leases: response.leases.map((ID) => ({ ID: writeId(ID) })) }),
      }
    case 'Watch': {
      const { watch_id, created, canceled, compact_revision, cancel_reason, fragment, events } =
        response
      const all = {
        watch_id,
        created,
        canceled,
        compact_revision,
        cancel_reason,
        fragment,
        events: events.map(writeEvent),
      }
      return { ...header, ...withoutDefaults(all) }
    }
    case 'Lock':
      return { ...header, ...withoutDefaults({ key: text(response.key) }) }
    case 'Campaign': {
      const { name, key, rev, lease } = response.leader
      return {
        ...header,
        leader: withoutDefaults({ name: text(name), key: text(key), rev, lease: writeId(lease) }),
      }
    }
    case 'Leader':
      return { ...header, kv: writeKv(response.kv) }
    case 'MemberList':
      return { ...header, members: response.members.map(writeMember) }
    case 'MemberAdd':
    case 'MemberRemove':
    case 'MemberPromote':
    case 'MemberUpdate': {
      const { member, members } = response
      return {
        ...header,
        ...(member === undefined ? {} : { member: writeMember(member) }),
        members: members.map(writeMember),
      }
    }
    case 'Status': {
      const { type: _type, header: _header, leader, ...rest } = response
      return { ...header, ...withoutDefaults({ ...rest, leader: writeMemberId(leader) }) }
    }
    case 'Compact':
    case 'LeaseRevoke':
    case 'Unlock':
    case 'Proclaim':
    case 'Resign':
      return header
  }
}

type KvResult = Extract<Reply, { type: 'Range' | 'Put' | 'DeleteRange' | 'Txn' }> | ResponseOp

function writeKvResult(result: KvResult): Plain {
  switch (result.type) {
    case 'Range':
      return withoutDefaults({
        kvs: result.kvs.map(writeKv),
        more: result.more,
        count: result.count,
      })
    case 'Put':
      return result.prev_kv === undefined ? {} : { prev_kv: writeKv(result.prev_kv) }
    case 'DeleteRange':
      return withoutDefaults({ deleted: result.deleted, prev_kvs: result.prev_kvs.map(writeKv) })
    case 'Txn':
      return withoutDefaults({
        succeeded: result.succeeded,
        responses: result.responses.map(writeOp),
      })
  }
}

function writeOp(op: ResponseOp): Plain {
  // A nested transaction has an empty header (semantics §2.5).
  const header = op.type === 'Txn' ? {} : withoutDefaults({ revision: op.revision })
  const message = { header, ...writeKvResult(op) }
  switch (op.type) {
    case 'Range':
      return { response_range: message }
    case 'Put':
      return { response_put: message }
    case 'DeleteRange':
      return { response_delete_range: message }
    case 'Txn':
      return { response_txn: message }
  }
}

/** A watch event in normal form: no type means PUT. */
export function writeEvent({ type, kv, prev_kv }: WatchEvent): Plain {
  return {
    ...(type === 'DELETE' ? { type } : {}),
    kv: writeKv(kv),
    ...(prev_kv === undefined ? {} : { prev_kv: writeKv(prev_kv) }),
  }
}

function writeKv({ key, create_revision, mod_revision, version, value, lease }: KeyValue): Plain {
  return withoutDefaults({
    key: text(key),
    create_revision,
    mod_revision,
    version,
    value: text(value),
    lease: writeId(lease),
  })
}

function writeMember({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): Plain {
  return withoutDefaults({ ID: writeMemberId(ID), name, peerURLs, clientURLs, isLearner })
}

function writeId(id: LeaseId): number | string {
  return numberIfSafe(decimal(id))
}

function writeMemberId(id: MemberId): number | string {
  return numberIfSafe(unsignedDecimal(id))
}

function numberIfSafe(digits: string): number | string {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : digits
}

function withoutDefaults(fields: Plain): Plain {
  const isDefault = (value: unknown): boolean =>
    value === 0 || value === '' || value === false || (Array.isArray(value) && value.length === 0)
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isDefault(value)))
}
