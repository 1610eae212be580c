// Streams whose client requires a leader (require-leader in their metadata; etcd:
// api/v3rpc/interceptor.go: monitorLeader; semantics §2.7). A member without a leader refuses new
// ones. It ends open ones after three checks in a row without a leader, one check each election
// timeout.

import type { ClientId, EventId } from '../base/trace'
import type { MemberContext } from './context'

/** The checks without a leader before streams are ended (interceptor.go: maxNoLeaderCnt). */
const MOST_LOOKS = 3

interface Stream {
  client: ClientId
  rpc: number
}

export interface SavedLeaderStreams {
  bootedAt: number
  streams: Stream[]
  /** The number of checks in a row without a leader, and the time of the last one. */
  looks: number
  lookedAt: number
  isLooking: boolean
}

export class LeaderStreams {
  #state: SavedLeaderStreams = { bootedAt: 0, streams: [], looks: 0, lookedAt: 0, isLooking: false }

  start(now: number): void {
    this.#state.bootedAt = now
  }

  /** A stream is opened; a known one is ignored. */
  open(client: ClientId, rpc: number): void {
    if (!this.#state.streams.some((stream) => stream.client === client && stream.rpc === rpc))
      this.#state.streams.push({ client, rpc })
  }

  close(client: ClientId, rpc: number): void {
    this.#state.streams = this.#state.streams.filter(
      (stream) => stream.client !== client || stream.rpc !== rpc,
    )
  }

  /**
   * The checks are periodic from the start of the process. Only checks that may find no leader are
   * made.
   */
  schedule(hasLeader: boolean, electionMs: number, context: MemberContext, cause: EventId): void {
    const { bootedAt, isLooking, streams } = this.#state
    if (isLooking || hasLeader || streams.length === 0) return
    this.#state.isLooking = true
    context.timer(
      'leader-look',
      bootedAt + (Math.floor((context.now - bootedAt) / electionMs) + 1) * electionMs,
      cause,
    )
  }

  /** One check; returns the streams to end. */
  checkLeader(hasLeader: boolean, electionMs: number, now: number): Stream[] {
    const state = this.#state
    // A skipped check would have found a leader, or no stream that requires one.
    const before = now - state.lookedAt > electionMs ? 0 : state.looks
    state.isLooking = false
    state.lookedAt = now
    state.looks = hasLeader ? 0 : before + 1
    if (state.looks !== MOST_LOOKS) return []
    const { streams } = state
    state.streams = []
    return streams
  }

  save(): SavedLeaderStreams {
    return { ...this.#state, streams: this.#state.streams.map((stream) => ({ ...stream })) }
  }

  static load(saved: SavedLeaderStreams): LeaderStreams {
    const loaded = new LeaderStreams()
    loaded.#state = { ...saved, streams: saved.streams.map((stream) => ({ ...stream })) }
    return loaded
  }
}
