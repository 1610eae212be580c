// Linearizable reads without a log entry (dissertation §6.4, etcd-io/raft: read_only.go,
// ReadOnlySafe). The leader notes its commit index, and answers once a majority has confirmed, by
// answering a heartbeat sent after the question, that it was the leader still. Without that round a
// deposed leader would answer from a state that its successor has left behind.
//
// Reads are numbered from 1 within a leader's term. A heartbeat carries the highest number asked so
// far; its answer confirms that one and all before it, so that one lost round costs nothing once
// the next one is through.

import type { MemberId } from '../base/rpc'
import { committedIndex } from './quorum'

export interface ReadRequest {
  readonly requester: MemberId
  readonly context: string
}

/** A read that waits for its majority, and the commit index when it was asked for. */
export interface PendingRead extends ReadRequest {
  readonly index: number
}

export interface ReadOnly {
  /** How many reads of this term have been answered: the number of the one before `pending[0]`. */
  confirmed: number
  pending: PendingRead[]
  /** The highest read that each peer has confirmed; in no order that matters. */
  acks: { readonly id: MemberId; readonly context: number }[]
}

export function newReadOnly(): ReadOnly {
  return { confirmed: 0, pending: [], acks: [] }
}

export function addRequest(reads: ReadOnly, request: ReadRequest, commit: number): void {
  reads.pending.push({ requester: request.requester, context: request.context, index: commit })
}

/** The number that confirms every read asked for so far; 0 where none waits. */
export function heartbeatContext(reads: ReadOnly): number {
  return reads.pending.length === 0 ? 0 : reads.confirmed + reads.pending.length
}

/** `from` has answered a heartbeat with this number. */
export function recvAck(reads: ReadOnly, from: MemberId, context: number): void {
  if (context <= ackOf(reads, from)) return
  reads.acks = [...reads.acks.filter(({ id }) => id !== from), { id: from, context }]
}

/** Takes out the reads that a majority has confirmed, oldest first. */
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
