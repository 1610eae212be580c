// One peer's log in memory, and how far each entry has come (etcd-io/raft: log.go,
// log_unstable.go):
//
//   snapshot   offset│ 5   6   7   8   9  10  11  12  13 │
//                    └───────────┬───────┬───────┬───────┘
//                     applied 7 ─┘       │       └─ saved 11; the rest is being written, or waits
//                             committed 9┘
//
//   applied ≤ applying ≤ committed, and applying ≤ saved ≤ saving: the application is handed only
//   what is on this peer's disk.
//
// The disk is written one bundle at a time. What a new leader overwrites in memory while the old
// version is still being written lowers `saving`, so that the next bundle writes it again from
// there.

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

/** How far a snapshot that a leader sent has come on its way to disk and application. */
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
  /** The newest one, which a peer too far behind is sent. */
  snapshot: Snapshot
  #entries: Entries
  /** The term of the entry before the first. */
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

  /** The log that a disk holds; of it, `applied` entries need not be applied again. */
  static restart(disk: Persistent, applied: number): RaftLog {
    const { snapshot, entries, hardState } = disk
    const last = lastIndexOf(entries)
    const committed = Math.max(hardState.commit, snapshot.index)
    assert(
      committed <= last,
      `raft: the disk says that ${committed} is committed and ends at ${last}`,
    )
    assert(
      applied >= snapshot.index && applied <= committed,
      `raft: applied ${applied} lies not between ${snapshot.index} and ${committed}`,
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
   * The term of an entry, or of the one before the first; undefined where it is compacted or not
   * here yet.
   */
  term(index: number): number | undefined {
    return index === this.#entries.offset ? this.#startTerm : entryAt(this.#entries, index)?.term
  }

  matchTerm(index: number, term: number): boolean {
    return this.term(index) === term
  }

  /** Both ends included; throws where the log does not reach. */
  slice(from: number, to: number): Entry[] {
    return entriesBetween(this.#entries, from, to)
  }

  /**
   * Whether a log that ends so may lead this one's peer: a later last term wins, then a longer log
   * (§5.4.1).
   */
  isUpToDate(lastIndex: number, lastTerm: number): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex)
  }

  /**
   * Takes what a leader sent after its entry at `index`, and returns the last index that matches
   * now; undefined if that entry is not here (§5.3).
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

  /** Puts `entries` where their indexes say; what was there and behind goes. */
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
   * The highest index up to `index` at which a log could agree with one that has `term` there:
   * terms only grow along a log, so an entry of a later term cannot. Its term is 0 where it is not
   * known (compacted).
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
   * Never goes back. Throws where the log ends before: then a disk has lost what it had
   * acknowledged.
   */
  commitTo(index: number): void {
    if (index <= this.committed) return
    assert(
      index <= this.lastIndex,
      `raft: told to commit ${index}, the log ends at ${this.lastIndex}: was it lost?`,
    )
    this.committed = index
  }

  /**
   * Commits up to `index` if that entry is of `term`: what an earlier leader left is committed with
   * it, never by itself (§5.4.2).
   */
  maybeCommit(index: number, term: number): boolean {
    if (index <= this.committed || !this.matchTerm(index, term)) return false
    this.commitTo(index)
    return true
  }

  /** A leader's snapshot takes the place of the whole log. */
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
   * Remembers `snapshot` for peers that fall behind, and forgets entries up to `keep` before it;
   * the last term stays known.
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

  /** What the disk does not have and is not being given. */
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

  /** A leader's snapshot that is on the disk and which the application has not been handed. */
  get nextSnapshot(): Snapshot | null {
    return this.incoming === 'saved' ? this.snapshot : null
  }

  /**
   * What is committed, on this disk, and not handed to the application; nothing while a snapshot is
   * to come first.
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

  /** The application has applied up to `index`, which it has been handed. */
  appliedTo(index: number): void {
    assert(
      index >= this.applied && index <= this.applying,
      `raft: applied ${index}, handed out ${this.applied} to ${this.applying}`,
    )
    this.applied = index
    if (this.incoming === 'applying' && index >= this.snapshot.index) this.incoming = 'none'
  }
}
