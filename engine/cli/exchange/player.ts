// Plays exchanges on virtual time.

import { errors } from '../../base/errors'
import type { MemberInfo, Reply, Request } from '../../base/rpc'
import type { ClientId, MemberName, TraceEvent } from '../../base/trace'
import type { Config } from '../../sim/command'
import { DEFAULT_CONFIG } from '../../sim/command'
import type { Server } from '../../sim/simulation'
import { Simulation } from '../../sim/simulation'
import type { Exchange, ExchangeOptions, Plain, Played, Step, StepAnswer, StreamCall } from './form'
import { Placeholders } from './placeholders'
import { writeEvent, writeReply } from './reply'
import { readRequest, readStreamMessage } from './request'

/**
 * Virtual ms before the first step: the watch of all keys opens first and catches up, as in a
 * recording.
 */
const LEAD_MS = 150
/** Virtual ms after a step that does not wait for an answer. */
const PAUSE_MS = 60
/** The longest wait for an answer in virtual ms: for a call, and for a started call. */
const PATIENCE_MS = { call: 20_000, started: 60_000 }
/** Virtual ms after the last step, for the last events. */
const TAIL_MS = 150
/** The clients of the watch of all keys, of the calls, and of the streams. */
const WATCHER = 'watcher'
const CALLER = 'caller'
const STREAMER = 'streamer'
const TERMINAL = 'terminal'

/** Plays one exchange. Throws with the step's number for a step that cannot be played. */
export function playExchange(exchange: Exchange, config: Partial<Config> = {}, seed = 1): Played {
  const player = new Player(
    exchange,
    { ...DEFAULT_CONFIG, ...configOf(exchange.options), ...config, members: exchange.members },
    seed,
  )
  const steps = exchange.steps.map((step, i) => {
    try {
      return player.play(step)
    } catch (problem) {
      throw new Error(`step ${i}: ${problem instanceof Error ? problem.message : String(problem)}`)
    }
  })
  return { name: exchange.name, steps, ...player.end() }
}

function configOf({ checkpoint, preVote }: ExchangeOptions = {}): Partial<Config> {
  return {
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(preVote === undefined ? {} : { differences: { preVote } }),
  }
}

/** The answers to a call or the messages on a stream. */
interface Heard {
  at: number
  reply: Reply
}

class Player {
  readonly #sim: Simulation
  readonly #placeholders: Placeholders
  readonly #times: boolean
  readonly #events: Played['events'] = []
  readonly #streams: Record<string, NonNullable<Played['streams']>[string]> = {}
  /** The first reply of each call, by its number. */
  readonly #replies = new Map<number, Heard>()
  /** Started calls that no step has finished, by name. */
  readonly #started = new Map<string, number | null>()
  /** Open streams: the RPC by name, the name by call number. */
  readonly #calls = new Map<string, StreamCall>()
  readonly #names = new Map<number, string>()
  #opening = ''
  #watching = true
  #sent = 0

