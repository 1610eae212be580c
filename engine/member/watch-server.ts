// Watch streams as a member serves them: which watch of which stream a watcher of the hub stands for (etcd: api/v3rpc/watch.go; semantics §2.7).

import type { Header, WatchRequest, WatchResponse } from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { KeyChange, Store } from '../mvcc/store'
import type { Notice, SavedWatchHub } from '../mvcc/watch'
import { WatchHub } from '../mvcc/watch'

/** One message for one stream. */
export interface WatchAnswer {
  client: ClientId
  rpc: number
  response: WatchResponse
}

interface Watch {
  watchId: number
  watcher: number
}

interface Stream {
  client: ClientId
  rpc: number
  nextWatchId: number
  watches: Watch[]
}

export interface SavedWatchServer {
  hub: SavedWatchHub
  streams: Stream[]
}

/** No watch of the stream: the id that answers to the stream as a whole carry. */
const NO_WATCH = -1

export class WatchServer {
  #hub = new WatchHub()
  #streams: Stream[] = []

  /** Whether some watcher waits for the catching-up loop. */
  get behind(): boolean {
    return this.#hub.unsynced > 0
  }

  /** Takes one message of a stream, which it opens where there is none. */
  request(client: ClientId, rpc: number, request: WatchRequest, store: Store, header: (revision: number) => Header): WatchAnswer[] {
    const stream = this.#open(client, rpc)
    const answer = (change: Partial<WatchResponse>): WatchAnswer[] => [{ client, rpc, response: response(header(store.revision), change) }]
    switch (request.type) {
      case 'WatchCreate': {
        const watchId = request.watch_id || this.#unusedId(stream)
        if (stream.watches.some((watch) => watch.watchId === watchId)) {
          return answer({
            watch_id: NO_WATCH,
            created: true,
            canceled: true,
            cancel_reason: 'mvcc: duplicate watch ID provided on the WatchStream',
          })
        }
        // An empty key means from the first key on; an empty range_end with it means only that key (watch.go: recvLoop).
        const watcher = this.#hub.add(
          {
            key: request.key === '' ? '\0' : request.key,
            end: request.range_end ?? '',
            startRevision: request.start_revision ?? 0,
            prevKv: request.prev_kv ?? false,
            noPut: request.filters?.includes('NOPUT') ?? false,
            noDelete: request.filters?.includes('NODELETE') ?? false,
          },
          store.revision,
        )
        stream.watches.push({ watchId, watcher })
        return answer({ watch_id: watchId, created: true })
      }
      case 'WatchCancel': {
        const watch = stream.watches.find(({ watchId }) => watchId === request.watch_id)
        if (watch === undefined) return []
        this.#hub.remove(watch.watcher)
        stream.watches = stream.watches.filter((other) => other !== watch)
        return answer({ watch_id: watch.watchId, canceled: true })
      }
      case 'WatchProgress':
        return stream.watches.every(({ watcher }) => this.#hub.isSynced(watcher)) ? answer({ watch_id: NO_WATCH }) : []
    }
  }

  /** The client closed a stream; an unknown one is ignored. */
  close(client: ClientId, rpc: number): void {
    const stream = this.#find(client, rpc)
    if (stream === undefined) return
    for (const { watcher } of stream.watches) this.#hub.remove(watcher)
    this.#streams = this.#streams.filter((other) => other !== stream)
  }

  /** What the synced watches are told of a revision just committed. */
  notify(revision: number, changes: readonly KeyChange[], header: (revision: number) => Header): WatchAnswer[] {
    return this.#answers(this.#hub.notify(revision, changes), header)
  }

  /** One pass of the catching-up loop. */
  sync(store: Store, header: (revision: number) => Header): WatchAnswer[] {
    return this.#answers(this.#hub.sync(store), header)
  }

  save(): SavedWatchServer {
    return {
      hub: this.#hub.save(),
      streams: this.#streams.map((stream) => ({ ...stream, watches: stream.watches.map((watch) => ({ ...watch })) })),
    }
  }

  static load(saved: SavedWatchServer): WatchServer {
    const server = new WatchServer()
    server.#hub = WatchHub.load(saved.hub)
    server.#streams = saved.streams.map((stream) => ({ ...stream, watches: stream.watches.map((watch) => ({ ...watch })) }))
    return server
  }

  #answers(notices: Notice[], header: (revision: number) => Header): WatchAnswer[] {
    const answers: WatchAnswer[] = []
    for (const notice of notices) {
      const stream = this.#streams.find(({ watches }) => watches.some(({ watcher }) => watcher === notice.watcher))
      if (stream === undefined) continue
      const { client, rpc } = stream
      const watchId = stream.watches.find(({ watcher }) => watcher === notice.watcher)!.watchId
      if (notice.type === 'events') {
        answers.push({ client, rpc, response: response(header(notice.revision), { watch_id: watchId, events: notice.events }) })
      } else {
        stream.watches = stream.watches.filter(({ watcher }) => watcher !== notice.watcher)
        // The one answer whose header names no revision.
        answers.push({
          client,
          rpc,
          response: response(header(0), { watch_id: watchId, canceled: true, compact_revision: notice.compactRevision }),
        })
      }
    }
    return answers
  }

  #unusedId(stream: Stream): number {
    while (stream.watches.some(({ watchId }) => watchId === stream.nextWatchId)) stream.nextWatchId++
    return stream.nextWatchId++
  }

  #find(client: ClientId, rpc: number): Stream | undefined {
    return this.#streams.find((stream) => stream.client === client && stream.rpc === rpc)
  }

  #open(client: ClientId, rpc: number): Stream {
    const open = this.#find(client, rpc)
    if (open !== undefined) return open
    const stream: Stream = { client, rpc, nextWatchId: 0, watches: [] }
    this.#streams.push(stream)
    return stream
  }
}

function response(header: Header, change: Partial<WatchResponse>): WatchResponse {
  return {
    type: 'Watch',
    header,
    watch_id: 0,
    created: false,
    canceled: false,
    compact_revision: 0,
    cancel_reason: '',
    fragment: false,
    events: [],
    ...change,
  }
}
