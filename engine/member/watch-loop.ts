// Watches of one member over time: the requests of their streams, the loop for unsynced watchers,
// progress without events (etcd: v3rpc/watch.go, mvcc/watchable_store.go: syncWatchersLoop).

import type { WatchRequest } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import type { KeyChange } from '../mvcc/store'
import { WATCH_SYNC_MS } from '../mvcc/watch'
import type { MemberContext } from './context'
import type { Core } from './core'
import type { SavedWatchServer, WatchAnswer, WatchRules } from './watch-server'
import { WatchServer } from './watch-server'

export interface SavedWatchLoop {
  server: SavedWatchServer
  syncing: boolean
}

export class WatchLoop {
  #server: WatchServer
  /** A pass for unsynced watchers is scheduled. */
  #syncing = false

  constructor(rules: WatchRules) {
    this.#server = new WatchServer(rules)
  }

  request(
    core: Core,
    context: MemberContext,
    client: ClientId,
    rpc: number,
    request: WatchRequest,
    cause: EventId,
  ): void {
    const answers = this.#server.request(client, rpc, request, context.now, core)
    const created = answers.find(({ response }) => response.created && !response.canceled)
    const event =
      request.type === 'WatchCreate' && created !== undefined
        ? context.trace.emit(
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
    answerAll(answers, context, event)
    this.#scheduleSync(context, event)
    if (request.type === 'WatchCreate' && request.progress_notify)
      this.#scheduleProgress(context, event)
  }

  /** Notifies the watches of a revision's changes. */
  notify(core: Core, context: MemberContext, changes: readonly KeyChange[], event: EventId): void {
    answerAll(this.#server.notify(changes, core), context, event)
  }

  /** A snapshot replaced the store: the watches catch up with it. */
  restored({ store }: Core, context: MemberContext, cause: EventId): void {
    this.#server.restored(store.revision)
    this.#scheduleSync(context, cause)
  }

  sync(core: Core, context: MemberContext, cause: EventId): void {
    this.#syncing = false
    const answers = this.#server.sync(core)
    const event = context.trace.emit(
      { type: 'watch-synced', member: core.options.name, responses: answers.length },
      cause,
    )
    answerAll(answers, context, event)
    this.#scheduleSync(context, event)
  }

  sendProgress(core: Core, context: MemberContext, cause: EventId): void {
    answerAll(this.#server.sendProgress(context.now, core), context, cause)
    this.#scheduleProgress(context, cause)
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
   * The loop runs every 100 ms in any case. Only passes that would find an unsynced watcher are
   * scheduled.
   */
  #scheduleSync(context: MemberContext, cause: EventId): void {
    if (this.#syncing || !this.#server.behind) return
    this.#syncing = true
    context.timer(
      'watch-sync',
      (Math.floor(context.now / WATCH_SYNC_MS) + 1) * WATCH_SYNC_MS,
      cause,
    )
  }

  #scheduleProgress(context: MemberContext, cause: EventId): void {
    const at = this.#server.nextProgressAt
    if (at !== null) context.timer('watch-progress', at, cause)
  }
}

function answerAll(answers: WatchAnswer[], context: MemberContext, cause: EventId): void {
  for (const { client, rpc, response } of answers)
    context.answer({ type: 'client', client, rpc }, response, cause)
}
