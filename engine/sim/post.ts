// The messages of a run. Each gets its number and its fate at its sending, and lies in the schedule
// until it is due. network/links.ts is the effect of a link. The effect of a hand on a message in
// flight is here.

import type { EventId, MemberName } from '../base/trace'
import type { SavedSchedule, Schedule, Scheduled } from '../clock/schedule'
import type { PeerMessage } from '../member/member'
import type { Carrier, LinkOptions, SavedLinks } from '../network/links'
import { Links, RETRANSMIT_MS } from '../network/links'
import type { Config } from './command'
import type { Due, Message, PeerDelivery, Write } from './moves'

type Unsent<T> = Omit<T, 'id' | 'sentAt' | 'dueAt' | 'lost'>

/** A message in flight, between any two ends. */
export interface Flight {
  id: number
  from: string
  to: string
  dueAt: number
  lost: boolean
  /** Messages that travel with it cannot overtake it. */
  connected: boolean
}

export class Post {
  readonly links: Links
  readonly #schedule: Schedule<Due>
  #next = 1
  /**
   * Messages of connections that a cut keeps from their receivers, in the order of their due times.
   */
  #held: Due[] = []

  constructor(
    config: Config,
    seed: number,
    schedule: Schedule<Due>,
    saved?: { links: SavedLinks; nextMessage: number; held?: Due[] },
  ) {
    const options = linkOptions(config, seed)
    this.links = saved === undefined ? new Links(options) : Links.load(options, saved.links)
    this.#schedule = schedule
    this.#next = saved?.nextMessage ?? 1
    this.#held = [...(saved?.held ?? [])]
  }

  /** Messages that wait for the end of a cut, in the order of their due times. */
  get held(): readonly Due[] {
    return this.#held
  }

  get nextMessage(): number {
    return this.#next
  }

  send(from: string, to: string, message: Unsent<Message>, now: number): void {
    this.#put(from, to, 'client', now, (sending) => ({
      type: 'deliver',
      message: { id: this.#next++, ...message, ...sending },
    }))
  }

  sendWrite(from: string, to: string, write: Unsent<Write>, now: number): void {
    this.#put(from, to, 'client', now, (sending) => ({
      type: 'deliver-write',
      write: { ...write, id: this.#next++, ...sending },
    }))
  }

  sendPeer(delivery: Unsent<PeerDelivery>, now: number): void {
    const { from, to } = delivery
    this.#put(from, to, carrierOf(delivery.message), now, (sending) => ({
      type: 'deliver-peer',
      delivery: { id: this.#next++, ...delivery, ...sending },
    }))
  }

  /** A message that arrives at once, whatever the link is like. */
  atOnce(
    from: MemberName,
    to: MemberName,
    message: PeerMessage,
    now: number,
    cause: EventId,
  ): PeerDelivery {
    return { id: this.#next++, from, to, message, sentAt: now, dueAt: now, cause }
  }

  /**
   * Takes a message out of the schedule, with those that it cannot overtake, in their order;
   * nothing where it is not in flight.
   */
  takeOut(id: number, nameOf: (client: string) => string): Due[] {
    const found = this.#find(id)
    if (found === undefined) return []
    const { flight } = found
    const ahead = flight.connected
      ? this.#sameWay(flight, nameOf).filter(
          ({ at, seq }) => at < found.at || (at === found.at && seq < found.seq),
        )
      : []
    return [...ahead, found].map(({ seq, entry }) => {
      this.#schedule.cancel(seq)
      return entry
    })
  }

  /** A message of a connection reached a cut: TCP sends it again until the cut ends. */
  hold(due: Due): void {
    this.#held.push(due)
  }

  /**
   * Cuts have ended. The held messages that can reach their receivers are sent now. Later messages
   * on the same connection arrive behind them. `nameOf` is the client of a process.
   */
  release(now: number, nameOf: (client: string) => string): void {
    if (this.#held.length === 0) return
    const ways = new Map<string, { from: string; to: string; entries: Due[] }>()
    this.#held = this.#held.filter((entry) => {
      const flight = flightOf(entry)!
      const [from, to] = [nameOf(flight.from), nameOf(flight.to)]
      if (!this.links.reaches(from, to)) return true
      const way = ways.get(`${from} ${to}`)
      if (way === undefined) ways.set(`${from} ${to}`, { from, to, entries: [entry] })
      else way.entries.push(entry)
      return false
    })
    for (const { from, to, entries } of ways.values()) {
      const behind = this.#sameWay({ from, to }, nameOf)
      for (const entry of entries) {
        const { dueAt, lost } = this.links.send(from, to, 'client', now)
        this.#schedule.add(dueAt, changed(entry, { dueAt, ...(lost ? { lost } : {}) }))
      }
      for (const { seq, entry } of behind) {
        const dueAt = this.links.inOrder(from, to, flightOf(entry)!.dueAt)
        this.#schedule.cancel(seq)
        this.#schedule.add(dueAt, changed(entry, { dueAt }))
      }
    }
  }

  /** Answers to an ended process are not held any more. */
  forget(client: string): void {
    this.links.forget(client)
    if (this.#held.length > 0)
      this.#held = this.#held.filter((entry) => flightOf(entry)!.to !== client)
  }

  /**
   * The message will not arrive; false where it is not in flight. TCP sends a message of a client's
   * connection again. It is then late, and so are the messages behind it.
   */
  drop(id: number, now: number, nameOf: (client: string) => string): boolean {
    const found = this.#find(id)
    if (found === undefined) return false
    if (found.entry.type !== 'deliver-peer') return this.delay(id, RETRANSMIT_MS, now, nameOf)
    this.#schedule.cancel(found.seq)
    this.#schedule.add(found.at, changed(found.entry, { lost: true }))
    return true
  }

  /**
   * The message arrives that many milliseconds later, and so do the messages behind it on the same
   * connection. False where it is not in flight.
   */
  delay(id: number, ms: number, now: number, nameOf: (client: string) => string): boolean {
    const found = this.#find(id)
    if (found === undefined) return false
    const until = Math.max(found.at, now) + ms
    const { flight } = found
    const behind = flight.connected
      ? this.#sameWay(flight, nameOf).filter(
          ({ at, seq }) => at > found.at || (at === found.at && seq > found.seq),
        )
      : []
    for (const { seq, at, entry } of [found, ...behind]) {
      if (seq !== found.seq && at >= until) continue
      this.#schedule.cancel(seq)
      this.#schedule.add(until, changed(entry, { dueAt: until }))
    }
    if (flight.connected) this.links.waits(nameOf(flight.from), nameOf(flight.to), until)
    return true
  }

  #put(
    from: string,
    to: string,
    carrier: Carrier,
    now: number,
    due: (sending: { sentAt: number; dueAt: number; lost?: true }) => Due,
  ): void {
    const { copyAt, ...sending } = this.links.send(from, to, carrier, now)
    this.#schedule.add(sending.dueAt, due({ sentAt: now, ...sending }))
    if (copyAt !== undefined) this.#schedule.add(copyAt, due({ sentAt: now, dueAt: copyAt }))
  }

  #find(id: number): (Scheduled<Due> & { flight: Flight }) | undefined {
    for (const scheduled of this.#schedule.list()) {
      const flight = flightOf(scheduled.entry)
      if (flight?.id === id) return { ...scheduled, flight }
    }
    return undefined
  }

  #sameWay(
    { from, to }: Pick<Flight, 'from' | 'to'>,
    nameOf: (client: string) => string,
  ): SavedSchedule<Due>['entries'] {
    return this.#schedule.list().filter(({ entry }) => {
      const other = flightOf(entry)
      return (
        other?.connected === true &&
        nameOf(other.from) === nameOf(from) &&
        nameOf(other.to) === nameOf(to)
      )
    })
  }
}

