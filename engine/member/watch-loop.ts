// Watches of one member in time: the requests of their streams, the loop that brings late watchers
// up to date, progress while nothing happens (etcd: v3rpc/watch.go, mvcc/watchable_store.go:
// syncWatchersLoop).

import type { Header, WatchRequest } from '../base/rpc'
import type { ClientId, EventId, MemberName } from '../base/trace'
import type { Store } from '../mvcc/store'
import { WATCH_SYNC_MS } from '../mvcc/watch'
import type { Turn } from './turn'
import type { SavedWatchServer, WatchAnswer, WatchRules } from './watch-server'
import { WatchServer } from './watch-server'

/** The store, and the header that answers from it carry. */
export interface Source {
  store: Store
  header(revision: number): Header
}

export interface SavedWatchLoop {
  server: SavedWatchServer
  syncing: boolean
}

export class WatchLoop {
  #server: WatchServer
  /** A pass that brings late watchers up to date is set. */
  #syncing = false

  constructor(rules: WatchRules) {
    this.#server = new WatchServer(rules)
  }

  request(
    client: ClientId,
    rpc: number,
    request: WatchRequest,
    member: MemberName,
    source: Source,
    turn: Turn,
    cause: EventId,
  ): void {
    const answers = this.#server.request(client, rpc, request, turn.now, source)
    const created = answers.find(({ response }) => response.created && !response.canceled)
    const event =
      request.type === 'WatchCreate' && created !== undefined
        ? turn.trace.emit(
            {
              type: 'watch-created',
              member,
              client,
              watch: created.response.watch_id,
              key: request.key,
            },
            cause,
          )
        : cause
    tell(answers, turn, event)
    this.#scheduleSync(turn, event)
    if (request.type === 'WatchCreate' && request.progress_notify)
      this.#scheduleProgress(turn, event)
  }

  /** What a revision has changed. */
  notify(
    changes: Parameters<WatchServer['notify']>[1],
    { store, header }: Source,
    turn: Turn,
    event: EventId,
  ): void {
    tell(this.#server.notify(store.revision, changes, header), turn, event)
  }

  /** The store was replaced by a snapshot: the watches catch up with it. */
  restored({ store }: Source, turn: Turn, cause: EventId): void {
    this.#server.restored(store.revision)
    this.#scheduleSync(turn, cause)
  }

  sync(member: MemberName, source: Source, turn: Turn, cause: EventId): void {
    this.#syncing = false
    const answers = this.#server.sync(source)
    const event = turn.trace.emit(
      { type: 'watch-synced', member, responses: answers.length },
      cause,
    )
    tell(answers, turn, event)
    this.#scheduleSync(turn, event)
  }

  tellProgress(source: Source, turn: Turn, cause: EventId): void {
    tell(this.#server.tellProgress(turn.now, source), turn, cause)
    this.#scheduleProgress(turn, cause)
  }

  close(client: ClientId, rpc: number): void {
    this.#server.close(client, rpc)
  }

  save(): SavedWatchLoop {
    return { server: this.#server.save(), syncing: this.#syncing }
  }

  static load(rules: WatchRules, saved: SavedWatchLoop): WatchLoop {
    const loop = new WatchLoop(rules)
    loop.#server = WatchServer.load(rules, saved.server)
    loop.#syncing = saved.syncing
    return loop
  }

  /**
   * The catching-up loop runs every 100 ms whether anybody is behind or not; only the passes that
   * would find somebody are taken.
   */
  #scheduleSync(turn: Turn, cause: EventId): void {
    if (this.#syncing || !this.#server.behind) return
    this.#syncing = true
    turn.timer('watch-sync', (Math.floor(turn.now / WATCH_SYNC_MS) + 1) * WATCH_SYNC_MS, cause)
  }

  #scheduleProgress(turn: Turn, cause: EventId): void {
    const at = this.#server.nextProgressAt
    if (at !== null) turn.timer('watch-progress', at, cause)
  }
}

function tell(answers: WatchAnswer[], turn: Turn, cause: EventId): void {
  for (const { client, rpc, response } of answers)
    turn.answer({ type: 'client', client, rpc }, response, cause)
}
