// The words on a member's card.

import type { LeaseRow, MemberView } from '../../engine/worker/protocol'
import { clockText } from './figures'

export type MemberLook = 'leader' | 'follower' | 'candidate' | 'frozen' | 'down' | 'unstarted'

export interface MemberWords {
  look: MemberLook
  /** `follower of m3`; `brief`: `follower`. */
  role: string
  brief: string
  /** A second line for small cards. */
  note: string
  /** The disk and the clocks, if they differ from normal. */
  unusual: string
}

/** `voters`: the number of voting members. */
export function memberWords(member: MemberView, voters: number): MemberWords {
  const { lead, name, reaches, status } = member
  const unusual = unusualText(member)
  const learner = status === 'learner' || member.role === 'learner'
  if (status === 'unstarted' || status === 'unstarted-learner') {
    const role = status === 'unstarted' ? 'not started, has a vote' : 'not started, no vote'
    return {
      look: 'unstarted',
      role,
      brief: 'not started',
      note: status === 'unstarted' ? 'has a vote' : 'no vote',
      unusual,
    }
  }
  if (status === 'removed')
    return { look: 'down', role: 'removed', brief: 'removed', note: 'left the cluster', unusual }
  if (member.role === 'down')
    return { look: 'down', role: 'down', brief: 'down', note: '', unusual }
  if (member.paused)
    return { look: 'frozen', role: 'frozen', brief: 'frozen', note: `was ${member.role}`, unusual }
  switch (member.role) {
    case 'leader': {
      const note = reaches > 0 && voters > 1 ? `with ${reaches} of ${voters}` : ''
      return {
        look: 'leader',
        role: member.stopping ? 'leader, is ending' : 'leader',
        brief: 'leader',
        note,
        unusual,
      }
    }
    case 'candidate':
      return {
        look: 'candidate',
        role: 'candidate',
        brief: 'candidate',
        note: 'asks for votes',
        unusual,
      }
    case 'pre-candidate':
      return {
        look: 'candidate',
        role: 'pre-candidate',
        brief: 'pre-candidate',
        note: 'asks for pre-votes',
        unusual,
      }
    default: {
      const hears = lead !== null && lead !== name && member.silentSince === null
      const word = learner ? 'learner' : 'follower'
      // The member may still take its last leader for the leader. Then only the silence is certain.
      const silent = lead === null ? 'no leader' : 'hears no leader'
      const note = learner ? 'has no vote' : hears ? `hears ${lead}` : silent
      return {
        look: 'follower',
        role: learner ? 'learner, no vote' : hears ? `follower of ${lead}` : `follower, ${silent}`,
        brief: word,
        note,
        unusual,
      }
    }
  }
}

/** The member's disk and clocks, if they differ from normal. */
function unusualText({ diskMs, clockPercent, wallSeconds }: MemberView): string {
  const words = [
    ...(diskMs === 0 ? [] : [`disk ${diskMs} ms`]),
    ...(clockPercent === 100 ? [] : [`clock ${clockPercent} %`]),
    ...(wallSeconds === 0
      ? []
      : [`date ${Math.abs(wallSeconds)} s ${wallSeconds < 0 ? 'behind' : 'ahead'}`]),
  ]
  return words.join(', ')
}

/**
 * The leases that a primary lessor counts down. Empty if it counts none: a frozen member checks no
 * deadline.
 */
export function countsText(member: MemberView, rows: readonly LeaseRow[]): string {
  if (!member.primary || member.paused || member.leases === 0) return ''
  const [only] = member.leases === 1 ? member.ownLeases : []
  const name = rows.find(({ id }) => id === only?.id)?.name
  return name === undefined
    ? `counts ${member.leases} ${member.leases === 1 ? 'lease' : 'leases'}`
    : `counts ${name} down`
}

/** The card's name for a screen reader: the member's state in a sentence. */
export function memberLabel(member: MemberView, words: MemberWords, counts: string): string {
  const silent =
    member.silentSince === null
      ? ''
      : `, no word from a leader since ${clockText(member.silentSince)} s`
  const term = words.look === 'unstarted' ? '' : `, term ${member.term}`
  const more = [counts, words.unusual].filter(Boolean).map((word) => `, ${word}`)
  return `Member ${member.name}: ${words.role}${term}${silent}${more.join('')}`
}

type Gifted = Pick<LeaseRow, 'grantedAt' | 'renewedAt' | 'deadline' | 'ttlSeconds'>

/**
 * Seconds beyond the TTL that the new leader gave the lease: its election timeout. Null if a grant
 * or a renewal set the deadline, and for a lease without deadline.
 */
export function giftOf(
  { grantedAt, renewedAt, deadline, ttlSeconds }: Gifted,
  members: readonly MemberView[],
): number | null {
  const since = members.find(({ primary }) => primary)?.leaderSince ?? null
  if (since === null || since <= (renewedAt ?? grantedAt) || deadline === null) return null
  return Math.max(0, Math.round((deadline - since) / 1000 - ttlSeconds))
}
