// The space-time diagram: who said what to whom between two moments, and what everybody was and believed meanwhile. Rows of plain data for the page to draw, as of the
// cursor: a message that the cursor has not seen arrive is still on its way.
//
// Only the window's own events are looked at, so that a long run costs no more than a short one. What began before the window is found by what it became in it:
// a reception names its sending as its cause, and a lease cannot be believed in for longer than its TTL.

import type { LeaseId } from '../base/rpc'
import { countWhile } from '../base/search'
import type { EventId, TraceEvent } from '../base/trace'
import { FOREVER } from '../lease/lessor'
import { RESOURCE } from '../sim/resource'
import { describeReply, describeRequest } from '../text/calls'
import { sentence } from '../text/describe'
import type { LeaseNames } from '../text/names'
import { speakerOf } from '../text/speaker'
import type { TrafficEvent } from './ledger'
import { countUntil } from './until'
import type { Scene } from './views'
import { authority } from './views'

export interface SpacetimeInterest {
  /** Virtual ms; `tail` keeps the cursor four fifths of the way through the window. */
  from: number | 'tail'
  /** How long the window is: 100 ms to an hour. */
  ms: number
  /** What members say to each other too, heartbeats excepted. */
  peers?: boolean
}

export interface SpacetimeView {
  from: number
  to: number
  /** From top to bottom. */
  lanes: SpacetimeLane[]
  /** By their sending. */
  messages: SpacetimeMessage[]
  /** What is too much to be drawn one by one. */
  bundles: SpacetimeBundle[]
  bands: SpacetimeBand[]
  leases: SpacetimeLease[]
  /** How many messages fall into the window, drawn one by one or not. */
  total: number
  /** Messages before the window's last few thousand events, which nobody looked at. */
  cut: boolean
}

export interface SpacetimeLane {
  id: string
  kind: 'client' | 'member' | 'storage'
}

export interface SpacetimeMessage {
  /** The event of its sending. */
  event: EventId
  from: string
  to: string
  kind: 'request' | 'reply'
  /** The RPC's name. */
  label: string
  /** What it says, in etcd's words. */
  text: string
  bad: boolean
  sent: number
  /** Null while it is on its way, and for what is lost. */
  received: number | null
  /** When it arrives, of what is on its way; a due time that has passed means that somebody holds it up. */
  due: number | null
  /** When it was lost. */
  lost: number | null
}

/** Messages of one kind from one to another, drawn as one strip with its number. */
export interface SpacetimeBundle {
  from: string
  to: string
  kind: 'request' | 'reply'
  label: string
  count: number
  lost: number
  /** The first and the last sending. */
  first: number
  last: number
  /** From the sending to the reception, the longest of them. */
  takes: number
}

export interface SpacetimeBand {
  lane: string
  /** `belief`: it thinks that it holds a lease that is there; `stale`: one that is gone. */
  kind: 'down' | 'paused' | 'belief' | 'stale' | 'section'
  from: number
  /** Null: it goes on. */
  to: number | null
  text: string
  lease: string | null
  /** What the lease is called; null where the band is about none. */
  leaseName: string | null
}

/** The life of a lease, drawn where the members are. */
export interface SpacetimeLease {
  id: string
  /** `L1` for the first grant of the run. */
  name: string
  ttlSeconds: number
  grantedAt: number
  renewals: number[]
  /** As the last renewal before the cursor left it; null where nobody counts. */
  deadline: number | null
  /** When its time ran out. */
  expiredAt: number | null
  ended: { at: number; how: 'expired' | 'revoked'; revision: number } | null
}

/** Messages drawn one by one, at most. */
export const MOST_MESSAGES = 30
/** Events of the window that are looked at, the latest. */
const MOST_EVENTS = 6000
const MOST_LEASES = 6
const MOST_BANDS = 60
/** Strips that a link's messages fall into. */
const STRIPS = 8

