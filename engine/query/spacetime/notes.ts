// The events of each lane, in a few words for a label and in a sentence for a tooltip.

import { speakerOf } from '../../base/speaker'
import type { EventId, TraceEvent } from '../../base/trace'
import { RESOURCE } from '../../sim/resource'
import { actor, sentence } from '../../text/describe'
import { visibleLine } from '../../text/visible'
import type { Scene } from '../scene'
import { countUntil } from '../until'
import { revokerOf } from './messages'
import type { SpacetimeNote } from './rows'
import { keyName } from './spans'
import { answerWords, requestWords, type Words } from './words'

type Draft = Words & Partial<Pick<SpacetimeNote, 'kind' | 'bad' | 'lane' | 'text'>>

/** The latest events of the log that are read. */
const MOST_EVENTS = 6000

/** Events that have a column of their own, with or without a message. */
const COLUMNS = new Set<TraceEvent['type']>([
  'client-paused',
  'client-resumed',
  'client-crashed',
  'client-restarted',
  'member-paused',
  'member-resumed',
  'member-crashed',
  'member-restarted',
  'member-stopped',
  'member-left',
  'member-joined',
  'promoted',
  'demoted',
  'lease-revoked',
  'lease-believed-lost',
  'heartbeat-stopped',
  'section-entered',
  'section-left',
  'partitioned',
  'healed',
  'cut-one-way',
  'link-changed',
  'clock-changed',
  'clock-set',
  'member-clock-changed',
  'disk-changed',
])

/**
 * The latest events with a column, in order. Events before the first command of the run have none.
 */
export function columnEvents({ ledger, last }: Scene): TraceEvent[] {
  const end = countUntil(ledger.log, last)
  return ledger.log
    .slice(Math.max(0, end - MOST_EVENTS), end)
    .filter(({ type, at }) => COLUMNS.has(type) && !(type === 'promoted' && at === 0))
}

/**
 * The notes for events at or after `from` (virtual ms), by event. `shown` holds the sendings of the
 * drawn messages.
 */
export function notesSince(
  scene: Scene,
  from: number,
  shown: ReadonlySet<EventId>,
): SpacetimeNote[] {
  const { ledger, last } = scene
  const notes: SpacetimeNote[] = []
  for (let i = countUntil(ledger.log, last) - 1; i >= 0 && ledger.log[i]!.at >= from; i--) {
    const event = ledger.log[i]!
    if (event.type === 'request-sent' && !shown.has(event.id)) continue
    if (event.type === 'reply-received' && !shown.has(event.causes[0] ?? 0)) continue
    const text = `${actor(event)} ${sentence(event, ledger.names)}`
    for (const draft of draftsOf(scene, event).toReversed())
      notes.push(
        seen({
          event: event.id,
          at: event.at,
          lane: laneOf(event),
          kind: 'other',
          bad: false,
          text,
          ...draft,
        }),
      )
  }
  return notes.reverse()
}

function laneOf(event: TraceEvent): string | null {
  if (event.type === 'write-taken' || event.type === 'write-bounced') return RESOURCE
  if ('member' in event && !('client' in event)) return event.member
  return 'client' in event ? speakerOf(event.client) : null
}

function draftsOf(scene: Scene, event: TraceEvent): Draft[] {
  switch (event.type) {
    case 'request-sent':
      return some(requestWords(scene, event))
    case 'reply-received':
      return some(answerWords(scene, event))
    case 'lease-revoked':
      return [
        { label: endLabel(scene, event), weight: event.end === 'expired' ? 6 : 3 },
        ...unaware(scene, event),
      ]
    case 'write-sent':
      return [
        { label: event.token === null ? 'writes' : `writes, token ${event.token}`, weight: 5 },
      ]
    case 'write-taken':
      return [
        event.stale
          ? { label: 'takes a late write', weight: 7, kind: 'taken', bad: true }
          : { label: 'takes it', weight: 6, kind: 'taken' },
      ]
    case 'write-bounced':
      return [
        {
          label:
            event.token === null
              ? 'refuses it: no token'
              : `refuses it: ${event.token} < ${event.highest}`,
          weight: 7,
          kind: 'refused',
        },
      ]
    default:
      return some(turnWords(scene, event))
  }
}

