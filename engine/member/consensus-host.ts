// What a member does for its consensus: roles that change, entries that are committed, snapshots,
// reads whose point is applied. One object a turn.

import { errors } from '../base/errors'
import type { RpcError } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { SoftState } from '../raft/message'
import { apply } from './apply'
import type { ConfChangeEntry, ConsensusHost, NormalEntry, RaftMessage } from './consensus'
import { applyAttributes, applyChange } from './group'
import { isChange } from './membership'
import type { MemberParts } from './parts'
import type { WaitingReader } from './read-loop'
import { answerRead, serve } from './requests'
import type { MachineState } from './snapshot'
import type { MemberTrace, Turn } from './turn'

export class Host implements ConsensusHost {
  readonly #parts: MemberParts
  readonly #turn: Turn

  constructor(parts: MemberParts, turn: Turn) {
    this.#parts = parts
    this.#turn = turn
  }

  get now(): number {
    return this.#turn.now
  }

  roleChanged(state: SoftState, term: number): void {
    const [parts, turn] = [this.#parts, this.#turn]
    const { lessor, calls, options } = parts
    const { name: member, electionMs } = options
    const lead = state.lead === null ? null : parts.nameOf(state.lead)
    const event = turn.trace.emit(
      { type: 'role-changed', member, role: state.role, term, lead },
      turn.cause,
    )
    if (state.role !== 'leader' && lessor.isPrimary) {
      turn.trace.emit({ type: 'demoted', member, term, leases: lessor.size }, event)
      lessor.demote()
      parts.leases.demoted(parts, turn)
    }
    parts.leaderStreams.schedule(state.lead !== null, electionMs, turn, event)
    if (state.lead === null) return
    if (state.role === 'leader') calls.elected(turn.now)
    parts.reads.leaderChanged(parts, turn.now, this.#readerDone)
    parts.expiry.leaderChanged(parts)
    calls.leaderChanged(parts, turn, state.lead, event)
  }

  /**
   * One committed entry, in log order. Who proposed it here is answered; the watchers and the calls
   * that wait are told.
   */
  apply(entry: NormalEntry): void {
    const [parts, turn] = [this.#parts, this.#turn]
    const { calls, leases, services } = parts
    const tells = turn.trace.tells(entry.index)
    if (entry.data === null) return this.#firstOfTerm()
    const { proposal, from, id, cause } = entry.data
    if (proposal?.type !== 'LeaseCheckpoint' || parts.persistsCheckpoints)
      parts.writtenTo = entry.index
    const isOwn = from === parts.options.ID
    // A change of the group comes as an entry of its own kind.
    if (proposal === null || isChange(proposal)) return
    if (proposal.type === 'MemberAttributes')
      return applyAttributes(parts, turn, proposal, isOwn ? id : null, tells, cause)
    const applied = apply(proposal, {
      core: parts,
      trace: tells ? turn.trace : this.#silent(entry.index, cause),
      now: turn.now,
      cause,
      forgetsCheckpoints: entry.index <= parts.checkpointsKnownTo && !parts.persistsCheckpoints,
    })
    if (applied.reply === errors.SortPanics) return turn.panic('unexpected sort target', cause)
    const call = isOwn ? calls.proposal(id) : undefined
    if (call !== undefined && applied.reply !== null)
      calls.answer(turn, call, applied.reply, applied.event)
    const { changes, event } = applied
    if (proposal.type === 'LeaseCheckpoint' && isOwn) leases.checkpointed(parts, turn, id, event)
    if (changes.length > 0) parts.watch.notify(parts, turn, changes, event)
    if (isOwn) parts.expiry.applied(parts, turn, id)
    if (proposal.type === 'LeaseRevoke') leases.revoked(parts, turn, proposal.ID, event)
    if (changes.length > 0)
      serve(parts, turn, services.notify(parts.store.revision, changes, parts), event)
  }

  change(entry: ConfChangeEntry): boolean {
    this.#parts.writtenTo = entry.index
    return applyChange(this.#parts, this.#turn, entry)
  }

  restore(state: MachineState): void {
    const [parts, turn] = [this.#parts, this.#turn]
    parts.restore(state)
    const { revision, size: keys } = parts.store
    const { name: member } = parts.options
    const event = turn.trace.emit(
      { type: 'snapshot-restored', member, revision, keys, leases: parts.lessor.size },
      turn.cause,
    )
    parts.watch.restored(parts, turn, event)
    serve(parts, turn, parts.services.restored(parts), event)
  }

  state(): MachineState {
    return this.#parts.state()
  }

  readable(context: string): void {
    this.#parts.reads.readable(this.#parts, this.#turn.now, context, this.#readerDone)
  }

  send(message: RaftMessage): void {
    this.#turn.send(message.to, { type: 'raft', message }, this.#turn.cause)
  }

  writing(): void {
    const { now, cause } = this.#turn
    this.#turn.timer('disk', now + this.#parts.options.diskMs, cause)
  }

  /** Looks at the reads whose time has come. */
  lookAtReads(): void {
    this.#parts.reads.look(this.#parts, this.#turn.now, this.#readerDone)
  }

  /** A reader is served by its round, or fails with it. */
  readonly #readerDone = ({ id, reader, cause }: WaitingReader, error: RpcError | null): void => {
    const [parts, turn] = [this.#parts, this.#turn]
    if (reader.type === 'read') {
      const { origin, request } = reader
      if (error === null) return answerRead(parts, turn, origin, request, cause)
      return parts.refuse(turn, origin, request, error, cause, turn.cause)
    }
    if (reader.type === 'joiner') {
      return turn.send(
        reader.member,
        { type: 'downgrade-answer', id: reader.id, isKnown: error === null },
        cause,
      )
    }
    const leads = error === null && parts.consensus.isLeader
    parts.leases.answered(parts, turn, id, leads)
    parts.expiry.answered(parts, turn, id, leads)
  }

  /**
   * A new leader's own first entry: everything before it is applied, and the lessor may count
   * (server.go: applyEntryNormal; semantics §1.10).
   */
  #firstOfTerm(): void {
    const [parts, turn] = [this.#parts, this.#turn]
    const { consensus, lessor } = parts
    if (!consensus.isLeader) return
    const { name: member, electionMs } = parts.options
    const otherwise = parts.ownClock.promised(lessor.promote(turn.now, electionMs), () =>
      lessor.leases(),
    )
    const told = {
      member,
      term: consensus.term,
      leases: lessor.size,
      extendMs: electionMs,
      ...(otherwise.length > 0 ? { otherwise } : {}),
    }
    lessor.setCauses(turn.trace.emit({ type: 'promoted', ...told }, turn.cause))
  }

  /**
   * The trace of a member that applies what another has told already: one event for the whole
   * entry.
   */
  #silent(index: number, cause: EventId): Pick<MemberTrace, 'emit'> {
    const { trace, cause: turnCause } = this.#turn
    const { name: member } = this.#parts.options
    let event = 0
    return {
      emit: () =>
        (event ||= trace.emit({ type: 'entry-applied', member, index }, turnCause, cause)),
    }
  }
}
