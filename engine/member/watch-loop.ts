// Watches of one member in time: the requests of their streams, the loop that brings late watchers
// up to date, progress while nothing happens (etcd: v3rpc/watch.go, mvcc/watchable_store.go:
// syncWatchersLoop).

import type { WatchRequest } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import type { KeyChange } from '../mvcc/store'
import { WATCH_SYNC_MS } from '../mvcc/watch'
import type { Core } from './core'
import type { Turn } from './turn'
import type { SavedWatchServer, WatchAnswer, WatchRules } from './watch-server'
import { WatchServer } from './watch-server'

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
    core: Core,
    turn: Turn,
    client: ClientId,
    rpc: number,
    request: WatchRequest,
    cause: EventId,
  ): void {
    const answers = this.#server.request(client, rpc, request, turn.now, core)
    const created = answers.find(({ response }) => response.created && !response.canceled)
    const event =
      request.type === 'WatchCreate' && created !== undefined
        ? turn.trace.emit(
            {
              type: 'watch-created',
              member: core.options.name,
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
  notify(core: Core, turn: Turn, changes: readonly KeyChange[], event: EventId): void {
    tell(this.#server.notify(changes, core), turn, event)
  }

  /** The store was replaced by a snapshot: the watches catch up with it. */
  restored({ store }: Core, turn: Turn, cause: EventId): void {
    this.#server.restored(store.revision)
    this.#scheduleSync(turn, cause)
  }

  sync(core: Core, turn: Turn, cause: EventId): void {
    this.#syncing = false
    const answers = this.#server.sync(core)
    const event = turn.trace.emit(
      { type: 'watch-synced', member: core.options.name, responses: answers.length },
      cause,
    )
    tell(answers, turn, event)
    this.#scheduleSync(turn, event)
  }

  tellProgress(core: Core, turn: Turn, cause: EventId): void {
    tell(this.#server.tellProgress(turn.now, core), turn, cause)
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
