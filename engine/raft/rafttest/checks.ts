// The five properties of the Raft paper's figure 3, checked from outside over a whole run. Also: a
// read is never older than the entries committed at its request. Simple rather than fast; the
// checks do not depend on how peers work.

import { assert } from '../../base/assert'
import type { MemberId } from '../../base/rpc'
import type { Observer, TestEntry, TestNetwork, TestNode } from './network'

interface Committed {
  readonly entry: string
  /** The term in which it was committed. */
  readonly term: number
}

export class Checks implements Observer {
  readonly #leaders = new Map<number, MemberId>()
  /** By `term/index`: the entry, and the term of the one before. */
  readonly #entries = new Map<string, string>()
  /** By leader: its log at the last check. */
  readonly #logs = new Map<MemberId, { term: number; entries: readonly TestEntry[] }>()
  /** By index; the first is common to all. */
  readonly #committed: (Committed | undefined)[] = []
  /** By index. */
  readonly #applied = new Map<number, string>()
  readonly #reads = new Map<string, number>()
  #reached = 0

  /** The highest index committed so far. */
  get committed(): number {
    return this.#reached
  }

  /** Must be called after each step, with the node that took it. */
  check(network: TestNetwork, node: TestNode): void {
    if (node.raft === null) return
    const { role, term, commit, firstIndex, lastIndex } = network.raft(node).status()
    const entries = network.raft(node).entries(firstIndex, lastIndex)
    this.#logMatching(node, entries)
    if (role === 'leader') {
      this.#electionSafety(node, term)
      this.#leaderAppendOnly(node, term, entries)
    }
    for (const entry of entries) if (entry.index <= commit) this.#commit(node, entry, term)
  }

  /** Election safety: at most one leader can be elected in a given term. */
  #electionSafety(node: TestNode, term: number): void {
    const known = this.#leaders.get(term)
    assert(
      known === undefined || known === node.id,
      `election safety: ${known} and ${node.id} lead term ${term}`,
    )
    this.#leaders.set(term, node.id)
  }

  /**
   * Leader append-only: a leader never overwrites or deletes entries in its log; it only appends
   * new entries.
   */
  #leaderAppendOnly(node: TestNode, term: number, entries: readonly TestEntry[]): void {
    const before = this.#logs.get(node.id)
    if (before?.term === term) {
      const first = entries[0]?.index ?? 0
      for (const entry of before.entries) {
        const now = entries[entry.index - first]
        assert(
          entry.index < first || entries.length === 0 || now?.term === entry.term,
          `leader append-only: ${node.id} lost ${entry.term}/${entry.index}`,
        )
      }
    } else this.#leaderCompleteness(node, term, entries)
    this.#logs.set(node.id, { term, entries })
  }

  /**
   * Log matching: if two logs contain an entry with the same index and term, then the logs are
   * identical in all entries up through the given index.
   */
  #logMatching(node: TestNode, entries: readonly TestEntry[]): void {
    entries.forEach((entry, i) => {
      const before = entries[i - 1]
      if (before === undefined) return
      const place = `${entry.term}/${entry.index}`
      const now = `after ${before.term}: ${JSON.stringify(entry)}`
      const known = this.#entries.get(place)
      assert(
        known === undefined || known === now,
        `log matching: ${place} is ${known} and, at ${node.id}, ${now}`,
      )
      this.#entries.set(place, now)
    })
  }

  /**
   * Leader completeness: an entry committed in a given term is present in the logs of the leaders
   * for all higher-numbered terms.
   */
  #leaderCompleteness(node: TestNode, term: number, entries: readonly TestEntry[]): void {
    const first = entries[0]?.index ?? Number.POSITIVE_INFINITY
    this.#committed.forEach((committed, index) => {
      if (committed === undefined || committed.term >= term || index < first) return
      const own = entries[index - first]
      assert(
        own !== undefined && JSON.stringify(own) === committed.entry,
        `leader completeness: ${node.id} leads term ${term} without ${committed.entry}, committed in term ${committed.term}`,
      )
    })
  }

  #commit(node: TestNode, entry: TestEntry, term: number): void {
    const known = this.#committed[entry.index]
    const now = JSON.stringify(entry)
    assert(
      known === undefined || known.entry === now,
      `state machine safety: ${known?.entry} is committed, and ${node.id} commits ${now}`,
    )
    if (known !== undefined) return
    this.#committed[entry.index] = { entry: now, term }
    this.#reached = Math.max(this.#reached, entry.index)
  }

  /**
   * State machine safety: if a server has applied an entry at a given index, no other server will
   * ever apply a different entry for the same index.
   */
  applied(node: TestNode, entry: TestEntry): void {
    const known = this.#applied.get(entry.index)
    const now = JSON.stringify(entry)
    assert(
      known === undefined || known === now,
      `state machine safety: ${known} is applied, and ${node.id} applies ${now}`,
    )
    assert(
      entry.index === node.applied + 1,
      `${node.id} applies ${entry.index} after ${node.applied}`,
    )
    this.#applied.set(entry.index, now)
  }

  /** A read is requested now. */
  asked(context: string): void {
    this.#reads.set(context, this.#reached)
  }

  /** A read may be answered at `index`. */
  answered(node: TestNode, context: string, index: number): void {
    const atLeast = this.#reads.get(context)
    assert(atLeast !== undefined, `read "${context}" was never requested`)
    assert(
      index >= atLeast,
      `stale read: ${node.id} may read "${context}" at ${index}, but ${atLeast} was committed at the request`,
    )
  }
}
