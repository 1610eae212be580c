// The expiry heap of the primary, as the page draws it: the entries near the root, the last
// operation swap by swap, and the last pass. Also the keys of one lease. Times are absolute, so
// they need no update while time passes.

import { bytesText } from '../base/bytes'
import type { LeaseId } from '../base/rpc'
import type { TraceEvent } from '../base/trace'
import type { HeapEntry, HeapOperation, MemberHeap } from '../sim/expiry-heaps'
import { ExpiryHeaps } from '../sim/expiry-heaps'
import type { Scene } from './scene'
import { authority } from './scene'

/** The drawn entries: four levels. */
export const HEAP_SHOWN = 15
const KEYS_SHOWN = 12

export interface HeapNode {
  lease: string
  name: string
  /** Virtual ms when it is due in the heap: its deadline, or the time of its next check. */
  at: number
  deadline: number
  state: 'live' | 'retries' | 'gone'
}

/**
 * One step of an operation. `parent` and `child` are indexes; `up` goes to the parent's place, and
 * `down` to the child's.
 */
export type HeapStep =
  | { type: 'swap'; parent: number; child: number; up: string; down: string }
  | { type: 'leaves'; name: string }

export interface HeapMove {
  type: HeapOperation['type']
  name: string
  /** The event of the operation. */
  event: number
  /** Virtual ms of the operation; the entry's time before (null for a new entry) and after. */
  now: number
  was: number | null
  to: number
  steps: HeapStep[]
  /** The entries near the root before the first step, and after each. */
  states: HeapNode[][]
}

export interface HeapView {
  /** The member whose lessor counts; null without one: then there is no heap. */
  member: string | null
  size: number
  /** How many of them are revoked and wait to reach the root. */
  gone: number
  nodes: HeapNode[]
  last: HeapMove | null
  /** The last pass of this member over a heap, and the time of the next one (virtual ms). */
  pass: { at: number; looked: number; due: number } | null
  nextPassAt: number | null
  /** The requested lease, else the lease at the root, or null. */
  lease: HeapLease | null
}

export interface HeapLease {
  lease: string
  name: string
  /** Its index in the array; null for a lease that is not in the heap. */
  index: number | null
  keys: string[]
  keyCount: number
}

/**
 * The heaps of a run at its cursor. They follow the trace, and start over where the cursor went
 * back.
 */
export class HeapFeed {
  #heaps: ExpiryHeaps | null = null
  #noted = 0
  #latest: TraceEvent | undefined

  /** The view at the cursor; `lease`: the lease whose keys are requested. */
  view(trace: readonly TraceEvent[], scene: Scene, lease: string | null): HeapView {
    this.#follow(trace, scene)
    const { sim, ledger, last } = scene
    const counting = this.#heaps?.counting ?? null
    const nameOf = (id: LeaseId): string => ledger.names.nameOf(id, last)
    const entries = counting?.heap.entries ?? []
    const chosen = this.#chosen(scene, lease) ?? entries[0]?.lease ?? null
    return {
      member: counting?.member ?? null,
      size: entries.length,
      gone: entries.filter(({ gone }) => gone).length,
      nodes: entries.slice(0, HEAP_SHOWN).map((entry) => nodeOf(entry, nameOf)),
      last: counting?.heap.last ? moveOf(counting.heap, counting.heap.last, nameOf) : null,
      pass: counting?.heap.pass ?? null,
      nextPassAt:
        sim.members.find(({ options }) => options.name === counting?.member)?.nextPassAt ?? null,
      lease: chosen === null ? null : this.#lease(scene, chosen, nameOf(chosen)),
    }
  }

  /** The requested lease, if the cluster has it or its entry is still there. */
  #chosen({ sim }: Scene, lease: string | null): LeaseId | null {
    const id = lease as LeaseId | null
    const isHere =
      id !== null &&
      (authority(sim).lessor.has(id) || (this.#heaps?.counting?.heap.placeOf(id) ?? -1) >= 0)
    return isHere ? id : null
  }

  #lease({ sim }: Scene, lease: LeaseId, name: string): HeapLease {
    const keys = authority(sim).lessor.keysOf(lease)
    const index = this.#heaps?.counting?.heap.placeOf(lease) ?? -1
    return {
      lease,
      name,
      index: index < 0 ? null : index,
      keys: keys.slice(0, KEYS_SHOWN).map(bytesText),
      keyCount: keys.length,
    }
  }

  #follow(trace: readonly TraceEvent[], { sim, last }: Scene): void {
    const isSame = this.#noted <= last && trace[this.#noted - 1] === this.#latest
    if (!isSame || this.#heaps === null) {
      this.#heaps = new ExpiryHeaps(sim.config.etcd)
      this.#noted = 0
    }
    for (; this.#noted < last; this.#noted++) this.#heaps.note(trace[this.#noted]!)
    this.#latest = trace[this.#noted - 1]
  }
}

function nodeOf(
  { lease, at, deadline, retries, gone }: HeapEntry,
  nameOf: (id: LeaseId) => string,
): HeapNode {
  return {
    lease,
    name: nameOf(lease),
    at,
    deadline,
    state: gone ? 'gone' : retries ? 'retries' : 'live',
  }
}

/** The last operation, read backwards from the current array, swap by swap. */
function moveOf(
  { entries }: MemberHeap,
  last: HeapOperation,
  nameOf: (id: LeaseId) => string,
): HeapMove {
  const { type, entry, event, now, was, swaps } = last
  const array = [...entries]
  const shown = (): HeapNode[] => array.slice(0, HEAP_SHOWN).map((each) => nodeOf(each, nameOf))
  const states = [shown()]
  const steps: HeapStep[] = []
  // The root and the last entry are swapped before the root leaves.
  const leavesAfter = type !== 'pop' ? null : array.length === 0 ? 0 : 1
  const leave = (): void => {
    array.push(entry)
    steps.unshift({ type: 'leaves', name: nameOf(entry.lease) })
    states.unshift(shown())
  }
  for (let i = swaps.length; i > 0; i--) {
    if (i === leavesAfter) leave()
    const [parent, child] = swaps[i - 1]!
    const [up, down] = [array[parent]!, array[child]!]
    array[parent] = down
    array[child] = up
    steps.unshift({ type: 'swap', parent, child, up: nameOf(up.lease), down: nameOf(down.lease) })
    states.unshift(shown())
  }
  if (leavesAfter === 0) leave()
  return { type, name: nameOf(entry.lease), event, now, was, to: entry.at, steps, states }
}
