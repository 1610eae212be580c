// The keep-alive streams of a client: one for all its leases, or one for each, by its library.

import type { LeaseId } from '../base/rpc'
import type { ClientContext } from './context'

/** A stream that all leases share has no lease. */
interface KeepAliveStream {
  lease: LeaseId | null
  /** Null while none is open. */
  rpc: number | null
  /** How often the stream ended: each end takes the next endpoint. */
  failures: number
}

export interface SavedKeepAliveStreams {
  stream: number | null
  streamFailures?: number
  /** Where each lease has its own stream, in the order of their opening; absent without any. */
  streams?: KeepAliveStream[]
}

export class KeepAliveStreams {
  readonly #perLease: boolean
  #streams: KeepAliveStream[] = []

  /** `perLease`: each lease has a stream of its own. */
  constructor(perLease: boolean) {
    this.#perLease = perLease
  }

  has(rpc: number): boolean {
    return this.#streams.some((stream) => stream.rpc === rpc)
  }

  /** The stream that renews a lease. Without one a stream with a new call number is opened. */
  open(lease: LeaseId, newRpc: () => number): { rpc: number; attempt: number } {
    const stream = this.#of(lease)
    stream.rpc ??= newRpc()
    return { rpc: stream.rpc, attempt: stream.failures }
  }

  /** A stream has ended. Answers its lease; null for a stream that all share. */
  ended(rpc: number): LeaseId | null {
    const stream = this.#streams.find((other) => other.rpc === rpc)
    if (stream === undefined) return null
    stream.rpc = null
    stream.failures++
    return stream.lease
  }

  /** The client ends the stream of a lease to open another one. */
  restart(lease: LeaseId, context: ClientContext): void {
    const stream = this.#of(lease)
    cancel(stream, context)
    stream.failures++
  }

  /** All streams end. Answers their leases; null for a stream that all share. */
  restartAll(context: ClientContext): (LeaseId | null)[] {
    const open = this.#streams.filter(({ rpc }) => rpc !== null)
    for (const stream of open) {
      cancel(stream, context)
      stream.failures++
    }
    return open.map(({ lease }) => lease)
  }

  /** A lease is no longer renewed. A stream that other leases may share stays. */
  forget(lease: LeaseId, context: ClientContext): void {
    if (!this.#perLease) return
    for (const stream of this.#streams) if (stream.lease === lease) cancel(stream, context)
    this.#streams = this.#streams.filter((stream) => stream.lease !== lease)
  }

  closeAll(context: ClientContext): void {
    for (const stream of this.#streams) cancel(stream, context)
  }

  save(): SavedKeepAliveStreams {
    if (this.#perLease) {
      const streams = this.#streams.map((stream) => ({ ...stream }))
      return { stream: null, ...(streams.length === 0 ? {} : { streams }) }
    }
    const { rpc, failures } = this.#streams[0] ?? { rpc: null, failures: 0 }
    return { stream: rpc, ...(failures === 0 ? {} : { streamFailures: failures }) }
  }

  static load(
    perLease: boolean,
    { stream, streamFailures = 0, streams = [] }: SavedKeepAliveStreams,
  ): KeepAliveStreams {
    const loaded = new KeepAliveStreams(perLease)
    loaded.#streams = perLease
      ? streams.map((each) => ({ ...each }))
      : [{ lease: null, rpc: stream, failures: streamFailures }]
    return loaded
  }

  #of(lease: LeaseId): KeepAliveStream {
    const key = this.#perLease ? lease : null
    const known = this.#streams.find((stream) => stream.lease === key)
    if (known !== undefined) return known
    const stream: KeepAliveStream = { lease: key, rpc: null, failures: 0 }
    this.#streams.push(stream)
    return stream
  }
}

function cancel(stream: KeepAliveStream, context: ClientContext): void {
  if (stream.rpc !== null) context.cancel(stream.rpc)
  stream.rpc = null
}
