// Linearizable reads of one member, in rounds (etcd: v3_server.go: linearizableReadLoop,
// requestCurrentIndex). A round requests one read index from the leader and serves all readers that
// came before it began. A reader that comes while a round waits belongs to the next round:
//
//   reader ─▶ round: ReadIndex, again every 500 ms ─▶ index known ─▶ applied here ─▶ its readers
//   read
//                └─ no index within the request timeout, or another leader: its readers fail
//   reader that comes meanwhile ────────────────────▶ next round

import { errors } from '../base/errors'
import type { MemberId, MemberListRequest, RangeRequest, RpcError, TxnRequest } from '../base/rpc'
import type { ClientId, EventId } from '../base/trace'
import type { Consensus } from './consensus'
import type { Origin } from './context'
import { requestTimeoutMs } from './member-options'
import type { RequestIds } from './request-ids'

/**
 * Milliseconds after which a round requests its read index again (v3_server.go:
 * readIndexRetryTime).
 */
const READ_RETRY_MS = 500

/** A reader that waits for a round. */
export type Reader =
  | { type: 'read'; origin: Origin; request: RangeRequest | TxnRequest | MemberListRequest }
  /**
   * A machine of this member that must know whether the member still leads (server.go:
   * ensureLeadership).
   */
  | { type: 'leadership' }
  /**
   * A joining member asks whether a downgrade is in progress; `id` is its number for the request.
   */
  | { type: 'joiner'; member: MemberId; id: number }

/** A reader in a round. `id` is its number here. */
export interface WaitingReader {
  id: number
  reader: Reader
  /** Milliseconds of the member's clock; null if only the round limits the time. */
  deadlineAt: number | null
  cause: EventId
}

interface Round {
  readers: WaitingReader[]
  /**
   * The context of each ReadIndex that the round has sent. An answer to any of them serves the
   * round.
   */
  contexts: string[]
  retryAt: number
  deadlineAt: number
}

export interface SavedReadLoop {
  nextId: number
  round: Round | null
  next: WaitingReader[]
  isWoken: boolean
}

/** The parts of a member that a round needs for its read index. */
interface Asked {
  readonly options: { readonly electionMs: number }
  readonly ids: Pick<RequestIds, 'skip'>
  readonly consensus: Pick<Consensus, 'readIndex' | 'awaitsApply'>
}

/** The end of a reader: it may read now, or it fails. */
type Done = (waiting: WaitingReader, error: RpcError | null) => void

export class ReadLoop {
  #nextId = 1
  #round: Round | null = null
  /** Readers of the next round. */
  #next: WaitingReader[] = []
  /**
   * A reader of the next round has come; a reader that gave up meanwhile counts too (readwaitc).
   */
  #isWoken = false

  /**
   * The next deadline or retry of a round or a reader, in milliseconds of the member's clock;
   * Infinity for none.
   */
  get nextAt(): number {
    const { retryAt = Number.POSITIVE_INFINITY, deadlineAt = Number.POSITIVE_INFINITY } =
      this.#round ?? {}
    return Math.min(
      retryAt,
      deadlineAt,
      ...this.#waiting.map((waiting) => waiting.deadlineAt ?? Number.POSITIVE_INFINITY),
    )
  }

  /**
   * Adds a reader and returns its number. `deadlineAt`: the time when it gives up by itself, null
   * for never.
   */
  wait(
    member: Asked,
    now: number,
    reader: Reader,
    deadlineAt: number | null,
    cause: EventId,
  ): number {
    const id = this.#nextId++
    this.#next.push({ id, reader, deadlineAt, cause })
    this.#isWoken = true
    this.#begin(member, now)
    return id
  }

  /**
   * Everything up to the index of a ReadIndex is applied. A context of an earlier round is ignored.
   */
  readable(member: Asked, now: number, context: string, done: Done): void {
    if (this.#round?.contexts.includes(context)) this.#end(member, now, null, done)
  }

  /** Another leader is known. A round without an index fails. */
  leaderChanged(member: Asked, now: number, done: Done): void {
    if (this.#round !== null && !isConfirmed(member, this.#round))
      this.#end(member, now, errors.LeaderChanged, done)
  }

  /** Handles the round and the readers whose time has come. */
  checkDeadlines(member: Asked, now: number, done: Done): void {
    const isOver = ({ deadlineAt }: WaitingReader): boolean =>
      deadlineAt !== null && deadlineAt <= now
    const over = this.#waiting.filter(isOver)
    this.#keep((waiting) => !isOver(waiting))
    for (const waiting of over) done(waiting, errors.Timeout)
    const round = this.#round
    if (round === null) return
    // A round with a known index waits for the entries without a limit.
    if (isConfirmed(member, round)) round.retryAt = round.deadlineAt = NEVER
    else if (round.deadlineAt <= now) this.#end(member, now, errors.Timeout, done)
    else if (round.retryAt <= now) {
      round.contexts.push(askIndex(member))
      round.retryAt = now + READ_RETRY_MS
    }
  }

  /** The client gave up a call. Its round continues. */
  cancel(client: ClientId, rpc: number): void {
    this.#keep(
      ({ reader }) =>
        reader.type !== 'read' ||
        reader.origin.type !== 'client' ||
        reader.origin.client !== client ||
        reader.origin.rpc !== rpc,
    )
  }

  save(): SavedReadLoop {
    return copyOf({
      nextId: this.#nextId,
      round: this.#round,
      next: this.#next,
      isWoken: this.#isWoken,
    })
  }

  static load(saved: SavedReadLoop): ReadLoop {
    const loop = new ReadLoop()
    const { nextId, round, next, isWoken } = copyOf(saved)
    loop.#nextId = nextId
    loop.#round = round
    loop.#next = next
    loop.#isWoken = isWoken
    return loop
  }

  get #waiting(): WaitingReader[] {
    return [...(this.#round?.readers ?? []), ...this.#next]
  }

  #keep(isKept: (waiting: WaitingReader) => boolean): void {
    if (this.#round !== null) this.#round.readers = this.#round.readers.filter(isKept)
    this.#next = this.#next.filter(isKept)
  }

  #begin(member: Asked, now: number): void {
    if (this.#round !== null || !this.#isWoken) return
    const readers = this.#next
    this.#next = []
    this.#isWoken = false
    this.#round = {
      readers,
      contexts: [],
      retryAt: now + READ_RETRY_MS,
      deadlineAt: now + requestTimeoutMs(member.options),
    }
    this.#round.contexts.push(askIndex(member))
  }

  #end(member: Asked, now: number, error: RpcError | null, done: Done): void {
    const readers = this.#round?.readers ?? []
    this.#round = null
    for (const waiting of readers) done(waiting, error)
    this.#begin(member, now)
  }
}

/** Sends one ReadIndex and returns its context. */
function askIndex({ ids, consensus }: Asked): string {
  ids.skip()
  return consensus.readIndex().context
}

/** Whether the index of a ReadIndex is known. Its entries may still have to be applied. */
function isConfirmed({ consensus }: Asked, { contexts }: Round): boolean {
  return contexts.some((context) => consensus.awaitsApply(context))
}

/** No deadline: a number, because JSON has no Infinity. */
const NEVER = Number.MAX_SAFE_INTEGER

function copyOf({ nextId, round, next, isWoken }: SavedReadLoop): SavedReadLoop {
  const copied =
    round === null ? null : { ...round, readers: [...round.readers], contexts: [...round.contexts] }
  return { nextId, round: copied, next: [...next], isWoken }
}