const EMPTY_MS = 100
/** A client's clock may run at a tenth of its speed. */
const SLOWEST = 10
const LONGEST_MS = 3_600_000

/** What the diagram shows of a run at its cursor. */
export function spacetime(scene: Scene, interest: SpacetimeInterest): SpacetimeView {
  const { from, to } = windowOf(scene.sim.now, interest)
  const { messages, cut } = messagesIn(scene, from, to, interest.peers === true)
  const { single, bundles } = bundled(messages, from, to)
  const bands = [...processBands(scene, from, to), ...beliefBands(scene, from, to)].slice(-MOST_BANDS)
  return {
    from,
    to,
    lanes: lanesOf(scene, messages, bands),
    messages: single,
    bundles,
    bands,
    leases: leasesIn(scene, from, to),
    total: messages.length,
    cut,
  }
}

function windowOf(now: number, { from, ms }: SpacetimeInterest): { from: number; to: number } {
  const length = Math.min(LONGEST_MS, Math.max(EMPTY_MS, Math.round(ms)))
  const start = from === 'tail' ? Math.max(0, now - Math.floor(length * 0.8)) : Math.max(0, Math.round(from))
  return { from: start, to: start + length }
}

function lanesOf({ sim }: Scene, messages: readonly SpacetimeMessage[], bands: readonly SpacetimeBand[]): SpacetimeLane[] {
  const members = sim.members.map(({ options }) => options.name)
  const speaking = new Set([...messages.flatMap(({ from, to }) => [from, to]), ...bands.map(({ lane }) => lane)])
  const known = [...sim.clients.filter(({ kind }) => kind === 'program').map(({ id }) => id), ...sim.terminals]
  const clients = [...known, ...[...speaking].filter((name) => !known.includes(name) && !members.includes(name) && name !== RESOURCE)]
  return [
    ...clients.filter((id) => speaking.has(id)).map((id): SpacetimeLane => ({ id, kind: 'client' })),
    ...members.map((id): SpacetimeLane => ({ id, kind: 'member' })),
    ...(speaking.has(RESOURCE) ? [{ id: RESOURCE, kind: 'storage' } as const] : []),
  ]
}

// Messages ---------------------------------------------------------------------------------------------------------------------------------------------

function messagesIn(
  { sim, ledger, last }: Scene,
  from: number,
  to: number,
  peers: boolean,
): { messages: SpacetimeMessage[]; cut: boolean } {
  const { traffic } = ledger
  const end = Math.min(countUntil(traffic, last), firstAt(traffic, to + 1))
  const begin = firstAt(traffic, from)
  const start = Math.max(begin, end - MOST_EVENTS)
  const found = new Map<EventId, SpacetimeMessage>()
  const sending = (id: EventId): SpacetimeMessage | undefined => {
    const known = found.get(id)
    if (known !== undefined) return known
    const event = traffic[countUntil(traffic, id) - 1]
    const message = event?.id === id ? started(event, ledger.names) : undefined
    if (message !== undefined) found.set(id, message)
    return message
  }
  for (let i = start; i < end; i++) {
    const event = traffic[i]!
    if (!peers && event.type.startsWith('peer-')) continue
    if (SENDINGS.has(event.type)) sending(event.id)
    if (!SENDINGS.has(event.type) || event.type === 'write-taken' || event.type === 'write-bounced') {
      const message = sending(event.causes[0] ?? 0)
      if (message === undefined) continue
      if (event.type === 'message-lost') message.lost = event.at
      else message.received = event.at
    }
  }
  for (const { at, due } of sim.moves()) {
    if (due.type !== 'deliver' && due.type !== 'deliver-write' && !(peers && due.type === 'deliver-peer')) continue
    const cause = due.type === 'deliver' ? due.message.cause : due.type === 'deliver-write' ? due.write.cause : due.delivery.cause
    const message = at >= from ? sending(cause) : found.get(cause)
    if (message !== undefined && message.sent <= to) message.due = at
  }
  const messages = [...found.values()].filter((message) => peers || !message.label.startsWith('Msg'))
  return { messages: messages.sort((a, b) => a.sent - b.sent || a.event - b.event), cut: start > begin }
}

