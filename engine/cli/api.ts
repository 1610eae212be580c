// leasescope api: plays exchanges on virtual time and answers as a real etcd was recorded to.

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { readEtcdVersion } from '../base/etcd-versions'
import type { Reply, Request } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import type { Config } from '../sim/command'
import { DEFAULT_CONFIG } from '../sim/command'
import { Simulation } from '../sim/simulation'
import type { Exchange, Plain, Step } from './exchange'
import { asPlain, readRequest, writeEvent, writeReply } from './exchange'

export const API_HELP = `leasescope api [--etcd V] FILE.json…
  Plays exchanges (recorded API calls; their answers are ignored) and prints one line of JSON for each:
  {"name", "steps": [{"response"} | {"error": {"code", "message"}} | {}], "events": [{"at", "type"?, "kv", "prev_kv"?}]}
  Steps answer the steps of the exchange, index by index. Events are those of a watch on all keys, in virtual ms after the start.
  Bytes are UTF-8 strings. An int64 is a number if it is safe, else a decimal string. Headers show only the revision.
  Fields with their default value are omitted. A call costs 1 virtual ms each way.
  --etcd   the version that answers: 3.4, 3.5, 3.6 or 3.7 (3.4)`

/** What an exchange came to. */
export interface Played {
  name: string
  steps: ({ response: Plain } | { error: { code: number; message: string } } | Record<string, never>)[]
  events: (Plain & { at: number })[]
}

/** Virtual ms before an exchange's first step: the watch that sees its events is opened first and has time to catch up, as when one is recorded. */
const LEAD_MS = 150
/** Virtual ms that pass after a step that does not wait for its answer. */
const START_PAUSE_MS = 60
/** Virtual ms that an answer may take. */
const PATIENCE_MS = 60_000
/** Virtual ms in which what was under way at the end still arrives. */
const TAIL_MS = 150
const WATCHER = 'watcher'
const CALLER = 'caller'

/** Plays one exchange. Throws, with the step's number, for what cannot be played. */
export function playExchange(exchange: Exchange, config: Partial<Config> = {}, seed = 1): Played {
  const player = new Player({ ...DEFAULT_CONFIG, ...config, members: exchange.members }, seed)
  const steps = exchange.steps.map((step, i) => {
    try {
      return player.play(step)
    } catch (problem) {
      throw new Error(`step ${i}: ${problem instanceof Error ? problem.message : String(problem)}`)
    }
  })
  return { name: exchange.name, steps, events: player.end() }
}

/** The subcommand. Answers with the exit code of the process: 1 where a file could not be played, the others are played all the same. */
export function api(args: string[], out: (text: string) => void, error: (text: string) => void): number {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { etcd: { type: 'string', default: DEFAULT_CONFIG.etcd }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) {
    out(`${API_HELP}\n`)
    return 0
  }
  const etcd = readEtcdVersion(values.etcd, '--etcd')
  if (positionals.length === 0) throw new Error(`api takes exchanges\n${API_HELP}`)
  let exit = 0
  for (const file of positionals) {
    try {
      out(`${JSON.stringify(playExchange(readExchange(readFileSync(file, 'utf8')), { etcd }))}\n`)
    } catch (problem) {
      error(`leasescope api: ${file}: ${problem instanceof Error ? problem.message : String(problem)}\n`)
      exit = 1
    }
  }
  return exit
}

/** The exchange that a file holds. Throws for one that holds none. */
export function readExchange(text: string): Exchange {
  const { name = '', members = 1, steps, ...rest } = asPlain(JSON.parse(text), 'the exchange')
  if (typeof name !== 'string') throw new Error('name is not a string')
  if (typeof members !== 'number') throw new Error('members is not a number')
  if (!Array.isArray(steps)) throw new Error('steps is not a list')
  return { ...rest, name, members, steps: steps.map((step, i) => asPlain(step, `steps[${i}]`) as Step) }
}

