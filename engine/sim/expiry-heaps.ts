// The expiry heap of every primary, replayed from a trace as etcd keeps it (lease/lease_queue.go:
// LeaseExpiredNotifier; lessor.go: findExpiredLeases, expireExists; semantics §1.7). It has one
// entry for each lease, with a time. Grant, renewal and promotion register the entry or move it in
// place. A revoke leaves the entry behind; a pass drops it when it reaches the root.
//
// The members' lessors have the same leases and times in a faster heap, which drops a revoked lease
// at once. A test compares both.

import type { EtcdVersion } from '../base/etcd-versions'
import type { LeaseId } from '../base/rpc'
import type { EventId, MemberName, TraceEvent } from '../base/trace'
import { LeaseTable } from '../lease/lease-table'
import { EXPIRED_RETRY_MS, FOREVER } from '../lease/lessor'
import type { Swap } from '../lease/structures/binary-heap'
import { BinaryHeap } from '../lease/structures/binary-heap'

/** A lease in the heap. */
export interface HeapEntry {
  readonly lease: LeaseId
  /** Virtual ms when it is due in the heap: its deadline, or the time of its next check. */
  at: number
  /** Virtual ms. */
  deadline: number
  /** A pass has looked at it; `at` is the time of its next check. */
  retries: boolean
  /** The lease is revoked; the entry stays until it reaches the root. */
  gone: boolean
  /** Its row in the lessor: equal times leave in that order. */
  slot: number
}

/** The last operation on the heap. */
export interface HeapOperation {
  /**
   * `push`: a lease is new in the heap. `update`: it has another time. `pop`: the entry of a
   * revoked lease left at the root.
   */
  type: 'push' | 'update' | 'pop'
  entry: HeapEntry
  event: EventId
  /** Virtual ms. */
  now: number
  /** The time that the entry had before; null for a new one. */
  was: number | null
  /** In their order. The first of a `pop` is the root with the last entry, which then leaves. */
  swaps: readonly Swap[]
}

/** A pass of the expiry loop. */
export interface HeapPass {
  /** Virtual ms. */
  at: number
  /**
   * Entries at the root that it looked at. The last one is in the future, unless the heap is empty
   * or the pass has found its maximum.
   */
  looked: number
  due: number
}

/** The most leases that one pass hands out (lessor.go: leaseRevokeRate / 2). */
const REVOKES_PER_PASS = 500
const SECOND = 1000

/** The heap of one primary. */
export class MemberHeap {
  readonly term: number
  last: HeapOperation | null = null
  pass: HeapPass | null = null
  readonly #entries = new Map<LeaseId, HeapEntry>()
  #swaps: Swap[] = []
  readonly #heap = new BinaryHeap<HeapEntry>({
    isBefore: (a, b) => a.at < b.at || (a.at === b.at && a.slot < b.slot),
    swapped: (parent, child) => this.#swaps.push([parent, child]),
  })

  constructor(term: number) {
    this.term = term
  }

  /** In the order of the array: the children of i are 2i+1 and 2i+2. */
  get entries(): readonly HeapEntry[] {
    return this.#heap.items
  }

  /** The index of a lease; -1 for a lease that is not in the heap. */
  placeOf(lease: LeaseId): number {
    const entry = this.#entries.get(lease)
    return entry === undefined ? -1 : this.#heap.placeOf(entry)
  }

  /** Registers a lease, or moves it in place (LeaseExpiredNotifier: RegisterOrUpdate). */
  register(lease: LeaseId, slot: number, deadline: number, event: TraceEvent): void {
    this.#swaps = []
    const known = this.#entries.get(lease)
    const now = { at: deadline, deadline, retries: false, gone: false, slot }
    if (known !== undefined) return this.#move(known, now, event)
    const entry = { lease, ...now }
    this.#entries.set(lease, entry)
    this.#heap.push(entry)
    this.#note('push', entry, null, event)
  }

  /** The lease is revoked; its entry stays. */
  revoke(lease: LeaseId): void {
    const entry = this.#entries.get(lease)
    if (entry !== undefined) entry.gone = true
  }

  /**
   * The same leases at other times, because the clock of the member runs at another rate. etcd has
   * no such operation.
   */
  retime(deadlines: readonly [LeaseId, number][]): void {
    for (const [lease, at] of deadlines) {
      const entry = this.#entries.get(lease)
      if (entry === undefined || entry.retries || entry.gone) continue
      entry.at = at
      entry.deadline = at
    }
    this.#heap.init()
    this.last = null
  }

  /**
   * All entries come so many milliseconds earlier, because the clock that orders them was set.
   * Their order stays.
   */
  shift(ms: number): void {
    for (const entry of this.entries) entry.at -= ms
  }

  /**
   * A pass takes the due entries from the root. They return after the retry interval (lessor.go:
   * findExpiredLeases). Answers the leases that it hands out.
   */
  find(event: TraceEvent): LeaseId[] {
    const now = event.at
    const due: LeaseId[] = []
    let looked = 0
    for (
      let [root] = this.entries;
      root !== undefined && due.length < REVOKES_PER_PASS;
      [root] = this.entries
    ) {
      looked++
      if (root.gone) {
        this.#pop(root, event)
        continue
      }
      if (now < root.at) break
      if (root.deadline <= now) due.push(root.lease)
      this.#swaps = []
      this.#move(root, { at: now + EXPIRED_RETRY_MS, retries: true }, event)
    }
    this.pass = { at: now, looked, due: due.length }
    return due
  }

  #move(entry: HeapEntry, change: Partial<HeapEntry>, event: TraceEvent): void {
    const was = entry.at
    Object.assign(entry, change)
    this.#heap.fix(entry)
    this.#note('update', entry, was, event)
  }

  #pop(entry: HeapEntry, event: TraceEvent): void {
    this.#swaps = []
    this.#heap.remove(entry)
    this.#entries.delete(entry.lease)
    this.#note('pop', entry, entry.at, event)
  }

  #note(
    type: HeapOperation['type'],
    entry: HeapEntry,
    was: number | null,
    event: TraceEvent,
  ): void {
    this.last = { type, entry, event: event.id, now: event.at, was, swaps: this.#swaps }
  }
}

