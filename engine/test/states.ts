// States of simulations as text, for tests that compare thousands of them. Most of a state is the
// Raft log, the disk, the values of keys and the members: immutable data (raft/entries.ts,
// raft/storage.ts, mvcc/store.ts, member/membership.ts). Each such part is written once, and then
// replaced by a number.

import type { SavedSimulation } from '../sim/saved-simulation'

/** A part, or its number. */
type Replace = <T extends object>(part: T) => T

type SavedServer = SavedSimulation['servers'][number]

/** A state in pieces: each server by itself. */
interface Texts {
  saved: SavedSimulation
  rest: string
  servers: string[]
}

export class States {
  // Not a WeakMap: the garbage collector would scan it each time.
  readonly #numbers = new Map<object, number>()
  readonly #known = new Map<string, number>()
  /** By number: the part after a round trip through JSON. */
  readonly #parts: object[] = []
  /** Of the last state. */
  #texts: Texts | null = null
  /**
   * The servers of the last returned state, and their texts: most of them are unchanged at the next
   * step.
   */
  #servers: { text: string; back: SavedServer }[] = []

  /** Two states of one `States` have the same text exactly if their JSON is the same. */
  textOf(saved: SavedSimulation): string {
    const { rest, servers } = this.#textsOf(saved)
    return [rest, ...servers].join('\n')
  }

  /**
   * The saved state after a round trip through JSON. Unchanged parts are returned as the same
   * objects: loading a state does not change it.
   */
  throughJson(saved: SavedSimulation): SavedSimulation {
    const { rest, servers } = this.#textsOf(saved)
    this.#servers = servers.map((text, i) => {
      const before = this.#servers[i]
      return before?.text === text
        ? before
        : { text, back: withParts(JSON.parse(text), this.#back) }
    })
    return { ...JSON.parse(rest), servers: this.#servers.map(({ back }) => back) }
  }

  #textsOf(saved: SavedSimulation): Texts {
    if (saved !== this.#texts?.saved) {
      const servers = saved.servers.map((server) => JSON.stringify(withParts(server, this.#out)))
      this.#texts = { saved, rest: JSON.stringify({ ...saved, servers: [] }), servers }
    }
    return this.#texts
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

  readonly #back: Replace = (part) =>
    this.#parts[(part as { number?: number }).number ?? -1] as never
}

function withParts(server: SavedServer, replace: Replace): SavedServer {
  const { consensus, store, membership } = server.member
  const { raft, disk } = consensus
  const log = {
    ...raft.log,
    entries: chunks(raft.log.entries, replace),
    snapshot: replace(raft.log.snapshot),
  }
  const written = {
    ...disk,
    entries: chunks(disk.entries, replace),
    snapshot: replace(disk.snapshot),
  }
  const keys = store.keys.map(([key, versions]): (typeof store.keys)[number] => [
    key,
    versions.map(replace),
  ])
  const changes = store.changes.map(({ revision, changes }) => ({
    revision,
    changes: changes.map(replace),
  }))
  const member = {
    ...server.member,
    consensus: { ...consensus, raft: { ...raft, log }, disk: written },
    store: { ...store, keys, changes },
    membership: { ...membership, members: membership.members.map(replace) },
  }
  return { ...server, member }
}

function chunks<E extends { chunks: readonly object[] }>(entries: E, replace: Replace): E {
  return { ...entries, chunks: entries.chunks.map((chunk) => replace(chunk)) }
}