function turnWords({ ledger }: Scene, event: TraceEvent): Draft | null {
  switch (event.type) {
    case 'section-entered':
      return { label: 'enters', weight: 6 }
    case 'exclusion-broken':
      return {
        label: `${['two', 'three', 'four'][event.others.length - 1] ?? event.others.length + 1} are inside`,
        weight: 7,
        bad: true,
      }
    case 'section-left':
      return { label: 'leaves', weight: 5 }
    case 'client-paused':
    case 'member-paused':
      return { label: 'freezes', weight: 7, kind: 'freeze' }
    case 'client-resumed':
    case 'member-resumed':
      return { label: 'continues', weight: 6, kind: 'resume' }
    case 'client-crashed':
    case 'member-crashed':
      return { label: 'crashes', weight: 7, kind: 'crash', bad: true }
    case 'client-restarted':
    case 'member-restarted':
    case 'member-joined':
      return { label: 'starts', weight: 5, kind: 'restart' }
    case 'member-stopped':
    case 'member-left':
      return { label: 'stops', weight: 6, kind: 'crash' }
    case 'promoted':
      return event.at === 0 ? null : { label: `leads, term ${event.term}`, weight: 6 }
    case 'demoted':
      return { label: 'leads no more', weight: 4 }
    case 'lease-believed-lost': {
      const name = ledger.names.nameOf(event.lease, event.id)
      if (event.why === 'gone') return { label: `learns that ${name} is gone`, weight: 6 }
      return {
        label: `gives ${name} up: no ${event.why === 'no-leader' ? 'leader' : 'answer'}`,
        weight: 6,
      }
    }
    case 'heartbeat-stopped':
      return { label: `stops renewing ${ledger.names.nameOf(event.lease, event.id)}`, weight: 4 }
    case 'clock-changed':
    case 'member-clock-changed':
      return { label: `clock at ${event.percent} %`, weight: 5 }
    case 'clock-set':
      return {
        label: `clock set ${Math.abs(event.ms) / 1000} s ${event.ms < 0 ? 'back' : 'ahead'}`,
        weight: 5,
      }
    case 'disk-changed':
      return { label: `disk: ${event.ms} ms`, weight: 5 }
    case 'partitioned':
      return { label: 'network cut', weight: 6, kind: 'network', bad: true }
    case 'cut-one-way':
      return { label: 'network cut one way', weight: 6, kind: 'network', bad: true }
    case 'healed':
      return { label: 'network healed', weight: 6, kind: 'network' }
    case 'link-changed':
      return { label: 'link changed', weight: 5, kind: 'network' }
    default:
      return null
  }
}

type Revoked = Extract<TraceEvent, { type: 'lease-revoked' }>

function endLabel(scene: Scene, { lease, end, keys, id }: Revoked): string {
  const what = `${scene.ledger.names.nameOf(lease, id)} ${end === 'expired' ? 'expires' : 'is revoked'}`
  if (keys.length === 0) return what
  return `${what}, ${keys.length === 1 ? keyName(scene, keys[0]!) : `${keys.length} keys`} ${keys.length === 1 ? 'is' : 'are'} deleted`
}

/** The clients that believe in a lease that is gone, except a client that revokes its own lease. */
function unaware(scene: Scene, event: Revoked): Draft[] {
  const { ledger } = scene
  const { lease, id, at } = event
  const name = ledger.names.nameOf(lease, id)
  const revoker = revokerOf(ledger, event)
  return ledger.beliefs.list
    .filter(
      (belief) =>
        belief.lease === lease &&
        belief.event < id &&
        belief.ended > id &&
        belief.client !== revoker,
    )
    .map(({ client }): Draft => {
      const lane = speakerOf(client)
      const unaware = `${lane} ${isFrozen(scene, lane, id) ? 'cannot notice' : 'does not know'}`
      return {
        label: `${name} is gone: ${unaware}`,
        lane,
        text: `${name} is gone since ${at / 1000} s, ${unaware}`,
        weight: 8,
        kind: 'gone',
        bad: true,
      }
    })
}

function isFrozen({ ledger }: Scene, client: string, event: EventId): boolean {
  const turns = ledger.turns.slice(0, countUntil(ledger.turns, event))
  return (
    turns.findLast(
      (turn) => 'client' in turn && turn.client === client && /^client-/.test(turn.type),
    )?.type === 'client-paused'
  )
}

function some(draft: Draft | null): Draft[] {
  return draft === null ? [] : [draft]
}

function seen(note: SpacetimeNote): SpacetimeNote {
  return { ...note, label: visibleLine(note.label), text: visibleLine(note.text) }
}
