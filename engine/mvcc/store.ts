// The multi-version store (etcd: server/storage/mvcc). Every change has a revision. A key keeps its
// older versions until a compaction removes them.
//
// The store is two chains of immutable links, so a copy of the store is a copy of two references:
//
//   put a=1 · put a=2 · delete a · put a=3     index (by key)       changes (newest first)
//     2         3          4         5          a → 5 → 4✝ → 3 → 2   5 → 4 → 3 → 2
//
//   ✝ is a tombstone: it ends a generation. The put at 5 starts the next one: create_revision 5,
//   version 1.
//   compact(4): a → 5 (the newest version at or below 4 is a tombstone, which no read needs);
//   compact(3) would keep 5 → 4✝ → 3.
//
// Only the main revision is visible in the API. Changes of one transaction share it and differ in
// their place in the transaction (semantics §2.1).

import { assert } from '../base/assert'
import { inRange } from '../base/bytes'
import { errors } from '../base/errors'
import { OrderedMap } from '../base/ordered-map'
import type { Bytes, KeyValue, LeaseId, RpcError } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'

/** One version of a key; `kv.version` 0 is a tombstone. */
interface Version {
  readonly kv: KeyValue
  readonly older: Version | null
}

/** One changed version of a key and the version before it. */
export interface KeyChange {
  readonly kv: KeyValue
  /**
   * The previous version; absent for a new key. For watchers it is the version before the whole
   * revision, even if the transaction changed the key several times.
   */
  readonly prev: KeyValue | undefined
}

/** All changes of one revision, in order. */
export interface Change {
  readonly revision: number
  readonly changes: readonly KeyChange[]
  readonly older: Change | null
}

export interface RangeOptions {
  /** 0 or less: the current revision. */
  revision?: number
  /** 0: no limit. */
  limit?: number
}

export interface RangeResult {
  kvs: KeyValue[]
  /** Keys in the range at that revision, regardless of the limit. */
  count: number
}

export interface SavedStore {
  revision: number
  compacted: number
  /** Every readable version, by key, oldest first. */
  keys: [Bytes, KeyValue[]][]
  changes: { revision: number; changes: KeyChange[] }[]
}

export const FIRST_REVISION = 1
const NOTHING_COMPACTED = -1

export const isTombstone = (kv: KeyValue): boolean => kv.version === 0

const tombstone = (key: Bytes, revision: number): KeyValue => ({
  key,
  create_revision: 0,
  mod_revision: revision,
  version: 0,
  value: '',
  lease: NO_LEASE,
})

export class Store {
  #revision = FIRST_REVISION
  #compacted = NOTHING_COMPACTED
  #index = OrderedMap.empty<Version>()
  #changes: Change | null = null
  #live = 0

  /** The current main revision; 1 in an empty store. */
  get revision(): number {
    return this.#revision
  }

  /** The revision of the last compaction, −1 before the first. */
  get compacted(): number {
    return this.#compacted
  }

  /** The number of existing keys. */
  get size(): number {
    return this.#live
  }

  /** The key's current version; undefined for a key that does not exist. */
  get(key: Bytes): KeyValue | undefined {
    const kv = this.#index.get(key)?.kv
    return kv === undefined || isTombstone(kv) ? undefined : kv
  }

