// States of simulations as text, for tests that compare thousands of them. Most of a state is the Raft log, the disk, the values of keys and the members: data that never
// changes once it is made (raft/entries.ts, raft/storage.ts, mvcc/store.ts, member/membership.ts). Each such part is written out once and then stands for itself by a number.

import type { SavedSimulation, Simulation } from '../sim/simulation'

/** A part, or the number that stands for it. */
type Replace = <T extends object>(part: T) => T

export class States {
  readonly #numbers = new WeakMap<object, number>()
  readonly #known = new Map<string, number>()
  /** By number: the part as it comes back from JSON. */
  readonly #parts: object[] = []

  /** Two states of one `States` have the same text exactly where their JSON is the same. */
  textOf(sim: Simulation): string {
    return JSON.stringify(withParts(sim.save(), this.#out))
  }

  /** The saved state as it comes back from JSON. A part that never changes comes back as the same object each time. */
  throughJson(saved: SavedSimulation): SavedSimulation {
    return withParts(JSON.parse(JSON.stringify(withParts(saved, this.#out))), this.#back)
  }

  readonly #out: Replace = (part) => {
    let number = this.#numbers.get(part)
    if (number === undefined) {
      const text = JSON.stringify(part)
      number = this.#known.get(text)
      if (number === undefined) {
        number = this.#parts.push(JSON.parse(text)) - 1
        this.#known.set(text, number)
      }
      this.#numbers.set(part, number)
    }
    return { number } as never
  }

  readonly #back: Replace = (part) => this.#parts[(part as { number?: number }).number ?? -1] as never
}

function withParts(saved: SavedSimulation, replace: Replace): SavedSimulation {
  const servers = saved.servers.map((server) => {
    const { consensus, store, membership } = server.member
    const { raft, disk } = consensus
    const log = { ...raft.log, entries: chunks(raft.log.entries, replace), snapshot: replace(raft.log.snapshot) }
    const written = { ...disk, entries: chunks(disk.entries, replace), snapshot: replace(disk.snapshot) }
    const keys = store.keys.map(([key, versions]): (typeof store.keys)[number] => [key, versions.map(replace)])
    const changes = store.changes.map(({ revision, changes }) => ({ revision, changes: changes.map(replace) }))
    const member = {
      ...server.member,
      consensus: { ...consensus, raft: { ...raft, log }, disk: written },
      store: { ...store, keys, changes },
      membership: { ...membership, members: membership.members.map(replace) },
    }
    return { ...server, member }
  })
  return { ...saved, servers }
}

function chunks<E extends { chunks: readonly object[] }>(entries: E, replace: Replace): E {
  return { ...entries, chunks: entries.chunks.map((chunk) => replace(chunk)) }
}
