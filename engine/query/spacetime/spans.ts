// Spans of time: beliefs, critical sections, locks held by the store, processes that are down or
// frozen, leaders.

import { utf8 } from '../../base/bytes'
import type { KeyValue } from '../../base/rpc'
import { speakerOf } from '../../base/speaker'
import type { EventId } from '../../base/trace'
import { visibleBytes, visibleLine } from '../../text/visible'
import { lockNames, ownerOf } from '../lab'
import type { Scene } from '../scene'
import { authority } from '../scene'
import { countUntil } from '../until'
import { revokerOf } from './messages'
import type { SpacetimeSpan } from './rows'

/** All spans that last at or after `from` (virtual ms), by their beginning. */
export function spansSince(scene: Scene, from: number): SpacetimeSpan[] {
  const turns = turnSpans(scene)
  const lead = leadSpans(scene)
  const inside = turns.filter(({ kind }) => kind === 'inside')
  const spans = [
    ...turns,
    ...lead,
    ...joined(beliefSpans(scene, inside)),
    ...heldSpans(scene, from),
  ]
  return spans
    .filter(({ to }) => to === null || to >= from)
    .map((span) => ({ ...span, text: visibleLine(span.text) }))
    .sort((a, b) => a.from - b.from || a.event - b.event)
}

function turnSpans({ ledger, last }: Scene): SpacetimeSpan[] {
  const spans: SpacetimeSpan[] = []
  const open = new Map<string, SpacetimeSpan>()
  const close = (name: string, at: number): void => {
    const span = open.get(name)
    if (span !== undefined) span.to = at
    open.delete(name)
  }
  const begin = (name: string, span: Omit<SpacetimeSpan, 'to'>): void => {
    close(name, span.from)
    const opened = { ...span, to: null }
    open.set(name, opened)
    spans.push(opened)
  }
  const end = countUntil(ledger.turns, last)
  for (let i = 0; i < end; i++) {
    const event = ledger.turns[i]!
    const { id, at: from } = event
    const lane = 'member' in event ? event.member : event.client
    switch (event.type) {
      case 'member-crashed':
      case 'member-left':
      case 'member-stopped':
      case 'client-crashed':
        close(`${lane} inside`, from)
        begin(lane, { lane, kind: 'down', event: id, from, text: `${lane} is down` })
        break
      case 'member-paused':
      case 'client-paused':
        begin(lane, { lane, kind: 'paused', event: id, from, text: `${lane} is frozen` })
        break
      case 'section-entered':
        begin(`${lane} inside`, {
          lane,
          kind: 'inside',
          event: id,
          from,
          text: `${lane} is inside ${event.section}`,
        })
        break
      case 'section-left':
        close(`${lane} inside`, from)
        break
      default:
        close(lane, from)
    }
  }
  return spans
}

/** Until another member is promoted, or this one is demoted or goes down. */
export function leadSpans({ ledger, last }: Scene): SpacetimeSpan[] {
  const spans: SpacetimeSpan[] = []
  for (const { id, at, type, member, term } of ledger.promotions.slice(
    0,
    countUntil(ledger.promotions, last),
  )) {
    const before = spans.at(-1)
    if (
      before !== undefined &&
      before.to === null &&
      (type === 'promoted' || before.lane === member)
    )
      before.to = at
    if (type === 'promoted')
      spans.push({
        lane: member,
        kind: 'lead',
        event: id,
        from: at,
        to: null,
        text: `${member} leads in term ${term}`,
      })
  }
  const falls = ledger.turns
    .slice(0, countUntil(ledger.turns, last))
    .filter(({ type }) => /^member-(crashed|stopped|left)$/.test(type))
  for (const span of spans) {
    const fall = falls.find(
      (event) => 'member' in event && event.member === span.lane && event.id > span.event,
    )
    if (fall !== undefined && (span.to === null || fall.at < span.to)) span.to = fall.at
  }
  return spans
}

/**
 * Each belief, cut where its lease is gone. A critical section that continues without its lease
 * counts as a belief too.
 */
function beliefSpans(scene: Scene, inside: readonly SpacetimeSpan[]): SpacetimeSpan[] {
  const { ledger, last } = scene
  return ledger.beliefs.list.flatMap((belief): SpacetimeSpan[] => {
    if (belief.event > last) return []
    const lane = speakerOf(belief.client)
    const name = ledger.names.nameOf(belief.lease, belief.event)
    const to = belief.ended > last ? null : belief.to
    const end = ledger.endOf(belief.lease, last)
    const gone =
      end !== undefined && end.id > belief.event && (to === null || end.at <= to) ? end : undefined
    const believed = {
      lane,
      event: belief.event,
      from: belief.from,
      text: `${lane} believes that ${name} is alive`,
    }
    if (gone === undefined) return [{ ...believed, kind: 'belief', to }]
    const section = inside.find(
      (span) =>
        span.lane === lane && span.from <= gone.at && (span.to === null || span.to > gone.at),
    )
    const until = to === null || section?.to === null ? null : Math.max(to, section?.to ?? 0)
    const held: SpacetimeSpan = { ...believed, kind: 'belief', to: gone.at }
    // A client that revokes its own lease knows that it is gone.
    if (until === gone.at || revokerOf(ledger, gone) === belief.client) return [held]
    const text = `${name} is gone, and ${lane} ${section === undefined ? 'still believes in it' : 'still acts'}`
    return [held, { lane, kind: 'stale', event: gone.id, from: gone.at, to: until, text }]
  })
}

