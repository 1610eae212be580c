// What a member proposes to its cluster, beside changes of the membership.

import type {
  CompactRequest,
  DeleteRangeRequest,
  LeaseGrantRequest,
  LeaseId,
  PutRequest,
  TxnRequest,
} from '../base/rpc'
import type { LeaseEnd } from '../base/trace'
import type { Checkpoint } from '../lease/lessor'

/**
 * What a member proposes for whoever asked. A revoke says why, for those who look on: etcd's entry
 * does not.
 */
export type AskedProposal =
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | (LeaseGrantRequest & { ID: LeaseId })
  | { type: 'LeaseRevoke'; ID: LeaseId; end: LeaseEnd }

/** A checkpoint is nobody's request: the primary proposes it (semantics §1.12). */
export type Proposal =
  | AskedProposal
  | { type: 'LeaseCheckpoint'; checkpoints: readonly Checkpoint[] }
