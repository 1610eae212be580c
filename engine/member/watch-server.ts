// Watch streams as a member serves them: maps each watch of a stream to a watcher of the hub (etcd:
// api/v3rpc/watch.go; semantics §2.7).

import { errors } from '../base/errors'
import type {
  Header,
  WatchCreateRequest,
  WatchEvent,
  WatchRequest,
  WatchResponse,
} from '../base/rpc'
import type { ClientId } from '../base/trace'
import type { KeyChange } from '../mvcc/store'
import type { Notice, SavedWatchHub } from '../mvcc/watch'
import { WatchHub } from '../mvcc/watch'
import type { Source } from './core'
import { MAX_MESSAGE_BYTES, watchEventSize, watchHeadSize } from './message-size'
import type { Differences } from './versions'

/**
 * Milliseconds between two turns of a stream's progress ticker (v3rpc/watch.go:
 * GetProgressReportInterval). etcd adds up to a tenth at random, so that streams do not tick
 * together. Here nothing is added.
 */
export const PROGRESS_INTERVAL_MS = 10 * 60 * 1000

/** One message for one stream. */
export interface WatchAnswer {
  client: ClientId
  rpc: number
  response: WatchResponse
}

interface Watch {
  watchId: number
  /**
   * Null once the watch was cancelled because of a compaction: its id stays in use until the client
   * cancels it too.
   */
  watcher: number | null
  fragment: boolean
  /**
   * `off`: no progress wanted. `told`: an event since the last turn of the ticker has the same
   * effect.
   */
  progress: 'off' | 'due' | 'told'
}

interface Stream {
  client: ClientId
  rpc: number
  nextWatchId: number
  watches: Watch[]
  /** The next turn of its progress ticker, virtual milliseconds. */
  progressAt: number
}

export interface SavedWatchServer {
  hub: SavedWatchHub
  streams: Stream[]
}

/** No watch of the stream: the id in answers to the whole stream. */
const NO_WATCH = -1

/** The rows of versions.ts about watches. */
export type WatchRules = Pick<
  Differences,
  | 'progressWaitsForSync'
  | 'progressWaitsForStart'
  | 'progressNeedsWatches'
  | 'negativeStartIsCompacted'
>

export class WatchServer {
  readonly #rules: WatchRules
  #hub = new WatchHub()
  #streams: Stream[] = []

  constructor(rules: WatchRules) {
    this.#rules = rules
  }

  /** Whether a watcher waits for the catch-up loop. */
  get behind(): boolean {
    return this.#hub.unsynced > 0
  }

