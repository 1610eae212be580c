// The requests of a client and the results, in the words of locks where a message is about a lock,
// and else in etcd's.

import { utf8 } from '../../base/bytes'
import type { Bytes, KeyValue, Reply, Request } from '../../base/rpc'
import { speakerOf } from '../../base/speaker'
import type { TraceEvent } from '../../base/trace'
import { lockNames, ownerOf } from '../lab'
import type { Scene } from '../scene'
import { requestOf } from './messages'
import { keyName } from './spans'

export interface Words {
  label: string
  weight: number
}

type Of<T extends TraceEvent['type']> = Extract<TraceEvent, { type: T }>

/** The purpose of a client's request; null for a renewal, or for routine. */
export function requestWords(scene: Scene, { request, id }: Of<'request-sent'>): Words | null {
  const { names } = scene.ledger
  switch (request.type) {
    case 'LeaseGrant':
      return { label: 'asks for a lease', weight: 2 }
    case 'LeaseKeepAlive':
      return { label: `renews ${names.nameOf(request.ID, id)}`, weight: 1 }
    case 'LeaseRevoke':
      return { label: `revokes ${names.nameOf(request.ID, id)}`, weight: 4 }
    case 'Txn':
    case 'Put': {
      const lock = lockPut(scene, request)
      if (lock !== null) return { label: `asks for ${lock}`, weight: 4 }
      return request.type === 'Put'
        ? { label: `puts ${keyName(scene, request.key)}`, weight: 3 }
        : { label: 'sends a transaction', weight: 2 }
    }
    case 'Range':
      return { label: `reads ${keyName(scene, request.key)}`, weight: 2 }
    case 'WatchCreate':
      return { label: `watches ${keyName(scene, request.key)}`, weight: 3 }
    case 'DeleteRange': {
      const lock = lockOf(scene, request.key)
      return lock === null
        ? { label: `deletes ${keyName(scene, request.key)}`, weight: 3 }
        : { label: `releases ${lock}`, weight: 4 }
    }
    case 'Lock':
      return { label: 'asks for the lock', weight: 4 }
    case 'Unlock':
      return { label: 'releases the lock', weight: 4 }
    default:
      return { label: `calls ${request.type}`, weight: 2 }
  }
}

/** The result of an answer for a client; null where it is no news. */
export function answerWords(scene: Scene, event: Of<'reply-received'>): Words | null {
  const { reply, client, id } = event
  const { names } = scene.ledger
  switch (reply.type) {
    case 'error':
      return { label: 'is refused', weight: 5 }
    case 'LeaseGrant':
      return { label: `gets ${names.nameOf(reply.ID, id)}`, weight: 3 }
    case 'LeaseKeepAlive':
      return reply.TTL > 0
        ? null
        : { label: `learns that ${names.nameOf(reply.ID, id)} is gone`, weight: 7 }
    case 'Watch': {
      const gone = reply.events.find(({ type }) => type === 'DELETE')
      return gone === undefined
        ? null
        : { label: `${keyName(scene, gone.kv.key)} is gone`, weight: 3 }
    }
    case 'Txn':
    case 'Range': {
      const request = requestOf(scene.ledger, event)?.request
      return request === undefined ? null : placeWords(scene, speakerOf(client), request, reply)
    }
    default:
      return null
  }
}

/** Its place in a lock's queue, as far as the answer shows it. */
function placeWords(
  scene: Scene,
  client: string,
  request: Request,
  reply: Extract<Reply, { type: 'Txn' | 'Range' }>,
): Words | null {
  if (reply.type === 'Range') {
    if (request.type !== 'Range') return null
    const lock = lockNames(scene).find(
      (name) => request.key.startsWith(`${utf8(name)}/`) || request.key === utf8(name),
    )
    if (lock === undefined)
      return {
        label:
          reply.count === 0
            ? 'finds no key'
            : `finds ${reply.count} key${reply.count === 1 ? '' : 's'}`,
        weight: 2,
      }
    if (request.key === utf8(lock))
      return { label: reply.count === 0 ? `finds ${lock} free` : `finds ${lock} taken`, weight: 3 }
    return queueWords(scene, client, reply.kvs, request.max_create_revision !== undefined)
  }
  if (request.type !== 'Txn') return null
  const lock = lockPut(scene, request)
  if (lock === null) return null
  const range = reply.responses.find((each) => each.type === 'Range' && each.kvs.length > 0)
  const own =
    range?.type === 'Range' ? range.kvs.find((kv) => ownerOf(scene, kv) === client) : undefined
  if (own !== undefined) return { label: `gets token ${own.create_revision}`, weight: 5 }
  if (range?.type === 'Range') return queueWords(scene, client, range.kvs, false)
  const isQueue = lockPut(scene, request, true) !== null
  if (!reply.succeeded) return { label: `finds ${lock} taken`, weight: 3 }
  return {
    label: isQueue ? 'is in the queue' : `gets token ${reply.header.revision}`,
    weight: isQueue ? 3 : 5,
  }
}

/** `before`: the request was only for keys in front of its own. */
function queueWords(
  scene: Scene,
  client: string,
  kvs: readonly KeyValue[],
  before: boolean,
): Words | null {
  const first = kvs.toSorted((a, b) => a.create_revision - b.create_revision)[
    before ? kvs.length - 1 : 0
  ]
  if (first === undefined) return { label: before ? 'is first' : 'finds no key', weight: 4 }
  const owner = ownerOf(scene, first)
  if (owner === client)
    return { label: before ? 'is first' : `is first, token ${first.create_revision}`, weight: 5 }
  return { label: `is behind ${owner ?? 'another client'}`, weight: 4 }
}

/**
 * The lock that a put or a transaction requests; null without one. `queued`: by a key in the lock's
 * queue only.
 */
function lockPut(scene: Scene, request: Request, queued = false): string | null {
  const puts =
    request.type === 'Put' ? [request] : request.type === 'Txn' ? (request.success ?? []) : []
  for (const put of puts) {
    const lock = put.type === 'Put' ? lockOf(scene, put.key) : null
    if (lock !== null && put.type === 'Put' && (!queued || put.key !== utf8(lock))) return lock
  }
  return null
}

/** The lock of a key, by its own key or a key in its queue. */
function lockOf(scene: Scene, key: Bytes): string | null {
  return (
    lockNames(scene).find(
      (name) =>
        key === utf8(name) || (key.startsWith(`${utf8(name)}/`) && key.length > name.length + 1),
    ) ?? null
  )
}
