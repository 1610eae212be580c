// The proposals of a member, except membership changes.

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

/** A proposal for a caller. A revoke carries its reason for display; etcd's entry does not. */
export type AskedProposal =
  | PutRequest
  | DeleteRangeRequest
  | TxnRequest
  | CompactRequest
  | (LeaseGrantRequest & { ID: LeaseId })
  | { type: 'LeaseRevoke'; ID: LeaseId; end: LeaseEnd }

/** A checkpoint has no caller: the primary proposes it (semantics §1.12). */
export type Proposal =
  | AskedProposal
  | { type: 'LeaseCheckpoint'; checkpoints: readonly Checkpoint[] }
