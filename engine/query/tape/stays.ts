// The times when a client acts as the holder whatever its own clock says: inside a critical
// section, and while it is frozen (it continues as the holder afterwards).

import type { ClientId, TraceEvent } from '../../base/trace'

export interface Stretch {
  from: number
  /** Infinity while it lasts. */
  to: number
}

export class Acting {
  #byClient = new Map<ClientId, { inside: Stretch[]; frozen: Stretch[] }>()

  note(event: TraceEvent): void {
    switch (event.type) {
      case 'section-entered':
        return begin(this.#of(event.client).inside, event.at)
      case 'section-left':
        return end(this.#of(event.client).inside, event.at)
      case 'client-paused':
        return begin(this.#of(event.client).frozen, event.at)
      case 'client-resumed':
        return end(this.#of(event.client).frozen, event.at)
      case 'client-crashed': {
        const { inside, frozen } = this.#of(event.client)
        end(inside, event.at)
        end(frozen, event.at)
      }
    }
  }

  /** The stretches of a client; empty for an unknown client. */
  of(client: ClientId): readonly Stretch[] {
    const some = this.#byClient.get(client)
    return some === undefined ? [] : [...some.inside, ...some.frozen]
  }

  #of(client: ClientId): { inside: Stretch[]; frozen: Stretch[] } {
    const known = this.#byClient.get(client) ?? { inside: [], frozen: [] }
    this.#byClient.set(client, known)
    return known
  }
}

function begin(list: Stretch[], at: number): void {
  if (list.at(-1)?.to !== Number.POSITIVE_INFINITY)
    list.push({ from: at, to: Number.POSITIVE_INFINITY })
}

function end(list: Stretch[], at: number): void {
  const last = list.at(-1)
  if (last?.to === Number.POSITIVE_INFINITY) last.to = at
}

/** The parts of `within` that at least one of `covers` covers, in order and without overlaps. */
export function covered(within: Stretch, covers: readonly Stretch[]): Stretch[] {
  const parts: Stretch[] = []
  for (const cover of [...covers].sort((a, b) => a.from - b.from)) {
    const from = Math.max(within.from, cover.from)
    const to = Math.min(within.to, cover.to)
    if (to <= from) continue
    const last = parts.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else parts.push({ from, to })
  }
  return parts
}
