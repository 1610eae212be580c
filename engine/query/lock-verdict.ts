// When a lock fails: the first moment when the holder has lost the lock, or two clients may write.
// The run itself gives the moment.

import type { ClientId, EventId, LeaseEnd, TraceEvent } from '../base/trace'
import { labView } from './lab'
import type { WriteEvent } from './ledger'
import type { Scene } from './scene'

/**
 * `two may write`: two clients were inside, and the storage took a write of the client without a
 * lease. `two inside`: it took no such write. `lost`: the lock's key was deleted while its holder
 * was inside, and no other client came in. `safe`: none of these.
 */
export type LockOutcome = 'two may write' | 'two inside' | 'lost' | 'safe'

export interface LockVerdict {
  outcome: LockOutcome
  /**
   * The first moment (virtual ms) when two clients were inside, or the lock was lost. For a safe
   * run: its end.
   */
  at: number
  /** Its event; null for a safe run. */
  event: EventId | null
  /** The client that was inside first, and since when; null if no client ever was. */
  holder: { client: ClientId; at: number } | null
  /** The end of the holder's lease; null while it lives. */
  leaseEnd: { at: number; due: number | null; end: LeaseEnd } | null
  /** The client that entered while the holder was inside. */
  rival: { client: ClientId; at: number } | null
  /**
   * When the holder learned that its lease is gone, or gave it up by its own clock, while it was
   * inside.
   */
  noticed: number | null
  /** When the holder left the section. */
  left: number | null
  /** When the holder continued after its last pause. */
  wokeAt: number | null
  /** The first accepted write without a lease, or else the first refused write. */
  late: {
    client: ClientId
    at: number
    token: number | null
    taken: boolean
    highest: number | null
  } | null
}

/** Checks a run after each of its steps. */
export class LockFinder {
  #lost: { at: number; event: EventId } | null = null
  #both: { at: number; event: EventId } | null = null

  /** Takes in a run at its cursor. */
  read(scene: Scene): void {
    if (this.#both !== null) return
    for (const { verdict } of labView(scene).locks) {
      if (verdict === 'broken') this.#both = { at: scene.sim.now, event: scene.last }
      else if (verdict === 'wrong') this.#lost ??= { at: scene.sim.now, event: scene.last }
    }
  }

  /** The verdict on the run, which ends at the scene. */
  verdict(scene: Scene, trace: readonly TraceEvent[]): LockVerdict {
    const { ledger, sim } = scene
    const late = ledger.staleWrites[0] ?? ledger.bouncedWrites.find(({ stale }) => stale)
    const outcome = this.#outcome(late)
    const first = outcome === 'safe' ? null : outcome === 'lost' ? this.#lost : this.#both
    return {
      outcome,
      at: first?.at ?? sim.now,
      event: first?.event ?? null,
      ...factsOf(trace),
      late: late === undefined ? null : { ...written(late), taken: late.type === 'write-taken' },
    }
  }

  #outcome(late: WriteEvent | undefined): LockOutcome {
    if (this.#both !== null) return late?.type === 'write-taken' ? 'two may write' : 'two inside'
    return this.#lost === null ? 'safe' : 'lost'
  }
}

function written({ client, at, token, highest }: WriteEvent) {
  return { client, at, token, highest }
}

function factsOf(
  trace: readonly TraceEvent[],
): Pick<LockVerdict, 'holder' | 'leaseEnd' | 'rival' | 'noticed' | 'left' | 'wokeAt'> {
  const find = <T extends TraceEvent['type']>(
    type: T,
    fits: (event: Extract<TraceEvent, { type: T }>) => boolean,
  ) =>
    trace.find(
      (event): event is Extract<TraceEvent, { type: T }> =>
        event.type === type && fits(event as Extract<TraceEvent, { type: T }>),
    )
  const entered = find('section-entered', () => true)
  if (entered === undefined)
    return { holder: null, leaseEnd: null, rival: null, noticed: null, left: null, wokeAt: null }
  const holder = entered.client
  const ofHolder = (event: { client: ClientId }): boolean => event.client === holder
  const left = find('section-left', ofHolder)?.at ?? null
  const granted = find(
    'reply-received',
    (event) => ofHolder(event) && event.reply.type === 'LeaseGrant',
  )
  const lease = granted?.reply.type === 'LeaseGrant' ? granted.reply.ID : null
  const revoked = find('lease-revoked', (event) => event.lease === lease)
  const expired = find('lease-expired', (event) => event.lease === lease)
  const clash = find('exclusion-broken', () => true)
  const noticed = find('lease-believed-lost', (event) => ofHolder(event) && event.lease === lease)
  const woke = trace.findLast((event) => event.type === 'client-resumed' && event.client === holder)
  return {
    holder: { client: holder, at: entered.at },
    leaseEnd:
      revoked === undefined
        ? null
        : { at: revoked.at, due: expired?.deadline ?? null, end: revoked.end },
    rival: clash === undefined ? null : { client: clash.client, at: clash.at },
    noticed: noticed?.at ?? null,
    left,
    wokeAt: woke?.at ?? null,
  }
}
