// How long a message takes. Messages of one direction of one link never overtake each other: they share a connection, as gRPC's do.

/** Milliseconds between client and member, each way. */
export interface LinkOptions {
  latencyMs: number
}

export interface SavedLinks {
  /** When the last message of each direction arrives, by name, sorted. */
  arrivals: [string, number][]
}

export class Links {
  readonly #latencyMs: number
  #arrivals = new Map<string, number>()

  constructor(options: LinkOptions) {
    this.#latencyMs = options.latencyMs
  }

  /** When a message sent now arrives (virtual ms). A link nobody used yet is there. */
  dueAt(from: string, to: string, now: number): number {
    const direction = `${from} ${to}`
    const due = Math.max(now + this.#latencyMs, this.#arrivals.get(direction) ?? 0)
    this.#arrivals.set(direction, due)
    return due
  }

  /** Forgets the links of somebody who is gone. */
  forget(name: string): void {
    for (const direction of [...this.#arrivals.keys()]) {
      const [from, to] = direction.split(' ')
      if (from === name || to === name) this.#arrivals.delete(direction)
    }
  }

  save(): SavedLinks {
    return { arrivals: [...this.#arrivals].sort(([a], [b]) => (a < b ? -1 : 1)) }
  }

  static load(options: LinkOptions, saved: SavedLinks): Links {
    const links = new Links(options)
    links.#arrivals = new Map(saved.arrivals)
    return links
  }
}
