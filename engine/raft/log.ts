// One peer's log in memory, and the progress of its entries (etcd-io/raft: log.go,
// log_unstable.go):
//
//   snapshot   offset│ 5   6   7   8   9  10  11  12  13 │
//                    └───────────┬───────┬───────┬───────┘
//                     applied 7 ─┘       │       └─ saved 11; the rest is being written, or waits
//                             committed 9┘
//   applied ≤ applying ≤ committed, and applying ≤ saved ≤ saving: the application receives only
//   entries that are on this peer's disk.
//
// The disk writes one bundle at a time. If a new leader replaces entries in memory during their
// write, `saving` goes back, and the next bundle writes them again.

import { assert } from '../base/assert'
import type { Entries } from './entries'
import {
  appended,
  entriesBetween,
  entryAt,
  lastIndexOf,
  noEntries,
  truncatedAfter,
  withoutThrough,
} from './entries'
import type { Entry, Snapshot } from './message'
import type { Persistent } from './storage'

/** The progress of a leader's snapshot on its way to disk and application. */
type Incoming = 'none' | 'unsaved' | 'saving' | 'saved' | 'applying'

export interface SavedLog {
  snapshot: Snapshot
  entries: Entries
  startTerm: number
  committed: number
  applying: number
  applied: number
  saving: number
  saved: number
  incoming: Incoming
}

export class RaftLog {
  /** The newest snapshot, for a peer that is too far behind. */
  snapshot: Snapshot
  #entries: Entries
  /** The term of the entry before the first one. */
  #startTerm: number
  committed: number
  applying: number
  applied: number
  saving: number
  saved: number
  incoming: Incoming

  private constructor(state: SavedLog) {
    this.snapshot = state.snapshot
    this.#entries = state.entries
    this.#startTerm = state.startTerm
    this.committed = state.committed
    this.applying = state.applying
    this.applied = state.applied
    this.saving = state.saving
    this.saved = state.saved
    this.incoming = state.incoming
  }

  /** The log on a disk. Its first `applied` entries need not be applied again. */
  static restart(disk: Persistent, applied: number): RaftLog {
    const { snapshot, entries, hardState } = disk
    const last = lastIndexOf(entries)
    const committed = Math.max(hardState.commit, snapshot.index)
    assert(committed <= last, `raft: the disk has commit ${committed} and ends at ${last}`)
    assert(
      applied >= snapshot.index && applied <= committed,
      `raft: applied ${applied} is not between ${snapshot.index} and ${committed}`,
    )
    return new RaftLog({
      snapshot,
      entries,
      startTerm: snapshot.term,
      committed,
      applying: applied,
      applied,
      saving: last,
      saved: last,
      incoming: 'none',
    })
  }

  static load(saved: SavedLog): RaftLog {
    return new RaftLog(saved)
  }

  save(): SavedLog {
    const { snapshot, committed, applying, applied, saving, saved, incoming } = this
    return {
      snapshot,
      entries: this.#entries,
      startTerm: this.#startTerm,
      committed,
      applying,
      applied,
      saving,
      saved,
      incoming,
    }
  }

  get firstIndex(): number {
    return this.#entries.offset + 1
  }

  get lastIndex(): number {
    return lastIndexOf(this.#entries)
  }

  get lastTerm(): number {
    return this.term(this.lastIndex)!
  }

  /**
   * The term of an entry, or of the one before the first; undefined for compacted and missing
   * entries.
   */
  term(index: number): number | undefined {
    return index === this.#entries.offset ? this.#startTerm : entryAt(this.#entries, index)?.term
  }

  matchTerm(index: number, term: number): boolean {
    return this.term(index) === term
  }

  /** Both ends included; throws outside the log. */
  slice(from: number, to: number): Entry[] {
    return entriesBetween(this.#entries, from, to)
  }

  /**
   * Whether a log that ends so is at least as up to date as this one: a later last term wins, then
   * a longer log (§5.4.1).
   */
  isUpToDate(lastIndex: number, lastTerm: number): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex)
  }

  /**
   * Takes the entries that a leader sent after `index`, and returns the last matching index;
   * undefined if the entry at `index` does not match (§5.3).
   */
  maybeAppend(
    index: number,
    logTerm: number,
    commit: number,
    entries: readonly Entry[],
  ): number | undefined {
    if (!this.matchTerm(index, logTerm)) return undefined
    const last = index + entries.length
    const conflict = entries.findIndex((entry) => !this.matchTerm(entry.index, entry.term))
    if (conflict >= 0) {
      const from = entries[conflict]!.index
      assert(
        from > this.committed,
        `raft: entry ${from} differs from the leader's and is committed (up to ${this.committed})`,
      )
      this.append(entries.slice(conflict))
    }
    this.commitTo(Math.min(commit, last))
    return last
  }