  /**
   * The keys of [key, end) at a revision, ascending (semantics §2.2). `end` is etcd's range_end.
   */
  range(key: Bytes, end: Bytes, options: RangeOptions = {}): RangeResult | RpcError {
    const asked = options.revision ?? 0
    if (asked > this.#revision) return errors.FutureRev
    const revision = asked <= 0 ? this.#revision : asked
    if (revision < this.#compacted) return errors.Compacted
    return this.#rangeAt(key, end, revision, options.limit ?? 0)
  }

  /** The current keys from `key` on, ascending. */
  *startingAt(key: Bytes): IterableIterator<KeyValue> {
    for (const [, version] of this.#index.startingAt(key))
      if (!isTombstone(version.kv)) yield version.kv
  }

  /** Begins a write transaction. There is one at a time; `end` closes it. */
  begin(): WriteTxn {
    return new WriteTxn(this)
  }

  /** All changes at or after a revision, oldest first (mvcc/watchable_store.go: syncWatchers). */
  changesSince(revision: number): Change[] {
    const found: Change[] = []
    for (
      let change = this.#changes;
      change !== null && change.revision >= revision;
      change = change.older
    )
      found.push(change)
    return found.reverse()
  }

  /**
   * Removes the versions that only revisions before `revision` can read (semantics §2.6). With
   * `keepsTombstones`, deletions at that revision stay for watches.
   */
  compact(revision: number, keepsTombstones = false): RpcError | undefined {
    if (revision <= this.#compacted) return errors.Compacted
    if (revision > this.#revision) return errors.FutureRev
    this.#compacted = revision
    for (const [key, version] of this.#index.entries()) {
      const kept = keepSince(version, revision, keepsTombstones)
      if (kept === version) continue
      this.#index = kept === null ? this.#index.delete(key) : this.#index.set(key, kept)
    }
    const kept = this.changesSince(revision)
    this.#changes = null
    for (const change of kept) {
      const changes =
        change.revision === revision ? this.#survivors(change, keepsTombstones) : change.changes
      if (changes.length > 0)
        this.#changes = { revision: change.revision, changes, older: this.#changes }
    }
    return undefined
  }

  save(): SavedStore {
    const keys: [Bytes, KeyValue[]][] = []
    for (const [key, newest] of this.#index.entries()) {
      const versions: KeyValue[] = []
      for (let version: Version | null = newest; version !== null; version = version.older)
        versions.push(version.kv)
      keys.push([key, versions.reverse()])
    }
    const changes = this.changesSince(0).map(({ revision, changes }) => ({
      revision,
      changes: [...changes],
    }))
    return { revision: this.#revision, compacted: this.#compacted, keys, changes }
  }

  static load(saved: SavedStore): Store {
    const store = new Store()
    store.#revision = saved.revision
    store.#compacted = saved.compacted
    store.#index = OrderedMap.from(
      saved.keys.map(([key, kvs]) => {
        let version: Version | null = null
        for (const kv of kvs) version = { kv, older: version }
        assert(version !== null, `key ${key} has no version`)
        if (!isTombstone(version.kv)) store.#live++
        return [key, version] as const
      }),
    )
    for (const { revision, changes } of saved.changes)
      store.#changes = { revision, changes, older: store.#changes }
    return store
  }

  /**
   * For WriteTxn only: writes the next version of a key, at the revision of the open transaction.
   */
  write(key: Bytes, next: (existing: KeyValue | undefined) => KeyValue): KeyChange {
    const older = this.#index.get(key) ?? null
    const prev = older === null || isTombstone(older.kv) ? undefined : older.kv
    const kv = next(prev)
    this.#index = this.#index.set(key, { kv, older })
    this.#live += (isTombstone(kv) ? 0 : 1) - (prev === undefined ? 0 : 1)
    return { kv, prev }
  }

  /** For WriteTxn only: commits the transaction; its revision becomes the store's revision. */
  commit(changes: readonly KeyChange[]): void {
    if (changes.length === 0) return
    this.#revision++
    this.#changes = { revision: this.#revision, changes, older: this.#changes }
  }

  /** For WriteTxn only: reads at a revision, which may be that of the open transaction. */
  rangeWithin(key: Bytes, end: Bytes, revision: number): RangeResult {
    return this.#rangeAt(key, end, revision, 0)
  }

  /**
   * The changes that a watch from the compacted revision receives: the versions that the compaction
   * left, without previous versions (mvcc/key_index.go: compact; mvcc/watchable_store.go reads the
   * rest).
   */
  #survivors({ revision, changes }: Change, keepsTombstones: boolean): KeyChange[] {
    return changes
      .filter(({ kv }) => {
        const newest = this.#index.get(kv.key)
        const left = newest === undefined ? undefined : versionAt(newest, revision)
        return isTombstone(kv)
          ? keepsTombstones && newest !== undefined && left === undefined
          : left?.mod_revision === revision
      })
      .map(({ kv }) => ({ kv, prev: undefined }))
  }

  #rangeAt(key: Bytes, end: Bytes, revision: number, limit: number): RangeResult {
    const kvs: KeyValue[] = []
    let count = 0
    for (const [name, newest] of this.#index.startingAt(key)) {
      if (!inRange(name, key, end)) break
      const kv = versionAt(newest, revision)
      if (kv === undefined) continue
      count++
      if (limit <= 0 || kvs.length < limit) kvs.push(kv)
    }
    return { kvs, count }
  }
}

/**
 * A write transaction. Its own later reads see its changes; after `end` all readers see them, at
 * one revision.
 */
export class WriteTxn {
  readonly #store: Store
  readonly #base: number
  readonly #changes: KeyChange[] = []
  // The version of each key before this transaction.
  readonly #before = new Map<Bytes, KeyValue | undefined>()

  constructor(store: Store) {
    this.#store = store
    this.#base = store.revision
  }

  /**
   * The revision in a response of this transaction: the store's revision, or its own after its
   * first change.
   */
  get revision(): number {
    return this.#changes.length > 0 ? this.#base + 1 : this.#base
  }

  get changes(): readonly KeyChange[] {
    return this.#changes
  }

  put(key: Bytes, value: Bytes, lease: LeaseId): KeyChange {
    const revision = this.#base + 1
    const change = this.#store.write(key, (prev) => ({
      key,
      create_revision: prev?.create_revision ?? revision,
      mod_revision: revision,
      version: (prev?.version ?? 0) + 1,
      value,
      lease,
    }))
    this.#note(change)
    return change
  }

