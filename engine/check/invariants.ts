// What a person is shown of the properties that a run is watched for: each with its name and a sentence. What only a whole run can show (that histories are linearizable,
// that the cluster comes together again) is the fuzzer's, not the page's.

import type { Property } from './violation'

export interface Invariant {
  name: string
  sentence: string
  /** Under which names the checks report a breach of it. */
  properties: readonly Property[]
}

export const INVARIANTS: readonly Invariant[] = [
  { name: 'Election safety', sentence: 'At most one leader is elected in a term.', properties: ['election safety'] },
  {
    name: 'One vote a term',
    sentence: 'A member votes for at most one candidate in a term, and a crash does not make it forget.',
    properties: ['one vote a term'],
  },
  {
    name: 'Leader append-only',
    sentence: 'A leader never overwrites or deletes entries of its own log.',
    properties: ['leader append-only'],
  },
  {
    name: 'Log matching',
    sentence: 'Two logs that hold an entry of the same index and term are the same up to it.',
    properties: ['log matching'],
  },
  {
    name: 'Leader completeness',
    sentence: 'What was committed in a term is in the log of every later leader.',
    properties: ['leader completeness'],
  },
  {
    name: 'Commit in the current term',
    sentence: 'A leader commits by counting only entries of its own term; older ones go along with them.',
    properties: ['commit in the current term'],
  },
  {
    name: 'State machine safety',
    sentence: 'No two members apply different entries at the same index.',
    properties: ['state machine safety'],
  },
  { name: 'Same store', sentence: 'Members that have applied the same index hold the same keys and leases.', properties: ['same store'] },
  { name: 'One primary a term', sentence: 'At most one lessor is primary in a term.', properties: ['one primary a term'] },
  {
    name: 'Only a primary expires',
    sentence: 'Only a primary lessor lets a lease expire, and none before its deadline.',
    properties: ['only a primary expires'],
  },
  {
    name: 'No key outlives its lease',
    sentence: 'When a lease is revoked its keys go with it; store and lessor always name the same keys.',
    properties: ['keys and leases agree'],
  },
  { name: 'Revokes in key order', sentence: 'A revoke deletes the keys of its lease in byte order.', properties: ['revokes in key order'] },
  {
    name: 'Revisions only grow',
    sentence: 'Neither revision nor applied index of a member ever goes back.',
    properties: ['revisions only grow'],
  },
  {
    name: 'No lease ends early',
    sentence: 'No lease ends before its TTL, counted on the primary’s own clock from the last renewal that a client was told of.',
    properties: ['no lease ends early', 'no lease ends by a deposed leader', 'no lease ends after a second promotion'],
  },
]
