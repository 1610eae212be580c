// The page's view of whole stories against a plain recount. Durations are counted step by step from
// the simulation and the trace, the rest from the trace alone.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Bytes, KeyValue } from '../base/rpc'
import { speakerOf } from '../base/speaker'
import type { EventId, TraceEvent } from '../base/trace'
import { Timeline } from '../replay/timeline'
import { parseScenario, playScenario } from '../scenario/scenario'
import type { Simulation } from '../sim/simulation'
import { LeaseNames } from '../text/names'
import { Ledger } from './ledger'
import { spacetime, TOGETHER_MS } from './spacetime'
import { flights, messageOf } from './spacetime/messages'
import { columnEvents } from './spacetime/notes'
import type { SpacetimeSpan } from './spacetime/rows'
import { spansSince } from './spacetime/spans'
import { consoleEntries, logWindow } from './views'
import { why } from './why'

const FOLDER = join(import.meta.dirname, '../scenario/catalogue')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
/** Virtual ms that a story plays on after its last command, and the most that is played of it. */
const ONWARD_MS = 6000
const MOST_MS = 60_000
/** Steps within which a cluster sends something. */
const MOST_STEPS_ON = 200
/** Fewer than the diagram reads. */
const MOST_TRAFFIC = 6000

interface Stretch {
  what: string
  from: number
  to: number | null
}

/** The times when something was true, from the truth after each step. */
class Stretches {
  readonly #open = new Map<string, number>()
  readonly #closed: Stretch[] = []

