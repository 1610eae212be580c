// Builds one bundle of work after another (etcd-io/raft: rawnode.go; server/etcdserver/raft.go:
// start).
//
// During a write there is no next bundle. etcd's raft loop waits for its disk, so a server with a
// slow disk neither sends nor applies. A leader sends its messages during the write, other peers
// after it. An answer that promises an entry or a vote is sent only once that is on disk. A peer's
// promise to itself also counts only then.

import { assert } from '../base/assert'
import type { Entry, Message, ReadState, Snapshot, SoftState } from './message'
import type { Peer } from './peer'
import { hardStateOf, softStateOf } from './peer'
import { step } from './step'
import type { Save } from './storage'

/** One bundle of work; empty fields need no work. */
export interface Ready<P = unknown, S = unknown> {
  /** Set if the leader or the role changed. */
  readonly softState: SoftState | null
  /** Data to write; `persisted` reports the end of a write with `mustSync`. */
  readonly save: Save<P, S> | null
  /** Can be sent at once. */
  readonly messages: readonly Message<P, S>[]
  /** Replaces the application's whole state, before `committed`. It is on disk already. */
  readonly snapshot: Snapshot<S> | null
  /**
   * To be applied in order. The application passes an accepted `conf-change` to `applyConfChange`.
   * All entries are on this peer's disk.
   */
  readonly committed: readonly Entry<P>[]
  readonly readStates: readonly ReadState[]
}

/** The next bundle; null without work, and during a write. */
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
 * The last bundle's write is on disk: the messages that waited for it go out with the next bundle.
 */
export function reportPersisted(r: Peer): void {
  assert(r.saving, `raft: ${r.config.id} has no write in progress`)
  r.saving = false
  r.log.persisted()
  const held = r.held
  r.held = []
  for (const m of held) {
    if (m.to === r.config.id) step(r, m)
    else r.released.push(m)
  }
}

/** The data to write. Promises that need no write are settled first. */
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