/**
 * The heaps of a run, in step with its trace. The heap of a frozen former leader takes a revoke
 * when the other members apply it.
 */
export class ExpiryHeaps {
  readonly #byWallClock: boolean
  readonly #heaps = new Map<MemberName, MemberHeap>()
  /** Every member gives its leases the same rows, and this table of the leases does too. */
  readonly #table = new LeaseTable()
  readonly #ttls = new Map<LeaseId, number>()

  /**
   * `etcd`: the version of the run. Before etcd 3.5 the wall clock orders the heap, while deadlines
   * are on another clock (semantics §1.14).
   */
  constructor(etcd: EtcdVersion) {
    this.#byWallClock = etcd === '3.4'
  }

  /**
   * The heap of the primary with the highest term, which counts for the cluster, and its member;
   * null while no member counts.
   */
  get counting(): { member: MemberName; heap: MemberHeap } | null {
    let best: { member: MemberName; heap: MemberHeap } | null = null
    for (const [member, heap] of this.#heaps)
      if (best === null || heap.term > best.heap.term) best = { member, heap }
    return best
  }

  /** The heap of a member; undefined for a member that is not primary. */
  of(member: MemberName): MemberHeap | undefined {
    return this.#heaps.get(member)
  }

  /** Takes in the next event of the trace. */
  note(event: TraceEvent): void {
    switch (event.type) {
      case 'lease-granted': {
        const { lease, deadline: at } = event
        const slot = this.#table.find(lease) < 0 ? this.#table.add(lease) : this.#table.find(lease)
        this.#ttls.set(lease, event.ttlSeconds * SECOND)
        if (at !== FOREVER) this.#heaps.get(event.member)?.register(lease, slot, at, event)
        return
      }
      case 'lease-renewed': {
        const { lease, deadline: at } = event
        this.#heaps.get(event.member)?.register(lease, this.#table.find(lease), at, event)
        return
      }
      case 'lease-revoked':
        if (this.#table.find(event.lease) >= 0) this.#table.remove(event.lease)
        this.#ttls.delete(event.lease)
        for (const heap of this.#heaps.values()) heap.revoke(event.lease)
        return
      case 'promoted':
        this.#promote(event)
        return
      case 'expiry-pass':
        this.#heaps.get(event.member)?.find(event)
        return
      case 'member-clock-changed':
        this.#heaps.get(event.member)?.retime(event.deadlines)
        return
      case 'wall-clock-stepped':
        if (this.#byWallClock) this.#heaps.get(event.member)?.shift(event.seconds * SECOND)
        return
      case 'demoted':
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
        this.#heaps.delete(event.member)
    }
  }

  /**
   * Every lease is registered with its whole TTL and the extension, or with the deadline in the
   * event. In etcd their order is random: that of a Go map.
   */
  #promote(event: Extract<TraceEvent, { type: 'promoted' }>): void {
    const heap = new MemberHeap(event.term)
    const otherwise = new Map(event.otherwise)
    for (const slot of this.#table.slots()) {
      const lease = this.#table.idOf(slot)
      const at = otherwise.get(lease) ?? event.at + event.extendMs + (this.#ttls.get(lease) ?? 0)
      heap.register(lease, slot, at, event)
    }
    this.#heaps.set(event.member, heap)
  }
}