  constructor({ steps, options }: Exchange, config: Config, seed: number) {
    this.#times = options?.times ?? false
    this.#placeholders = new Placeholders(JSON.stringify(steps.map(({ request }) => request ?? {})))
    this.#sim = new Simulation(config, seed, (event) => this.#note(event))
    this.#learn(this.#sim.members.map(({ options: info }) => info))
    // As in a recording, the last member serves the watch.
    const member = this.#sim.members.at(-1)!.options.name
    this.#sim.submit({
      type: 'open-stream',
      client: WATCHER,
      stream: WATCHER,
      call: 'Watch',
      member,
    })
    const request: Request = {
      type: 'WatchCreate',
      key: '\0',
      range_end: '\0',
      start_revision: 1,
      prev_kv: true,
    }
    this.#sim.submit({ type: 'send-on-stream', client: WATCHER, stream: WATCHER, request })
    this.#sim.advance(LEAD_MS)
  }

  play(step: Step): StepAnswer {
    if (step.at !== undefined) this.#sim.advance(LEAD_MS + step.at)
    const { fault, finish, close, send, stream, call } = step
    if (fault !== undefined) return this.#fault(step)
    if (finish !== undefined) return this.#finish(finish)
    if (close !== undefined) return this.#close(close)
    if (send !== undefined) return this.#send(send, step.request ?? {})
    if (stream !== undefined) return this.#open(stream, step)
    return this.#call(call ?? '', step)
  }

  /** Waits for messages in flight. Returns the events of the watch and of the streams. */
  end(): Pick<Played, 'events' | 'streams'> {
    this.#sim.advance(this.#sim.now + TAIL_MS)
    if (!this.#watching) throw new Error('the watch on all keys was canceled')
    return {
      events: this.#events,
      ...(Object.keys(this.#streams).length === 0 ? {} : { streams: this.#streams }),
    }
  }

  // Calls -----------------------------------------------------------------------------------------

  #call(call: string, { request = {}, on = 'm1', start }: Step): StepAnswer {
    const server = this.#server(on)
    const rpc = this.#submit(readRequest(call, this.#placeholders.read(request)), server)
    if (start === undefined) return this.#await(rpc, PATIENCE_MS.call)
    this.#started.set(start, rpc)
    return this.#pause()
  }

  #finish(name: string): StepAnswer {
    const rpc = this.#started.get(name)
    if (rpc === undefined) throw new Error(`no call was started with the name ${name}`)
    this.#started.delete(name)
    return this.#await(rpc, PATIENCE_MS.started)
  }

  /** Sends a request to a member. Returns the call's number; null if the connection is refused. */
  #submit(request: Request, { member, state }: Server): number | null {
    if (state === 'down') return null
    this.#sim.submit({ type: 'request', client: CALLER, request, member: member.options.name })
    return this.#sent
  }

  #await(rpc: number | null, patienceMs: number): StepAnswer {
    if (rpc === null) return { none: true }
    const heard = this.#hear(rpc, patienceMs)
    if (heard === undefined || isBroken(heard.reply)) return { none: true }
    const { at, reply } = heard
    if ('members' in reply) this.#learn(reply.members)
    return {
      ...this.#placeholders.write(writeReply(reply)),
      ...(this.#times ? { after: at - LEAD_MS } : {}),
    }
  }

  #hear(rpc: number, patienceMs: number): Heard | undefined {
    const until = this.#sim.now + patienceMs
    for (;;) {
      const heard = this.#replies.get(rpc)
      if (heard !== undefined) return heard
      if (this.#sim.nextAt() > until) return undefined
      this.#sim.step()
    }
  }

  // Streams ---------------------------------------------------------------------------------------

  #open(name: string, { call, request, on = 'm1' }: Step): StepAnswer {
    const server = this.#server(on)
    this.#opening = name
    this.#calls.set(name, call as StreamCall)
    this.#streams[name] = []
    this.#sim.submit({
      type: 'open-stream',
      client: STREAMER,
      stream: name,
      call: call as StreamCall,
      member: server.member.options.name,
    })
    return request === undefined ? this.#pause() : this.#send(name, request)
  }

  #send(name: string, request: Plain): StepAnswer {
    const message = readStreamMessage(this.#stream(name), this.#placeholders.read(request))
    if (message !== null)
      this.#sim.submit({ type: 'send-on-stream', client: STREAMER, stream: name, request: message })
    return this.#pause()
  }

  #close(name: string): StepAnswer {
    this.#stream(name)
    this.#calls.delete(name)
    for (const [rpc, open] of this.#names) if (open === name) this.#names.delete(rpc)
    this.#sim.submit({ type: 'close-stream', client: STREAMER, stream: name })
    return {}
  }

  #stream(name: string): StreamCall {
    const call = this.#calls.get(name)
    if (call === undefined) throw new Error(`no stream is open with the name ${name}`)
    return call
  }

  /** Messages on a stream. A broken connection ends it without a status. */
  #heardOn(name: string, at: number, reply: Reply): void {
    const heard = this.#streams[name]!
    if (isBroken(reply)) heard.push({ at, end: true })
    else heard.push({ at, ...this.#placeholders.write(writeReply(reply)) })
  }

  // Faults ----------------------------------------------------------------------------------------

  #fault({ fault, to = '', member = '' }: Step): StepAnswer {
    switch (fault) {
      case 'move-leader': {
        const target = this.#server(to)
        const leader = this.#sim.servers.find(
          (server) => server.state === 'up' && server.member.consensus.isLeader,
        )
        if (leader === undefined) throw new Error('there is no leader')
        this.#await(
          this.#submit({ type: 'MoveLeader', targetID: target.member.options.ID }, leader),
          PATIENCE_MS.call,
        )
        return {}
      }
      case 'join':
        return this.#join(member)
      case 'restart':
        this.#sim.submit({
          type: 'fault',
          fault: { type: 'crash', member: this.#server(member).member.options.name },
        })
        break
      case undefined:
        return {}
    }
    this.#sim.submit({
      type: 'fault',
      fault: { type: fault, member: this.#server(member).member.options.name },
    })
    return {}
  }

  /** Starts the process of an added member, with the ports that belong to its name. */
  #join(name: MemberName): StepAnswer {
    const number = Number(/^m([1-9])$/.exec(name)?.[1])
    const urls = [
      `http://127.0.0.1:${number * 10_000 + 2379}`,
      `http://127.0.0.1:${number * 10_000 + 2380}`,
    ] as const
    if (!this.#sim.added.some(({ peerURLs }) => peerURLs.includes(urls[1])))
      throw new Error(`${name} was not added`)
    const [client, peer] = urls
    const flags = `--listen-client-urls ${client} --advertise-client-urls ${client} --listen-peer-urls ${peer} --initial-advertise-peer-urls ${peer}`
    const text = `etcd --name ${name} ${flags} --initial-cluster-state existing`
    this.#sim.submit({ type: 'console', terminal: TERMINAL, text, mode: 'strict' })
    return {}
  }

  // Events of the run -----------------------------------------------------------------------------

  #note(event: TraceEvent): void {
    if (event.type === 'request-sent' && event.client === CALLER) this.#sent = event.rpc
    if (event.type === 'stream-opened' && event.client === STREAMER)
      this.#names.set(event.rpc, this.#opening)
    if (event.type === 'lease-granted') this.#placeholders.granted(event.lease)
    if (event.type !== 'reply-received') return
    const { client, rpc, reply } = event
    const at = event.at - LEAD_MS
    if (client === CALLER && !this.#replies.has(rpc))
      this.#replies.set(rpc, { at: event.at, reply })
    if (client === STREAMER) {
      const name = this.#names.get(rpc)
      if (name !== undefined) this.#heardOn(name, at, reply)
    }
    if (client !== WATCHER || reply.type !== 'Watch') return
    if (reply.canceled) this.#watching = false
    for (const seen of reply.events)
      this.#events.push({ at, ...this.#placeholders.write(writeEvent(seen)) })
  }

  /** Names the members by the ports in their URLs. */
  #learn(members: readonly MemberInfo[]): void {
    for (const { ID, name, peerURLs } of members) {
      const port = Number(/:(\d+)$/.exec(peerURLs[0] ?? '')?.[1])
      const number = port === 2380 ? 1 : (port - 2380) / 10_000
      if (name !== '') this.#placeholders.member(ID, name)
      else if (Number.isInteger(number)) this.#placeholders.member(ID, `m${number}`)
    }
  }

  #server(name: ClientId): Server {
    const server = this.#sim.servers.find(({ member }) => member.options.name === name)
    if (server === undefined) throw new Error(`there is no member ${name}`)
    return server
  }

  #pause(): StepAnswer {
    this.#sim.advance(this.#sim.now + PAUSE_MS)
    return {}
  }
}

/** Whether the connection broke before the answer. */
function isBroken(reply: Reply): boolean {
  return reply.type === 'error' && reply.message === errors.ConnectionClosed.message
}
