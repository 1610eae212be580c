// The default format, for people (etcdctl/ctlv3/command/printer_simple.go).

import { unreachable } from '../../base/assert'
import { hexEscaped, text } from '../../base/bytes'
import { goHex } from '../../base/int64'
import type {
  Bytes,
  KeyValue,
  LeaseId,
  MemberId,
  MemberInfo,
  Reply,
  ResponseOp,
  WatchResponse,
} from '../../base/rpc'

export interface Style {
  hex: boolean
  /** `--print-value-only`. */
  valueOnly: boolean
}

/** A lease ID under Go's %016x: the sign of a negative one is among the sixteen characters. */
export function leaseText(id: LeaseId): string {
  const digits = goHex(id)
  return digits.startsWith('-') ? `-${digits.slice(1).padStart(15, '0')}` : digits.padStart(16, '0')
}

/** A member's ID under %x, or under %16x if a line needs it. */
export const memberText = (id: MemberId): string => id.replace(/^0+(?=.)/, '')
export const memberText16 = (id: MemberId): string => memberText(id).padStart(16)

const shown = (bytes: Bytes, { hex }: Style): string => (hex ? hexEscaped(bytes) : text(bytes))

export function kvText(kv: KeyValue, style: Style): string {
  return `${style.valueOnly ? '' : `${shown(kv.key, style)}\n`}${shown(kv.value, style)}\n`
}

const kvsText = (kvs: readonly KeyValue[], style: Style): string =>
  kvs.map((kv) => kvText(kv, style)).join('')

type Simple = Extract<
  Reply,
  {
    type: 'LeaseGrant' | 'LeaseKeepAlive' | 'LeaseLeases' | 'Range' | 'Put' | 'DeleteRange' | 'Txn'
  }
>

export function replyText(reply: Simple, style: Style): string {
  switch (reply.type) {
    case 'LeaseGrant':
      return `lease ${leaseText(reply.ID)} granted with TTL(${reply.TTL}s)\n`
    case 'LeaseKeepAlive':
      return `lease ${leaseText(reply.ID)} keepalived with TTL(${reply.TTL})\n`
    case 'LeaseLeases':
      return `found ${reply.leases.length} leases\n${reply.leases.map((id) => `${leaseText(id)}\n`).join('')}`
    case 'Range':
      return kvsText(reply.kvs, style)
    case 'Put':
      return `OK\n${reply.prev_kv === undefined ? '' : kvText(reply.prev_kv, style)}`
    case 'DeleteRange':
      return `${reply.deleted}\n${kvsText(reply.prev_kvs, style)}`
    case 'Txn':
      return `${reply.succeeded ? 'SUCCESS' : 'FAILURE'}\n${reply.responses.map((op) => opText(op, style)).join('')}`
    default:
      return unreachable(reply)
  }
}

/** `keys` tells whether keys were requested: otherwise the attached keys are not printed. */
export function timeToLiveText(
  { ID, TTL, grantedTTL, keys }: Extract<Reply, { type: 'LeaseTimeToLive' }>,
  asked: boolean,
): string {
  const lease = `lease ${leaseText(ID)}`
  if (grantedTTL === 0 && TTL === -1) return `${lease} already expired\n`
  const attached = asked ? `, attached keys([${keys.map(text).join(' ')}])` : ''
  return `${lease} granted with TTL(${grantedTTL}s), remaining(${TTL}s)${attached}\n`
}

/** Every result inside a transaction follows an empty line. */
function opText(op: ResponseOp, style: Style): string {
  switch (op.type) {
    case 'Range':
      return `\n${kvsText(op.kvs, style)}`
    case 'Put':
      return `\nOK\n${op.prev_kv === undefined ? '' : kvText(op.prev_kv, style)}`
    case 'DeleteRange':
      return `\n${op.deleted}\n${kvsText(op.prev_kvs, style)}`
    case 'Txn':
      return ''
    default:
      return unreachable(op)
  }
}

export function watchText(response: WatchResponse, style: Style): string {
  return response.events
    .map(
      ({ type, kv, prev_kv }) =>
        `${type}\n${prev_kv === undefined ? '' : kvText(prev_kv, style)}${kvText(kv, style)}`,
    )
    .join('')
}

/** The cells of one member, in every format that has cells. */
export function memberCells({ ID, name, peerURLs, clientURLs, isLearner }: MemberInfo): string[] {
  return [
    memberText(ID),
    name === '' ? 'unstarted' : 'started',
    name,
    peerURLs.join(','),
    clientURLs.join(','),
    String(isLearner),
  ]
}
