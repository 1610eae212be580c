// The conditions that come true in a run, in their text form. A stop can wait for them, and they
// can decide a question.

import type { EtcdVersion } from '../base/etcd-versions'
import type { EventId, TraceEvent } from '../base/trace'
import type { Condition } from '../sim/stops'
import type { NameOf } from '../text/calls'
import { readCondition } from '../text/condition'
import { conditionText } from '../text/stop-text'
import { OF_A_CLIENT, OF_A_MEMBER, Situation } from './situation'

/** A condition, and the first event that makes it true. `at` is virtual ms. */
export interface KnownMoment {
  text: string
  condition: Condition
  event: EventId
  at: number
}

const MOST_MOMENTS = 300

/**
 * Every condition that some event of the trace makes true, in the order of those events. `etcd`:
 * the version of the run.
 */
export function knownMoments(trace: readonly TraceEvent[], etcd: EtcdVersion): KnownMoment[] {
  const situation = new Situation(etcd)
  const found = new Map<string, KnownMoment>()
  for (const event of trace) {
    situation.note(event)
    for (const condition of candidates(event, (lease) => situation.nameOf(lease))) {
      const text = conditionText(condition)
      if (found.has(text) || found.size >= MOST_MOMENTS) continue
      if (isReadable(text, condition) && situation.matches(condition, event))
        found.set(text, { text, condition, event: event.id, at: event.at })
    }
  }
  return [...found.values()]
}

/** For example, a key with a blank has no text form. */
function isReadable(text: string, condition: Condition): boolean {
  try {
    return JSON.stringify(readCondition(text, '')) === JSON.stringify(condition)
  } catch {
    return false
  }
}

/** The conditions that an event may make true, the most telling first. */
function candidates(event: TraceEvent, nameOf: NameOf): Condition[] {
  const lease =
    'lease' in event && event.lease !== null
      ? Number(/^L(\d+)$/.exec(nameOf(event.lease))?.[1] ?? 0)
      : 0
  const ofMember = OF_A_MEMBER[event.type]
  if (ofMember !== undefined && 'member' in event)
    return [{ type: 'process', who: event.member, does: ofMember }, { type: 'no-leader' }]
  const ofClient = OF_A_CLIENT[event.type]
  if (ofClient !== undefined && 'client' in event)
    return [{ type: 'process', who: event.client, does: ofClient }]
  switch (event.type) {
    case 'promoted':
      return [
        { type: 'leads', who: event.member },
        { type: 'leads', who: null },
      ]
    case 'lease-granted':
      return [{ type: 'lease', lease, does: 'granted' }]
    case 'lease-renewed':
      return [{ type: 'lease', lease, does: 'renewed' }]
    case 'lease-expired':
      return [{ type: 'lease', lease, does: 'expired' }]
    case 'lease-revoked':
      return [
        { type: 'lease', lease, does: 'ends' },
        { type: 'lease', lease, does: 'revoked' },
      ]
    case 'lease-believed-lost':
      return [
        { type: event.why === 'gone' ? 'told-gone' : 'gives-up', client: event.client, lease },
      ]
    case 'key-put':
      return [
        { type: 'key', key: event.kv.key, does: 'created' },
        { type: 'key', key: event.kv.key, does: 'put' },
      ]
    case 'key-deleted':
      return [{ type: 'key', key: event.key, does: 'deleted' }]
    case 'section-entered':
    case 'section-left':
      return [
        {
          type: event.type === 'section-entered' ? 'enters' : 'leaves',
          client: event.client,
          section: event.section,
        },
      ]
    case 'exclusion-broken':
      return [{ type: 'two-inside', section: event.section }]
    case 'heartbeat-started':
    case 'heartbeat-stopped':
      return [{ type: 'heartbeat', on: event.type === 'heartbeat-started' }]
    case 'write-taken':
    case 'write-bounced':
      return [
        { type: 'write', value: event.value, taken: event.type === 'write-taken' },
        { type: 'stale-write' },
      ]
    case 'cluster-changed':
      return (['added', 'promoted', 'removed'] as const).map((change) => ({
        type: 'member',
        change,
      }))
    case 'partitioned':
    case 'cut-one-way':
      return [{ type: 'partition' }]
    case 'healed':
      return [{ type: 'heal' }]
    case 'leases-checkpointed':
      return [{ type: 'checkpoint' }]
    case 'snapshot-restored':
      return [{ type: 'snapshot' }]
    case 'console-exit':
      return [{ type: 'console-exit' }]
    case 'role-changed':
      return [{ type: 'no-leader' }]
    default:
      return event.level === 'fault' ? [{ type: 'fault' }] : []
  }
}