  /** Deletes every key of the range in ascending order; an empty range changes nothing. */
  deleteRange(key: Bytes, end: Bytes): KeyChange[] {
    const { kvs } = this.#store.rangeWithin(key, end, this.#base + 1)
    const deleted = kvs.map((kv) =>
      this.#store.write(kv.key, () => tombstone(kv.key, this.#base + 1)),
    )
    for (const change of deleted) this.#note(change)
    return deleted
  }

  /**
   * Reads the state of this transaction, including its own changes. A read at a given revision sees
   * that revision unchanged.
   */
  range(key: Bytes, end: Bytes, revision = 0): RangeResult | RpcError {
    if (revision > this.revision) return errors.FutureRev
    if (revision > 0 && revision < this.#store.compacted) return errors.Compacted
    return this.#store.rangeWithin(key, end, revision > 0 ? revision : this.#base + 1)
  }

  /** Closes the transaction. Without changes the store's revision stays (semantics §2.1). */
  end(): readonly KeyChange[] {
    this.#store.commit(this.#changes)
    return this.#changes
  }

  #note({ kv, prev }: KeyChange): void {
    if (!this.#before.has(kv.key)) this.#before.set(kv.key, prev)
    // A creation has no previous version, even if the same transaction deleted the key first
    // (v3rpc/watch.go: isCreateEvent).
    const isCreation = kv.create_revision === kv.mod_revision
    this.#changes.push({ kv, prev: isCreation ? undefined : this.#before.get(kv.key) })
  }
}

function versionAt(newest: Version, revision: number): KeyValue | undefined {
  let version: Version | null = newest
  while (version !== null && version.kv.mod_revision > revision) version = version.older
  return version === null || isTombstone(version.kv) ? undefined : version.kv
}

/**
 * The chain without versions that no revision ≥ `revision` reads; null for an empty chain. A loop,
 * because a chain may be longer than the call stack.
 */
function keepSince(newest: Version, revision: number, keepsTombstones: boolean): Version | null {
  const newer: KeyValue[] = []
  let version: Version | null = newest
  for (; version !== null && version.kv.mod_revision > revision; version = version.older)
    newer.push(version.kv)
  if (version === null || (version.older === null && !isTombstone(version.kv))) return newest
  const isKept =
    !isTombstone(version.kv) || (keepsTombstones && version.kv.mod_revision === revision)
  let kept: Version | null = isKept ? { kv: version.kv, older: null } : null
  for (const kv of newer.reverse()) kept = { kv, older: kept }
  return kept
}
