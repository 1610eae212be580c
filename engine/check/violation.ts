import type { EventId, MemberName } from '../base/trace'
import type { Config } from '../sim/command'

/** The rules that a run must never break, by their names in reports. */
export type Property =
  | 'election safety'
  | 'one vote a term'
  | 'leader append-only'
  | 'log matching'
  | 'leader completeness'
  | 'commit in the current term'
  | 'state machine safety'
  /** Members that have applied the same index have the same keys and leases. */
  | 'same store'
  | 'one primary a term'
  | 'only a primary expires'
  | 'keys and leases agree'
  | 'revokes in key order'
  | 'revisions only grow'
  | 'no lease ends early'
  /**
   * The same, by a revoke that a deposed leader proposed, as in etcd before it checked (semantics
   * §1.13).
   */
  | 'no lease ends by a deposed leader'
  /**
   * The same, by a revoke of a deposed leader that has just resumed, or a revoke that waited for
   * one of the 16 places. etcd's check does not help there (woken-pass.ts).
   */
  | 'no lease ends by a late revoke'
  /**
   * The same, by a pending revoke whose proposer was promoted again. etcd promotes at every entry
   * without data. Raft turns a membership change that comes too early into such an entry.
   */
  | 'no lease ends after a second promotion'
  /** A subscriber receives every change of its watch's range, each once and in order. */
  | 'no watch has a gap'
  /** After all faults have ended, no client waits for ever if it could continue. */
  | 'clients move on after a heal'
  /** Each client library renews leases and gives them up when its source says so. */
  | 'libraries keep their pace'
  | 'linearizability'
  | 'convergence'

/**
 * One breach: the property, the time (virtual ms), the event, the members, and a sentence with
 * members, indexes and terms.
 */
export interface Violation {
  property: Property
  at: number
  /** The last event before the breach was found. */
  event: EventId
  members: MemberName[]
  text: string
}

/**
 * Whether etcd is known to have this fault (semantics §1.13). Every version promotes its lessor at
 * each entry without data (server.go: applyEntryNormal). In every version a frozen leader that
 * resumes may revoke leases that clients have renewed with the next leader (recorded:
 * stale-leader-revokes-many).
 */
export function isKnown({ property }: Violation, etcd: Config['etcd']): boolean {
  if (
    property === 'no lease ends after a second promotion' ||
    property === 'no lease ends by a late revoke'
  )
    return true
  return etcd === '3.4' && property === 'no lease ends by a deposed leader'
}

/** The sink for the breaches that a check finds. */
export type Report = (property: Property, members: MemberName[], text: string) => void

/** Virtual milliseconds as seconds, for the text of a breach. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