const SENDINGS: ReadonlySet<string> = new Set(['request-sent', 'reply-sent', 'peer-sent', 'write-sent', 'write-taken', 'write-bounced'])

function started(event: TrafficEvent, names: LeaseNames): SpacetimeMessage | undefined {
  const nameOf = (lease: LeaseId): string => names.nameOf(lease, event.id)
  const begun = { event: event.id, sent: event.at, received: null, due: null, lost: null }
  switch (event.type) {
    case 'request-sent': {
      const { client, member, request } = event
      const text = describeRequest(request, nameOf)
      return { ...begun, from: speakerOf(client), to: member, kind: 'request', label: request.type, text, bad: false }
    }
    case 'reply-sent': {
      const { client, member, reply } = event
      const bad = reply.type === 'error' || (reply.type === 'LeaseKeepAlive' && reply.TTL <= 0)
      const label = reply.type === 'error' ? 'refused' : reply.type
      return { ...begun, from: member, to: speakerOf(client), kind: 'reply', label, text: describeReply(reply, nameOf), bad }
    }
    case 'write-sent': {
      const { client, value, token } = event
      const text = `write ${value}${token === null ? '' : ` with token ${token}`}`
      return { ...begun, from: client, to: RESOURCE, kind: 'request', label: 'write', text, bad: false }
    }
    case 'write-taken':
    case 'write-bounced': {
      const bad = event.type === 'write-bounced'
      return {
        ...begun,
        from: RESOURCE,
        to: event.client,
        kind: 'reply',
        label: bad ? 'refused' : 'taken',
        text: sentence(event, names),
        bad,
      }
    }
    case 'peer-sent': {
      const { member, to, what } = event
      const kind = /Resp$|^lease-answer$/.test(what) ? 'reply' : 'request'
      return { ...begun, from: member, to, kind, label: what, text: what, bad: false }
    }
    default:
      return undefined
  }
}

/**
 * Where there are more than can be told apart: renewals and their answers are counted first, which are all alike; where that does not help, everything is, a strip of the
 * window at a time. What was lost or refused stays by itself as long as there is room.
 */
function bundled(
  messages: readonly SpacetimeMessage[],
  from: number,
  to: number,
): { single: SpacetimeMessage[]; bundles: SpacetimeBundle[] } {
  if (messages.length <= MOST_MESSAGES) return { single: [...messages], bundles: [] }
  const remarkable = ({ lost, bad }: SpacetimeMessage): boolean => lost !== null || bad
  const beats = messages.filter((message) => message.label === 'LeaseKeepAlive' && !remarkable(message))
  const others = messages.filter((message) => !beats.includes(message))
  if (others.length <= MOST_MESSAGES) return { single: others, bundles: strips(beats, from, to) }
  const kept = others.filter(remarkable).slice(-MOST_MESSAGES)
  return {
    single: kept,
    bundles: strips(
      messages.filter((message) => !kept.includes(message)),
      from,
      to,
    ),
  }
}

function strips(messages: readonly SpacetimeMessage[], from: number, to: number): SpacetimeBundle[] {
  const found = new Map<string, SpacetimeBundle>()
  for (const { from: sender, to: receiver, kind, label, sent, received, due, lost } of messages) {
    const strip = Math.floor(((sent - from) / (to - from)) * STRIPS)
    const name = `${sender} ${receiver} ${label} ${strip}`
    const bundle = found.get(name) ?? { from: sender, to: receiver, kind, label, count: 0, lost: 0, first: sent, last: sent, takes: 0 }
    bundle.count++
    bundle.last = sent
    if (lost !== null) bundle.lost++
    bundle.takes = Math.max(bundle.takes, (received ?? due ?? lost ?? sent) - sent)
    found.set(name, bundle)
  }
  return [...found.values()]
}

