// Watchers (etcd: mvcc/watchable_store.go). A synced watcher is told of a revision as it is committed; an unsynced one, which asked for a revision of the
// past, is caught up by a loop (semantics §2.7).

import { inRange } from '../base/bytes'
import type { Bytes, WatchEvent } from '../base/rpc'
import type { Change, KeyChange, Store } from './store'
import { isTombstone } from './store'

export const WATCH_SYNC_MS = 100
/** Distinct revisions that one catching-up pass hands to one watcher. */
const WATCH_BATCH_REVISIONS = 1000

export interface WatcherOptions {
  key: Bytes
  end: Bytes
  /** 0: from now on. */
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

/** What a watcher is to be told: events, or that what it asked for is compacted, after which it is gone. */
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

  /** Registers a watcher and answers with its id. A start in the past is caught up by `sync`; one in the future is silent until reached. */
  add(options: WatcherOptions, currentRevision: number): number {
    const nextRevision = options.startRevision > 0 ? options.startRevision : currentRevision + 1
    const watcher: Watcher = { ...options, id: this.#nextId++, nextRevision, synced: nextRevision > currentRevision }
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

  /** Tells the synced watchers of a revision just committed: one notice each, whatever the revision changed in its range. */
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

  /** One pass of the catching-up loop. A caught-up batch carries the store's current revision (semantics §2.7). */
  sync(store: Store): Notice[] {
    const notices: Notice[] = []
    const compacted = new Set<number>()
    for (const watcher of this.#watchers) {
      if (watcher.synced) continue
      if (watcher.nextRevision < store.compacted) {
        compacted.add(watcher.id)
        notices.push({ watcher: watcher.id, type: 'compacted', compactRevision: store.compacted })
        continue
      }
      const batch: Change[] = store.changesSince(watcher.nextRevision, WATCH_BATCH_REVISIONS)
      watcher.nextRevision = batch.length < WATCH_BATCH_REVISIONS ? store.revision + 1 : batch[batch.length - 1]!.revision + 1
      watcher.synced = watcher.nextRevision > store.revision
      const events = batch.flatMap((change) => eventsFor(watcher, change.changes))
      if (events.length > 0) notices.push({ watcher: watcher.id, type: 'events', revision: store.revision, events })
    }
    if (compacted.size > 0) this.#watchers = this.#watchers.filter((watcher) => !compacted.has(watcher.id))
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

function eventsFor(watcher: Watcher, changes: readonly KeyChange[]): WatchEvent[] {
  const events: WatchEvent[] = []
  for (const { kv, prev } of changes) {
    const deleted = isTombstone(kv)
    if ((deleted && watcher.noDelete) || (!deleted && watcher.noPut)) continue
    if (!inRange(kv.key, watcher.key, watcher.end)) continue
    events.push({ type: deleted ? 'DELETE' : 'PUT', kv, ...(watcher.prevKv && prev !== undefined ? { prev_kv: prev } : {}) })
  }
  return events
}
