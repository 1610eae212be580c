// The member's callbacks for its consensus: changes of role, committed entries, snapshots, and
// reads whose index is applied. One object for each step.

import { errors } from '../base/errors'
import type { RpcError } from '../base/rpc'
import type { EventId } from '../base/trace'
import type { SoftState } from '../raft/message'
import { apply } from './apply'
import type { ConfChangeEntry, ConsensusHost, NormalEntry, RaftMessage } from './consensus'
import type { MemberContext, MemberTrace } from './context'
import { applyAttributes, applyChange } from './group'
import { isChange } from './membership'
import type { MemberParts } from './parts'
import type { WaitingReader } from './read-loop'
import { answerRead, handleOutputs } from './requests'
import type { MachineState } from './snapshot'

export class Host implements ConsensusHost {
  readonly #parts: MemberParts
  readonly #context: MemberContext

  constructor(parts: MemberParts, context: MemberContext) {
    this.#parts = parts
    this.#context = context
  }

  get now(): number {
    return this.#context.now
  }

  roleChanged(state: SoftState, term: number): void {
    const [parts, context] = [this.#parts, this.#context]
    const { lessor, calls, options } = parts
    const { name: member, electionMs } = options
    const lead = state.lead === null ? null : parts.nameOf(state.lead)
    const event = context.trace.emit(
      { type: 'role-changed', member, role: state.role, term, lead },
      context.cause,
    )
    if (state.role !== 'leader' && lessor.isPrimary) {
      context.trace.emit({ type: 'demoted', member, term, leases: lessor.size }, event)
      lessor.demote()
      parts.leases.demoted(parts, context)
    }
    parts.leaderStreams.schedule(state.lead !== null, electionMs, context, event)
    if (state.lead === null) return
    if (state.role === 'leader') calls.elected(context.now)
    parts.reads.leaderChanged(parts, context.now, this.#readerDone)
    parts.expiry.leaderChanged(parts)
    calls.leaderChanged(parts, context, state.lead, event)
  }

  /**
   * Applies one committed entry, in log order. Answers its caller on this member, and notifies
   * watchers and waiting calls.
   */
  apply(entry: NormalEntry): void {
    const [parts, context] = [this.#parts, this.#context]
    const { calls, leases, services } = parts
    const tells = context.trace.tells(entry.index)
    if (entry.data === null) return this.#firstOfTerm()
    const { proposal, from, id, cause } = entry.data
    if (proposal?.type !== 'LeaseCheckpoint' || parts.persistsCheckpoints)
      parts.writtenTo = entry.index
    const isOwn = from === parts.options.ID
    // A membership change comes as an entry of its own kind.
    if (proposal === null || isChange(proposal)) return
    if (proposal.type === 'MemberAttributes')
      return applyAttributes(parts, context, proposal, isOwn ? id : null, tells, cause)
    const applied = apply(proposal, {
      core: parts,
      trace: tells ? context.trace : this.#silent(entry.index, cause),
      now: context.now,
      cause,
      forgetsCheckpoints: entry.index <= parts.checkpointsKnownTo && !parts.persistsCheckpoints,
    })
    if (applied.reply === errors.SortPanics) return context.panic('unexpected sort target', cause)
    const call = isOwn ? calls.proposal(id) : undefined
    if (call !== undefined && applied.reply !== null)
      calls.answer(context, call, applied.reply, applied.event)
    const { changes, event } = applied
    if (proposal.type === 'LeaseCheckpoint' && isOwn) leases.checkpointed(parts, context, id, event)
    if (changes.length > 0) parts.watch.notify(parts, context, changes, event)
    if (isOwn) parts.expiry.applied(parts, context, id)
    if (proposal.type === 'LeaseRevoke') leases.revoked(parts, context, proposal.ID, event)
    if (changes.length > 0)
      handleOutputs(parts, context, services.notify(parts.store.revision, changes, parts), event)
  }

  change(entry: ConfChangeEntry): boolean {
    this.#parts.writtenTo = entry.index
    return applyChange(this.#parts, this.#context, entry)
  }

  restore(state: MachineState): void {
    const [parts, context] = [this.#parts, this.#context]
    parts.restore(state)
    const { revision, size: keys } = parts.store
    const { name: member } = parts.options
    const event = context.trace.emit(
      { type: 'snapshot-restored', member, revision, keys, leases: parts.lessor.size },
      context.cause,
    )
    parts.watch.restored(parts, context, event)
    handleOutputs(parts, context, parts.services.restored(parts), event)
  }

  state(): MachineState {
    return this.#parts.state()
  }

  readable(context: string): void {
    this.#parts.reads.readable(this.#parts, this.#context.now, context, this.#readerDone)
  }

  send(message: RaftMessage): void {
    this.#context.send(message.to, { type: 'raft', message }, this.#context.cause)
  }

  writing(): void {
    const { now, cause } = this.#context
    this.#context.timer('disk', now + this.#parts.options.diskMs, cause)
  }

  /** Handles the reads whose time has come. */
  checkReads(): void {
    this.#parts.reads.checkDeadlines(this.#parts, this.#context.now, this.#readerDone)
  }

  /** A reader is served by its round, or fails with it. */
  readonly #readerDone = ({ id, reader, cause }: WaitingReader, error: RpcError | null): void => {
    const [parts, context] = [this.#parts, this.#context]
    if (reader.type === 'read') {
      const { origin, request } = reader
      if (error === null) return answerRead(parts, context, origin, request, cause)
      return parts.refuse(context, origin, request, error, cause, context.cause)
    }
    if (reader.type === 'joiner') {
      return context.send(
        reader.member,
        { type: 'downgrade-answer', id: reader.id, isKnown: error === null },
        cause,
      )
    }
    const leads = error === null && parts.consensus.isLeader
    parts.leases.answered(parts, context, id, leads)
    parts.expiry.answered(parts, context, id, leads)
  }

  /**
   * The first entry of a new leader: everything before it is applied, and the lessor may count
   * (server.go: applyEntryNormal; semantics §1.10).
   */
  #firstOfTerm(): void {
    const [parts, context] = [this.#parts, this.#context]
    const { consensus, lessor } = parts
    if (!consensus.isLeader) return
    const { name: member, electionMs } = parts.options
    const otherwise = parts.ownClock.promised(lessor.promote(context.now, electionMs), () =>
      lessor.leases(),
    )
    const told = {
      member,
      term: consensus.term,
      leases: lessor.size,
      extendMs: electionMs,
      ...(otherwise.length > 0 ? { otherwise } : {}),
    }
    lessor.setCauses(context.trace.emit({ type: 'promoted', ...told }, context.cause))
  }

  /**
   * The trace of a member that applies an entry after another member has reported its effect: one
   * event for the whole entry.
   */
  #silent(index: number, cause: EventId): Pick<MemberTrace, 'emit'> {
    const { trace, cause: stepCause } = this.#context
    const { name: member } = this.#parts.options
    let event = 0
    return {
      emit: () =>
        (event ||= trace.emit({ type: 'entry-applied', member, index }, stepCause, cause)),
    }
  }
}
