// The expiry loop of the primary and the revokes that follow from it (etcd: lessor.go: runLoop;
// server.go: revokeExpiredLeases; semantics §1.7, §1.12):
//
//   pass ─▶ leases whose time is up ─▶ (does this member still lead?) ─▶ one LeaseRevoke each, at
//   most 16 at a time
//      └──▶ leases to checkpoint ──────▶ (the same question) ───────────▶ one LeaseCheckpoint for a
//      thousand
//
// A revoke keeps its place until it is applied here or its 7 s are over. Then the next revoke of
// the pass is proposed.
//
// A leader that was frozen wakes with everything at once: its pass, and the messages of a new
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
/**
 * The most leases that one pass hands out: half of a thousand a second (lessor.go:
 * leaseRevokeRate).
 */
export const REVOKES_PER_PASS = 500
/** Revokes of one pass that may be under way at a time (server.go: maxPendingRevokes). */
export const MOST_PENDING_REVOKES = 16

/** A lease whose time ran out, and the event that says so. */
interface Expired {
  lease: LeaseId
  event: EventId
}

/** A revoke under way. `id` is the number of its proposal here, null while no leader is known. */
interface Pending extends Expired {
  id: number | null
  deadlineAt: number
}

/** What one pass has found. */
interface Batch {
  /** Leases whose revokes are not proposed yet. */
  revokes: Expired[]
  pending: Pending[]
  checkpoints: Checkpoint[][]
  /** The pass. */
  event: EventId
  /**
   * `late`: its member has just woken, and the rest of its messages come first. `asking`: it waits
   * for the answer to whether this member still leads. `open`: its revokes are proposed.
   */
  phase: 'late' | 'asking' | 'open'
  /** The number of its reader in the read loop. */
  reader?: number
}

export interface SavedExpiryLoop {
  nextPassAt: number
  batches: Batch[]
  /** The pass of a woken member waits for the messages that came while it was frozen. */
  isBehind: boolean
  chance: { wakes: RandomState; order: RandomState }
}

/**
 * What etcd leaves to chance. `wakes`: the race of a woken pass. `order`: which revoke of a pass
 * comes first.
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

  /** The loop of a process that starts again: it continues the draws of the process before. */
  static restart({ chance }: Pick<SavedExpiryLoop, 'chance'>): ExpiryLoop {
    return new ExpiryLoop({ wakes: Random.load(chance.wakes), order: Random.load(chance.order) })
  }

  /** When the next pass is, in milliseconds of the member's clock. */
  get nextPassAt(): number {
    return this.#nextPassAt
  }

  /** When a revoke gives up its place; Infinity for never. */
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
   * The messages that came while the member was frozen are taken in: the rest of its late pass is
   * proposed.
   */
  takeLate(core: Core, context: MemberContext): void {
    for (const batch of this.#batches.filter(({ phase }) => phase === 'late'))
      this.#open(core, context, batch)
  }

  /**
   * The answer to whether this member still leads. One that leads no more drops what it found
   * (server.go: ensureLeadership). An unknown number is ignored.
   */
  answered(core: Core, context: MemberContext, reader: number, leads: boolean): void {
    const batch = this.#batches.find((other) => other.phase === 'asking' && other.reader === reader)
    if (batch === undefined) return
    if (leads) return this.#open(core, context, batch)
    this.#batches = this.#batches.filter((other) => other !== batch)
    drop(core, context, batch)
  }

  /**
   * A proposal of this member is applied: its place is free. A number of another proposal is
   * ignored.
   */
  applied(core: Core, context: MemberContext, proposal: number): void {
    const batch = this.#batches.find(({ pending }) => pending.some(({ id }) => id === proposal))
    if (batch === undefined) return
    batch.pending = batch.pending.filter(({ id }) => id !== proposal)
    this.#goOn(core, context, batch)
  }

  /**
   * A leader is known: revokes that could not be handed to one are proposed (node.go: run, propc).
   */
  leaderChanged(core: Core): void {
    for (const { pending } of this.#batches) {
      for (const revoke of pending)
        if (revoke.id === null) revoke.id = core.propose(revokeOf(revoke), revoke.event)
    }
  }

  /** Frees the places of revokes whose time is over. */
  look(core: Core, context: MemberContext): void {
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
   * How the race of a late pass ends. A member that has others to hear from draws it, once, if a
   * lease is due.
   */
  #wake({ consensus, lessor, differences }: Core, context: MemberContext): WokenPass {
    const { isLeader, isAlone } = consensus
    const hasRace = isLeader && !isAlone && !this.#isBehind && lessor.nextDueAt() <= context.now
    return hasRace ? drawWokenPass(this.#chance.wakes, differences) : { type: 'proposes', first: 0 }
  }

  /**
   * The order in which the revokes of a pass are proposed. Each has a goroutine; those of the first
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

  /** Proposes revokes until `most` are under way. */
  #propose(core: Core, context: MemberContext, batch: Batch, most: number): void {
    const deadlineAt = context.now + requestTimeoutMs(core.options)
    while (batch.pending.length < most) {
      const expired = batch.revokes.shift()
      if (expired === undefined) return
      const id = core.propose(revokeOf(expired), expired.event)
      // A leader that hands over drops the proposal. Without a leader it waits for one.
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
 * The lessor hands the leases out again after its retry interval; a checkpoint is not made up for.
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
