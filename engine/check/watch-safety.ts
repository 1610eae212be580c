// A watch has no gap: its subscriber receives every change of its range from the start revision on,
// each once and in order. The check is at the client's end, across resumptions and reconnections.
// The changes come from the trace.

import { inRange } from '../base/bytes'
import type { Bytes, KeyValue, WatchCreateRequest, WatchEvent, WatchResponse } from '../base/rpc'
import type { ClientId, MemberName, TraceEvent } from '../base/trace'
import type { Simulation } from '../sim/simulation'
import type { Report } from './violation'
import { seconds } from './violation'

/** One change of one key. `at` is virtual ms. */
interface Change {
  at: number
  type: WatchEvent['type']
  key: Bytes
  revision: number
  /** Null for a deletion. */
  kv: KeyValue | null
  /** The index of the previous change of the same key; −1 for none. */
  previous: number
}

interface Watch {
  client: ClientId
  rpc: number
  request: WatchCreateRequest
  /** The member of the last request. */
  member: MemberName
  /**
   * The index of the first change that the subscriber has not received; null before the watch is
   * created.
   */
  next: number | null
  /**
   * The store's revision when a watch without a start revision was created, until its first change
   * is delivered. clientv3 resumes such a watch at that revision, not after it. So the change of
   * that revision, made before the watch, may be delivered (watch.go: serveSubstream).
   */
  madeAt: number | null
  isResumed: boolean
  /** Parts of one response that is not complete. */
  parts: WatchEvent[]
}

export class WatchSafety {
  readonly #report: Report
  readonly #changes: Change[] = []
  /** By key: the index of its last change. */
  readonly #last = new Map<Bytes, number>()
  readonly #watches = new Map<string, Watch>()
  /**
   * Responses without events: the member states that the watch has received everything up to a
   * revision.
   */
  #claims: { watch: Watch; member: MemberName; revision: number }[] = []

  constructor(report: Report) {
    this.#report = report
  }

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    switch (event.type) {
      case 'key-put':
        return this.#changed('PUT', event.kv.key, event.kv.mod_revision, event.kv, event.at)
      case 'key-deleted':
        return this.#changed('DELETE', event.key, event.revision, null, event.at)
      case 'request-sent':
        if (event.request.type === 'WatchCreate')
          this.#asked(event.client, event.rpc, event.member, event.request)
        return
      case 'reply-received':
        if (event.reply.type === 'Watch')
          this.#answered(event.client, event.rpc, event.member, event.reply)
        return
      case 'client-crashed':
        for (const [name, { client }] of this.#watches)
          if (client === event.client) this.#watches.delete(name)
        return
      default:
    }
  }

  /**
   * Must be called after each step: checks the members' progress responses. etcd 3.4 also sends
   * them for watches that are behind (versions row 12).
   */
  check(sim: Simulation): void {
    if (this.#claims.length === 0) return
    const claims = this.#claims
    this.#claims = []
    if (sim.config.etcd === '3.4') return
    for (const { watch, member, revision } of claims) {
      const next = this.#nextOf(watch)
      if (next !== undefined && next.revision <= revision)
        this.#report(
          'no watch has a gap',
          [member],
          `${nameOf(watch)} is at revision ${revision} without ${changeText(next)}`,
        )
    }
  }

