// The expiry loop of the primary and its revokes (etcd: lessor.go: runLoop; server.go:
// revokeExpiredLeases; semantics §1.7, §1.12):
//
//   pass ─▶ leases whose time is up ─▶ (does this member still lead?) ─▶ one LeaseRevoke each, at
//      │                                                                  most 16 at a time
//      └──▶ leases to checkpoint ──────▶ (the same check) ─────────────▶ one LeaseCheckpoint for a
//                                                                         thousand
//
// A revoke keeps its place until it is applied here or its 7 s are over. Then the next revoke of
// the pass is proposed.
//
// A leader that was frozen resumes with everything at once: its pass, and the messages of a new
// leader. In etcd the two race (woken-pass.ts).

import type { RandomState } from '../base/random'
import { Random } from '../base/random'
import type { LeaseId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { Checkpoint } from '../lease/lessor'
import type { MemberContext } from './context'
import type { Core } from './core'
import { requestTimeoutMs } from './member-options'
import type { Proposal } from './proposal'
import type { WokenPass } from './woken-pass'
import { drawWokenPass } from './woken-pass'

/** Milliseconds between two passes (lessor.go: runLoop). */
export const EXPIRY_LOOP_MS = 500
/** The maximum of leases in one pass: half of a thousand a second (lessor.go: leaseRevokeRate). */
export const REVOKES_PER_PASS = 500
/** The maximum of pending revokes of one pass (server.go: maxPendingRevokes). */
export const MOST_PENDING_REVOKES = 16

/** An expired lease, and the event that reports it. */
interface Expired {
  lease: LeaseId
  event: EventId
}

/** A pending revoke. `id` is the number of its proposal here, null while no leader is known. */
interface Pending extends Expired {
  id: number | null
  deadlineAt: number
}

/** The leases that one pass has found. */
interface Batch {
  /** Leases whose revokes are not proposed yet. */
  revokes: Expired[]
  pending: Pending[]
  checkpoints: Checkpoint[][]
  /** The pass. */
  event: EventId
  /**
   * `late`: the member has just resumed, and its waiting messages come first. `asking`: the
   * leadership check is pending. `open`: its revokes are proposed.
   */
  phase: 'late' | 'asking' | 'open'
  /** The number of its reader in the read loop. */
  reader?: number
}

export interface SavedExpiryLoop {
  nextPassAt: number
  batches: Batch[]
  /** The pass of a resumed member waits for the messages that arrived during the freeze. */
  isBehind: boolean
  chance: { wakes: RandomState; order: RandomState }
}

/**
 * The random choices of etcd. `wakes`: the race of a pass after a freeze. `order`: the first revoke
 * of a pass.
 */
export interface ExpiryChance {
  wakes: Random
  order: Random
}

export class ExpiryLoop {
  #nextPassAt = 0
  #batches: Batch[] = []
  #isBehind = false
  readonly #chance: ExpiryChance

  constructor(chance: ExpiryChance) {
    this.#chance = chance
  }

  /** A new loop of that member. */
  static begin(seed: number, member: string): ExpiryLoop {
    return new ExpiryLoop({
      wakes: new Random(seed, `${member}/wakes`),
      order: new Random(seed, `${member}/revokes`),
    })
  }

  /** The loop of a restarted process: it continues the random draws of the previous process. */
  static restart({ chance }: Pick<SavedExpiryLoop, 'chance'>): ExpiryLoop {
    return new ExpiryLoop({ wakes: Random.load(chance.wakes), order: Random.load(chance.order) })
  }

  /** The time of the next pass, in milliseconds of the member's clock. */
  get nextPassAt(): number {
    return this.#nextPassAt
  }

  /** The time when a revoke frees its place; Infinity for never. */
  get nextAt(): number {
    return Math.min(
      Number.POSITIVE_INFINITY,
      ...this.#batches.flatMap(({ pending }) => pending.map(({ deadlineAt }) => deadlineAt)),
    )
  }

  start(at: number, context: MemberContext, cause: EventId): void {
    this.#nextPassAt = at
    context.timer('expiry', at, cause)
  }

  pass(core: Core, context: MemberContext): void {
    const { lessor } = core
    const at = context.onTime(this.#nextPassAt)
    const isLate = at > this.#nextPassAt
    const woken = isLate ? this.#wake(core, context) : null
    if (woken?.type === 'behind') {
      this.#isBehind = true
      return context.timer('expiry', context.now, context.cause)
    }
    const due = lessor.due(context.now, REVOKES_PER_PASS)
    const event = context.trace.emit(
      { type: 'expiry-pass', member: core.options.name, due: due.length },
      context.cause,
    )
    this.#isBehind = false
    this.start(at + EXPIRY_LOOP_MS, context, event)
    const revokes = this.#inOrder(due.map((lease) => tellExpired(core, context, lease, event)))
    const batch: Batch = {
      revokes,
      pending: [],
      checkpoints: lessor.dueCheckpoints(context.now),
      event,
      phase: 'open',
    }
    if (isEmpty(batch)) return
    this.#batches.push(batch)
    if (woken === null) return this.#take(core, context, batch)
    if (woken.type === 'asks') return this.#ask(core, context, batch)
    batch.phase = 'late'
    this.#propose(core, context, batch, woken.first)
    context.timer('revokes', context.now, event)
  }

  /**
   * The messages that arrived during the freeze are handled: the rest of the late pass is proposed.
   */
  takeLate(core: Core, context: MemberContext): void {
    for (const batch of this.#batches.filter(({ phase }) => phase === 'late'))
      this.#open(core, context, batch)
  }

  /**
   * The result of the leadership check. A member that no longer leads drops the leases that it
   * found (server.go: ensureLeadership). An unknown number is ignored.
   */
  answered(core: Core, context: MemberContext, reader: number, leads: boolean): void {
    const batch = this.#batches.find((other) => other.phase === 'asking' && other.reader === reader)
    if (batch === undefined) return
    if (leads) return this.#open(core, context, batch)
    this.#batches = this.#batches.filter((other) => other !== batch)
    drop(core, context, batch)
  }

  /**
   * A proposal of this member is applied: its place is free. The number of another proposal is
   * ignored.
   */
  applied(core: Core, context: MemberContext, proposal: number): void {
    const batch = this.#batches.find(({ pending }) => pending.some(({ id }) => id === proposal))
    if (batch === undefined) return
    batch.pending = batch.pending.filter(({ id }) => id !== proposal)
    this.#goOn(core, context, batch)
  }

  /** A leader is known: revokes that waited for a leader are proposed (node.go: run, propc). */
  leaderChanged(core: Core): void {
    for (const { pending } of this.#batches) {
      for (const revoke of pending)
        if (revoke.id === null) revoke.id = core.propose(revokeOf(revoke), revoke.event)
    }
  }

  /** Frees the places of revokes whose time is over. */
  checkDeadlines(core: Core, context: MemberContext): void {
    const { now } = context
    for (const batch of [...this.#batches]) {
      if (batch.pending.every(({ deadlineAt }) => deadlineAt > now)) continue
      batch.pending = batch.pending.filter(({ deadlineAt }) => deadlineAt > now)
      this.#goOn(core, context, batch)
    }
  }

  save(): SavedExpiryLoop {
    const { wakes, order } = this.#chance
    const chance = { wakes: wakes.save(), order: order.save() }
    return {
      nextPassAt: this.#nextPassAt,
      batches: this.#batches.map(copyOf),
      isBehind: this.#isBehind,
      chance,
    }
  }

  static load({ nextPassAt, batches, isBehind, chance }: SavedExpiryLoop): ExpiryLoop {
    const loop = ExpiryLoop.restart({ chance })
    loop.#nextPassAt = nextPassAt
    loop.#batches = batches.map(copyOf)
    loop.#isBehind = isBehind
    return loop
  }

  /**
   * The outcome of the race of a late pass. A member with other members draws it once, if a lease
   * is due.
   */
  #wake({ consensus, lessor, differences }: Core, context: MemberContext): WokenPass {
    const { isLeader, isAlone } = consensus
    const hasRace = isLeader && !isAlone && !this.#isBehind && lessor.nextDueAt() <= context.now
    return hasRace ? drawWokenPass(this.#chance.wakes, differences) : { type: 'proposes', first: 0 }
  }

  /**
   * The order in which the revokes of a pass are proposed. Each has a goroutine. Those of the first
   * places start together, and Go's scheduler often runs the last of them first (recorded: of two
   * leases the later one, of forty the sixteenth).
   */
  #inOrder(revokes: Expired[]): Expired[] {
    if (revokes.length < 2 || this.#chance.order.below(2) === 0) return revokes
    const last = Math.min(revokes.length, MOST_PENDING_REVOKES) - 1
    return [...revokes.slice(last, last + 1), ...revokes.slice(0, last), ...revokes.slice(last + 1)]
  }

  #take(core: Core, context: MemberContext, batch: Batch): void {
    const { checksLeadership, trustsRecentTick } = core.differences
    if (!checksLeadership || (trustsRecentTick && core.isActive(context)))
      return this.#open(core, context, batch)
    this.#ask(core, context, batch)
  }

  #ask(core: Core, context: MemberContext, batch: Batch): void {
    batch.phase = 'asking'
    batch.reader = core.askLeadership(context, batch.event)
  }

  #open(core: Core, context: MemberContext, batch: Batch): void {
    batch.phase = 'open'
    for (const entry of batch.checkpoints)
      core.propose({ type: 'LeaseCheckpoint', checkpoints: entry }, batch.event)
    batch.checkpoints = []
    this.#goOn(core, context, batch)
  }

  #goOn(core: Core, context: MemberContext, batch: Batch): void {
    if (batch.phase === 'open') this.#propose(core, context, batch, MOST_PENDING_REVOKES)
    if (isEmpty(batch)) this.#batches = this.#batches.filter((other) => other !== batch)
  }

  /** Proposes revokes until `most` are pending. */
  #propose(core: Core, context: MemberContext, batch: Batch, most: number): void {
    const deadlineAt = context.now + requestTimeoutMs(core.options)
    while (batch.pending.length < most) {
      const expired = batch.revokes.shift()
      if (expired === undefined) return
      const id = core.propose(revokeOf(expired), expired.event)
      // A leader that is transferring its leadership drops the proposal. Without a leader the
      // proposal waits for one.
      if (id !== null || core.consensus.lead === null)
        batch.pending.push({ ...expired, id, deadlineAt })
    }
  }
}

