// The timeline in words: hover names every mark and every bar, labelled or not.

import type { LogLine, MarkKind, Progress, SpanKind } from '../../../engine/worker/protocol'
import { clockText } from '../figures'
import type { Link } from './chain'
import { linkAt } from './chain'
import type { Fork } from './forks'
import { RULER_HEIGHT } from './layout'
import { beliefAt, leaseNow, leftText } from './lease-now'
import type { Placed } from './placed'
import type { Scale } from './scale'

/** Pixels between a pointer and a mark that still count as a hit. */
const NEAR = 7

export interface Found {
  text: string
  /**
   * The event of the mark under the pointer. Null without a mark: a click then selects the time.
   */
  event: number | null
  at: number
}

export const markWords: Record<MarkKind, string> = {
  granted: 'granted',
  renewed: 'renewed',
  recounted: 'a new deadline from the primary',
  expired: 'revoked, its time was over',
  revoked: 'revoked by a client',
  deleted: 'deleted',
  created: 'created',
  modified: 'changed',
  'handed-over': 'the lock has a new holder',
  candidate: 'stands for election',
  fell: 'the leader is gone',
  beat: 'keep-alive request sent',
  stopped: 'heartbeat stops',
  command: 'command',
  frozen: 'freezes',
  woke: 'continues',
  fault: 'fault',
  violation: 'broken',
}

export const spanWords: Record<SpanKind, string> = {
  leads: 'leads',
  'cut-off': 'leads and reaches no quorum',
  deposed: 'takes itself for the leader, another leads',
  live: 'has time left',
  overdue: 'is due, not yet revoked',
  uncounted: 'no member counts it',
  leased: 'lives with its lease',
  plain: 'on no lease',
  held: 'held, by the store',
  inside: 'inside',
  lost: 'inside, its lease is gone',
  two: 'two inside',
  beats: 'heartbeat on',
  runs: 'runs',
  crashed: 'down',
  paused: 'frozen',
  cut: 'network cut',
  link: 'bad link',
}

/** `12.4 s, event 31 of 88, L1 expired`: the text of the time slider. */
export function spoken(
  { progress, on }: { progress: Progress; on: LogLine | null },
  now: number,
): string {
  const { past, total, last } = progress
  const where = `${clockText(now)} s, event ${past} of ${total}`
  const said = on ?? last
  return said === null ? where : `${where}, ${on ? '' : 'after: '}${said.text}`
}

/** The name of a row inside a sentence. */
export function subjectOf({ kind, row }: Placed): string {
  if (row === null) return ''
  if (kind === 'heartbeat') return `${row.label}:`
  if (kind === 'leader' || kind === 'faults' || kind === 'terminal') return ''
  return kind === 'rules' ? '' : row.label
}

/**
 * The nearest mark or bar to a point left of *now*, or the deadline of the row right of it. Null if
 * nothing is there.
 */
export function foundAt(
  lines: readonly Placed[],
  links: readonly Link[],
  scale: Scale,
  now: number,
  x: number,
  y: number,
): Found | null {
  const link = linkAt(links, x, y)
  if (link !== undefined)
    return { text: `${clockText(link.at)}: ${link.text}`, event: link.event, at: link.at }
  if (y < RULER_HEIGHT) return null
  const line = lines.findLast(
    (each) => y - RULER_HEIGHT >= each.y && y - RULER_HEIGHT < each.y + each.height,
  )
  if (line === undefined) return null
  const at = Math.round(scale.at(x))
  if (at > now) return { text: dueText(line, now), event: null, at }
  return markAt(line, scale, now, x) ?? { text: spanText(line, at), event: null, at }
}

/** The point on the axis where another branch leaves the current one; null if none is there. */
export function forkAt(forks: readonly Fork[], scale: Scale, x: number): Found | null {
  const fork = forks.find(({ at }) => Math.abs(scale.x(at) - x) <= NEAR)
  if (fork === undefined) return null
  const who =
    fork.names.length > 1
      ? `branches ${fork.names.join(', ')} part`
      : `branch ${fork.names[0]} parts`
  return { text: `${clockText(fork.at)}: ${who} here`, event: null, at: fork.at }
}

function markAt(line: Placed, scale: Scale, now: number, x: number): Found | null {
  let found: Found | null = null
  let nearest = NEAR
  for (const { kind, at, texts } of line.row?.marks ?? []) {
    for (let i = 0; i < at.length; i += 3) {
      const [time = 0, event = 0, count = 1] = [at[i], at[i + 1], at[i + 2]]
      const distance = Math.abs(scale.x(time) - x)
      // If two marks overlap, the later kind is drawn on top.
      if (time > now || distance > nearest) continue
      nearest = distance
      const words = texts[i / 3] || markWords[kind]
      const said =
        kind === 'command' || kind === 'frozen' || kind === 'woke'
          ? words
          : `${subjectOf(line)} ${words}`
      found = {
        text: `${clockText(time)}: ${said.trim()}${count > 1 ? `, ${count} times here` : ''}`,
        event,
        at: time,
      }
    }
  }
  return found
}

function spanText(line: Placed, at: number): string {
  const here: string[] = []
  for (const { kind, at: spans, texts } of line.row?.spans ?? []) {
    for (let i = 0; i < spans.length; i += 3) {
      const [from = 0, to = 0] = [spans[i], spans[i + 1]]
      if (from > at || to <= at) continue
      const text = texts[i / 3] ?? ''
      if (kind === 'leads' || kind === 'cut-off' || kind === 'deposed')
        here.push(`${text}, ${spanWords[kind]}`)
      else if (kind === 'held') here.push(`${line.row?.label} held by ${text}`)
      else if (line.row?.lease == null)
        here.push(text === '' || kind === 'two' ? spanWords[kind] : text)
    }
  }
  const { row } = line
  if (row?.lease != null) here.push(...leaseWords(line, at))
  return `${clockText(at)}: ${[subjectOf(line), here.join(', ')].filter(Boolean).join(' ') || 'nothing'}`
}

function leaseWords({ row }: Placed, at: number): string[] {
  if (row?.lease == null || at < row.from) return ['not yet granted']
  const { deadline, ended, uncounted } = leaseNow(row, at)
  const words =
    ended !== null
      ? ['gone']
      : uncounted || deadline === null
        ? ['no member counts it']
        : [`${leftText(deadline - at)} left`]
  for (const belief of row.lease.beliefs) {
    const until = beliefAt(belief, at)
    if (until !== null) words.push(`${belief.client} believes ${leftText(until - at)}`)
  }
  return words
}

function dueText(line: Placed, now: number): string {
  const { row } = line
  if (row?.lease == null) return ''
  const { deadline, ended } = leaseNow(row, now)
  if (ended !== null) return `${row.label} is gone`
  return deadline === null
    ? `${row.label}: no member counts it`
    : `${row.label} is due at ${clockText(deadline)} s`
}
