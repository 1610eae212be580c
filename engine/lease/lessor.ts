// The leases of one member (etcd: server/lease/lessor.go). Every member has every lease and knows
// the keys of each. Only the primary (the lessor of the leader) has deadlines. No counter runs
// down: a deadline is a time, and the remaining time is computed on request.
//
// The lessor never touches the store. `revoke` returns the lease's keys, sorted, and the caller
// deletes them in one revision.

import { assert } from '../base/assert'
import { errors } from '../base/errors'
import type { Bytes, LeaseId, RpcError } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { SavedCheckpoints } from './checkpoints'
import { CHECKPOINT_ENTRIES_A_PASS, CHECKPOINTS_AN_ENTRY, CheckpointQueue } from './checkpoints'
import { ExpiryQueue } from './expiry'
import { grown, LeaseTable } from './lease-table'

/**
 * The deadline of a lease on a lessor that is not primary: a number, because JSON has no Infinity.
 */
export const FOREVER = Number.MAX_SAFE_INTEGER
/** Seconds (lessor.go: MaxLeaseTTL). */
export const MAX_TTL_SECONDS = 9_000_000_000
/**
 * Milliseconds. The revoke of an expired lease is proposed again if the lease still exists after
 * this time, the server's request timeout (semantics §1.7).
 */
export const EXPIRED_RETRY_MS = 7000

const SECOND = 1000
/**
 * A promotion with this many leases or more spreads their deadlines to `REVOKED_A_SECOND` a second:
 * three quarters of the revoke rate (lessor.go: leaseRevokeRate).
 */
const LEASES_TO_SPREAD = 1000
const REVOKED_A_SECOND = 750

/** The current state of a lease. Times are milliseconds of its lessor's clock. */
export interface LeaseInfo {
  id: LeaseId
  ttlSeconds: number
  /** `FOREVER` on a lessor that is not primary. */
  deadline: number
  /**
   * For display only; no rule reads these three fields. `cause` is the event that set the deadline.
   */
  grantedAt: number
  renewedAt: number | null
  cause: number
  /**
   * Seconds left at the last checkpoint; 0 for none. The next primary starts from this value
   * (semantics §1.12).
   */
  remainingSeconds: number
}

/** The remaining TTL of a lease at a checkpoint, in seconds. 0 clears an earlier checkpoint. */
export interface Checkpoint {
  ID: LeaseId
  remaining_TTL: number
}

/** Settings of checkpoints. `intervalMs` null turns checkpoints off. */
export interface Checkpointing {
  intervalMs: number | null
  /** Whether a new primary continues to checkpoint (versions.ts: checkpointsAfterPromotion). */
  afterPromotion: boolean
}

export interface SavedLease extends LeaseInfo {
  slot: number
  /** The time of its entry in the expiry queue; null for none. */
  queuedAt: number | null
  keys: Bytes[]
}

export interface SavedLessor {
  primary: boolean
  minTtlSeconds: number
  free: number[]
  leases: SavedLease[]
  checkpoints: SavedCheckpoints
}

export type Renewal =
  | { type: 'renewed'; ttlSeconds: number; deadline: number }
  | { type: 'not-primary' }
  | { type: 'not-found' }
  | { type: 'expired' }
  /**
   * A checkpoint limits the lease to less than its TTL. A checkpoint of 0 must be applied first.
   */
  | { type: 'checkpointed' }

const NO_CHECKPOINTS: Checkpointing = { intervalMs: null, afterPromotion: true }
const NEVER = -1

export class Lessor {
  #primary = false
  readonly #minTtlSeconds: number
  #table = new LeaseTable()
  #ttl = new Float64Array(this.#table.capacity)
  /** Seconds left at the last checkpoint; 0 for none (semantics §1.12). */
  #remaining = new Float64Array(this.#table.capacity)
  #deadline = new Float64Array(this.#table.capacity)
  #grantedAt = new Float64Array(this.#table.capacity)
  #renewedAt = new Float64Array(this.#table.capacity)
  #cause = new Float64Array(this.#table.capacity)
  // Most leases hold one key. A Set for each lease would take more memory than everything else.
  #keys: (Bytes | Set<Bytes> | undefined)[] = []
  #slotOfKey = new Map<Bytes, number>()
  #queue = new ExpiryQueue()
  /**
   * Milliseconds by which the clock of the queues is ahead of the clock of deadlines (semantics
   * §1.14).
   */
  #wallMs = 0
  readonly #checkpointing: Checkpointing
  readonly #checkpoints: CheckpointQueue | null

