// The holder of each lock, its token, and each client's belief in its lease. They are computed from
// the members and clients of a simulation only, without the read models (query/). The clocks of
// clients are computed step by step from their faults.

import type { Bytes, KeyValue, LeaseId } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { ClientId, TraceEvent } from '../base/trace'
import type { Member } from '../member/member'
import type { Simulation } from '../sim/simulation'

/** Milliseconds: a changed clock shows fractions, and the read models show whole ones. */
const ROUNDING_MS = 1

export interface LockTruth {
  key: Bytes
  token: number
  lease: LeaseId | null
  /** The client of the key's lease; null for none. */
  client: ClientId | null
}

interface Clock {
  percent: number
  /** The virtual ms of the last change, and the clock's time then. */
  at: number
  shown: number
}

export class Truth {
  readonly #owners = new Map<LeaseId, ClientId>()
  readonly #clocks = new Map<ClientId, Clock>()
  readonly #pausedAt = new Map<ClientId, number>()

  /** Must receive every event, from the first on. */
  see(event: TraceEvent): void {
    switch (event.type) {
      case 'reply-received':
        if (event.reply.type === 'LeaseGrant' && !this.#owners.has(event.reply.ID))
          this.#owners.set(event.reply.ID, event.client)
        return
      case 'clock-changed':
        this.#clocks.set(event.client, {
          percent: event.percent,
          at: event.at,
          shown: this.#shown(event.client, event.at),
        })
        return
      case 'client-paused':
        this.#pausedAt.set(event.client, event.at)
        return
      case 'client-resumed':
      case 'client-crashed':
      case 'client-restarted':
        this.#pausedAt.delete(event.client)
        return
      default:
    }
  }

  /** The holder of a lock by the store; null for a free lock. */
  holder(sim: Simulation, lock: string): LockTruth | null {
    const { store } = authority(sim)
    const [plain] = keysOf(store, lock, '')
    const [first] = keysOf(store, `${lock}/`, `${lock}0`).sort(
      (a, b) => a.create_revision - b.create_revision,
    )
    const kv = plain ?? first
    if (kv === undefined) return null
    const lease = kv.lease === NO_LEASE ? null : kv.lease
    return {
      key: kv.key,
      token: kv.create_revision,
      lease,
      client: lease === null ? null : (this.#owners.get(lease) ?? null),
    }
  }

  /** The clients whose programs are in the section. */
  inside(sim: Simulation, lock: string): ClientId[] {
    return sim.clients
      .filter(({ program }) => program?.runner?.position.section === lock)
      .map(({ id }) => id)
  }

  /**
   * Whether a client believes that its newest lease is alive, by its own clock as of its last
   * check. Null within the rounding.
   */
  believes(sim: Simulation, client: ClientId): boolean | null {
    const belief = sim.clients.find(({ id }) => id === client)?.beliefs.at(-1)
    if (belief === undefined) return true
    if (belief.lost !== null || belief.until === null) return false
    const left = belief.until - this.#shown(client, this.#pausedAt.get(client) ?? sim.now)
    return Math.abs(left) <= ROUNDING_MS ? null : left > 0
  }

  /** Every belief that is not given up: client, lease, and its end on the client's own clock. */
  beliefs(sim: Simulation): string[] {
    return sim.clients
      .flatMap(({ id, beliefs }) =>
        beliefs.flatMap(({ lease, lost, until }) =>
          lost === null && until !== null ? [`${id} ${lease} ${until}`] : [],
        ),
      )
      .sort()
  }

  #shown(client: ClientId, at: number): number {
    const clock = this.#clocks.get(client)
    return clock === undefined ? at : clock.shown + ((at - clock.at) * clock.percent) / 100
  }
}

/**
 * The member that counts: the primary of the newest term, else the member that has applied most.
 */
function authority(sim: Simulation): Member {
  let best: Member | null = null
  for (const { member, state } of sim.servers) {
    if (state === 'down') continue
    const [mine, its] = [member.lessor.isPrimary, best?.lessor.isPrimary ?? false]
    const isBetter =
      best === null ||
      (mine !== its
        ? mine
        : mine
          ? member.term > best.term
          : member.consensus.applied > best.consensus.applied)
    if (isBetter) best = member
  }
  return best ?? sim.members[0]!
}

function keysOf(store: Member['store'], key: Bytes, end: Bytes): KeyValue[] {
  const found = store.range(key, end)
  return 'kvs' in found ? [...found.kvs] : []
}
