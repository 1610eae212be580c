// Takes the run of a cluster forward, step by step, and gives each answer to its caller. It acts by
// commands alone, so the recording of its timeline is the whole run.

import { errors } from '../base/errors'
import type { Reply, Request, Response, RpcError } from '../base/rpc'
import type { ClientId, MemberName, TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import type { Command, Config } from '../sim/command'
import { newRecording } from '../sim/recording'
import { EtcdError } from './error'

/** Hears every event once, in order. It may act: what comes of that is heard afterwards. */
export type Listener = (event: TraceEvent) => void

/** What is left of the calls of a client that has crashed. */
export const CRASHED: RpcError = {
  type: 'error',
  code: errors.Canceled.code,
  message: 'client crashed',
}

/** One call in progress, or its end. A watch is one that has many answers. */
export class Call {
  readonly client: ClientId
  readonly rpc: number
  /** The last answer of a unary call, or the error that ended a watch; null before. */
  reply: Reply | null = null
  readonly #onReply: (reply: Reply) => void
  readonly #onCancel: () => void

  constructor(
    client: ClientId,
    rpc: number,
    onReply: (reply: Reply) => void,
    onCancel: () => void,
  ) {
    this.client = client
    this.rpc = rpc
    this.#onReply = onReply
    this.#onCancel = onCancel
  }

  get isOver(): boolean {
    return this.reply !== null
  }

  /** An answer has come; `isLast` for the only one of a unary call and the end of a watch. */
  take(reply: Reply, isLast: boolean): void {
    if (isLast) this.reply = reply
    this.#onReply(reply)
  }

  /** Ends its context: no answer is waited for. Nothing to do for a call that is over. */
  cancel(): void {
    if (this.isOver) return
    this.reply = errors.Canceled
    this.#onCancel()
  }
}

export class Driver {
  readonly timeline: Timeline
  readonly #calls = new Map<string, Call>()
  readonly #listeners = new Set<Listener>()
  #heard = 0
  #isHearing = false
  #isReading = false

  constructor(config: Config, seed: number) {
    // A test goes forward only: it needs no keyframes.
    const recording = newRecording(seed, config)
    this.timeline = new Timeline(recording, undefined, Number.POSITIVE_INFINITY)
    this.#hear()
  }

  get now(): number {
    return this.timeline.now
  }

  /** Adds a listener; answers with how to take it away. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Does what a command says, at this instant. Throws with the reason where it is refused. */
  submit(command: Command): void {
    if (this.#isReading)
      throw new Error('until: the predicate may not act on the cluster; read with peek and events')
    const refused = this.timeline.submit(command)
    if (refused !== null) throw new Error(refused.message)
    this.#hear()
  }

  /**
   * Sends a request on behalf of a client. `onReply` has each answer as it comes. Throws where the
   * client is paused or down, or its member unknown.
   */
  begin(
    client: ClientId,
    request: Request,
    onReply: (reply: Reply) => void = () => {},
    member?: MemberName,
  ): Call {
    const state = this.timeline.sim.stateOf(client)
    if (state !== 'up') throw new Error(`client ${client} is ${state}: it cannot call`)
    const from = this.timeline.lastEvent
    this.submit({
      type: 'request',
      client,
      request,
      ...(member === undefined ? {} : { member }),
    })
    const own = this.timeline.trace
      .slice(from)
      .find(
        (event) =>
          (event.type === 'request-sent' || event.type === 'call-waits') && event.client === client,
      )
    if (own === undefined || !('rpc' in own))
      throw new Error(`client ${client} has no member to send ${request.type} to`)
    const key = keyOf(client, own.rpc)
    const call = new Call(client, own.rpc, onReply, () => {
      this.#calls.delete(key)
      if (this.timeline.sim.stateOf(client) !== 'down')
        this.submit({ type: 'cancel', client, rpc: own.rpc })
    })
    this.#calls.set(key, call)
    return call
  }

  /**
   * Sends a request and lets time pass until its answer is here. After `timeoutMs` the call's
   * context ends: the client gives up with its own DeadlineExceeded, code 4.
   */
  call(client: ClientId, request: Request, timeoutMs: number, member?: MemberName): Response {
    const call = this.begin(client, request, undefined, member)
    if (!this.until(() => call.isOver, timeoutMs)) {
      call.cancel()
      throw new EtcdError(errors.DeadlineExceeded)
    }
    const reply = call.reply!
    if (reply.type === 'error') throw new EtcdError(reply)
    return reply
  }

  /** Takes one step; false where nothing more can happen. */
  step(): boolean {
    const stepped = this.timeline.step()
    this.#hear()
    return stepped
  }

  /** Plays everything due until then (virtual ms), and stands there. */
  advance(to: number): void {
    while (this.timeline.nextAt() <= to) this.step()
    this.timeline.advance(to)
  }

  /** Takes steps until `isThere`, for `limitMs` of virtual time; whether it came there. */
  until(isThere: () => boolean, limitMs: number): boolean {
    const end = this.now + limitMs
    while (!this.#reads(isThere)) {
      if (this.timeline.nextAt() > end) {
        this.advance(end)
        return this.#reads(isThere)
      }
      this.step()
    }
    return true
  }

  #reads(isThere: () => boolean): boolean {
    const before = this.#isReading
    this.#isReading = true
    try {
      return isThere()
    } finally {
      this.#isReading = before
    }
  }

  /** Gives the events that are new to whom they concern. What they do is heard in the same loop. */
  #hear(): void {
    if (this.#isHearing) return
    this.#isHearing = true
    try {
      while (this.#heard < this.timeline.lastEvent) {
        const event = this.timeline.trace[this.#heard++]!
        if (event.type === 'reply-received') this.#answered(event)
        else if (event.type === 'client-crashed') this.#crashed(event.client)
        for (const listener of [...this.#listeners]) listener(event)
      }
    } finally {
      this.#isHearing = false
    }
  }

  #answered({ client, rpc, reply }: Extract<TraceEvent, { type: 'reply-received' }>): void {
    const call = this.#calls.get(keyOf(client, rpc))
    if (call === undefined) return
    // A client makes some calls again, and its watches go on elsewhere.
    const isOpen = this.timeline.sim.clients.find(({ id }) => id === client)?.isOpen(rpc) ?? false
    if (isOpen && reply.type === 'error') return
    const isLast = !isOpen || (reply.type === 'Watch' && reply.canceled)
    if (isLast) this.#calls.delete(keyOf(client, rpc))
    call.take(reply, isLast)
  }

  #crashed(client: ClientId): void {
    for (const [key, call] of [...this.#calls]) {
      if (call.client !== client) continue
      this.#calls.delete(key)
      call.take(CRASHED, true)
    }
  }
}

const keyOf = (client: ClientId, rpc: number): string => `${rpc} ${client}`
