// What the primary's lessor looks for every half second, and what becomes of it (etcd: lessor.go: runLoop; server.go: revokeExpiredLeases; semantics §1.7, §1.12):
//
//   pass ─▶ leases whose time is up ─▶ (does this member still lead?) ─▶ one LeaseRevoke each, proposed
//      └──▶ leases to checkpoint ──────▶ (the same question) ───────────▶ one LeaseCheckpoint for a thousand
//
// Loop and Raft run side by side in etcd, and a queue lies between them. Where the pass is on time that does not show. A member that was frozen wakes with all at once:
//
//   1. the loop finds leases expired by deadlines of long ago, and queues them;
//   2. what the others sent meanwhile comes in: there is a new leader, and this one follows it;
//   3. the queue is taken: what is proposed now is forwarded to the new leader (semantics §1.13).

import type { LeaseId } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { Checkpoint, Lessor } from '../lease/lessor'
import type { Proposal } from './apply'
import { READ_RETRY_MS } from './pending'
import type { Turn } from './turn'
import type { Differences } from './versions'

/** Milliseconds between two passes (lessor.go: runLoop). */
export const EXPIRY_LOOP_MS = 500
/** The most leases that one pass hands out: half of a thousand a second (lessor.go: leaseRevokeRate). */
export const REVOKES_PER_PASS = 500

/** A lease whose time ran out, and the event that says so. */
interface Expired {
  lease: LeaseId
  event: EventId
}

/** What one pass has found. */
interface Batch {
  revokes: Expired[]
  checkpoints: Checkpoint[][]
  /** The pass. */
  event: EventId
}

/** A batch that waits for the answer to whether this member still leads: a linearizable read. */
interface Asking extends Batch {
  context: string
  retryAt: number
  deadlineAt: number
}

export interface SavedExpiryLoop {
  nextPassAt: number
  late: Batch[]
  asking: Asking[]
}

/** The member around it, as it is now. */
export interface ExpiryContext {
  readonly turn: Turn
  readonly name: string
  readonly lessor: Lessor
  readonly differences: Differences
  readonly isLeader: boolean
  /** Its last tick is young enough to trust (semantics §1.13). */
  readonly isActive: boolean
  readonly requestTimeoutMs: number
  /** Asks for a point at which a linearizable read may be made, and answers with the context by which its answer is known. */
  readIndex(): string
  propose(proposal: Proposal, cause: EventId): void
}

export class ExpiryLoop {
  #nextPassAt = 0
  /** What a pass that came late has found. */
  #late: Batch[] = []
  #asking: Asking[] = []

  /** When the next pass is, in milliseconds of the member's clock. */
  get nextPassAt(): number {
    return this.#nextPassAt
  }

  /** When a batch that asks has to be looked at; Infinity for never. */
  get nextAt(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#asking.map(({ retryAt, deadlineAt }) => Math.min(retryAt, deadlineAt)))
  }

  start(at: number, turn: Turn, cause: EventId): void {
    this.#nextPassAt = at
    turn.timer('expiry', at, cause)
  }

  pass(context: ExpiryContext): void {
    const { turn, name: member, lessor } = context
    const due = lessor.due(turn.now, REVOKES_PER_PASS)
    const event = turn.trace.emit({ type: 'expiry-pass', member, due: due.length }, turn.cause)
    const at = turn.onTime(this.#nextPassAt)
    const isLate = at > this.#nextPassAt
    this.start(at + EXPIRY_LOOP_MS, turn, event)
    const batch = { revokes: due.map((lease) => tellExpired(lease, context, event)), checkpoints: lessor.dueCheckpoints(turn.now), event }
    if (isEmpty(batch)) return
    if (!isLate) return this.#take(batch, context)
    this.#late.push(batch)
    turn.timer('revokes', turn.now, event)
  }

  /** The queue of a pass that came late is taken. */
  takeLate(context: ExpiryContext): void {
    const late = this.#late
    this.#late = []
    for (const batch of late) this.#take(batch, context)
  }

  /** A read that was asked for has its answer: whoever leads, leads still. */
  confirmed(read: string, context: ExpiryContext): void {
    const batch = this.#asking.find((other) => other.context === read)
    if (batch === undefined) return
    this.#asking = this.#asking.filter((other) => other !== batch)
    if (context.isLeader) propose(batch, context)
    else drop(batch, context)
  }

  /** Another leader is known: the reads are not answered any more. */
  leaderChanged(context: ExpiryContext): void {
    const asking = this.#asking
    this.#asking = []
    for (const batch of asking) drop(batch, context)
  }

  /** Looks at the batches whose time has come. */
  look(context: ExpiryContext): void {
    const { now } = context.turn
    for (const batch of [...this.#asking]) {
      if (batch.deadlineAt <= now) {
        this.#asking = this.#asking.filter((other) => other !== batch)
        drop(batch, context)
      } else if (batch.retryAt <= now) {
        batch.context = context.readIndex()
        batch.retryAt = now + READ_RETRY_MS
      }
    }
  }

  save(): SavedExpiryLoop {
    return structuredCopy({ nextPassAt: this.#nextPassAt, late: this.#late, asking: this.#asking })
  }

  static load(saved: SavedExpiryLoop): ExpiryLoop {
    const loop = new ExpiryLoop()
    const { nextPassAt, late, asking } = structuredCopy(saved)
    loop.#nextPassAt = nextPassAt
    loop.#late = late
    loop.#asking = asking
    return loop
  }

  /** A member that leads no more, and looks, drops what it found (server.go: ensureLeadership). */
  #take(batch: Batch, context: ExpiryContext): void {
    const { differences, turn, requestTimeoutMs } = context
    if (!differences.checksLeadership || (differences.trustsRecentTick && context.isActive)) return propose(batch, context)
    if (!context.isLeader) return drop(batch, context)
    const deadlineAt = turn.now + requestTimeoutMs
    this.#asking.push({ ...batch, context: context.readIndex(), retryAt: turn.now + READ_RETRY_MS, deadlineAt })
  }
}

function tellExpired(lease: LeaseId, { lessor, turn, name: member }: ExpiryContext, pass: EventId): Expired {
  const { deadline, cause } = lessor.lookup(lease)!
  const keys = lessor.keyCount(lease)
  return { lease, event: turn.trace.emit({ type: 'lease-expired', member, lease, deadline, keys }, pass, cause) }
}

function propose({ revokes, checkpoints, event }: Batch, context: ExpiryContext): void {
  for (const expired of revokes) context.propose({ type: 'LeaseRevoke', ID: expired.lease, end: 'expired' }, expired.event)
  for (const entry of checkpoints) context.propose({ type: 'LeaseCheckpoint', checkpoints: entry }, event)
}

/** The lessor hands the leases out again after its retry interval; a checkpoint is not made up for. */
function drop({ revokes }: Batch, { turn, name: member }: ExpiryContext): void {
  const message = "Ignore the lease revoking request because current member isn't a leader"
  for (const { event } of revokes) turn.trace.emit({ type: 'request-refused', member, request: 'LeaseRevoke', message }, event, turn.cause)
}

const isEmpty = ({ revokes, checkpoints }: Batch): boolean => revokes.length === 0 && checkpoints.length === 0

function structuredCopy(saved: SavedExpiryLoop): SavedExpiryLoop {
  const copyOf = <B extends Batch>(batch: B): B => ({ ...batch, revokes: [...batch.revokes], checkpoints: [...batch.checkpoints] })
  return { nextPassAt: saved.nextPassAt, late: saved.late.map(copyOf), asking: saved.asking.map(copyOf) }
}