/** The flight of a message with its two ends; null for a timer. */
export function flightOf(due: Due): Flight | null {
  switch (due.type) {
    case 'deliver': {
      const { id, client, member, body, dueAt, lost = false } = due.message
      const [from, to] = body.type === 'reply' ? [member, client] : [client, member]
      return { id, from, to, dueAt, lost, connected: true }
    }
    case 'deliver-write': {
      const { id, client, accepted, dueAt, lost = false } = due.write
      const [from, to] = accepted === null ? [client, 'storage'] : ['storage', client]
      return { id, from, to, dueAt, lost, connected: true }
    }
    case 'deliver-peer': {
      const { id, from, to, message, dueAt, lost = false } = due.delivery
      return { id, from, to, dueAt, lost, connected: carrierOf(message) === 'peer' }
    }
    default:
      return null
  }
}

function carrierOf(message: PeerMessage): Carrier {
  if (message.type !== 'raft') return 'peer'
  return message.message.type === 'MsgProp' ? 'proposal' : 'raft'
}

/** Entries are shared with saved states, so a changed entry is a copy. */
function changed(due: Due, change: { dueAt?: number; lost?: true }): Due {
  switch (due.type) {
    case 'deliver':
      return { ...due, message: { ...due.message, ...change } }
    case 'deliver-write':
      return { ...due, write: { ...due.write, ...change } }
    case 'deliver-peer':
      return { ...due, delivery: { ...due.delivery, ...change } }
    default:
      return due
  }
}

function linkOptions(config: Config, seed: number): LinkOptions {
  const {
    latencyMs,
    peerLatencyMs = latencyMs,
    jitterMs = 0,
    lossPercent = 0,
    duplicatePercent = 0,
    reorderPercent = 0,
  } = config
  const dials = {
    jitter: jitterMs,
    loss: lossPercent,
    duplicate: duplicatePercent,
    reorder: reorderPercent,
  }
  return { latencyMs, peerLatencyMs, seed, dials }
}