  see(at: number, now: ReadonlySet<string>): void {
    for (const [what, from] of this.#open) {
      if (now.has(what)) continue
      this.#closed.push({ what, from, to: at })
      this.#open.delete(what)
    }
    for (const what of now) if (!this.#open.has(what)) this.#open.set(what, at)
  }

  get all(): Stretch[] {
    return [...this.#closed, ...[...this.#open].map(([what, from]) => ({ what, from, to: null }))]
  }
}

/** In order, without empty times; adjacent times are joined. */
function plain(stretches: readonly Stretch[]): string[] {
  const found: Stretch[] = []
  const sorted = stretches
    .filter(({ from, to }) => from !== to)
    .toSorted((a, b) => (a.what === b.what ? a.from - b.from : a.what < b.what ? -1 : 1))
  for (const stretch of sorted) {
    const before = found.at(-1)
    if (before?.what !== stretch.what || (before.to ?? Number.POSITIVE_INFINITY) < stretch.from)
      found.push({ ...stretch })
    else
      before.to = before.to === null || stretch.to === null ? null : Math.max(before.to, stretch.to)
  }
  return found.map(({ what, from, to }) => `${what} ${from}–${to ?? ''}`)
}

/** A belief in a lease that ended under it. */
interface Mourned {
  client: string
  lease: string
  /** The client itself requested the end. */
  knows: boolean
  /** It was in a critical section when the lease ended, and has not left it since. */
  acts: boolean
}

/** Counts durations. */
class Recount {
  readonly stretches = new Stretches()
  #leader: { name: string; term: number } | null = null
  /** The current leader, or the last one. */
  #lane = ''
  readonly #keys = new Map<Bytes, { kv: KeyValue; client: string | null }>()
  readonly #grantees = new Map<string, string>()
  #believed = new Map<string, { client: string; lease: string }>()
  #mourned: Mourned[] = []
  #inside = new Set<string>()
  readonly #trace: readonly TraceEvent[]

  constructor(trace: readonly TraceEvent[]) {
    this.#trace = trace
  }

  event(event: TraceEvent): void {
    switch (event.type) {
      case 'promoted':
        this.#leader = { name: event.member, term: event.term }
        this.#lane = event.member
        return
      case 'demoted':
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
        if (this.#leader?.name === event.member) this.#leader = null
        return
      case 'reply-received':
        if (event.reply.type === 'LeaseGrant' && !this.#grantees.has(event.reply.ID))
          this.#grantees.set(event.reply.ID, event.client)
        return
      case 'key-put':
        this.#keys.set(event.kv.key, { kv: event.kv, client: this.#asker(event) })
        return
      case 'key-deleted':
        this.#keys.delete(event.key)
        return
      case 'section-left':
      case 'client-crashed':
        for (const mourned of this.#mourned)
          if (mourned.client === event.client) mourned.acts = false
        this.#inside.delete(event.client)
        return
      case 'section-entered':
        this.#inside.add(event.client)
        return
      case 'lease-revoked': {
        const asker = event.end === 'revoked' ? this.#asker(event) : null
        for (const { client, lease } of this.#believed.values())
          if (lease === event.lease)
            this.#mourned.push({
              client,
              lease,
              knows: asker === client,
              acts: this.#inside.has(client),
            })
      }
    }
  }

  step(sim: Simulation, locks: readonly string[]): void {
    const now = new Set<string>()
    for (const { member, state } of sim.servers) {
      if (state !== 'up') now.add(`${state} ${member.options.name}`)
    }
    this.#believed = new Map()
    for (const { id, kind, program, beliefs } of sim.clients) {
      if (kind === 'program' && sim.stateOf(id) !== 'up') now.add(`${sim.stateOf(id)} ${id}`)
      const section = program?.runner?.position.section
      if (section != null) now.add(`inside ${id}: ${id} is inside ${section}`)
      for (const { lease, lost, until } of beliefs) {
        if (lost !== null || until === null) continue
        const name = `${id} ${lease}`
        this.#believed.set(name, { client: id, lease })
        if (!this.#mourned.some((mourned) => mourned.client === id && mourned.lease === lease))
          now.add(`belief ${speakerOf(id)}`)
      }
    }
    this.#mourned = this.#mourned.filter(
      ({ client, lease, acts }) => acts || this.#believed.has(`${client} ${lease}`),
    )
    for (const { client, knows } of this.#mourned) if (!knows) now.add(`stale ${speakerOf(client)}`)
    if (this.#leader !== null)
      now.add(`lead ${this.#leader.name}: ${this.#leader.name} leads in term ${this.#leader.term}`)
    for (const lock of locks) {
      const holder = this.#holder(lock)
      if (holder !== null) now.add(`held ${this.#lane}: ${holder}`)
    }
    this.stretches.see(sim.now, now)
  }

  /** By the store: the oldest key, of the plain key and those in the queue. */
  #holder(lock: string): string | null {
    const queued = [...this.#keys.values()].filter(
      ({ kv }) => kv.key === lock || kv.key.startsWith(`${lock}/`),
    )
    const first = queued.sort((a, b) => a.kv.create_revision - b.kv.create_revision)[0]
    if (first === undefined) return null
    const client =
      first.kv.lease === '0000000000000000'
        ? first.client
        : (this.#grantees.get(first.kv.lease) ?? null)
    return `${client === null ? 'an unknown client' : speakerOf(client)} holds ${lock}, token ${first.kv.create_revision}`
  }

  /** The client whose request an event comes from. */
  #asker(event: TraceEvent): string | null {
    const ids: EventId[] = [...event.causes]
    for (let i = 0; i < ids.length; i++) {
      const cause = this.#trace[ids[i]! - 1]!
      if (cause.type === 'request-sent') return cause.client
      ids.push(...cause.causes)
    }
    return null
  }
}

/** In the words of the recount. */
function told({ lane, kind, text, from, to }: SpacetimeSpan): Stretch {
  const says = kind === 'inside' || kind === 'lead' || kind === 'held' ? `: ${text}` : ''
  return { what: `${kind} ${lane}${says}`, from, to }
}

const isSending = ({ type }: TraceEvent): boolean =>
  /^(request-sent|reply-sent|peer-sent|write-sent|write-taken|write-bounced)$/.test(type)
const ARRIVALS =
  /^(request-received|reply-received|peer-received|write-taken|write-bounced|write-answered)$/

/**
 * Each message: from, to, its kind, whether it is bad, its time of sending, and the time and kind
 * of its end.
 */
function sent(trace: readonly TraceEvent[]): string[] {
  const ends = new Map<EventId, string>()
  for (const event of trace) {
    const [cause = 0] = event.causes
    if (ARRIVALS.test(event.type) || event.type === 'message-lost')
      ends.set(cause, `${event.type === 'message-lost' ? 'lost' : 'received'} at ${event.at}`)
  }
  return trace.flatMap((event) => {
    if (!isSending(event)) return []
    const [ends2, kind, bad] = wayOf(event)
    return [
      `${event.id} ${ends2} ${kind}${bad ? ' bad' : ''} at ${event.at}, ${ends.get(event.id) ?? 'under way'}`,
    ]
  })
}

function wayOf(event: TraceEvent): [way: string, kind: 'request' | 'reply', bad: boolean] {
  switch (event.type) {
    case 'request-sent':
      return [`${speakerOf(event.client)} ${event.member}`, 'request', false]
    case 'reply-sent': {
      const { reply } = event
      return [
        `${event.member} ${speakerOf(event.client)}`,
        'reply',
        reply.type === 'error' || (reply.type === 'LeaseKeepAlive' && reply.TTL === 0),
      ]
    }
    case 'peer-sent':
      return [
        `${event.member} ${event.to}`,
        event.what.endsWith('Resp') || event.what === 'lease-answer' ? 'reply' : 'request',
        false,
      ]
    case 'write-sent':
      return [`${event.client} storage`, 'request', false]
    case 'write-taken':
    case 'write-bounced':
      return [`storage ${event.client}`, 'reply', event.type === 'write-bounced']
    default:
      throw new Error(`${event.type} is no message`)
  }
}

describe.each(names)('%s', (name) => {
  const { recording } = playScenario(parseScenario(readFileSync(join(FOLDER, name), 'utf8')))
  const end = Math.min(MOST_MS, (recording.commands.at(-1)?.at ?? 0) + ONWARD_MS)
  const locks = [
    ...new Set(
      recording.commands.flatMap((command) =>
        command.type === 'script' ? lockWords(command.source) : [],
      ),
    ),
  ]
  const timeline = new Timeline(recording)
  const recount = new Recount(timeline.trace)
  let seen = 0
  const recountNew = (): void => {
    for (; seen < timeline.trace.length; seen++) recount.event(timeline.trace[seen]!)
    recount.step(timeline.sim, locks)
  }
  recountNew()
  while (timeline.nextAt() <= end && timeline.step()) recountNew()
  // The cursor is at a time with a peer message in flight, if there are several.
  for (
    let i = 0;
    i < MOST_STEPS_ON && timeline.sim.members.length > 1 && dueIn(timeline.sim).size === 0;
    i++
  ) {
    timeline.step()
    recountNew()
  }
  const ledger = new Ledger()
  ledger.follow(timeline.trace)
  const scene = { sim: timeline.sim, ledger, last: timeline.lastEvent }

  test('durations are those of the run', () => {
    const spans = spansSince(scene, 0)
    expect(plain(spans.map(told))).toEqual(plain(recount.stretches.all))
    expect(spans.filter(({ kind, from, to }) => kind === 'held' && from === to)).toEqual([])
  })

  test.runIf(ledger.traffic.length < MOST_TRAFFIC)('has every message, with its end', () => {
    const shown = flights(scene, true).flights.map((flight) => messageOf(flight, ledger))
    const words = shown.map(({ event, from, to, kind, bad, sent, received, lost }) => {
      const how =
        lost !== null
          ? `lost at ${lost}`
          : received !== null
            ? `received at ${received}`
            : 'under way'
      return `${event} ${from} ${to} ${kind}${bad ? ' bad' : ''} at ${sent}, ${how}`
    })
    const among = new Set(ledger.traffic.map(({ id }) => id))
    expect(words).toEqual(
      sent(timeline.trace).filter((line) => among.has(Number.parseInt(line, 10))),
    )
    const due = dueIn(timeline.sim)
    // A message that a cut holds keeps its due time.
    const held = new Set(
      timeline.sim.held.map((what) => (what.type === 'deliver' ? what.message.cause : 0)),
    )
    for (const message of shown)
      if (among.has(message.event) && !held.has(message.event))
        expect(message.due).toBe(due.get(message.event) ?? null)
  })

  test.each([2, 24, 1000])(
    'a diagram of %i columns has one for each instant, and no message begins and ends in the same column',
    (most) => {
      const view = spacetime(scene, { all: true, columns: most })
      const { columns, messages, notes } = view
      expect(columns.length).toBeLessThanOrEqual(Math.min(200, most))
      expect(columns).toEqual([...new Set(columns)].sort((a, b) => a - b))
      const columnOf = (at: number) => columns.findLast((column) => column <= at)
      for (const { event, sent, received, lost } of messages) {
        const to = received ?? lost
        if (to !== null && to !== sent && sent >= columns[0]!)
          expect({ event, in: columnOf(to) }).not.toEqual({ event, in: columnOf(sent) })
      }
      // Two columns are that close only where a message sent in the first column arrives in the
      // second.
      for (const [i, column] of columns.entries()) {
        const before = columns[i - 1]
        if (before === undefined || column - before > TOGETHER_MS || column === timeline.now)
          continue
        const arrives = messages.some(
          ({ sent, received, lost }) => (received ?? lost) === column && sent >= before,
        )
        expect({ before, column, arrives }).toEqual({ before, column, arrives: true })
      }
      expect(view.lanes.map(({ id }) => id)).toEqual([...new Set(view.lanes.map(({ id }) => id))])
      // The content of an answer is at the end of its arrow.
      const drawn = new Set(messages.map(({ event }) => event))
      const answers = notes
        .map(({ event }) => timeline.trace[event - 1]!)
        .filter(({ type }) => type === 'reply-received')
      expect(answers.filter(({ causes }) => !drawn.has(causes[0]!))).toEqual([])
    },
  )

  test('faults, leaders, ends of leases and sections have a column, and no other event that is no message', () => {
    const wanted = timeline.trace.filter(
      ({ type, at }) => WITH_A_COLUMN.test(type) && !(type === 'promoted' && at === 0),
    )
    const log = ledger.log.slice(-6000)
    expect(columnEvents(scene)).toEqual(wanted.filter(({ id }) => id >= log[0]!.id))
  })

  test('the console has the output of each line, and its end', () => {
    const printed = new Map<string, string[]>()
    for (const event of timeline.trace) {
      if (event.type === 'console-line') printed.set(`${event.terminal} ${event.job}`, [event.line])
      if (event.type === 'console-output')
        printed
          .get(`${event.terminal} ${event.job}`)!
          .push(`${event.stream} ${event.at} ${event.text}`)
      if (event.type === 'console-exit')
        printed.get(`${event.terminal} ${event.job}`)!.push(`exit ${event.exit}`)
    }
    const told = consoleEntries(scene).map(({ terminal, job, line, output, exit }) => {
      const lines = output.map(({ stream, at, text }) => `${stream} ${at} ${text}`)
      return [`${terminal} ${job}`, [line, ...lines, ...(exit === null ? [] : [`exit ${exit}`])]]
    })
    expect(told).toEqual([...printed].filter(([name]) => told.some(([shown]) => shown === name)))
  })

  test('the log of leases has every event about a lease, and every fault', () => {
    const wanted = timeline.trace
      .filter(({ level }) => level === 'lease' || level === 'fault')
      .map(({ id }) => id)
    expect(
      logWindow(scene, { from: 0, count: wanted.length + 1, only: 'lease' }).lines.map(
        ({ id }) => id,
      ),
    ).toEqual(wanted)
  })

  test('of several causes the latest comes first', () => {
    const leaseNames = LeaseNames.of(timeline.trace)
    for (const { id, type, causes } of timeline.trace.slice(-3000)) {
      if (causes.length < 2 || OTHERWISE.test(type)) continue
      const { reasons } = why(timeline.trace, id, leaseNames)!
      const told = reasons
        .filter(({ depth, line }) => depth === 1 && line !== null)
        .map(({ line }) => line!.id)
      expect({ id, told }).toEqual({ id, told: told.toSorted((a, b) => b - a) })
    }
  })
})

const WITH_A_COLUMN = new RegExp(
  `^(${[
    'client-(paused|resumed|crashed|restarted)',
    'member-(paused|resumed|crashed|restarted|stopped|left|joined)',
    'promoted|demoted',
    'lease-(revoked|believed-lost)|heartbeat-stopped',
    'section-(entered|left)',
    'partitioned|healed|cut-one-way|link-changed',
    '(clock|member-clock|disk)-changed|clock-set',
  ].join('|')})$`,
)

/** Their first reasons are absent events, or the ends of leases. */
const OTHERWISE =
  /^(lease-expired|lease-believed-lost|promoted|role-changed|exclusion-broken|write-taken|write-bounced)$/

/** The messages in flight, by the event that sent each, and their due times. */
function dueIn(sim: Simulation): Map<EventId, number> {
  const due = new Map<EventId, number>()
  for (const { at, due: what } of sim.moves()) {
    if (what.type === 'deliver') due.set(what.message.cause, at)
    if (what.type === 'deliver-write') due.set(what.write.cause, at)
    if (what.type === 'deliver-peer') due.set(what.delivery.cause, at)
  }
  return due
}

/** The names that a program's lines lock, enter or campaign for. */
function lockWords(source: string): string[] {
  return [...source.matchAll(/^(?:.*= )?(?:enter|lock|trylock|campaign) (\S+)/gm)].map(
    ([, name]) => name!,
  )
}
