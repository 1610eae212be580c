// A client's beliefs about its leases. They differ from the servers' state: the client counts from
// the last good answer that reached it.

import type { LeaseId } from '../base/rpc'

/**
 * Why a client takes a lease for lost: an answer said so, or the client gave the lease up by
 * itself.
 */
export type LostHow = 'told' | 'given-up'

/** A client's belief about a lease that it granted or keeps alive. Times are on its own clock. */
export interface Belief {
  lease: LeaseId
  ttlSeconds: number
  /** The last good answer's arrival plus the TTL; null before the first. */
  until: number | null
  lastAnswerAt: number | null
  /** Null while the client does not take the lease for lost. */
  lost: LostHow | null
}

export class Beliefs {
  // In the order in which the client came to know the leases.
  #beliefs = new Map<LeaseId, Belief>()

  list(): Belief[] {
    return [...this.#beliefs.values()].map((belief) => ({ ...belief }))
  }

  /** The client knows of a lease, but has no answer about it yet; a known lease stays as it is. */
  expect(lease: LeaseId): void {
    if (!this.#beliefs.has(lease))
      this.#beliefs.set(lease, {
        lease,
        ttlSeconds: 0,
        until: null,
        lastAnswerAt: null,
        lost: null,
      })
  }

  /** A good answer arrived: the lease is held for the whole TTL from now on. */
  hold(lease: LeaseId, ttlSeconds: number, now: number): void {
    this.#beliefs.set(lease, {
      lease,
      ttlSeconds,
      until: now + ttlSeconds * 1000,
      lastAnswerAt: now,
      lost: null,
    })
  }

  /**
   * By its own clock: a lease that it knows, that it has not given up, and whose time is not over.
   */
  holds(lease: LeaseId, now: number): boolean {
    const belief = this.#beliefs.get(lease)
    return (
      belief !== undefined && belief.lost === null && belief.until !== null && belief.until > now
    )
  }

  /** Milliseconds of the TTL that the last good answer named; null before the first. */
  ttlOf(lease: LeaseId): number | null {
    const belief = this.#beliefs.get(lease)
    return belief === undefined || belief.lastAnswerAt === null ? null : belief.ttlSeconds * 1000
  }

  /** Whether the client takes the lease for lost; false for an unknown one. */
  isLost(lease: LeaseId): boolean {
    return (this.#beliefs.get(lease)?.lost ?? null) !== null
  }

  /**
   * An answer said that the lease is gone, or the client gives it up. An unknown lease is ignored.
   */
  lose(lease: LeaseId, how: LostHow): void {
    const belief = this.#beliefs.get(lease)
    if (belief !== undefined) belief.lost = how
  }

  /**
   * The wall clock was set ahead by so many milliseconds (back where negative). The client read the
   * end of a lease from it, so that end comes sooner. Loops and sleeps wait by the monotonic clock,
   * which cannot be set (Go's time package, "Monotonic Clocks"). Some libraries read the times of
   * their loops from the wall clock (libraries/).
   */
  clockSet(ms: number): void {
    for (const belief of this.#beliefs.values()) if (belief.until !== null) belief.until -= ms
  }

  static load(saved: readonly Belief[]): Beliefs {
    const beliefs = new Beliefs()
    for (const belief of saved) beliefs.#beliefs.set(belief.lease, { ...belief })
    return beliefs
  }
}
