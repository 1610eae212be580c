// One peer's disk as immutable data: a write makes a new one. A crash keeps exactly this; an
// unfinished write leaves no trace (etcd's write-ahead log and its snapshots; etcd-io/raft:
// storage.go, MemoryStorage).

import { assert } from '../base/assert'
import { NO_CONF } from './conf'
import type { Entries } from './entries'
import { appended, lastIndexOf, noEntries, truncatedAfter, withoutThrough } from './entries'
import type { Entry, HardState, Snapshot } from './message'

export interface Persistent<P = unknown, S = unknown> {
  readonly hardState: HardState
  readonly snapshot: Snapshot<S>
  /** The entries after the snapshot. */
  readonly entries: Entries<P>
}

/** A write of a peer, all or nothing. */
export interface Save<P = unknown, S = unknown> {
  /** Set if it changed. */
  readonly hardState: HardState | null
  /** A leader's snapshot, which replaces the whole log. */
  readonly snapshot: Snapshot<S> | null
  /** They replace the entries on disk from the first one's index on. */
  readonly entries: readonly Entry<P>[]
  /**
   * Whether the write matters for safety (term, vote, entries). Otherwise only the commit index has
   * moved: it needs no fsync and no report.
   */
  readonly mustSync: boolean
}

export const NO_SNAPSHOT: Snapshot<never> = { index: 0, term: 0, conf: NO_CONF, data: null }

/** The disk of a peer that has never run. */
export function emptyPersistent<P, S>(): Persistent<P, S> {
  return {
    hardState: { term: 0, vote: null, commit: 0 },
    snapshot: NO_SNAPSHOT,
    entries: noEntries(0),
  }
}

/** The disk after the write. */
export function written<P, S>(disk: Persistent<P, S>, save: Save<P, S>): Persistent<P, S> {
  const hardState = save.hardState ?? disk.hardState
  const snapshot = save.snapshot ?? disk.snapshot
  let entries = save.snapshot === null ? disk.entries : noEntries<P>(save.snapshot.index)
  const first = save.entries[0]
  if (first !== undefined)
    entries = appended(truncatedAfter(entries, first.index - 1), save.entries)
  return { hardState, snapshot, entries }
}

/**
 * The disk with the application's own snapshot, without the entries that it covers. A snapshot
 * older than the disk's is refused.
 */
export function snapshotWritten<P, S>(
  disk: Persistent<P, S>,
  snapshot: Snapshot<S>,
): Persistent<P, S> {
  assert(
    snapshot.index >= disk.snapshot.index && snapshot.index <= lastIndexOf(disk.entries),
    `raft: a snapshot at ${snapshot.index} does not fit the disk, ${disk.snapshot.index} to ${lastIndexOf(disk.entries)}`,
  )
  return {
    hardState: disk.hardState,
    snapshot,
    entries: withoutThrough(disk.entries, snapshot.index),
  }
}
