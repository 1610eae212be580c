// Watchers (etcd: mvcc/watchable_store.go). A synced watcher is told of a revision as it is
// committed; an unsynced one, which asked for a revision of the past, is caught up by a loop
// (semantics §2.7).

import { inRange } from '../base/bytes'
import type { Bytes, WatchEvent } from '../base/rpc'
import type { Change, KeyChange, Store } from './store'
import { isTombstone } from './store'

export const WATCH_SYNC_MS = 100
/** Distinct revisions with something in a watcher's range that one catching-up pass hands to it. */
const WATCH_BATCH_REVISIONS = 1000

export interface WatcherOptions {
  key: Bytes
  end: Bytes
  /** 0: from now on. A negative one is taken as it stands: see `sync`. */
  startRevision: number
  prevKv: boolean
  noPut: boolean
  noDelete: boolean
}

export interface Watcher extends WatcherOptions {
  /** Counts up within a hub. */
  id: number
  /** The next revision it has not been told of. */
  nextRevision: number
  synced: boolean
}

/**
 * What a watcher is to be told: events, or that what it asked for is compacted, after which it is
 * gone.
 */
export type Notice =
  | { watcher: number; type: 'events'; revision: number; events: WatchEvent[] }
  | { watcher: number; type: 'compacted'; compactRevision: number }

export interface SavedWatchHub {
  nextId: number
  watchers: Watcher[]
}

export class WatchHub {
  #nextId = 1
  // In the order of their creation, which is the order in which they are told.
  #watchers: Watcher[] = []

  get unsynced(): number {
    let unsynced = 0
    for (const watcher of this.#watchers) if (!watcher.synced) unsynced++
    return unsynced
  }

  /**
   * Registers a watcher and answers with its id. A start in the past is caught up by `sync`; one in
   * the future is silent until reached.
   */
  add(options: WatcherOptions, currentRevision: number): number {
    const nextRevision = options.startRevision !== 0 ? options.startRevision : currentRevision + 1
    const watcher: Watcher = {
      ...options,
      id: this.#nextId++,
      nextRevision,
      synced: nextRevision > currentRevision,
    }
    this.#watchers.push(watcher)
    return watcher.id
  }

  /** An unknown id is ignored. */
  remove(id: number): void {
    this.#watchers = this.#watchers.filter((watcher) => watcher.id !== id)
  }

  isSynced(id: number): boolean {
    return this.#watchers.find((watcher) => watcher.id === id)?.synced ?? false
  }

  /** The revision that a watcher asked to start at; 0 for one from now on and for an unknown id. */
  startOf(id: number): number {
    return this.#watchers.find((watcher) => watcher.id === id)?.startRevision ?? 0
  }

  /**
   * Tells the synced watchers of a revision just committed: one notice each, whatever the revision
   * changed in its range.
   */
  notify(revision: number, changes: readonly KeyChange[]): Notice[] {
    const notices: Notice[] = []
    for (const watcher of this.#watchers) {
      if (!watcher.synced || revision < watcher.nextRevision) continue
      watcher.nextRevision = revision + 1
      const events = eventsFor(watcher, changes)
      if (events.length > 0) notices.push({ watcher: watcher.id, type: 'events', revision, events })
    }
    return notices
  }

  /**
   * The store was replaced by a snapshot at this revision: watchers that the changes until then
   * concern are behind (watchable_store.go: Restore).
   */
  restored(revision: number): void {
    for (const watcher of this.#watchers)
      if (watcher.nextRevision <= revision) watcher.synced = false
  }

  /**
   * One pass of the catching-up loop. A caught-up batch carries the store's current revision
   * (semantics §2.7). A watcher that waits at a negative revision spoils the pass: etcd reads its
   * log from the least revision on, and a negative one is behind the last, so that nobody is told
   * anything of the past.
   */
  sync(store: Store): Notice[] {
    const notices: Notice[] = []
    const behind = this.#watchers.filter(({ synced }) => !synced)
    const compacted = behind.filter(({ nextRevision }) => nextRevision < store.compacted)
    const chosen = behind.filter((watcher) => !compacted.includes(watcher))
    for (const { id } of compacted)
      notices.push({ watcher: id, type: 'compacted', compactRevision: store.compacted })
    if (compacted.length > 0)
      this.#watchers = this.#watchers.filter((watcher) => !compacted.includes(watcher))

    const from = Math.min(...chosen.map(({ nextRevision }) => nextRevision))
    const changes = chosen.length === 0 || from < 0 ? [] : store.changesSince(from)
    for (const watcher of chosen) {
      const { events, moreFrom } = catchUp(watcher, changes)
      watcher.nextRevision = moreFrom ?? store.revision + 1
      watcher.synced = watcher.nextRevision > store.revision
      if (events.length > 0)
        notices.push({ watcher: watcher.id, type: 'events', revision: store.revision, events })
    }
    return notices
  }

  save(): SavedWatchHub {
    return { nextId: this.#nextId, watchers: this.#watchers.map((watcher) => ({ ...watcher })) }
  }

  static load(saved: SavedWatchHub): WatchHub {
    const hub = new WatchHub()
    hub.#nextId = saved.nextId
    hub.#watchers = saved.watchers.map((watcher) => ({ ...watcher }))
    return hub
  }
}

/**
 * One batch for a watcher that is behind, and the revision where the next batch begins, if there is
 * to be one (mvcc/watcher_group.go: eventBatch).
 */
function catchUp(
  watcher: Watcher,
  changes: readonly Change[],
): { events: WatchEvent[]; moreFrom: number | undefined } {
  const events: WatchEvent[] = []
  let revisions = 0
  for (const { revision, changes: changed } of changes) {
    if (revision < watcher.nextRevision) continue
    // What the watcher's filters leave out counts too.
    if (!changed.some(({ kv }) => inRange(kv.key, watcher.key, watcher.end))) continue
    if (++revisions > WATCH_BATCH_REVISIONS) return { events, moreFrom: revision }
    events.push(...eventsFor(watcher, changed))
  }
  return { events, moreFrom: undefined }
}

function eventsFor(watcher: Watcher, changes: readonly KeyChange[]): WatchEvent[] {
  const events: WatchEvent[] = []
  for (const { kv, prev } of changes) {
    const deleted = isTombstone(kv)
    if ((deleted && watcher.noDelete) || (!deleted && watcher.noPut)) continue
    if (!inRange(kv.key, watcher.key, watcher.end)) continue
    events.push({
      type: deleted ? 'DELETE' : 'PUT',
      kv,
      ...(watcher.prevKv && prev !== undefined ? { prev_kv: prev } : {}),
    })
  }
  return events
}