/** Overlapping beliefs of one client are one: a client with a thousand leases has one line. */
function joined(spans: readonly SpacetimeSpan[]): SpacetimeSpan[] {
  const found: SpacetimeSpan[] = []
  const open = new Map<string, { span: SpacetimeSpan; count: number }>()
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const name = `${span.lane} ${span.kind}`
    const before = open.get(name)
    if (before === undefined || (before.span.to ?? Number.POSITIVE_INFINITY) < span.from) {
      const opened = { ...span }
      open.set(name, { span: opened, count: 1 })
      found.push(opened)
      continue
    }
    before.count++
    before.span.to =
      before.span.to === null || span.to === null ? null : Math.max(before.span.to, span.to)
    const what = span.kind === 'belief' ? 'are alive' : 'are alive, and they are gone'
    before.span.text = `${span.lane} believes that ${before.count} leases ${what}`
  }
  return found
}

// Locks -------------------------------------------------------------------------------------------

/** A key from its put to its end. The owner of the oldest living key holds the lock. */
interface KeyLife {
  kv: KeyValue
  event: EventId
  from: number
  to: number
}

function heldSpans(scene: Scene, since: number): SpacetimeSpan[] {
  const leaders = leadSpans(scene)
  return lockNames(scene).flatMap((name) => {
    let free = 0
    return livesOf(scene, name, since).flatMap((life): SpacetimeSpan[] => {
      const from = Math.max(life.from, free)
      if (life.to <= from) return []
      free = life.to
      const who =
        ownerOf({ ledger: scene.ledger, last: life.event }, life.kv) ?? 'an unknown client'
      const words = `${who} holds ${name}, token ${life.kv.create_revision}`
      return leaders.flatMap((leader, i): SpacetimeSpan[] => {
        const begin = i === 0 ? from : Math.max(from, leader.from)
        const end = Math.min(life.to, leaders[i + 1]?.from ?? Number.POSITIVE_INFINITY)
        if (begin >= end) return []
        const to = end === Number.POSITIVE_INFINITY ? null : end
        return [
          { lane: leader.lane, kind: 'held', event: life.event, from: begin, to, text: words },
        ]
      })
    })
  })
}

/**
 * The lives of a lock's keys since a moment, the oldest key first. A plain key begins another life
 * with each put, which may be another client's.
 */
function livesOf(scene: Scene, name: string, after: number): KeyLife[] {
  const { sim, ledger, last } = scene
  const key = utf8(name)
  const isQueued = (each: string): boolean => each.startsWith(`${key}/`)
  const lives: KeyLife[] = []
  const add = (each: string, until: EventId, to: number): void => {
    const puts = ledger.putsOf(each, until)
    const since = puts.slice(
      Math.max(
        0,
        puts.findLastIndex(({ kv }) => kv.version === 1),
      ),
    )
    const begins = isQueued(each) ? since.slice(0, 1) : since
    for (const [i, { kv, id, at }] of begins.entries())
      lives.push({ kv, event: id, from: at, to: begins[i + 1]?.at ?? to })
  }
  const { store } = authority(sim)
  const living = store.get(key) === undefined ? [] : [key]
  for (const kv of store.startingAt(`${key}/`)) {
    if (!isQueued(kv.key)) break
    living.push(kv.key)
  }
  for (const each of living) add(each, last, Number.POSITIVE_INFINITY)
  for (
    let i = countUntil(ledger.keyEnds, last) - 1;
    i >= 0 && ledger.keyEnds[i]!.at >= after;
    i--
  ) {
    const end = ledger.keyEnds[i]!
    if (end.key === key || isQueued(end.key)) add(end.key, end.id, end.at)
  }
  return lives.sort((a, b) => a.kv.create_revision - b.kv.create_revision || a.from - b.from)
}

/**
 * The name of a key in a label: its owner where it is in a lock's queue, else its name, shortened
 * in the middle.
 */
export function keyName(scene: Scene, key: string): string {
  const kv = scene.ledger.putOf(key, scene.last)?.kv
  const lock = lockNames(scene).find((name) => key.startsWith(`${utf8(name)}/`))
  const owner = kv === undefined || lock === undefined ? null : ownerOf(scene, kv)
  if (owner !== null) return `${owner}’s key`
  const name = visibleBytes(key)
  return name.length <= 20 ? name : `${name.slice(0, 10)}…${name.slice(-7)}`
}
