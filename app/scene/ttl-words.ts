// The sentences of the TTL calculator. The engine gives the figures.

import type { TtlAnswer, TtlFigure, TtlNeeds } from '../../engine/worker/protocol'

/** `10.54 s`; two digits are enough to compare a rule with a run. */
export function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

type Part = NonNullable<TtlFigure['sum']>['parts'][number]['part']

const PARTS: Record<Part, string> = {
  TTL: 'TTL',
  'to the leader': 'to the leader',
  pass: 'next pass',
  agreement: 'agreement',
  news: 'to the next client',
  reads: 'its reads',
  election: 'election',
  extension: 'added by the new leader',
  'keep-alive': 'between two keep-alives',
}

const TITLES: Record<TtlFigure['name'], string> = {
  notice: 'A client dies: its lease ends after at most',
  pause: 'A client pauses: its lease survives up to',
  unusable: 'The holder of a lock dies: the lock is unusable for at most',
  leader: 'The leader dies, too: the lease ends after at most',
  renewals: 'All clients send keep-alives',
}

export function figureTitle({ name }: Pick<TtlFigure, 'name'>): string {
  return TITLES[name]
}

export function figureValue({ name, value }: Pick<TtlFigure, 'name' | 'value'>): string {
  return name === 'renewals' ? `${rate(value)} a second` : secondsText(value)
}

/** The sum in words, and the value measured in the run. */
export function figureDetail(
  { name, sum, measured }: Pick<TtlFigure, 'name' | 'sum' | 'measured'>,
  gap: number,
): string {
  if (name === 'renewals')
    return `One for each client every ${secondsText(gap)}. In the run: ${measured === null ? 'none' : rate(measured)}.`
  const terms = (sum?.parts ?? []).map(
    ({ part, ms }, i) =>
      `${i === 0 ? '' : ms < 0 ? '− ' : '+ '}${Math.abs(ms) / 1000} ${PARTS[part]}`,
  )
  if (name === 'pause' && sum?.ms === 0)
    return 'The keep-alives come too seldom: the lease may end between two of them.'
  return `Seconds: ${terms.join(' ')}. ${inRun(name, measured)}`
}

function inRun(name: TtlFigure['name'], measured: number | null): string {
  if (measured === null) return 'The run does not show it.'
  return name === 'pause' ? 'In the run it survives that.' : `In the run: ${secondsText(measured)}.`
}

/** The recommended TTL, and the TTL that etcd makes of the current one. */
export function advice(
  { least, granted }: Pick<TtlAnswer, 'least' | 'granted'>,
  { ttlSeconds, pauseMs }: TtlNeeds,
): string {
  const raised =
    granted > ttlSeconds
      ? ` etcd raises a TTL of ${ttlSeconds} s to ${granted} s, so that it outlives an election.`
      : ''
  const pause = `a pause of ${pauseMs / 1000} s`
  if (least === null) return `No TTL up to 120 s always survives ${pause}.${raised}`
  return `${least} s is the least TTL that always survives ${pause}.${raised}`
}

function rate(perSecond: number): string {
  return perSecond >= 100 ? String(Math.round(perSecond)) : perSecond.toFixed(1)
}
