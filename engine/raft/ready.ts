// Making up one bundle of work after another (etcd-io/raft: rawnode.go; server/etcdserver/raft.go:
// start).
//
// While a write is under way there is no next bundle: etcd's raft loop waits for its disk, and a
// server with a slow one neither sends nor applies anything. A leader's messages go out beside the
// write, everybody else's after it. What a peer promises, that it has an entry or that it has
// voted, leaves it only once that is on its disk; what it promises itself counts no earlier.

import { assert } from '../base/assert'
import type { Entry, Message, ReadState, Snapshot, SoftState } from './message'
import type { Peer } from './peer'
import { hardStateOf, softStateOf } from './peer'
import { step } from './step'
import type { Save } from './storage'

/** One bundle of work; what is empty asks for nothing. */
export interface Ready<P = unknown, S = unknown> {
  /** Where leader or role changed. */
  readonly softState: SoftState | null
  /** To be written; `persisted` reports it where it says `mustSync`. */
  readonly save: Save<P, S> | null
  /** May go at once. */
  readonly messages: readonly Message<P, S>[]
  /**
   * Takes the place of the application's whole state, before `committed`. It is on the disk
   * already.
   */
  readonly snapshot: Snapshot<S> | null
  /**
   * To be applied in order; a `conf-change` that the application accepts goes to `applyConfChange`.
   * They are on this peer's disk.
   */
  readonly committed: readonly Entry<P>[]
  readonly readStates: readonly ReadState[]
}

/** The next bundle; null where there is nothing to do, and while a write is under way. */
export function takeReady(r: Peer): Ready | null {
  if (r.saving) return null
  const save = settledSave(r)
  const softState = softStateOf(r)
  const messages = r.released
  if (save?.mustSync) {
    r.saving = true
    r.held = r.role === 'leader' ? r.msgsAfterAppend : [...r.msgs, ...r.msgsAfterAppend]
    if (r.role === 'leader') messages.push(...r.msgs)
  } else messages.push(...r.msgs, ...r.msgsAfterAppend)
  const ready: Ready = {
    softState:
      softState.lead === r.lastSoftState.lead && softState.role === r.lastSoftState.role
        ? null
        : softState,
    save,
    messages,
    snapshot: r.log.nextSnapshot,
    committed: r.log.nextCommitted,
    readStates: r.readStates,
  }
  r.released = []
  r.msgs = []
  r.msgsAfterAppend = []
  r.readStates = []
  r.lastSoftState = softState
  r.lastHardState = hardStateOf(r)
  r.log.acceptApply()
  r.log.acceptSave()
  return isIdle(ready) ? null : ready
}

/**
 * What the last bundle asked to write is on the disk: what was held for it goes out with the next
 * one.
 */
export function reportPersisted(r: Peer): void {
  assert(r.saving, `raft: ${r.config.id} has nothing under way to its disk`)
  r.saving = false
  r.log.persisted()
  const held = r.held
  r.held = []
  for (const m of held) {
    if (m.to === r.config.id) step(r, m)
    else r.released.push(m)
  }
}

/**
 * What there is to write, once the peer has taken what it tells itself about a disk that needs no
 * write: that is true already.
 */
function settledSave(r: Peer): Save | null {
  for (;;) {
    const save = nextSave(r)
    if (save?.mustSync) return save
    const own = r.msgsAfterAppend.filter((m) => m.to === r.config.id)
    if (own.length === 0) return save
    r.msgsAfterAppend = r.msgsAfterAppend.filter((m) => m.to !== r.config.id)
    for (const m of own) step(r, m)
  }
}

function nextSave(r: Peer): Save | null {
  const { term, vote, commit } = r.lastHardState
  const now = hardStateOf(r)
  const entries = r.log.unsaved
  const snapshot = r.log.incoming === 'unsaved' ? r.log.snapshot : null
  const mustSync = entries.length > 0 || snapshot !== null || now.term !== term || now.vote !== vote
  const hardState = now.term === term && now.vote === vote && now.commit === commit ? null : now
  return hardState === null && !mustSync ? null : { hardState, snapshot, entries, mustSync }
}

function isIdle({ softState, save, messages, snapshot, committed, readStates }: Ready): boolean {
  const waits = messages.length + committed.length + readStates.length
  return softState === null && save === null && snapshot === null && waits === 0
}
