// The five properties of Raft (extended version of the paper, figure 3), and the two rules on which
// they rest most, checked from outside over a whole run. Simple rather than fast: the check reads
// only a peer's log, its term and its disk.

import type { MemberName } from '../base/trace'
import type { Disk, LogEntry } from '../member/consensus'
import type { Member } from '../member/member'
import type { Entry } from '../raft/message'
import type { Report } from './violation'

type LogItem = Entry<LogEntry>

interface Seen {
  member: Member
  disk: Disk
  term: number
  commit: number
  isLeader: boolean
  /** By index; empty at 0 and before the first entry of the log. */
  log: (LogItem | undefined)[]
  /** The commit index when this leader was elected. */
  commitAtElection: number
}

interface Committed {
  entry: LogItem
  /** The term of the member that committed it first. */
  term: number
  by: MemberName
}

interface Place {
  entry: LogItem
  before: number | null
  by: MemberName
}

export class RaftSafety {
  readonly #report: Report
  readonly #seen = new Map<MemberName, Seen>()
  readonly #leaders = new Map<number, MemberName>()
  /** By term and index: the entry, and the term of the entry before it. */
  readonly #places = new Map<number, Map<number, Place>>()
  /** By index. */
  readonly #committed: (Committed | undefined)[] = []

  constructor(report: Report) {
    this.#report = report
  }

  /**
   * Checks a member that a step may have touched; its whole log with `everything`. Almost free for
   * a member that did not change.
   */
  check(name: MemberName, member: Member, everything: boolean): void {
    const { consensus } = member
    const { term, commit, isLeader, disk } = consensus
    const seen = this.#seen.get(name)
    const same =
      seen !== undefined && seen.member === member && seen.disk === disk && seen.term === term
    if (!everything && same && seen.commit === commit && seen.isLeader === isLeader) return
    if (seen !== undefined) this.#oneVoteATerm(name, seen.disk, disk)
    const incarnation = seen !== undefined && seen.member === member ? seen : undefined
    const last = (incarnation?.log.length ?? 1) - 1
    const { log, changedFrom } = logNow(member, incarnation?.log ?? [], everything)
    this.#logMatching(name, log, everything ? 1 : changedFrom)
    const led = incarnation?.isLeader === true && incarnation.term === term
    if (isLeader && led) this.#leaderAppendOnly(name, term, last, changedFrom)
    if (isLeader && !led) {
      this.#electionSafety(name, term)
      this.#leaderCompleteness(name, term, log, consensus.firstIndex)
    }
    const before = incarnation?.commit ?? 0
    const commitAtElection = isLeader && !led ? commit : (incarnation?.commitAtElection ?? 0)
    if (isLeader && commit > before && commit > commitAtElection)
      this.#commitInTheCurrentTerm(name, term, commit, log)
    this.#seen.set(name, { member, disk, term, commit, isLeader, log, commitAtElection })
    for (let index = before + 1; index <= commit; index++)
      this.#stateMachineSafety(name, term, index, log)
  }

