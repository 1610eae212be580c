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
import type { Checkpoint, Lessor } from '../lease/lessor'
import type { Proposal } from './apply'
import type { Turn } from './turn'
import type { Differences } from './versions'
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

/** The member around it, as it is now. */
export interface ExpiryContext {
  readonly turn: Turn
  readonly name: string
  readonly lessor: Lessor
  readonly differences: Differences
  readonly isLeader: boolean
  /** It is the only voter. */
  readonly isAlone: boolean
  /** Its last tick is young enough to trust (semantics §1.13). */
  readonly isActive: boolean
  readonly hasLeader: boolean
  readonly requestTimeoutMs: number
  /**
   * Asks whether this member still leads. Returns the number of the question; `answered` brings the
   * answer.
   */
  askLeadership(cause: EventId): number
  /**
   * Proposes and returns the number of the proposal; null where it is lost or cannot be handed to a
   * leader.
   */
  propose(proposal: Proposal, cause: EventId): number | null
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

  start(at: number, turn: Turn, cause: EventId): void {
    this.#nextPassAt = at
    turn.timer('expiry', at, cause)
  }

  pass(context: ExpiryContext): void {
    const { turn, name: member, lessor } = context
    const at = turn.onTime(this.#nextPassAt)
    const isLate = at > this.#nextPassAt
    const woken = isLate ? this.#wake(context) : null
    if (woken?.type === 'behind') {
      this.#isBehind = true
      return turn.timer('expiry', turn.now, turn.cause)
    }
    const due = lessor.due(turn.now, REVOKES_PER_PASS)
    const event = turn.trace.emit({ type: 'expiry-pass', member, due: due.length }, turn.cause)
    this.#isBehind = false
    this.start(at + EXPIRY_LOOP_MS, turn, event)
    const revokes = this.#inOrder(due.map((lease) => tellExpired(lease, context, event)))
    const batch: Batch = {
      revokes,
      pending: [],
      checkpoints: lessor.dueCheckpoints(turn.now),
      event,
      phase: 'open',
    }
    if (isEmpty(batch)) return
    this.#batches.push(batch)
    if (woken === null) return this.#take(batch, context)
    if (woken.type === 'asks') return this.#ask(batch, context)
    batch.phase = 'late'
    this.#propose(batch, woken.first, context)
    turn.timer('revokes', turn.now, event)
  }

  /**
   * The messages that came while the member was frozen are taken in: the rest of its late pass is
   * proposed.
   */
  takeLate(context: ExpiryContext): void {
    for (const batch of this.#batches.filter(({ phase }) => phase === 'late'))
      this.#open(batch, context)
  }

  /**
   * The answer to whether this member still leads. One that leads no more drops what it found
   * (server.go: ensureLeadership). An unknown number is ignored.
   */
  answered(reader: number, leads: boolean, context: ExpiryContext): void {
    const batch = this.#batches.find((other) => other.phase === 'asking' && other.reader === reader)
    if (batch === undefined) return
    if (leads) return this.#open(batch, context)
    this.#batches = this.#batches.filter((other) => other !== batch)
    drop(batch, context)
  }

  /**
   * A proposal of this member is applied: its place is free. A number of another proposal is
   * ignored.
   */
  applied(proposal: number, context: () => ExpiryContext): void {
    const batch = this.#batches.find(({ pending }) => pending.some(({ id }) => id === proposal))
    if (batch === undefined) return
    batch.pending = batch.pending.filter(({ id }) => id !== proposal)
    this.#goOn(batch, context())
  }

  /**
   * A leader is known: revokes that could not be handed to one are proposed (node.go: run, propc).
   */
  leaderChanged(context: ExpiryContext): void {
    for (const { pending } of this.#batches) {
      for (const revoke of pending)
        if (revoke.id === null) revoke.id = context.propose(revokeOf(revoke), revoke.event)
    }
  }

  /** Frees the places of revokes whose time is over. */
  look(context: ExpiryContext): void {
    const { now } = context.turn
    for (const batch of [...this.#batches]) {
      if (batch.pending.every(({ deadlineAt }) => deadlineAt > now)) continue
      batch.pending = batch.pending.filter(({ deadlineAt }) => deadlineAt > now)
      this.#goOn(batch, context)
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
  #wake({ turn, lessor, isLeader, isAlone, differences }: ExpiryContext): WokenPass {
    const hasRace = isLeader && !isAlone && !this.#isBehind && lessor.nextDueAt() <= turn.now
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

  #take(batch: Batch, context: ExpiryContext): void {
    const { checksLeadership, trustsRecentTick } = context.differences
    if (!checksLeadership || (trustsRecentTick && context.isActive))
      return this.#open(batch, context)
    this.#ask(batch, context)
  }

  #ask(batch: Batch, context: ExpiryContext): void {
    batch.phase = 'asking'
    batch.reader = context.askLeadership(batch.event)
  }

  #open(batch: Batch, context: ExpiryContext): void {
    batch.phase = 'open'
    for (const entry of batch.checkpoints)
      context.propose({ type: 'LeaseCheckpoint', checkpoints: entry }, batch.event)
    batch.checkpoints = []
    this.#goOn(batch, context)
  }

  #goOn(batch: Batch, context: ExpiryContext): void {
    if (batch.phase === 'open') this.#propose(batch, MOST_PENDING_REVOKES, context)
    if (isEmpty(batch)) this.#batches = this.#batches.filter((other) => other !== batch)
  }

  /** Proposes revokes until `most` are under way. */
  #propose(batch: Batch, most: number, context: ExpiryContext): void {
    const deadlineAt = context.turn.now + context.requestTimeoutMs
    while (batch.pending.length < most) {
      const expired = batch.revokes.shift()
      if (expired === undefined) return
      const id = context.propose(revokeOf(expired), expired.event)
      // A leader that hands over drops the proposal. Without a leader it waits for one.
      if (id !== null || !context.hasLeader) batch.pending.push({ ...expired, id, deadlineAt })
    }
  }
}

function revokeOf({ lease }: Expired): Proposal {
  return { type: 'LeaseRevoke', ID: lease, end: 'expired' }
}

function tellExpired(
  lease: LeaseId,
  { lessor, turn, name: member }: ExpiryContext,
  pass: EventId,
): Expired {
  const { deadline, cause } = lessor.lookup(lease)!
  const keys = lessor.keyCount(lease)
  return {
    lease,
    event: turn.trace.emit({ type: 'lease-expired', member, lease, deadline, keys }, pass, cause),
  }
}

/**
 * The lessor hands the leases out again after its retry interval; a checkpoint is not made up for.
 */
function drop({ revokes }: Batch, { turn, name: member }: ExpiryContext): void {
  const message = "Ignore the lease revoking request because current member isn't a leader"
  for (const { event } of revokes)
    turn.trace.emit(
      { type: 'request-refused', member, request: 'LeaseRevoke', message },
      event,
      turn.cause,
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