  /** Puts `entries` at their indexes, and removes earlier entries from there on. */
  append(entries: readonly Entry[]): void {
    const first = entries[0]
    if (first === undefined) return
    const before = first.index - 1
    assert(
      before >= this.committed,
      `raft: cannot replace entry ${first.index}, ${this.committed} is committed`,
    )
    this.#entries = appended(truncatedAfter(this.#entries, before), entries)
    this.saving = Math.min(this.saving, before)
    this.saved = Math.min(this.saved, before)
  }

  /**
   * The highest index up to `index` where this log could agree with a log that has `term` there.
   * Terms only grow along a log, so an entry of a later term cannot agree. The term is 0 if unknown
   * (compacted).
   */
  findConflictByTerm(index: number, term: number): { index: number; term: number } {
    for (let at = index; at > 0; at--) {
      const own = this.term(at)
      if (own === undefined) return { index: at, term: 0 }
      if (own <= term) return { index: at, term: own }
    }
    return { index: 0, term: 0 }
  }

  /**
   * Never goes back. Throws beyond the end of the log: then a disk has lost acknowledged entries.
   */
  commitTo(index: number): void {
    if (index <= this.committed) return
    assert(
      index <= this.lastIndex,
      `raft: cannot commit ${index}, the log ends at ${this.lastIndex}: was it lost?`,
    )
    this.committed = index
  }

  /**
   * Commits up to `index` if that entry is of `term`. Entries of earlier leaders are committed with
   * it, never alone (§5.4.2).
   */
  maybeCommit(index: number, term: number): boolean {
    if (index <= this.committed || !this.matchTerm(index, term)) return false
    this.commitTo(index)
    return true
  }

  /** Replaces the whole log with a leader's snapshot. */
  restore(snapshot: Snapshot): void {
    this.snapshot = snapshot
    this.#entries = noEntries(snapshot.index)
    this.#startTerm = snapshot.term
    this.committed = snapshot.index
    this.saving = snapshot.index
    this.saved = snapshot.index
    this.incoming = 'unsaved'
  }

  /**
   * Keeps `snapshot` for peers that fall behind, and removes the entries more than `keep` before
   * it. The last removed term stays known.
   */
  compact(snapshot: Snapshot, keep: number): void {
    assert(
      snapshot.index <= this.applied,
      `raft: a snapshot at ${snapshot.index} covers more than the ${this.applied} entries applied`,
    )
    if (snapshot.index >= this.snapshot.index) this.snapshot = snapshot
    const through = this.snapshot.index - keep
    if (through < this.firstIndex) return
    this.#startTerm = this.term(through)!
    this.#entries = withoutThrough(this.#entries, through)
  }

  /** The entries that are neither on disk nor being written. */
  get unsaved(): Entry[] {
    return this.slice(this.saving + 1, this.lastIndex)
  }

  acceptSave(): void {
    this.saving = this.lastIndex
    if (this.incoming === 'unsaved') this.incoming = 'saving'
  }

  persisted(): void {
    this.saved = this.saving
    if (this.incoming === 'saving') this.incoming = 'saved'
  }

  /** A leader's snapshot that is on disk and that the application has not received. */
  get nextSnapshot(): Snapshot | null {
    return this.incoming === 'saved' ? this.snapshot : null
  }

  /**
   * The committed entries on this disk that the application has not received; empty while a
   * snapshot comes first.
   */
  get nextCommitted(): Entry[] {
    return this.incoming === 'none'
      ? this.slice(this.applying + 1, Math.min(this.committed, this.saved))
      : []
  }

  acceptApply(): void {
    if (this.incoming === 'saved') {
      this.incoming = 'applying'
      this.applying = this.snapshot.index
    } else if (this.incoming === 'none')
      this.applying = Math.max(this.applying, Math.min(this.committed, this.saved))
  }

  /** The application has applied the received entries up to `index`. */
  appliedTo(index: number): void {
    assert(
      index >= this.applied && index <= this.applying,
      `raft: applied ${index}, handed out ${this.applied} to ${this.applying}`,
    )
    this.applied = index
    if (this.incoming === 'applying' && index >= this.snapshot.index) this.incoming = 'none'
  }
}
