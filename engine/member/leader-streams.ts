// Streams whose client wants a leader (require-leader in their metadata; etcd:
// api/v3rpc/interceptor.go: monitorLeader; semantics §2.7). On a member that knows none they are
// refused; those that are open are ended once three looks in a row, one per election timeout, have
// found none.

import type { ClientId, EventId } from '../base/trace'
import type { MemberContext } from './context'

/** Looks that find no leader before streams are ended (interceptor.go: maxNoLeaderCnt). */
const MOST_LOOKS = 3

interface Stream {
  client: ClientId
  rpc: number
}

export interface SavedLeaderStreams {
  bootedAt: number
  streams: Stream[]
  /** How many in a row have found no leader, and when the last one was. */
  looks: number
  lookedAt: number
  isLooking: boolean
}

export class LeaderStreams {
  #state: SavedLeaderStreams = { bootedAt: 0, streams: [], looks: 0, lookedAt: 0, isLooking: false }

  start(now: number): void {
    this.#state.bootedAt = now
  }

  /** A stream is open; a known one is known already. */
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
   * The looks lie on a grid from the start of the process; only those that may find nobody are
   * taken.
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

  /** One look; answers with the streams to end. */
  look(hasLeader: boolean, electionMs: number, now: number): Stream[] {
    const state = this.#state
    // One that was left out would have found a leader, or nobody who wants one.
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