  /**
   * Reports each open watch that still lacks a change from `before` (virtual ms) or earlier. Each
   * watch is reported once.
   */
  checkMissing(sim: Simulation, before: number): void {
    for (const [name, watch] of this.#watches) {
      const next = this.#nextOf(watch)
      if (next === undefined || next.at > before) continue
      if (isOpen(sim, watch))
        this.#report(
          'no watch has a gap',
          [],
          `${nameOf(watch)} never received ${changeText(next)}, made at ${seconds(next.at)}`,
        )
      this.#watches.delete(name)
    }
  }

  /**
   * A sentence on an open watch that lacks a change from `before` (virtual ms) or earlier; null for
   * none.
   */
  missing(sim: Simulation, before: number): string | null {
    for (const watch of this.#watches.values()) {
      const next = this.#nextOf(watch)
      if (next !== undefined && next.at <= before && isOpen(sim, watch))
        return `${nameOf(watch)} lacks ${changeText(next)}`
    }
    return null
  }

  #changed(
    type: Change['type'],
    key: Bytes,
    revision: number,
    kv: KeyValue | null,
    at: number,
  ): void {
    const previous = this.#last.get(key) ?? -1
    this.#last.set(key, this.#changes.length)
    this.#changes.push({ at, type, key, revision, kv, previous })
  }

  /** The same call again is the same watch, resumed on another stream. */
  #asked(client: ClientId, rpc: number, member: MemberName, request: WatchCreateRequest): void {
    const name = `${client} ${rpc}`
    const watch = this.#watches.get(name)
    if (watch === undefined)
      this.#watches.set(name, {
        client,
        rpc,
        request,
        member,
        next: null,
        madeAt: null,
        isResumed: false,
        parts: [],
      })
    else Object.assign(watch, { member, parts: [], isResumed: true })
  }

  #answered(client: ClientId, rpc: number, member: MemberName, reply: WatchResponse): void {
    const name = `${client} ${rpc}`
    const watch = this.#watches.get(name)
    if (watch === undefined) return
    if (reply.created && watch.next === null) {
      const { start_revision = 0 } = watch.request
      watch.next = this.#indexOf(start_revision > 0 ? start_revision : reply.header.revision + 1)
      watch.madeAt = start_revision > 0 ? null : reply.header.revision
    }
    if (reply.canceled) {
      this.#watches.delete(name)
      return
    }
    if (watch.next === null) return
    watch.parts.push(...reply.events)
    if (reply.fragment) return
    const events = watch.parts
    watch.parts = []
    for (const event of events) if (!this.#delivered(watch, event, member)) return
    if (events.length === 0 && !reply.created)
      this.#claims.push({ watch, member, revision: reply.header.revision })
  }

  /** False if this is not the next change; the watch then continues after it. */
  #delivered(watch: Watch, event: WatchEvent, member: MemberName): boolean {
    const next = this.#nextOf(watch)
    const { key, mod_revision: revision } = event.kv
    if (watch.madeAt === revision && watch.isResumed) return true
    watch.madeAt = null
    if (
      next !== undefined &&
      next.type === event.type &&
      next.key === key &&
      next.revision === revision
    ) {
      const wrong = this.#difference(watch, next, event)
      if (wrong !== null)
        this.#report(
          'no watch has a gap',
          [member],
          `${nameOf(watch)} receives ${changeText(next)} with ${wrong}`,
        )
      watch.next!++
      return true
    }
    const here = `${event.type} ${key} at revision ${revision}`
    const known = this.#changes.findIndex(
      (other) => other.revision === revision && other.key === key && other.type === event.type,
    )
    const text =
      known < 0
        ? `receives ${here}, which never happened`
        : known < watch.next!
          ? `receives ${here} again`
          : `receives ${here} before ${next === undefined ? 'it happened' : changeText(next)}`
    this.#report('no watch has a gap', [member], `${nameOf(watch)} ${text}`)
    if (known >= watch.next!) watch.next = known + 1
    return false
  }

  /** The difference between a delivered event and the change, in words. */
  #difference({ request }: Watch, { kv, previous }: Change, event: WatchEvent): string | null {
    if (
      kv !== null &&
      (kv.value !== event.kv.value ||
        kv.version !== event.kv.version ||
        kv.lease !== event.kv.lease)
    )
      return 'another value'
    const before = this.#changes[previous]?.kv ?? null
    if (event.prev_kv === undefined) return null
    if (request.prev_kv !== true) return 'a previous value that was not requested'
    return before?.mod_revision === event.prev_kv.mod_revision ? null : 'another previous value'
  }

  /** The next change in a watch's range; the watch moves to it. */
  #nextOf(watch: Watch): Change | undefined {
    if (watch.next === null) return undefined
    const { key, range_end = '', filters = [] } = watch.request
    for (; watch.next < this.#changes.length; watch.next++) {
      const change = this.#changes[watch.next]!
      const isFiltered = filters.includes(change.type === 'PUT' ? 'NOPUT' : 'NODELETE')
      if (!isFiltered && inRange(change.key, key, range_end)) return change
    }
    return undefined
  }

  /** The index of the first change at or after a revision. */
  #indexOf(revision: number): number {
    let [low, high] = [0, this.#changes.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#changes[middle]!.revision < revision) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Whether the client still waits for the watch and can receive it: no process listens at the
 * address of a removed member.
 */
function isOpen(sim: Simulation, { client, rpc, member }: Watch): boolean {
  if (!sim.known.some(({ name }) => name === member)) return false
  return (
    sim.stateOf(client) === 'up' &&
    sim.clients.find(({ id }) => id === client)?.isOpen(rpc) === true
  )
}

function nameOf({ client, request }: Watch): string {
  return `the watch of ${client} on ${request.key}`
}

function changeText({ type, key, revision }: Change): string {
  return `${type} ${key} at revision ${revision}`
}
