// Plays the run of a cluster step by step, and hands each answer to its caller. It acts only by
// commands, so the recording of its timeline is the whole run.

import { errors } from '../base/errors'
import type { Reply, Request, Response, RpcError } from '../base/rpc'
import type { ClientId, MemberName, TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { validSharedRun } from '../replay/validate'
import type { Command, Config } from '../sim/command'
import { newRecording } from '../sim/recording'
import { EtcdError } from './error'
import { checkCommand, spanMs, truth } from './plain'
import { deadlineStory, failureStory } from './story'

/** Receives every event once, in order. It may act; the new events follow. */
export type Listener = (event: TraceEvent) => void

/** The answer to every open call of a client that crashes. */
export const CRASHED: RpcError = {
  type: 'error',
  code: errors.Canceled.code,
  message: 'client crashed',
}

/** One call of a client. A watch is a call with many answers. */
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

  /** Takes an answer. `isLast`: the answer of a unary call, or the end of a watch. */
  take(reply: Reply, isLast: boolean): void {
    if (isLast) this.reply = reply
    this.#onReply(reply)
  }

  /** Ends the context of the call. Does nothing after the end. */
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
  #read = 0
  #isHandling = false
  #isTesting = false

  constructor(config: Config, seed: number) {
    // A test never goes back, so it needs no keyframes.
    const recording = newRecording(seed, config)
    const valid = validSharedRun(recording)
    if (!valid.ok) throw new Error(valid.reason)
    this.timeline = new Timeline(recording, undefined, Number.POSITIVE_INFINITY)
    this.#handle()
  }

  get now(): number {
    return this.timeline.now
  }

  /** Adds a listener and returns a function that removes it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Submits a command at the current time. Throws if it is refused, with the reason. A field that
   * is not valid throws a TypeError.
   */
  submit(command: Command): void {
    if (this.#isTesting)
      throw new Error('until: the predicate may not act on the cluster; read with peek and events')
    checkCommand(command)
    const refused = this.timeline.submit(command)
    if (refused !== null) throw new Error(refused.message)
    this.#handle()
  }

  /** Throws if the client is paused or down. */
  requireUp(client: ClientId): void {
    const state = this.timeline.sim.stateOf(client)
    if (state !== 'up') throw new Error(`client ${client} is ${state}: it cannot call`)
  }

  /**
   * Sends a request of a client. `onReply` receives each answer. Throws if the client is paused or
   * down, or the member is unknown.
   */
  begin(
    client: ClientId,
    request: Request,
    onReply: (reply: Reply) => void = () => {},
    member?: MemberName,
  ): Call {
    this.requireUp(client)
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
   * Sends a request and lets time pass until the answer arrives. After `timeoutMs` the context of
   * the call ends, and it throws DeadlineExceeded, code 4.
   */
  call(client: ClientId, request: Request, timeoutMs: number, member?: MemberName): Response {
    const call = this.begin(client, request, undefined, member)
    if (!this.until(() => call.isOver, timeoutMs)) {
      const story = deadlineStory(this.timeline, client, member, timeoutMs)
      call.cancel()
      throw new EtcdError(errors.DeadlineExceeded, story)
    }
    const reply = call.reply!
    if (reply.type === 'error')
      throw new EtcdError(reply, failureStory(this.timeline, client, member, reply.code))
    return reply
  }

  /** Takes one step; false if nothing is due. */
  step(): boolean {
    const stepped = this.timeline.step()
    this.#handle()
    return stepped
  }

  /** Lets that many milliseconds pass, and plays everything that is due. */
  advance(ms: number): void {
    const to = this.now + spanMs(ms)
    while (this.timeline.nextAt() <= to) this.step()
    this.timeline.advance(to)
  }

  /** Takes steps until `isThere` is true, for at most `limitMs`; false if it stays false. */
  until(isThere: () => boolean, limitMs: number): boolean {
    const end = this.now + spanMs(limitMs)
    while (!this.#test(isThere)) {
      if (this.timeline.nextAt() > end) {
        this.advance(end - this.now)
        return this.#test(isThere)
      }
      this.step()
    }
    return true
  }

  #test(isThere: () => boolean): boolean {
    const before = this.#isTesting
    this.#isTesting = true
    try {
      return truth('until', isThere())
    } finally {
      this.#isTesting = before
    }
  }

  /** Hands the new events to their calls and listeners, and then the events that follow. */
  #handle(): void {
    if (this.#isHandling) return
    this.#isHandling = true
    try {
      while (this.#read < this.timeline.lastEvent) {
        const event = this.timeline.trace[this.#read++]!
        if (event.type === 'reply-received') this.#answered(event)
        else if (event.type === 'client-crashed') this.#crashed(event.client)
        for (const listener of [...this.#listeners]) listener(event)
      }
    } finally {
      this.#isHandling = false
    }
  }

  #answered({ client, rpc, reply }: Extract<TraceEvent, { type: 'reply-received' }>): void {
    const call = this.#calls.get(keyOf(client, rpc))
    if (call === undefined) return
    // A client retries some calls, and resumes its watches.
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