function revokeOf({ lease }: Expired): Proposal {
  return { type: 'LeaseRevoke', ID: lease, end: 'expired' }
}

function tellExpired(
  { lessor, options: { name: member } }: Core,
  context: MemberContext,
  lease: LeaseId,
  pass: EventId,
): Expired {
  const { deadline, cause } = lessor.lookup(lease)!
  const keys = lessor.keyCount(lease)
  return {
    lease,
    event: context.trace.emit(
      { type: 'lease-expired', member, lease, deadline, keys },
      pass,
      cause,
    ),
  }
}

/**
 * The lessor hands the leases out again after its retry interval. A lost checkpoint is not
 * repeated.
 */
function drop(
  { options: { name: member } }: Core,
  context: MemberContext,
  { revokes }: Batch,
): void {
  const message = "Ignore the lease revoking request because current member isn't a leader"
  for (const { event } of revokes)
    context.trace.emit(
      { type: 'request-refused', member, request: 'LeaseRevoke', message },
      event,
      context.cause,
    )
}

function isEmpty({ revokes, pending, checkpoints }: Batch): boolean {
  return revokes.length + pending.length + checkpoints.length === 0
}

function copyOf(batch: Batch): Batch {
  const { revokes, pending, checkpoints } = batch
  return {
    ...batch,
    revokes: [...revokes],
    pending: pending.map((revoke) => ({ ...revoke })),
    checkpoints: [...checkpoints],
  }
}