// Bands ------------------------------------------------------------------------------------------------------------------------------------------------

function processBands({ ledger, last }: Scene, from: number, to: number): SpacetimeBand[] {
  const bands: SpacetimeBand[] = []
  const open = new Map<string, SpacetimeBand>()
  const begin = (lane: string, kind: SpacetimeBand['kind'], at: number, text: string, name: string): void => {
    const band: SpacetimeBand = { lane, kind, from: at, to: null, text, lease: null, leaseName: null }
    open.set(name, band)
    bands.push(band)
  }
  const end = countUntil(ledger.turns, last)
  for (let i = 0; i < end; i++) {
    const event = ledger.turns[i]!
    switch (event.type) {
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
      case 'member-paused': {
        const kind = event.type === 'member-paused' ? 'paused' : 'down'
        close(open, event.member, event.at)
        begin(event.member, kind, event.at, kind === 'down' ? 'down' : 'frozen', event.member)
        break
      }
      case 'member-restarted':
      case 'member-resumed':
        close(open, event.member, event.at)
        break
      case 'client-crashed':
      case 'client-paused': {
        const kind = event.type === 'client-crashed' ? 'down' : 'paused'
        close(open, event.client, event.at)
        if (kind === 'down') close(open, `${event.client} section`, event.at)
        begin(event.client, kind, event.at, kind === 'down' ? 'crashed' : 'paused', event.client)
        break
      }
      case 'client-restarted':
      case 'client-resumed':
        close(open, event.client, event.at)
        break
      case 'section-entered':
        close(open, `${event.client} section`, event.at)
        begin(event.client, 'section', event.at, `in ${event.section}`, `${event.client} section`)
        break
      case 'section-left':
        close(open, `${event.client} section`, event.at)
        break
    }
  }
  return bands.filter((band) => band.from <= to && (band.to === null || band.to >= from))
}

function close(open: Map<string, SpacetimeBand>, name: string, at: number): void {
  const band = open.get(name)
  if (band === undefined) return
  band.to = at
  open.delete(name)
}

interface Faith {
  client: string
  lease: LeaseId
  since: number
  until: number
}

/** What clients believed of their leases, cut where the lease was gone: what is believed beyond that is stale. */
function beliefBands(scene: Scene, from: number, to: number): SpacetimeBand[] {
  const { ledger, last, sim } = scene
  return faiths(scene, from, to).flatMap(({ client, lease, since, until }): SpacetimeBand[] => {
    const ended = ledger.endOf(lease, last)
    const goneAt = ended === undefined || ended.at > sim.now ? null : ended.at
    const leaseName = ledger.names.nameOf(lease, last)
    const text = `${client} holds ${leaseName} by its own reckoning`
    if (goneAt === null || goneAt >= until) return [{ lane: client, kind: 'belief', from: since, to: until, text, lease, leaseName }]
    const stale: SpacetimeBand = {
      lane: client,
      kind: 'stale',
      from: Math.max(since, goneAt),
      to: until,
      text: `${leaseName} is gone, and ${client} does not know it`,
      lease,
      leaseName,
    }
    return goneAt <= since ? [stale] : [{ lane: client, kind: 'belief', from: since, to: goneAt, text, lease, leaseName }, stale]
  })
}

