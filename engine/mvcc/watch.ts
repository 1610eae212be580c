// Watchers (etcd: mvcc/watchable_store.go). A synced watcher is notified of a revision when it is
// committed. An unsynced watcher asked for a past revision, and a loop sends the missed events
// (semantics §2.7).

import { inRange } from '../base/bytes'
import type { Bytes, WatchEvent } from '../base/rpc'
import type { Change, KeyChange, Store } from './store'
import { isTombstone } from './store'

export const WATCH_SYNC_MS = 100
/** The maximum of distinct revisions with events for a watcher in one pass of the loop. */
const WATCH_BATCH_REVISIONS = 1000

export interface WatcherOptions {
  key: Bytes
  end: Bytes
  /** 0: from now on. A negative value is kept unchanged: see `sync`. */
  startRevision: number
  prevKv: boolean
  noPut: boolean
  noDelete: boolean
}

export interface Watcher extends WatcherOptions {
  /** Counts up within a hub. */
  id: number
  /** The next revision that the watcher has not received. */
  nextRevision: number
  synced: boolean
}

/**
 * A notice for a watcher: events, or that its start revision is compacted, which removes the
 * watcher.
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
  // In the order of creation, which is also the order of notification.
  #watchers: Watcher[] = []

  get unsynced(): number {
    let unsynced = 0
    for (const watcher of this.#watchers) if (!watcher.synced) unsynced++
    return unsynced
  }

  /**
   * Adds a watcher and returns its ID. `sync` sends past revisions; a watcher with a future start
   * is silent until then.
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

  /** The start revision of a watcher; 0 for a watcher from now on and for an unknown ID. */
  startOf(id: number): number {
    return this.#watchers.find((watcher) => watcher.id === id)?.startRevision ?? 0
  }

  /**
   * Notifies the synced watchers of a committed revision: one notice each, with all events in its
   * range.
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
   * A snapshot replaced the store at this revision. Watchers become unsynced if earlier changes
   * concern them (watchable_store.go: Restore).
   */
  restored(revision: number): void {
    for (const watcher of this.#watchers)
      if (watcher.nextRevision <= revision) watcher.synced = false
  }

  /**
   * One pass of the loop for unsynced watchers. The last batch carries the store's current revision
   * (semantics §2.7). A watcher at a negative revision disables the pass: etcd reads its log from
   * the least revision on, and a negative one lies behind the last. So no unsynced watcher receives
   * events.
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
 * One batch for an unsynced watcher, and the start revision of the next batch, if any
 * (mvcc/watcher_group.go: eventBatch).
 */
function catchUp(
  watcher: Watcher,
  changes: readonly Change[],
): { events: WatchEvent[]; moreFrom: number | undefined } {
  const events: WatchEvent[] = []
  let revisions = 0
  for (const { revision, changes: changed } of changes) {
    if (revision < watcher.nextRevision) continue
    // Events that the watcher's filters drop count too.
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