  constructor(minTtlSeconds: number, checkpointing = NO_CHECKPOINTS) {
    this.#minTtlSeconds = minTtlSeconds
    this.#checkpointing = checkpointing
    this.#checkpoints =
      checkpointing.intervalMs === null ? null : new CheckpointQueue(checkpointing.intervalMs)
  }

  /**
   * Sets how far the wall clock is ahead of the monotonic clock, in milliseconds. Before etcd 3.5
   * the wall clock orders the queues, and the monotonic clock sets deadlines. Existing entries keep
   * their times (lessor.go: LeaseWithTime; semantics §1.14).
   */
  setWall(ms: number): void {
    this.#wallMs = ms
  }

  get isPrimary(): boolean {
    return this.#primary
  }

  get size(): number {
    return this.#table.size
  }

  has(id: LeaseId): boolean {
    return this.#table.find(id) >= 0
  }

  /** Undefined for an unknown ID. */
  lookup(id: LeaseId): LeaseInfo | undefined {
    const slot = this.#table.find(id)
    return slot < 0 ? undefined : this.#info(slot)
  }

  /** The keys attached to a lease, in byte order; empty for an unknown ID. */
  keysOf(id: LeaseId): Bytes[] {
    const slot = this.#table.find(id)
    const keys = slot < 0 ? undefined : this.#keys[slot]
    if (keys === undefined) return []
    return typeof keys === 'string' ? [keys] : [...keys].sort(byBytes)
  }

