// The properties that the page shows, each with a name and a sentence. Properties of whole runs
// (linearizable histories, convergence) belong to the fuzzer.

import type { Property } from './violation'

export interface Invariant {
  name: string
  sentence: string
  /** The names under which the checks report a breach of this property. */
  properties: readonly Property[]
}

export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'Election safety',
    sentence: 'At most one leader is elected in a term.',
    properties: ['election safety'],
  },
  {
    name: 'One vote per term',
    sentence:
      'A member votes for at most one candidate in a term. A crash does not make it forget its vote.',
    properties: ['one vote a term'],
  },
  {
    name: 'Leader append-only',
    sentence: 'A leader never overwrites or deletes entries of its own log.',
    properties: ['leader append-only'],
  },
  {
    name: 'Log matching',
    sentence: 'Two logs with an entry of the same index and term are identical up to that entry.',
    properties: ['log matching'],
  },
  {
    name: 'Leader completeness',
    sentence: 'Every entry committed in a term is in the log of every later leader.',
    properties: ['leader completeness'],
  },
  {
    name: 'Commit in the current term',
    sentence:
      'A leader counts replicas only for entries of its own term. Older entries are committed with them.',
    properties: ['commit in the current term'],
  },
  {
    name: 'State machine safety',
    sentence: 'No two members apply different entries at the same index.',
    properties: ['state machine safety'],
  },
  {
    name: 'Same store',
    sentence: 'Members that have applied the same index hold the same keys and leases.',
    properties: ['same store'],
  },
  {
    name: 'One primary per term',
    sentence: 'At most one lessor is primary in a term.',
    properties: ['one primary a term'],
  },
  {
    name: 'Only a primary expires',
    sentence: 'Only a primary lessor lets a lease expire, and never before its deadline.',
    properties: ['only a primary expires'],
  },
  {
    name: 'No key outlives its lease',
    sentence:
      'A revoke deletes the keys of its lease. Store and lessor always agree which keys a lease has.',
    properties: ['keys and leases agree'],
  },
  {
    name: 'Revokes in key order',
    sentence: 'A revoke deletes the keys of its lease in byte order.',
    properties: ['revokes in key order'],
  },
  {
    name: 'Revisions only grow',
    sentence: 'The revision and the applied index of a member never go back.',
    properties: ['revisions only grow'],
  },
  {
    name: 'No lease ends early',
    sentence:
      'No lease ends within its TTL after the last renewal that a client knows of, on the clock of the primary.',
    properties: [
      'no lease ends early',
      'no lease ends by a deposed leader',
      'no lease ends by a late revoke',
      'no lease ends after a second promotion',
    ],
  },
  {
    name: 'No watch has a gap',
    sentence:
      'A watch delivers every change of its range from its start revision on, each once and in order.',
    properties: ['no watch has a gap'],
  },
  {
    name: 'Clients move on after a heal',
    sentence:
      'After all faults end, each call and each keep-alive loop gets its answer within a bounded time.',
    properties: ['clients move on after a heal'],
  },
]
