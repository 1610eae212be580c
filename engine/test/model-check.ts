// The engine's member against the model: the same random requests over virtual time, and all
// answers are compared after each. The invariants of a member are checked too.

import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import fc from 'fast-check'
import { errors } from '../base/errors'
import type { LeaseId, Request } from '../base/rpc'
import { NO_LEASE } from '../base/rpc'
import type { Plain } from '../cli/exchange/form'
import { writeReply } from '../cli/exchange/reply'
import { readRequest } from '../cli/exchange/request'
import { COMPACTED, CURRENT, kvCalls, placed, watchMessages } from './calls'
import { LoneMember } from './lone-member'
import { Model } from './model'

type Step =
  | { type: 'request'; call: string; request: Plain }
  /** A message on one of two watch streams. */
  | { type: 'watch'; stream: number; call: string; request: Plain }
  /** The member is loaded from its own save. */
  | { type: 'reload' }

/** A step, and the virtual ms before it. */
interface Timed {
  after: number
  step: Step
}

/** Passes run at 37, 537 …, never at the same ms as the catch-up loop. */
const EXPIRY_PHASE_MS = 37
const PASS_MS = 500
/** The stream that always watches all keys. */
const ALL_KEYS = 9
const SYNC_MS = 100

const leaseId = fc.constantFrom<(number | string)[]>(1, 2, 3, -1)
const leaseCalls = fc.oneof(
  fc
    .record({ ID: leaseId, TTL: fc.constantFrom(-1, 0, 1, 2, 3, 5, 8) })
    .map((request) => ({ call: 'LeaseGrant', request })),
  fc.constantFrom('LeaseRevoke', 'LeaseKeepAlive', 'LeaseTimeToLive').chain((call) =>
    leaseId.map((ID) => ({
      call,
      request: call === 'LeaseTimeToLive' ? { ID, keys: true } : { ID },
    })),
  ),
  fc
    .record({
      key: fc.constantFrom('a', 'b', 'c', 'dir/1'),
      lease: leaseId,
      value: fc.constantFrom('', 'v'),
    })
    .map((request) => ({ call: 'Put', request })),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: kvCalls.map(({ call, request }): Step => ({ type: 'request', call, request })),
  },
  {
    weight: 5,
    arbitrary: leaseCalls.map(({ call, request }): Step => ({ type: 'request', call, request })),
  },
  {
    weight: 2,
    arbitrary: watchMessages.map(({ stream, request }): Step => {
      const [kind, body] = Object.entries(request)[0]!
      const call =
        { create_request: 'WatchCreate', cancel_request: 'WatchCancel' }[kind] ?? 'WatchProgress'
      return { type: 'watch', stream, call, request: body as Plain }
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ type: 'reload' }) },
)
// One ms and any number of half seconds: each lease is due at its own ms.
const after = fc
  .oneof({ weight: 8, arbitrary: fc.constant(0) }, fc.nat(12))
  .map((halves) => 1 + halves * 500)
/** A compaction of a deletion, or of another change, and a watch from there. */
const compactedAndWatched = fc
  .tuple(kvCalls, fc.constantFrom('a', 'b', 'c', 'dir/1'), fc.boolean())
  .map(([other, key, deletes]): Step[] => [
    deletes
      ? { type: 'request', call: 'DeleteRange', request: { key } }
      : { type: 'request', call: other.call, request: other.request },
    { type: 'request', call: 'Compact', request: { revision: CURRENT } },
    {
      type: 'watch',
      stream: 0,
      call: 'WatchCreate',
      request: { key: '\0', range_end: '\0', start_revision: COMPACTED, prev_kv: true },
    },
  ])
const steps = fc.oneof({ weight: 30, arbitrary: step.map((one) => [one]) }, compactedAndWatched)
const runs = fc
  .array(fc.tuple(after, steps), { maxLength: 120, size: 'max' })
  .map((groups): Timed[] =>
    groups.flatMap(([after, steps]) => steps.map((step) => ({ after, step }))),
  )

/** Compares as text first: for equal values that is enough. */
function same(one: unknown, other: unknown): void {
  if (JSON.stringify(one) !== JSON.stringify(other)) deepStrictEqual(one, other)
}

