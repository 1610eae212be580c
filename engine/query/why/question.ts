import type { LeaseId } from '../../base/rpc'
import { speakerOf } from '../../base/speaker'
import type { TraceEvent } from '../../base/trace'
import type { LeaseNames } from '../../text/names'
import { visible, visibleBytes } from '../../text/visible'

/** The question that a person asks about an event: `Why does L1 end?` */
export function questionOf(event: TraceEvent, names: LeaseNames): string {
  const nameOf = (lease: LeaseId): string => names.nameOf(lease, event.id)
  switch (event.type) {
    case 'lease-granted':
      return `Why is ${nameOf(event.lease)} granted?`
    case 'lease-renewed':
      return `Why is ${nameOf(event.lease)} renewed?`
    case 'renewal-waits':
    case 'renewal-refused':
      return `Why is ${nameOf(event.lease)} not renewed?`
    case 'lease-expired':
      return `Why does ${nameOf(event.lease)} expire?`
    case 'lease-revoked':
      return `Why does ${nameOf(event.lease)} end?`
    case 'lease-believed-lost':
      return `Why does ${visible(speakerOf(event.client))} take ${nameOf(event.lease)} for lost?`
    case 'key-put':
      return `Why is ${visibleBytes(event.kv.key)} written?`
    case 'key-deleted':
      return `Why is ${visibleBytes(event.key)} deleted?`
    case 'exclusion-broken':
      return `Why are ${event.others.length === 1 ? 'two' : event.others.length + 1} clients inside ${visible(event.section)}?`
    case 'section-entered':
      return `Why does ${visible(event.client)} enter ${visible(event.section)}?`
    case 'write-taken':
      return `Why does the storage take ${visible(event.value)}?`
    case 'write-bounced':
      return `Why does the storage refuse ${visible(event.value)}?`
    case 'promoted':
      return `Why does ${visible(event.member)} become leader?`
    case 'demoted':
      return `Why does ${visible(event.member)} step down?`
    case 'request-refused':
      return `Why does ${visible(event.member)} refuse ${event.request}?`
    case 'message-lost':
      return 'Why is this message lost?'
    case 'call-waits':
      return 'Why does this call wait for a connection?'
    case 'connection-broken':
      return `Why does ${visible(speakerOf(event.client))} lose its connection to ${visible(event.member)}?`
    case 'message-held':
      return 'Why does this message not arrive?'
    default:
      return 'Why does this happen?'
  }
}
