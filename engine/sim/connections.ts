// Since when members have been connected to each other: the times that etcd's transport notes of
// its streams (rafthttp: peer_status.go, ActiveSince). A stream breaks when one of its ends is
// gone, frozen or behind a wall. It is established again as soon as possible.

import type { MemberName } from '../base/trace'

/** Pairs of names, both ways, and the virtual ms of their connection; sorted. */
export type SavedConnections = [pair: string, since: number][]

export class Connections {
  #since = new Map<string, number>()

  /** Checks every pair again. An established stream keeps its time. */
  update(
    names: readonly MemberName[],
    isConnected: (a: MemberName, b: MemberName) => boolean,
    now: number,
  ): void {
    const before = this.#since
    this.#since = new Map()
    for (const a of names) {
      for (const b of names) {
        if (a === b || !isConnected(a, b)) continue
        const pair = `${a} ${b}`
        this.#since.set(pair, before.get(pair) ?? now)
      }
    }
  }

  /** Virtual ms of the connection; undefined for two members without one. */
  since(a: MemberName, b: MemberName): number | undefined {
    return this.#since.get(`${a} ${b}`)
  }

  save(): SavedConnections {
    return [...this.#since].sort(([a], [b]) => (a < b ? -1 : 1))
  }

  static load(saved: SavedConnections): Connections {
    const connections = new Connections()
    connections.#since = new Map(saved)
    return connections
  }
}