  /** Election safety: at most one leader can be elected in a given term (figure 3). */
  #electionSafety(name: MemberName, term: number): void {
    const known = this.#leaders.get(term)
    this.#leaders.set(term, known ?? name)
    if (known !== undefined && known !== name)
      this.#report('election safety', [known, name], `${known} and ${name} both lead term ${term}`)
  }

  /**
   * A server votes for at most one candidate in a term, first come first served (§5.2). A crash
   * does not erase the vote (figure 2: votedFor is persistent).
   */
  #oneVoteATerm(name: MemberName, before: Disk, now: Disk): void {
    const [old, { term, vote }] = [before.hardState, now.hardState]
    if (term < old.term)
      this.#report(
        'one vote a term',
        [name],
        `the disk of ${name} goes back from term ${old.term} to ${term}`,
      )
    if (term !== old.term || old.vote === null || old.vote === vote) return
    this.#report(
      'one vote a term',
      [name],
      `${name} voted for ${old.vote} and then for ${vote} in term ${term}`,
    )
  }

  /** Leader append-only: a leader never overwrites or deletes entries in its log (figure 3). */
  #leaderAppendOnly(name: MemberName, term: number, last: number, changedFrom: number): void {
    if (changedFrom > last) return
    this.#report(
      'leader append-only',
      [name],
      `${name}, which leads term ${term}, changed its log from entry ${changedFrom} on; it had ${last}`,
    )
  }

  /**
   * Log matching: two logs with an entry of the same index and term are identical up to it (figure
   * 3). By induction it is enough that each entry follows one of the same term.
   */
  #logMatching(name: MemberName, log: readonly (LogItem | undefined)[], from: number): void {
    for (let index = from; index < log.length; index++) {
      const entry = log[index]
      if (entry === undefined) continue
      const before = log[index - 1]?.term ?? null
      const known = this.#placesOf(entry.term).get(index)
      if (known === undefined) this.#placesOf(entry.term).set(index, { entry, before, by: name })
      else if (
        !sameEntry(known.entry, entry) ||
        (known.before !== before && known.before !== null && before !== null)
      ) {
        const follows = (term: number | null) => (term === null ? '' : ` after one of term ${term}`)
        const text = `entry ${index} of term ${entry.term} is ${describe(known.entry)}${follows(known.before)} at ${known.by} and ${describe(entry)}${follows(before)} at ${name}`
        return this.#report('log matching', [known.by, name], text)
      }
    }
  }

  #placesOf(term: number): Map<number, Place> {
    const known = this.#places.get(term)
    if (known !== undefined) return known
    const places = new Map<number, Place>()
    this.#places.set(term, places)
    return places
  }

  /**
   * Leader completeness: an entry committed in a term is in the logs of the leaders of all later
   * terms (figure 3).
   */
  #leaderCompleteness(
    name: MemberName,
    term: number,
    log: readonly (LogItem | undefined)[],
    first: number,
  ): void {
    for (const [index, committed] of this.#committed.entries()) {
      if (committed === undefined || committed.term >= term || index < first) continue
      if (!this.#holds(name, term, log, index, committed)) return
    }
  }

  #holds(
    name: MemberName,
    term: number,
    log: readonly (LogItem | undefined)[],
    index: number,
    { entry, term: in_, by }: Committed,
  ): boolean {
    const own = log[index]
    if (own !== undefined && sameEntry(own, entry)) return true
    const has = own === undefined ? 'has none' : `has one of term ${own.term}`
    const text = `entry ${index} of term ${entry.term} was committed in term ${in_} by ${by}; ${name}, which leads term ${term}, ${has}`
    this.#report('leader completeness', [by, name], text)
    return false
  }

  /**
   * A leader counts replicas only for entries of its own term; older entries are committed with
   * them (§5.4.2, figure 8).
   */
  #commitInTheCurrentTerm(
    name: MemberName,
    term: number,
    commit: number,
    log: readonly (LogItem | undefined)[],
  ): void {
    const entry = log[commit]
    if (entry === undefined || entry.term === term) return
    const text = `${name}, which leads term ${term}, committed up to entry ${commit}, which is of term ${entry.term}`
    this.#report('commit in the current term', [name], text)
  }

  /**
   * State machine safety: no two servers apply different entries at one index (figure 3). Committed
   * entries count as applied.
   */
  #stateMachineSafety(
    name: MemberName,
    term: number,
    index: number,
    log: readonly (LogItem | undefined)[],
  ): void {
    const entry = log[index]
    if (entry === undefined) return
    const known = this.#committed[index]
    if (known !== undefined) {
      if (sameEntry(known.entry, entry)) return
      const text = `entry ${index} is ${describe(known.entry)} of term ${known.entry.term} at ${known.by} and ${describe(entry)} of term ${entry.term} at ${name}; both have committed it`
      return this.#report('state machine safety', [known.by, name], text)
    }
    const committed = { entry, term, by: name }
    this.#committed[index] = committed
    // Existing leaders of later terms than the one that commits this entry.
    for (const [other, seen] of this.#seen) {
      if (seen.isLeader && seen.term > term)
        this.#holds(other, seen.term, seen.log, index, committed)
    }
  }
}

/**
 * The current log, and the first index that differs from the previous one. Entries are immutable:
 * if an entry is the same object, so are all entries before it.
 */
function logNow(
  { consensus }: Member,
  was: readonly (LogItem | undefined)[],
  everything: boolean,
): { log: (LogItem | undefined)[]; changedFrom: number } {
  const last = was.length - 1
  const tail = everything ? [] : consensus.entries(Math.max(1, last), Number.MAX_SAFE_INTEGER)
  if (!everything && last >= 1 && tail[0] !== undefined && tail[0] === was[last]) {
    // This class owns the array and grows it in place.
    const log = was as (LogItem | undefined)[]
    for (let i = 1; i < tail.length; i++) log.push(tail[i])
    return { log, changedFrom: last + 1 }
  }
  const log: (LogItem | undefined)[] = [undefined]
  for (const entry of consensus.entries(1, Number.MAX_SAFE_INTEGER)) log[entry.index] = entry
  let changedFrom = 1
  // A snapshot may replace its entries: that is not a change.
  const { firstIndex } = consensus
  const same = (index: number): boolean => log[index] === was[index] || index < firstIndex
  while (changedFrom < log.length && changedFrom < was.length && same(changedFrom)) changedFrom++
  return { log, changedFrom }
}

function sameEntry(a: LogItem, b: LogItem): boolean {
  if (a === b || a.data === b.data) return a.term === b.term && a.type === b.type
  return a.term === b.term && JSON.stringify(a) === JSON.stringify(b)
}

function describe(entry: LogItem): string {
  if (entry.type === 'conf-change') return 'a membership change'
  return entry.data?.proposal?.type ?? 'empty'
}
