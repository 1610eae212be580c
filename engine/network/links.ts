// How long a message takes, and whether it arrives at all. Messages of one direction of one link never overtake each other: they share a connection, as
// gRPC's do.

/** Milliseconds between client and member, and between two members, each way. */
export interface LinkOptions {
  latencyMs: number
  peerLatencyMs: number
}

export interface SavedLinks {
  /** When the last message of each direction arrives, by name, sorted. */
  arrivals: [string, number][]
  /** Who can reach whom while the network has fallen apart; null while it is whole. */
  groups: string[][] | null
}

export class Links {
  readonly #options: LinkOptions
  #arrivals = new Map<string, number>()
  #groups: string[][] | null = null

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** When a message sent now arrives (virtual ms). A link nobody used yet is there. `peers`: both ends are members. */
  dueAt(from: string, to: string, peers: boolean, now: number): number {
    const direction = `${from} ${to}`
    const latencyMs = peers ? this.#options.peerLatencyMs : this.#options.latencyMs
    const due = Math.max(now + latencyMs, this.#arrivals.get(direction) ?? 0)
    this.#arrivals.set(direction, due)
    return due
  }

  /** The groups the network has fallen into; null while it is whole. */
  get groups(): readonly (readonly string[])[] | null {
    return this.#groups
  }

  /** Who is in different groups cannot reach each other from now on; who is in none reaches everybody. */
  partition(groups: readonly (readonly string[])[]): void {
    this.#groups = groups.map((group) => [...group])
  }

  heal(): void {
    this.#groups = null
  }

  reaches(from: string, to: string): boolean {
    const groups = this.#groups ?? []
    const [a, b] = [from, to].map((name) => groups.findIndex((group) => group.includes(name)))
    return a === b || a === -1 || b === -1
  }

  /** Forgets the links of somebody who is gone. */
  forget(name: string): void {
    for (const direction of [...this.#arrivals.keys()]) {
      const [from, to] = direction.split(' ')
      if (from === name || to === name) this.#arrivals.delete(direction)
    }
  }

  save(): SavedLinks {
    return {
      arrivals: [...this.#arrivals].sort(([a], [b]) => (a < b ? -1 : 1)),
      groups: this.#groups?.map((group) => [...group]) ?? null,
    }
  }

  static load(options: LinkOptions, saved: SavedLinks): Links {
    const links = new Links(options)
    links.#arrivals = new Map(saved.arrivals)
    links.#groups = saved.groups?.map((group) => [...group]) ?? null
    return links
  }
}
