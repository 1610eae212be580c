import type { MessageView } from '../../engine/worker/protocol'

/** Above this number of messages in flight, the stage shows a count. */
export const MOST_IN_FLIGHT = 30
/** Above this number of messages between members, their names would overlap. */
const MOST_NAMED = 8

/** The part of the messages in flight that the stage draws. */
export interface Traffic {
  /** By link: requester, a space, responder. Messages keep the order of the list. */
  byLink: Map<string, MessageView[]>
  /** Too many messages: the stage draws only counts. */
  crowded: boolean
  /** Messages between members show their names. */
  named: boolean
}

/** A link is named after requester and responder: requests travel along it, replies against it. */
export function linkOf({ kind, from, to }: Pick<MessageView, 'kind' | 'from' | 'to'>): string {
  return kind === 'request' ? `${from} ${to}` : `${to} ${from}`
}

/**
 * `knows`: whether the stage has a link of that name. `heartbeats`: whether to include those
 * between members.
 */
export function trafficOf(
  messages: readonly MessageView[],
  heartbeats: boolean,
  knows: (link: string) => boolean,
): Traffic {
  const byLink = new Map<string, MessageView[]>()
  let count = 0
  for (const message of messages) {
    const name = linkOf(message)
    if ((message.machinery && !heartbeats) || !knows(name)) continue
    count++
    const flying = byLink.get(name)
    if (flying) flying.push(message)
    else byLink.set(name, [message])
  }
  return { byLink, crowded: count > MOST_IN_FLIGHT, named: count <= MOST_NAMED }
}

/**
 * The number in flight between two ends, both ways. The two links of a pair of members are one line
 * on the stage.
 */
export function countsByPair(byLink: Traffic['byLink']): Map<string, number> {
  const counts = new Map<string, number>()
  for (const [name, flying] of byLink) {
    const [a = '', b = ''] = name.split(' ')
    const other = `${b} ${a}`
    const pair = counts.has(other) ? other : name
    counts.set(pair, (counts.get(pair) ?? 0) + flying.length)
  }
  return counts
}

const NAMED_IN_TEXT = 4

/** The messages in flight, as a sentence. */
export function trafficText(messages: readonly MessageView[]): string {
  const told = messages.filter(({ machinery }) => !machinery)
  const beats = messages.length - told.length
  const heartbeats =
    beats === 0 ? '' : `; ${beats} ${beats === 1 ? 'heartbeat' : 'heartbeats'} between members`
  if (told.length === 0) return `No message in flight${heartbeats}`
  const named = told.slice(0, NAMED_IN_TEXT).map(({ label, kind, from, to, doomed, held }) => {
    return `${label} ${kind} from ${from} to ${to}${doomed ? ', which will not arrive' : held ? ', which waits for the end of the cut' : ''}`
  })
  return `${told.length} in flight: ${named.join(', ')}${told.length > NAMED_IN_TEXT ? ' and others' : ''}${heartbeats}`
}