class Player {
  readonly #sim: Simulation
  readonly #events: (Plain & { at: number })[] = []
  /** Answers by call, where they have arrived. */
  readonly #replies = new Map<number, Reply>()
  /** Calls that nobody has waited for yet, by the name they were started under. */
  readonly #started = new Map<string, number>()
  #watching = true
  #sent = 0

  constructor(config: Config, seed: number) {
    this.#sim = new Simulation(config, seed, (event) => this.#note(event))
    // As recorded: the last member serves the watch.
    const last = this.#sim.members.at(-1)?.options.name ?? 'm1'
    this.#submit(WATCHER, { type: 'WatchCreate', key: '\0', range_end: '\0', start_revision: 1, prev_kv: true }, last)
    this.#sim.advance(LEAD_MS)
  }

  play(step: Step): Played['steps'][number] {
    if (step.at !== undefined) this.#sim.advance(LEAD_MS + step.at)
    if (step.fault !== undefined) return this.#fault(step)
    if (step.finish !== undefined) {
      const rpc = this.#started.get(step.finish)
      if (rpc === undefined) throw new Error(`no call was started with the name ${step.finish}`)
      this.#started.delete(step.finish)
      return writeReply(this.#await(rpc))
    }
    if (step.call === undefined) throw new Error('expected a call or a finish')
    const rpc = this.#submit(CALLER, readRequest(step.call, asPlain(step.request ?? {}, 'request')), this.#member(step.on ?? 'm1'))
    if (step.start === undefined) return writeReply(this.#await(rpc))
    this.#started.set(step.start, rpc)
    this.#sim.advance(this.#sim.now + START_PAUSE_MS)
    return {}
  }

  /** Lets what is under way arrive, and answers with everything that the watch saw. */
  end(): Played['events'] {
    this.#sim.advance(this.#sim.now + TAIL_MS)
    if (!this.#watching) throw new Error('the watch on all keys was canceled')
    return this.#events
  }

  #fault({ fault, to, member }: Step): Record<string, never> {
    switch (fault) {
      case 'move-leader': {
        const target = this.#sim.members.find(({ options }) => options.name === to)
        const leader = this.#sim.servers.find((server) => server.state === 'up' && server.member.consensus.isLeader)
        if (target === undefined) throw new Error(`there is no member ${to}`)
        if (leader === undefined) throw new Error('there is no leader')
        this.#await(this.#submit(CALLER, { type: 'MoveLeader', targetID: target.options.ID }, leader.member.options.name))
        return {}
      }
      case 'crash':
      case 'restart':
      case 'pause':
      case 'resume':
        this.#sim.submit({ type: 'fault', fault: { type: fault, member: this.#member(member ?? '') } })
        return {}
      default:
        throw new Error(`there is no fault ${fault}`)
    }
  }

  #member(name: string): string {
    if (this.#sim.members.every(({ options }) => options.name !== name)) throw new Error(`there is no member ${name}`)
    return name
  }

  /** Sends a request to a member and answers with the call's number. */
  #submit(client: string, request: Request, member: string): number {
    this.#sim.submit({ type: 'request', client, request, member })
    return this.#sent
  }

  #await(rpc: number): Reply {
    const until = this.#sim.now + PATIENCE_MS
    for (;;) {
      const reply = this.#replies.get(rpc)
      if (reply !== undefined) return reply
      if (this.#sim.nextAt() > until) throw new Error(`no answer within ${PATIENCE_MS / 1000} s`)
      this.#sim.step()
    }
  }

  #note(event: TraceEvent): void {
    if (event.type === 'request-sent') this.#sent = event.rpc
    if (event.type !== 'reply-received') return
    const { client, rpc, reply } = event
    if (client === CALLER && !this.#replies.has(rpc)) this.#replies.set(rpc, reply)
    if (client !== WATCHER || reply.type !== 'Watch') return
    if (reply.canceled) this.#watching = false
    for (const seen of reply.events) this.#events.push({ at: event.at - LEAD_MS, ...writeEvent(seen) })
  }
}
