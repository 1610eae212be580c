// Linearizable reads without a log entry (dissertation §6.4, etcd-io/raft: read_only.go,
// ReadOnlySafe). The leader records its commit index. It answers once a majority has answered a
// heartbeat sent after the request, which confirms that it is still the leader. Without that round
// a deposed leader would answer from an old state.
//
// Reads are numbered from 1 within a leader's term. A heartbeat carries the highest number so far,
// and its answer confirms all reads up to that number. So a lost round costs nothing once the next
// one succeeds.

import type { MemberId } from '../base/rpc'
import { committedIndex } from './quorum'

export interface ReadRequest {
  readonly requester: MemberId
  readonly context: string
}

/** A read that waits for its majority, and the commit index at its request. */
export interface PendingRead extends ReadRequest {
  readonly index: number
}

export interface ReadOnly {
  /** The number of answered reads in this term: the number of the read before `pending[0]`. */
  confirmed: number
  pending: PendingRead[]
  /** The highest read that each peer has confirmed; the order does not matter. */
  acks: { readonly id: MemberId; readonly context: number }[]
}

export function newReadOnly(): ReadOnly {
  return { confirmed: 0, pending: [], acks: [] }
}

export function addRequest(reads: ReadOnly, request: ReadRequest, commit: number): void {
  reads.pending.push({ requester: request.requester, context: request.context, index: commit })
}

/** The number that confirms all pending reads; 0 for none. */
export function heartbeatContext(reads: ReadOnly): number {
  return reads.pending.length === 0 ? 0 : reads.confirmed + reads.pending.length
}

/** `from` has answered a heartbeat with this number. */
export function recvAck(reads: ReadOnly, from: MemberId, context: number): void {
  if (context <= ackOf(reads, from)) return
  reads.acks = [...reads.acks.filter(({ id }) => id !== from), { id: from, context }]
}

/** Removes and returns the reads that a majority has confirmed, oldest first. */
export function advanceReads(reads: ReadOnly, voters: readonly MemberId[]): PendingRead[] {
  const confirmed = committedIndex(voters, (id) => ackOf(reads, id))
  if (confirmed <= reads.confirmed) return []
  const taken = reads.pending.splice(0, confirmed - reads.confirmed)
  reads.confirmed = confirmed
  return taken
}

function ackOf(reads: ReadOnly, id: MemberId): number {
  return reads.acks.find((ack) => ack.id === id)?.context ?? 0
}
