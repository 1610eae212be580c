// When each member last heard from its leader, and since when it leads. Only messages of the
// member's own leader count: Raft ignores those of an older term.

import type { EventId, MemberName, TraceEvent } from '../base/trace'
import { append, lastUntil } from './until'

/** Raft messages that only a leader sends and that put an election off. */
const OF_A_LEADER: ReadonlySet<string> = new Set(['MsgHeartbeat', 'MsgApp', 'MsgSnap'])

export class Hearing {
  #leads = new Map<MemberName, MemberName | null>()
  #words = new Map<MemberName, TraceEvent[]>()
  #elected = new Map<MemberName, TraceEvent[]>()

  note(event: TraceEvent): void {
    switch (event.type) {
      case 'booted':
        // The process waits for a leader from its start on.
        this.#leads.delete(event.member)
        return append(this.#words, event.member, event)
      case 'role-changed':
        this.#leads.set(event.member, event.lead)
        if (event.role === 'leader') append(this.#elected, event.member, event)
        // A message made this member accept that leader.
        else if (event.lead !== null) append(this.#words, event.member, event)
        return
      case 'peer-received':
        if (OF_A_LEADER.has(event.what) && this.#leads.get(event.member) === event.from)
          append(this.#words, event.member, event)
        return
    }
  }

  /**
   * Virtual ms of the last message from a leader, or of the start of the process. Null for an
   * unknown member.
   */
  heardAt(member: MemberName, last: EventId): number | null {
    return lastUntil(this.#words.get(member), last)?.at ?? null
  }

  /** Virtual ms of the member's last election to leader; null if it was never elected. */
  electedAt(member: MemberName, last: EventId): number | null {
    return lastUntil(this.#elected.get(member), last)?.at ?? null
  }
}