  /**
   * The state that all members must agree on: each lease with its TTL and its keys in byte order.
   * The order of the leases has no meaning.
   */
  holdings(): { id: LeaseId; ttlSeconds: number; keys: readonly Bytes[] }[] {
    return this.#table.slots().map((slot) => {
      const id = this.#table.idOf(slot)
      return {
        id,
        ttlSeconds: this.#ttl[slot]!,
        keys: this.#keys[slot] === undefined ? [] : this.keysOf(id),
      }
    })
  }

  /** The number of keys attached to a lease; 0 for an unknown ID. */
  keyCount(id: LeaseId): number {
    const slot = this.#table.find(id)
    const keys = slot < 0 ? undefined : this.#keys[slot]
    return keys === undefined ? 0 : typeof keys === 'string' ? 1 : keys.size
  }

  /** The lease of a key; `NO_LEASE` for none. */
  leaseOf(key: Bytes): LeaseId {
    const slot = this.#slotOfKey.get(key)
    return slot === undefined ? NO_LEASE : this.#table.idOf(slot)
  }

  /**
   * Applies a grant. If this lessor is primary, the lease's clock starts now. A TTL below the
   * minimum is raised to it. A used ID and a TTL over 9 000 000 000 s return etcd's errors
   * (lessor.go: Grant; semantics §1.3).
   */
  grant(id: LeaseId, ttlSeconds: number, now: number): LeaseInfo | RpcError {
    if (id === NO_LEASE) return errors.LeaseNotFound
    if (ttlSeconds > MAX_TTL_SECONDS) return errors.LeaseTTLTooLarge
    if (this.has(id)) return errors.LeaseExist
    const slot = this.#table.add(id)
    if (this.#ttl.length < this.#table.capacity) this.#growColumns()
    this.#ttl[slot] = Math.max(ttlSeconds, this.#minTtlSeconds)
    this.#remaining[slot] = 0
    this.#grantedAt[slot] = now
    this.#renewedAt[slot] = NEVER
    this.#cause[slot] = 0
    this.#setDeadline(slot, this.#primary ? now + this.#ttl[slot]! * SECOND : FOREVER)
    this.#scheduleCheckpoint(slot, now)
    return this.#info(slot)
  }

  /**
   * Applies a revoke: removes the lease and returns its keys in byte order. The caller deletes the
   * keys (lessor.go: Revoke; semantics §1.5).
   */
  revoke(id: LeaseId): Bytes[] | RpcError {
    const slot = this.#table.find(id)
    if (slot < 0) return errors.LeaseNotFound
    const keys = this.keysOf(id)
    for (const key of keys) this.#slotOfKey.delete(key)
    this.#keys[slot] = undefined
    this.#queue.delete(slot)
    this.#table.remove(id)
    return keys
  }

  /**
   * Gives a lease its whole TTL again. An expired lease is never rescued: the caller waits for its
   * revoke (lessor.go: Renew; semantics §1.6). `cleared` means that the caller has waited for the
   * checkpoint of 0; then the renewal succeeds even if the lease expired meanwhile.
   */
  renew(id: LeaseId, now: number, cleared = false): Renewal {
    if (!this.#primary) return { type: 'not-primary' }
    const slot = this.#table.find(id)
    if (slot < 0) return { type: 'not-found' }
    if (!cleared && this.#deadline[slot]! <= now) return { type: 'expired' }
    if (!cleared && this.#checkpoints !== null && this.#remaining[slot]! > 0)
      return { type: 'checkpointed' }
    this.#renewedAt[slot] = now
    this.#setDeadline(slot, now + this.#wholeTimeMs(slot))
    return { type: 'renewed', ttlSeconds: this.#ttl[slot]!, deadline: this.#deadline[slot]! }
  }

  /**
   * Attaches a key to a lease and detaches it from its previous lease. The lease must exist:
   * `apply` has checked it.
   */
  attach(id: LeaseId, key: Bytes): void {
    const slot = this.#table.find(id)
    assert(slot >= 0, `attach ${key} to the unknown lease ${id}`)
    if (this.#slotOfKey.get(key) === slot) return
    this.detach(key)
    this.#slotOfKey.set(key, slot)
    const keys = this.#keys[slot]
    if (keys === undefined) this.#keys[slot] = key
    else if (typeof keys === 'string') this.#keys[slot] = new Set([keys, key])
    else keys.add(key)
  }

  /** Records the event that set a lease's deadline, for display. An unknown ID is ignored. */
  setCause(id: LeaseId, cause: number): void {
    const slot = this.#table.find(id)
    if (slot >= 0) this.#cause[slot] = cause
  }

  /** Detaches a key from its lease. A key without a lease is ignored. */
  detach(key: Bytes): void {
    const slot = this.#slotOfKey.get(key)
    if (slot === undefined) return
    this.#slotOfKey.delete(key)
    const keys = this.#keys[slot]
    if (keys instanceof Set) keys.delete(key)
    else this.#keys[slot] = undefined
  }

  /**
   * Makes this lessor primary. Every lease gets its checkpointed remaining TTL, or else its whole
   * TTL, plus `extendMs` (lessor.go: Promote; semantics §1.10). Returns the leases that did not get
   * exactly their whole TTL, because of a checkpoint or of the spread, with their deadlines.
   */
  promote(now: number, extendMs: number): [LeaseId, number][] {
    this.#primary = true
    const slots = this.#table.slots()
    for (const slot of slots) {
      this.#setDeadline(slot, now + extendMs + this.#wholeTimeMs(slot))
      if (this.#checkpointing.afterPromotion) this.#scheduleCheckpoint(slot, now)
    }
    if (slots.length >= LEASES_TO_SPREAD) this.#spread(slots)
    const otherwise = slots.filter(
      (slot) => this.#deadline[slot] !== now + extendMs + this.#ttl[slot]! * SECOND,
    )
    return otherwise.map((slot) => [this.#table.idOf(slot), this.#deadline[slot]!])
  }

  /** Records the event that set every lease's deadline, for display. */
  setCauses(cause: number): void {
    for (const slot of this.#table.slots()) this.#cause[slot] = cause
  }

  /**
   * After a promotion, leases with equal TTLs would expire together. Deadlines within one second
   * are limited to three quarters of the revoke rate. Further ones are delayed. So a quarter of the
   * rate stays free for other leases.
   */
  #spread(slots: number[]): void {
    slots.sort((a, b) => this.#deadline[a]! - this.#deadline[b]! || a - b)
    let base = this.#deadline[slots[0]!]!
    let windowEnd = base + SECOND
    let inWindow = 0
    for (const slot of slots) {
      const deadline = this.#deadline[slot]!
      if (deadline > windowEnd) {
        base = deadline
        windowEnd = base + SECOND
        inWindow = 1
        continue
      }
      inWindow++
      if (inWindow <= REVOKED_A_SECOND) continue
      const delay = Math.floor((SECOND * inWindow) / REVOKED_A_SECOND) - (deadline - base)
      windowEnd = base + delay
      this.#setDeadline(slot, deadline + delay)
    }
  }

  #wholeTimeMs(slot: number): number {
    return (this.#remaining[slot]! || this.#ttl[slot]!) * SECOND
  }

  /** Removes all deadlines (lessor.go: Demote; semantics §1.11). */
  demote(): void {
    this.#primary = false
    this.#queue.clear()
    this.#checkpoints?.clear()
    for (const slot of this.#table.slots()) this.#deadline[slot] = FOREVER
  }

  /**
   * Returns at most `limit` expired leases, in the order of their deadlines. Each comes back after
   * the retry interval unless it is revoked (lessor.go: findExpiredLeases). Empty on a lessor that
   * is not primary.
   */
  due(now: number, limit: number): LeaseId[] {
    const due: LeaseId[] = []
    if (!this.#primary) return due
    while (due.length < limit) {
      const slot = this.#queue.takeDue(now + this.#wallMs, now + this.#wallMs + EXPIRED_RETRY_MS)
      if (slot < 0) break
      if (this.#deadline[slot]! <= now) due.push(this.#table.idOf(slot))
    }
    return due
  }

  /**
   * Returns the checkpoints that are due, in entries of at most a thousand leases. Expired and just
   * renewed leases are left out (lessor.go: findDueScheduledCheckpoints). Empty on a lessor that is
   * not primary.
   */
  dueCheckpoints(now: number): Checkpoint[][] {
    const entries: Checkpoint[][] = []
    if (!this.#primary || this.#checkpoints === null) return entries
    while (entries.length < CHECKPOINT_ENTRIES_A_PASS) {
      const entry: Checkpoint[] = []
      while (entry.length < CHECKPOINTS_AN_ENTRY) {
        const id = this.#checkpoints.take(now + this.#wallMs)
        if (id === undefined) break
        const slot = this.#table.find(id)
        if (slot < 0 || this.#deadline[slot]! <= now) continue
        const left = Math.ceil((this.#deadline[slot]! - now) / SECOND)
        if (left < this.#ttl[slot]!) entry.push({ ID: id, remaining_TTL: left })
      }
      if (entry.length > 0) entries.push(entry)
      if (entry.length < CHECKPOINTS_AN_ENTRY) break
    }
    return entries
  }

  /**
   * Applies a checkpoint: the next primary gives the lease this remaining TTL. The current deadline
   * stays (lessor.go: Checkpoint). An unknown ID is ignored.
   */
  checkpoint({ ID, remaining_TTL }: Checkpoint, now: number): void {
    const slot = this.#table.find(ID)
    if (slot < 0) return
    this.#remaining[slot] = remaining_TTL
    this.#scheduleCheckpoint(slot, now)
  }

  #scheduleCheckpoint(slot: number, now: number): void {
    if (this.#primary)
      this.#checkpoints?.schedule(
        this.#table.idOf(slot),
        this.#wholeTimeMs(slot),
        now + this.#wallMs,
      )
  }

  /** The next time in the expiry queue; Infinity for never. */
  nextDueAt(): number {
    return this.#primary ? this.#queue.nextAt() - this.#wallMs : Number.POSITIVE_INFINITY
  }

  /** All leases, the shortest remaining time first; equal ones in slot order. */
  leases(): LeaseInfo[] {
    const slots = this.#table.slots()
    slots.sort((a, b) => this.#deadline[a]! - this.#deadline[b]! || a - b)
    return slots.map((slot) => this.#info(slot))
  }

  save(): SavedLessor {
    const leases = this.#table.slots().map((slot): SavedLease => {
      const info = this.#info(slot)
      return {
        ...info,
        slot,
        queuedAt: this.#queue.timeOf(slot) ?? null,
        keys: this.keysOf(info.id),
      }
    })
    return {
      primary: this.#primary,
      minTtlSeconds: this.#minTtlSeconds,
      free: this.#table.free(),
      leases,
      checkpoints: this.#checkpoints?.save() ?? [],
    }
  }

  /**
   * The content for a disk or a snapshot: leases and TTLs, without a primary and without deadlines
   * (semantics §1.15).
   */
  saveForSnapshot(): SavedLessor {
    const { leases, ...saved } = this.save()
    const kept = leases.map((lease) => ({
      ...lease,
      deadline: FOREVER,
      queuedAt: null,
      renewedAt: null,
    }))
    return { ...saved, primary: false, checkpoints: [], leases: kept }
  }

  static load(saved: SavedLessor, checkpointing = NO_CHECKPOINTS): Lessor {
    const lessor = new Lessor(saved.minTtlSeconds, checkpointing)
    lessor.#checkpoints?.load(saved.checkpoints)
    lessor.#primary = saved.primary
    lessor.#table = LeaseTable.load(
      saved.leases.map((lease) => [lease.id, lease.slot] as const),
      saved.free,
    )
    if (lessor.#ttl.length < lessor.#table.capacity) lessor.#growColumns()
    for (const lease of saved.leases) {
      const { slot } = lease
      lessor.#ttl[slot] = lease.ttlSeconds
      lessor.#remaining[slot] = lease.remainingSeconds
      lessor.#deadline[slot] = lease.deadline
      lessor.#grantedAt[slot] = lease.grantedAt
      lessor.#renewedAt[slot] = lease.renewedAt ?? NEVER
      lessor.#cause[slot] = lease.cause
      if (lease.queuedAt !== null) lessor.#queue.set(slot, lease.queuedAt)
      for (const key of lease.keys) lessor.attach(lease.id, key)
    }
    return lessor
  }

  #setDeadline(slot: number, deadline: number): void {
    this.#deadline[slot] = deadline
    if (this.#primary) this.#queue.set(slot, deadline + this.#wallMs)
  }

  #info(slot: number): LeaseInfo {
    const renewedAt = this.#renewedAt[slot]!
    return {
      id: this.#table.idOf(slot),
      ttlSeconds: this.#ttl[slot]!,
      deadline: this.#deadline[slot]!,
      grantedAt: this.#grantedAt[slot]!,
      renewedAt: renewedAt === NEVER ? null : renewedAt,
      cause: this.#cause[slot]!,
      remainingSeconds: this.#remaining[slot]!,
    }
  }

  #growColumns(): void {
    const { capacity } = this.#table
    this.#ttl = grown(this.#ttl, new Float64Array(capacity))
    this.#remaining = grown(this.#remaining, new Float64Array(capacity))
    this.#deadline = grown(this.#deadline, new Float64Array(capacity))
    this.#grantedAt = grown(this.#grantedAt, new Float64Array(capacity))
    this.#renewedAt = grown(this.#renewedAt, new Float64Array(capacity))
    this.#cause = grown(this.#cause, new Float64Array(capacity))
  }
}

/**
 * Seconds left, truncated toward zero as in etcd; negative while a revoke is overdue (semantics
 * §1.8).
 */
export function remainingSeconds(deadline: number, now: number): number {
  const seconds = Math.trunc((deadline - now) / SECOND)
  return seconds === 0 ? 0 : seconds
}

/**
 * The minimum TTL in seconds, so that a lease outlives an election (server.go: NewServer; semantics
 * §1.3).
 */
export function minTtlSeconds(heartbeatMs: number, electionMs: number): number {
  const electionTicks = Math.floor(electionMs / heartbeatMs)
  return Math.ceil((Math.floor((3 * electionTicks) / 2) * heartbeatMs) / SECOND)
}

function byBytes(a: Bytes, b: Bytes): number {
  return a < b ? -1 : a > b ? 1 : 0
}
