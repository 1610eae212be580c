// The gRPC streams that a client opens by name. Their messages are events in the trace. No message
// is retried, and no watch is resumed.

import type { Reply, Request, StreamCall } from '../base/rpc'
import type { ClientContext, SendOptions } from './context'

/** Open streams: name and call number, sorted by name. */
export type SavedStreams = [string, number][]

export class Streams {
  #rpcs = new Map<string, number>()

  /** Whether a call number is that of an open stream. */
  has(rpc: number): boolean {
    return [...this.#rpcs.values()].includes(rpc)
  }

  /**
   * Opens a stream under a name; an open stream with that name is closed first. `rpc` is its call
   * number.
   */
  open(
    name: string,
    call: StreamCall,
    rpc: number,
    options: Pick<SendOptions, 'endpoint' | 'requiresLeader'>,
    context: ClientContext,
  ): void {
    this.close(name, context)
    this.#rpcs.set(name, rpc)
    context.open(rpc, call, options)
  }

  /** Sends one message. Without an open stream of that name nothing is sent. */
  send(name: string, request: Request, context: ClientContext): void {
    const rpc = this.#rpcs.get(name)
    if (rpc !== undefined) context.send(rpc, request)
  }

  /** Closes a stream; an unknown name is ignored. */
  close(name: string, context: ClientContext): void {
    const rpc = this.#rpcs.get(name)
    if (rpc === undefined) return
    this.#rpcs.delete(name)
    context.cancel(rpc)
  }

  closeAll(context: ClientContext): void {
    for (const [name] of this.save()) this.close(name, context)
  }

  /** A message on a stream; an error ends it. */
  answered(rpc: number, reply: Reply): void {
    if (reply.type !== 'error') return
    for (const [name, open] of this.#rpcs) if (open === rpc) this.#rpcs.delete(name)
  }

  save(): SavedStreams {
    return [...this.#rpcs].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  static load(saved: SavedStreams): Streams {
    const streams = new Streams()
    streams.#rpcs = new Map(saved)
    return streams
  }
}