  /** The next turn of a progress ticker that has a watch to notify; null for none. */
  get nextProgressAt(): number | null {
    const wanted = this.#streams.filter(({ watches }) =>
      watches.some(({ progress }) => progress !== 'off'),
    )
    return wanted.length === 0 ? null : Math.min(...wanted.map(({ progressAt }) => progressAt))
  }

  /** Handles one message of a stream; opens the stream if it is new. */
  request(
    client: ClientId,
    rpc: number,
    request: WatchRequest,
    now: number,
    source: Source,
  ): WatchAnswer[] {
    const { store } = source
    const stream = this.#open(client, rpc, now)
    const answer = (change: Partial<WatchResponse>): WatchAnswer[] => [
      { client, rpc, response: watchResponse(source.header(), change) },
    ]
    switch (request.type) {
      case 'WatchCreate': {
        const watch = this.#create(stream, request, store.revision)
        // Only the reason names the compaction: this answer has no compact_revision.
        if (typeof watch === 'string')
          return answer({ watch_id: NO_WATCH, created: true, canceled: true, cancel_reason: watch })
        return answer({ watch_id: watch.watchId, created: true })
      }
      case 'WatchCancel': {
        const watch = stream.watches.find(({ watchId }) => watchId === request.watch_id)
        if (watch === undefined) return []
        if (watch.watcher !== null) this.#hub.remove(watch.watcher)
        stream.watches = stream.watches.filter((other) => other !== watch)
        return answer({ watch_id: watch.watchId, canceled: true })
      }
      case 'WatchProgress': {
        if (stream.watches.length === 0 && this.#rules.progressNeedsWatches) return []
        return stream.watches.every((watch) => this.#mayTell(watch, store.revision))
          ? answer({ watch_id: NO_WATCH })
          : []
      }
    }
  }

  /** The client closed a stream; an unknown one is ignored. */
  close(client: ClientId, rpc: number): void {
    const stream = this.#find(client, rpc)
    if (stream === undefined) return
    for (const { watcher } of stream.watches) if (watcher !== null) this.#hub.remove(watcher)
    this.#streams = this.#streams.filter((other) => other !== stream)
  }

  /** A snapshot replaced the store: the watches catch up with it. */
  restored(revision: number): void {
    this.#hub.restored(revision)
  }

  /** The answers to synced watches for a committed revision. */
  notify(changes: readonly KeyChange[], source: Source): WatchAnswer[] {
    return this.#answers(this.#hub.notify(source.store.revision, changes), source)
  }

  /** One pass of the catch-up loop. */
  sync(source: Source): WatchAnswer[] {
    return this.#answers(this.#hub.sync(source.store), source)
  }

  /**
   * Turns the due progress tickers: a watch that requested progress and had no event since the last
   * turn receives the current revision.
   */
  sendProgress(now: number, source: Source): WatchAnswer[] {
    const { store } = source
    const answers: WatchAnswer[] = []
    for (const stream of this.#streams) {
      if (stream.progressAt > now) continue
      stream.progressAt = nextTurn(stream.progressAt, now)
      for (const watch of [...stream.watches].sort((a, b) => a.watchId - b.watchId)) {
        const isSynced = watch.watcher !== null && this.#hub.isSynced(watch.watcher)
        if (watch.progress === 'due' && isSynced && this.#mayTell(watch, store.revision)) {
          const { client, rpc } = stream
          answers.push({
            client,
            rpc,
            response: watchResponse(source.header(), { watch_id: watch.watchId }),
          })
        }
        if (watch.progress === 'told') watch.progress = 'due'
      }
    }
    return answers
  }

  save(): SavedWatchServer {
    return { hub: this.#hub.save(), streams: this.#streams.map(copyOf) }
  }

  static load(rules: WatchRules, saved: SavedWatchServer): WatchServer {
    const server = new WatchServer(rules)
    server.#hub = WatchHub.load(saved.hub)
    server.#streams = saved.streams.map(copyOf)
    return server
  }

  /**
   * Whether a watch allows progress on its stream (watchable_store.go: progressIfSync). A watch
   * that a compaction has ended is in no group of watchers.
   */
  #mayTell({ watcher }: Watch, revision: number): boolean {
    const { progressWaitsForSync, progressWaitsForStart } = this.#rules
    if (watcher === null) return !progressWaitsForSync
    if (progressWaitsForSync && !this.#hub.isSynced(watcher)) return false
    return !progressWaitsForStart || this.#hub.startOf(watcher) <= revision
  }

  /** The new watch, or the reason for its refusal. */
  #create(stream: Stream, request: WatchCreateRequest, revision: number): Watch | string {
    // An empty key means from the first key on; an empty range_end with it means only that key
    // (watch.go: recvLoop).
    if (this.#rules.negativeStartIsCompacted && (request.start_revision ?? 0) < 0)
      return errors.Compacted.message
    const key = request.key === '' ? '\0' : request.key
    const end = request.range_end ?? ''
    if (end !== '' && end !== '\0' && key >= end) return 'mvcc: watcher range is empty'
    if (request.watch_id && stream.watches.some(({ watchId }) => watchId === request.watch_id)) {
      return 'mvcc: duplicate watch ID provided on the WatchStream'
    }
    const watcher = this.#hub.add(
      {
        key,
        end,
        startRevision: request.start_revision ?? 0,
        prevKv: request.prev_kv ?? false,
        noPut: request.filters?.includes('NOPUT') ?? false,
        noDelete: request.filters?.includes('NODELETE') ?? false,
      },
      revision,
    )
    const watchId = request.watch_id || unusedId(stream)
    const watch: Watch = {
      watchId,
      watcher,
      fragment: request.fragment ?? false,
      progress: request.progress_notify ? 'due' : 'off',
    }
    stream.watches.push(watch)
    return watch
  }

  #answers(notices: Notice[], source: Source): WatchAnswer[] {
    return notices.flatMap((notice) => {
      const stream = this.#streams.find(({ watches }) =>
        watches.some(({ watcher }) => watcher === notice.watcher),
      )
      const watch = stream?.watches.find(({ watcher }) => watcher === notice.watcher)
      if (stream === undefined || watch === undefined) return []
      const { client, rpc } = stream
      const { watchId } = watch
      if (notice.type === 'compacted') {
        watch.watcher = null
        // The only answer whose header has no revision.
        const change = {
          watch_id: watchId,
          canceled: true,
          compact_revision: notice.compactRevision,
        }
        return [{ client, rpc, response: watchResponse(source.header(0), change) }]
      }
      if (watch.progress === 'due') watch.progress = 'told'
      const whole = watchResponse(source.header(notice.revision), {
        watch_id: watchId,
        events: notice.events,
      })
      return (watch.fragment ? fragments(whole) : [whole]).map((response) => ({
        client,
        rpc,
        response,
      }))
    })
  }

  #find(client: ClientId, rpc: number): Stream | undefined {
    return this.#streams.find((stream) => stream.client === client && stream.rpc === rpc)
  }

  #open(client: ClientId, rpc: number, now: number): Stream {
    const open = this.#find(client, rpc)
    if (open !== undefined) return open
    const stream: Stream = {
      client,
      rpc,
      nextWatchId: 0,
      watches: [],
      progressAt: now + PROGRESS_INTERVAL_MS,
    }
    this.#streams.push(stream)
    return stream
  }
}