/** From the first good answer on, for the TTL from every later one, until the client knows better. */
function faiths({ ledger, last }: Scene, from: number, to: number): Faith[] {
  const { beliefs, clocks } = ledger
  const percentAt = (client: string, event: EventId): number =>
    clocks.slice(0, countUntil(clocks, event)).findLast((changed) => changed.client === client)?.percent ?? 100
  const end = Math.min(countUntil(beliefs, last), firstAt(beliefs, to + 1))
  const start = Math.max(firstAt(beliefs, from - ledger.longestTtlMs * (clocks.length > 0 ? SLOWEST : 1)), end - MOST_EVENTS)
  const faiths: Faith[] = []
  const current = new Map<string, Faith>()
  for (let i = start; i < end; i++) {
    const event = beliefs[i]!
    const { client, at } = event
    const mine = [...current].filter(([, faith]) => faith.client === client)
    if (event.type === 'client-crashed') {
      for (const [name, faith] of mine) {
        faith.until = Math.min(faith.until, at)
        current.delete(name)
      }
      continue
    }
    if (event.type === 'clock-changed') {
      // What is left of its time stays the same by its own clock.
      for (const [, faith] of mine)
        if (faith.until > at) faith.until = at + Math.ceil(((faith.until - at) * percentAt(client, event.id - 1)) / event.percent)
      continue
    }
    if (event.type === 'clock-set') {
      for (const [name, faith] of mine) {
        const until = faith.until - Math.floor((event.ms * 100) / percentAt(client, event.id))
        // Back to before its end: what was over is believed again from now on.
        if (faith.until >= at || until <= at) faith.until = faith.until >= at ? Math.max(at, until) : faith.until
        else {
          const again: Faith = { ...faith, since: at, until }
          faiths.push(again)
          current.set(name, again)
        }
      }
      continue
    }
    const [lease, ttlMs] =
      event.type === 'lease-believed-lost'
        ? [event.lease, 0]
        : event.reply.type === 'LeaseGrant' || event.reply.type === 'LeaseKeepAlive'
          ? [event.reply.ID, event.reply.TTL * 1000]
          : [null, 0]
    if (lease === null) continue
    const name = `${client} ${lease}`
    const known = current.get(name)
    const until = at + Math.ceil((ttlMs * 100) / percentAt(client, event.id))
    if (ttlMs <= 0) {
      if (known !== undefined) known.until = Math.min(known.until, at)
      current.delete(name)
    } else if (known !== undefined && known.until >= at) known.until = until
    else {
      const faith: Faith = { client, lease, since: at, until }
      faiths.push(faith)
      current.set(name, faith)
    }
  }
  return faiths.filter(({ since, until }) => since <= to && until >= from)
}

// Leases -----------------------------------------------------------------------------------------------------------------------------------------------

/** The latest that lived in the window. */
function leasesIn({ sim, ledger, last }: Scene, from: number, to: number): SpacetimeLease[] {
  const member = authority(sim)
  const found: SpacetimeLease[] = []
  for (let i = countUntil(ledger.grants, last) - 1; i >= 0 && found.length < MOST_LEASES; i--) {
    const grant = ledger.grants[i]!
    if (grant.at > to || found.some(({ id }) => id === grant.lease)) continue
    const ended = ledger.endOf(grant.lease, last)
    const gone = ended !== undefined && ended.id > grant.id ? ended : undefined
    if (gone !== undefined && gone.at < from) continue
    const info = gone === undefined ? member.lease(grant.lease) : undefined
    const renewals = ledger.renewalsOf(grant.lease, last).filter(({ id, at }) => id > grant.id && at >= from && at <= to)
    const expiry = ledger.expiryOf(grant.lease, last)
    const deadline = info?.deadline ?? ledger.renewalOf(grant.lease, last)?.deadline ?? grant.deadline
    found.push({
      id: grant.lease,
      name: ledger.names.nameOf(grant.lease, grant.id),
      ttlSeconds: grant.ttlSeconds,
      grantedAt: grant.at,
      renewals: renewals.map(({ at }) => at),
      deadline: deadline === FOREVER ? null : deadline,
      expiredAt: gone?.end === 'expired' ? (expiry?.deadline ?? null) : deadline <= sim.now ? deadline : null,
      ended: gone === undefined ? null : { at: gone.at, how: gone.end, revision: gone.revision },
    })
  }
  return found.reverse()
}

/** How many of a list's events lie before a moment. */
function firstAt(list: readonly TraceEvent[], at: number): number {
  return countWhile(list, (event) => event.at < at)
}