/** The next ms at which one of the two loops may run. */
function nextTurn(at: number): number {
  const pass = at + PASS_MS - ((at - EXPIRY_PHASE_MS + PASS_MS) % PASS_MS)
  return Math.min(pass, at + SYNC_MS - (at % SYNC_MS))
}

class Pair {
  readonly engine = new LoneMember({ expiryPhaseMs: EXPIRY_PHASE_MS })
  readonly model: Model
  #now = 0
  #revision = 1
  readonly #streams = new Map<number, number>()
  readonly #calls: { rpc: number; compared: number }[] = []

  constructor() {
    const { clusterId, ID } = this.engine.member.options
    this.model = new Model({
      cluster_id: clusterId,
      member_id: ID,
      raft_term: this.engine.member.term,
    })
    this.#send(readRequest('WatchCreate', { key: '\0', range_end: '\0', prev_kv: true }), ALL_KEYS)
  }

  play({ after, step }: Timed): void {
    this.#advance(this.#now + after)
    if (step.type === 'reload') this.#reload()
    else
      this.#send(
        readRequest(step.call, placed(step.request, 1, this.#revision, this.model.compacted)),
        step.type === 'watch' ? step.stream : undefined,
      )
    this.#compare()
    this.#check()
  }

  #send(request: Request, stream: number | undefined): void {
    const open = stream === undefined ? undefined : this.#streams.get(stream)
    const rpc = open === undefined ? this.engine.send(request) : this.engine.send(request, open)
    if (open === undefined) this.#calls.push({ rpc, compared: 0 })
    if (stream !== undefined) this.#streams.set(stream, rpc)
    // No model contains a panic of etcd.
    if (this.engine.replies(rpc).at(-1) === errors.MemberPanics) {
      this.#calls.pop()
      return
    }
    this.model.request(rpc, request, this.#now)
  }

  #advance(to: number): void {
    const before = this.engine.events.length
    this.engine.advance(to)
    const ended = this.engine.events
      .slice(before)
      .flatMap((event) =>
        event.type === 'lease-revoked' && event.end === 'expired' ? [event.lease] : [],
      )
    let told = 0
    for (let at = this.#now + 1; at <= to; at = nextTurn(at)) {
      if (at % PASS_MS === EXPIRY_PHASE_MS) {
        const left = this.model.leases.length
        this.model.passAt(at, ended.slice(told))
        told += left - this.model.leases.length
      }
      if (at % SYNC_MS === 0 && this.model.isBehind) this.model.syncAt()
    }
    strictEqual(told, ended.length, 'a lease has ended that was not due')
    this.#now = to
  }

  #compare(): void {
    for (const call of this.#calls) {
      const said = this.model.said.get(call.rpc) ?? []
      const replies = this.engine.replies(call.rpc)
      if (said.length === call.compared && replies.length === call.compared) continue
      same(replies.slice(call.compared).map(writeReply), said.slice(call.compared).map(writeReply))
      call.compared = said.length
    }
  }

  #reload(): void {
    const saved = this.engine.reload()
    const again = JSON.stringify(this.engine.member.save())
    if (again !== JSON.stringify(saved)) deepStrictEqual(JSON.parse(again), saved)
  }

  /** The invariants. */
  #check(): void {
    const { store, lessor } = this.engine.member
    ok(store.revision >= this.#revision, 'the revision went back')
    this.#revision = store.revision
    const found = store.range('\0', '\0')
    if ('type' in found) throw new Error(found.message)
    const attached = new Map<LeaseId, string[]>()
    for (const { key, lease } of found.kvs) {
      strictEqual(lessor.leaseOf(key), lease)
      if (lease !== NO_LEASE) attached.set(lease, [...(attached.get(lease) ?? []), key])
    }
    // No key outlives its lease, and every lease knows exactly its keys.
    for (const lease of attached.keys()) ok(lessor.has(lease), `a key has outlived lease ${lease}`)
    for (const { id } of lessor.leases()) same(lessor.keysOf(id), attached.get(id) ?? [])
    strictEqual(store.size, found.count)
  }
}

/** Plays this number of random runs, drawn from the seed; throws the smallest run that differs. */
export function checkModel(seed: number, numRuns: number): void {
  const same = fc.property(runs, (steps) => {
    const pair = new Pair()
    for (const timed of steps) pair.play(timed)
  })
  fc.assert(same, { seed, numRuns })
}
