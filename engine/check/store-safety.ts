// The members' use of the log. Members that have applied the same entries have the same store and
// the same leases. Keys and leases agree, and revisions only grow.

import { hash } from '../base/hash'
import type { Bytes } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { MemberName } from '../base/trace'
import type { Member } from '../member/member'
import type { Report } from './violation'

interface Seen {
  member: Member
  revision: number
  compacted: number
  leases: number
  commit: number
  disk: object
  applied: number
  /** Identifies all changes up to `revision`, in order. */
  chain: string
}

interface Known {
  text: string
  by: MemberName
}

export class StoreSafety {
  readonly #report: Report
  readonly #seen = new Map<MemberName, Seen>()
  /** By revision: the changes up to it. */
  readonly #chains = new Map<number, Known>()
  /** By applied index. */
  readonly #states = new Map<number, Known>()
  /** By applied index: the complete state, checked now and then. */
  readonly #wholes = new Map<number, Known>()

  readonly #digest: (text: string) => string

  /**
   * `digest` makes the kept form of a complete store. Without a memory limit it is the text itself,
   * because hashing takes longer than comparing.
   */
  constructor(report: Report, digest: (text: string) => string) {
    this.#report = report
    this.#digest = digest
  }

  /** As RaftSafety.check. */
  check(name: MemberName, member: Member, everything: boolean): void {
    const { store, lessor, consensus } = member
    const { revision, compacted } = store
    const { commit, disk } = consensus
    const known = this.#seen.get(name)
    const seen = known?.member === member ? known : undefined
    const same =
      seen !== undefined &&
      seen.revision === revision &&
      seen.compacted === compacted &&
      seen.leases === lessor.size
    // The applied index advances only with the commit index or the disk.
    if (!everything && same && seen.commit === commit && seen.disk === disk) return
    const { applied } = consensus
    if (seen !== undefined) this.#revisionsOnlyGrow(name, seen, revision, applied)
    const chain = this.#sameChanges(name, member, seen, applied)
    const next: Seen = {
      member,
      revision,
      compacted,
      leases: lessor.size,
      commit,
      disk,
      applied,
      chain,
    }
    this.#seen.set(name, next)
    if (seen === undefined || seen.applied !== applied || everything)
      this.#sameState(name, member, next, everything)
    if (everything) this.#allKeysAndLeasesAgree(name, member)
  }

  /**
   * The revision and the applied index of a process never go back (semantics §2.1; figure 2:
   * lastApplied increases monotonically).
   */
  #revisionsOnlyGrow(name: MemberName, seen: Seen, revision: number, applied: number): void {
    if (revision < seen.revision)
      this.#report(
        'revisions only grow',
        [name],
        `${name} goes back from revision ${seen.revision} to ${revision}`,
      )
    if (applied < seen.applied)
      this.#report(
        'revisions only grow',
        [name],
        `${name} goes back from entry ${seen.applied} to ${applied}`,
      )
  }

  /**
   * Every revision changes the same keys to the same values in the same order on all members, and
   * agrees with the lessor.
   */
  #sameChanges(
    name: MemberName,
    { store, lessor }: Member,
    seen: Seen | undefined,
    applied: number,
  ): string {
    let chain = seen?.chain ?? ''
    const from = (seen?.revision ?? 0) + 1
    if (seen !== undefined && store.revision < from) return chain
    const touched = new Set<Bytes>()
    for (const { revision, changes } of store.changesSince(from)) {
      let text = chain
      for (const { kv } of changes) {
        text += `|${kv.key}=${kv.value} ${kv.version} ${kv.create_revision} ${kv.lease}`
        touched.add(kv.key)
      }
      chain = hash(text)
      const known = this.#chains.get(revision)
      if (known === undefined) this.#chains.set(revision, { text: chain, by: name })
      else if (known.text !== chain && store.compacted < 0) {
        this.#report(
          'same store',
          [known.by, name],
          `${known.by} and ${name} differ in the changes of revision ${revision} (${name} has applied entry ${applied})`,
        )
        break
      }
    }
    for (const key of touched)
      this.#keyAgrees(
        name,
        key,
        store.get(key)?.lease ?? NO_LEASE,
        lessor.leaseOf(key),
        lessor.has(lessor.leaseOf(key)),
      )
    return chain
  }

  /**
   * Members that have applied the same index have the same store and leases (figure 3: state
   * machine safety, in its result).
   */
  #sameState(
    name: MemberName,
    { store, lessor }: Member,
    { applied, revision, compacted, chain }: Seen,
    everything: boolean,
  ): void {
    // A few leases are compared each time, many leases only in the full check.
    const leases = lessor.size <= FEW ? leasesOf(lessor) : `${lessor.size}`
    this.#same(
      this.#states,
      name,
      applied,
      `${revision} ${compacted} ${compacted < 0 ? chain : ''} ${leases}`,
    )
    if (everything)
      this.#same(
        this.#wholes,
        name,
        applied,
        this.#digest(JSON.stringify(store.save()) + leasesOf(lessor)),
      )
  }

  #same(states: Map<number, Known>, name: MemberName, applied: number, text: string): void {
    const known = states.get(applied)
    if (known === undefined) states.set(applied, { text, by: name })
    else if (known.text !== text) {
      this.#report(
        'same store',
        [known.by, name],
        `${known.by} and ${name} have applied entry ${applied} and differ: ${shown(known.text)} and ${shown(text)}`,
      )
    }
  }

  /** No key outlives its lease, and lessor and store have the same keys (semantics §1.4, §1.5). */
  #allKeysAndLeasesAgree(name: MemberName, { store, lessor }: Member): void {
    for (const { key, lease } of store.startingAt(''))
      this.#keyAgrees(name, key, lease, lessor.leaseOf(key), lessor.has(lease))
    for (const { id } of lessor.leases()) {
      for (const key of lessor.keysOf(id))
        this.#keyAgrees(name, key, store.get(key)?.lease ?? NO_LEASE, id, true)
    }
  }

  #keyAgrees(
    name: MemberName,
    key: Bytes,
    stored: string,
    attached: string,
    exists: boolean,
  ): void {
    if (stored !== attached) {
      this.#report(
        'keys and leases agree',
        [name],
        `${name} stores key ${key} with lease ${stored}, and its lessor has the key under ${attached}`,
      )
    } else if (stored !== NO_LEASE && !exists) {
      this.#report(
        'keys and leases agree',
        [name],
        `key ${key} outlives its lease ${stored} on ${name}`,
      )
    }
  }
}

function shown(text: string): string {
  return text.length > 300 ? hash(text) : text
}

/** The number of leases up to which they are compared at each applied entry. */
const FEW = 64

function leasesOf(lessor: Member['lessor']): string {
  const texts = lessor
    .holdings()
    .map(({ id, ttlSeconds, keys }) => `${id}:${ttlSeconds}:${keys.join(',')}`)
  return texts.sort().join(' ')
}