/** A watch response with these fields; the rest has the proto's defaults. */
export function watchResponse(header: Header, change: Partial<WatchResponse>): WatchResponse {
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

/**
 * Splits a response that is too large for a message into parts of at least one event
 * (v3rpc/watch.go: sendFragments).
 */
function fragments(whole: WatchResponse): WatchResponse[] {
  const sizes = whole.events.map(watchEventSize)
  const headBytes = watchHeadSize(whole)
  const bytes = sizes.reduce((sum, size) => sum + size, headBytes)
  if (bytes < MAX_MESSAGE_BYTES || whole.events.length < 2) return [whole]
  const parts: WatchEvent[][] = []
  // The flag for further parts takes two bytes.
  let partBytes = 0
  whole.events.forEach((event, i) => {
    const part = parts.at(-1)
    if (part === undefined || partBytes + sizes[i]! >= MAX_MESSAGE_BYTES) {
      parts.push([event])
      partBytes = headBytes + 2 + sizes[i]!
    } else {
      part.push(event)
      partBytes += sizes[i]!
    }
  })
  return parts.map((events, i) => ({ ...whole, events, fragment: i < parts.length - 1 }))
}

function unusedId(stream: Stream): number {
  while (stream.watches.some(({ watchId }) => watchId === stream.nextWatchId)) stream.nextWatchId++
  return stream.nextWatchId++
}

function nextTurn(turn: number, now: number): number {
  return turn + (Math.floor((now - turn) / PROGRESS_INTERVAL_MS) + 1) * PROGRESS_INTERVAL_MS
}

function copyOf(stream: Stream): Stream {
  return { ...stream, watches: stream.watches.map((watch) => ({ ...watch })) }
}
