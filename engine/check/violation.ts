import type { EventId, MemberName } from '../base/trace'
import type { Config } from '../sim/command'

/** What a run may never do, by the name under which it is reported. */
export type Property =
  | 'election safety'
  | 'one vote a term'
  | 'leader append-only'
  | 'log matching'
  | 'leader completeness'
  | 'commit in the current term'
  | 'state machine safety'
  /** Members that have applied the same index hold the same keys and leases. */
  | 'same store'
  | 'one primary a term'
  | 'only a primary expires'
  | 'keys and leases agree'
  | 'revokes in key order'
  | 'revisions only grow'
  | 'no lease ends early'
  /**
   * The same, by a revoke that a deposed leader proposed: what etcd did before it checked
   * (semantics §1.13).
   */
  | 'no lease ends by a deposed leader'
  /**
   * The same, by a revoke of a deposed leader that has just woken, or that waited for one of the 16
   * places. Etcd's check does not help there (woken-pass.ts).
   */
  | 'no lease ends by a late revoke'
  /**
   * The same, by a revoke that was under way when its proposer was promoted once more: etcd does
   * that at every entry without data, as Raft makes of a change of the group that comes too early.
   */
  | 'no lease ends after a second promotion'
  /** A subscriber receives every change of its watch's range, each once and in order. */
  | 'no watch has a gap'
  /** No client that could go on still waits, some time after everything was healed. */
  | 'clients move on after a heal'
  | 'linearizability'
  | 'convergence'

/**
 * One breach: which property, when (virtual ms) and by which event, who is involved and how, in
 * words with members, indexes and terms.
 */
export interface Violation {
  property: Property
  at: number
  /** The last event before it was found. */
  event: EventId
  members: MemberName[]
  text: string
}

/**
 * Whether etcd itself is known to do that (semantics §1.13). Every version promotes its lessor at
 * each entry without data (server.go: applyEntryNormal). In every version a frozen leader that
 * wakes may revoke leases that clients have renewed with the next one (recorded:
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

/** Where checks put what they find. */
export type Report = (property: Property, members: MemberName[], text: string) => void

/** Virtual milliseconds as seconds, for the words of a breach. */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`
}
