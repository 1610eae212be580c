// What stands at a point of the tape, in words: the readout line says it for whoever points, and a click goes to its event.

import type { LaneName, LogLine, MarkKind, Progress, SpanKind } from '../../../engine/worker/protocol'
import { momentText } from '../figures'
import { type Link, linkAt } from './chain'
import type { Fork } from './forks'
import type { Layout, Placed } from './layout'
import { rowAt } from './layout'
import type { Scale, Stretch } from './scale'
import { markOrder } from './shapes'

/** Pixels: how near a pointer must come to a mark to mean it. */
const NEAR = 7

export interface Found {
  text: string
  /** The event of the mark that is meant; null where there is none, and a click means the time. */
  event: number | null
  at: number
}

export const laneWords: Record<LaneName, string> = {
  leader: 'Leader',
  leases: 'Leases',
  keys: 'Keys',
  locks: 'Locks',
  beliefs: 'Beliefs',
  faults: 'Faults',
  invariants: 'Invariants',
}

/** One of them, and several. */
export const laneNouns: Record<LaneName, [string, string]> = {
  leader: ['leader', 'leaders'],
  leases: ['lease', 'leases'],
  keys: ['key', 'keys'],
  locks: ['lock', 'locks'],
  beliefs: ['belief', 'beliefs'],
  faults: ['place with faults', 'places with faults'],
  invariants: ['broken invariant', 'broken invariants'],
}

export const markWords: Record<MarkKind, string> = {
  granted: 'granted',
  renewed: 'renewed',
  recounted: 'counted anew by a new primary',
  expired: 'expired: its revoke is applied',
  revoked: 'revoked because somebody asked for it',
  deleted: 'deleted',
  created: 'created',
  modified: 'changed',
  'handed-over': 'handed over',
  candidate: 'somebody stands for election',
  concluded: 'believed no longer',
  fault: 'a fault',
  violation: 'what may never happen has happened',
}

export const spanWords: Record<SpanKind, string> = {
  leads: 'leads',
  deposed: 'still thinks that it leads',
  live: 'has time left',
  overdue: 'its time is up, its revoke is not applied yet',
  uncounted: 'nobody counts it down',
  leased: 'lives as long as its lease',
  plain: 'hangs on no lease',
  held: 'held',
  believes: 'believed, and rightly',
  unsure: 'its own time is up, and it has not concluded anything',
  wrong: 'believed, but the lease is gone',
  crashed: 'down',
  paused: 'frozen',
  cut: 'the network is cut',
  broken: 'two are in it at once',
}

/** `12.4 s, event 31 of 88, m1 lease …6c01 is revoked (expired)`: what the slider says, and the readout while nobody points anywhere. */
export function spoken({ progress, on }: { progress: Progress; on: LogLine | null }, now: number): string {
  const { past, total, last } = progress
  const where = `${momentText(now)}, event ${past} of ${total}`
  const told = on ?? last
  return told === null ? where : `${where}, ${on ? '' : 'after: '}${told.text}`
}

/** What is nearest to a point. `scale` and `counted` are those of the picture. */
export function foundAt(
  layout: Layout,
  scale: Scale,
  counted: Stretch,
  forks: readonly Fork[],
  x: number,
  y: number,
  chain: readonly Link[] = [],
): Found {
  const link = linkAt(chain, x, y)
  if (link !== undefined)
    return { text: `${momentText(link.at)}: ${link.number} of the answer why, ${link.text}`, event: link.event, at: link.at }
  const at = Math.max(0, Math.round(scale.at(x)))
  const placed = rowAt(layout, y)
  if (placed === undefined) return forkAt(forks, scale, x) ?? { text: momentText(at), event: null, at }
  return markAt(placed, scale, x) ?? spanAt(placed, scale, x, at) ?? countAt(placed, scale, counted, x, at) ?? empty(placed, at)
}

function forkAt(forks: readonly Fork[], scale: Scale, x: number): Found | null {
  const fork = forks.find(({ at }) => Math.abs(scale.x(at) - x) <= NEAR)
  if (fork === undefined) return null
  const who = fork.names.length > 1 ? `branches ${fork.names.join(', ')} part` : `branch ${fork.names[0]} parts`
  return { text: `${momentText(fork.at)}: ${who} from this one`, event: null, at: fork.at }
}

function markAt(placed: Placed, scale: Scale, x: number): Found | null {
  let found: Found | null = null
  let nearest = NEAR
  for (const kind of markOrder) {
    const marks = placed.row.marks.find((each) => each.kind === kind)?.at
    if (marks === undefined) continue
    for (let i = 0; i < marks.length; i += 3) {
      const [at = 0, event = 0, count = 1] = [marks[i], marks[i + 1], marks[i + 2]]
      const distance = Math.abs(scale.x(at) - x)
      // Of two that stand together, the one drawn above.
      if (distance > nearest) continue
      nearest = distance
      const what = count === 1 ? markWords[kind] : `${count} times ${markWords[kind]}, the first time`
      found = { text: `${momentText(at)}: ${subject(placed)} ${what}`, event, at }
    }
  }
  return found
}

function spanAt(placed: Placed, scale: Scale, x: number, at: number): Found | null {
  let found: Found | null = null
  for (const { kind, at: spans, texts } of placed.row.spans) {
    for (let i = 0; i < spans.length; i += 3) {
      const [from = 0, to = 0] = [spans[i], spans[i + 1]]
      if (scale.x(from) - 1 > x || scale.x(to) + 1 < x) continue
      const text = texts[i / 3]
      const until = to === Number.POSITIVE_INFINITY ? '' : ` to ${momentText(to)}`
      const who = kind === 'held' ? `${subject(placed)} held by ${text}` : `${text ? text : subject(placed)}: ${spanWords[kind]}`
      found = { text: `${momentText(at)}: ${who}, from ${momentText(from)}${until}`, event: null, at }
    }
  }
  return found
}

function countAt({ lane, row }: Placed, scale: Scale, counted: Stretch, x: number, at: number): Found | null {
  if (row.counts === null) return null
  const left = scale.xOfPlace(counted.from)
  const column = Math.floor(((x - left) / (scale.xOfPlace(counted.to) - left)) * row.counts.length)
  const count = row.counts[column]
  if (count === undefined) return null
  return { text: `${momentText(at)}: ${count === 0 ? 'no' : count} ${laneNouns[lane][count === 1 ? 0 : 1]} at most`, event: null, at }
}

function empty({ lane, row }: Placed, at: number): Found {
  const text = lane === 'leader' ? 'nobody leads' : `nothing of ${row.label}`
  return { text: `${momentText(at)}: ${text}`, event: null, at }
}

/** Whom a row is about. */
function subject({ lane, row, summary }: Placed): string {
  if (summary) return laneNouns[lane][1]
  if (lane === 'leader') return 'cluster'
  if (lane === 'beliefs') return `what ${row.label.replace(' ', ' believes of lease ')}`
  if (lane === 'faults') return row.label
  if (lane === 'invariants') return `${row.label}:`
  return `${laneNouns[lane][0]} ${row.label}`
}
