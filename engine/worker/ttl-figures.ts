// Each figure of what-ttl.ts with the run that shows it, and the value measured in the run.

import type { TraceEvent } from '../base/trace'
import type { Sum } from '../scenario/what-ttl'
import {
  grantedTtl,
  keepAliveGap,
  leaderMs,
  leastTtl,
  noticeMs,
  pauseMs,
  renewalsPerSecond,
  unusableMs,
} from '../scenario/what-ttl'
import type { Recording } from '../sim/recording'
import type { FigureName, TtlNeeds } from '../text/ttl-needs'
import { needsFault } from '../text/ttl-needs'
import { MOST_CLIENTS, played, ttlRun } from './ttl-runs'

export interface TtlFigure {
  name: FigureName
  /** By the rules: ms, or renewals a second for `renewals`. */
  value: number
  /** The parts of the sum; null for `renewals`. */
  sum: Sum | null
  /** In the run; null if the event does not occur. */
  measured: number | null
  recording: Recording
  /** The virtual ms when the run shows it. */
  at: number
}

export interface TtlAnswer {
  figures: TtlFigure[]
  /**
   * The TTL in seconds that etcd grants, and the least TTL that survives the pause; null for none.
   */
  granted: number
  least: number | null
  /** Milliseconds between two keep-alives. */
  gap: number
}

/** All figures. Inputs out of range throw. */
export function ttlFigures(needs: TtlNeeds): TtlAnswer {
  const fault = needsFault(needs)
  if (fault !== null) throw new Error(fault)
  const names: FigureName[] = ['notice', 'pause', 'unusable', 'leader', 'renewals']
  return {
    figures: names.map((name) => ttlFigure(name, needs)),
    granted: grantedTtl(needs),
    least: leastTtl(needs),
    gap: keepAliveGap(needs),
  }
}

/** One figure, with its run played. */
export function ttlFigure(name: FigureName, needs: TtlNeeds): TtlFigure {
  const { recording, from, until } = ttlRun(name, needs)
  const trace = played(recording, until)
  const ends = (fits: (event: TraceEvent) => boolean): { measured: number | null; at: number } => {
    const end = trace.find((event) => event.at >= from && fits(event))
    return { measured: end === undefined ? null : end.at - from, at: end?.at ?? until }
  }
  const isEnd = (event: TraceEvent): boolean =>
    event.type === 'lease-revoked' && event.end === 'expired'
  switch (name) {
    case 'notice':
      return { name, recording, ...shown(noticeMs(needs)), ...ends(isEnd) }
    case 'leader':
      return { name, recording, ...shown(leaderMs(needs)), ...ends(isEnd) }
    case 'unusable':
      return {
        name,
        recording,
        ...shown(unusableMs(needs)),
        ...ends(({ type }) => type === 'section-entered'),
      }
    case 'pause': {
      const sum = pauseMs(needs)
      const renewal = trace.find(
        (event) => event.type === 'lease-renewed' && event.at >= from + sum.ms,
      )
      return {
        name,
        recording,
        ...shown(sum),
        measured: renewal === undefined ? null : sum.ms,
        at: renewal?.at ?? until,
      }
    }
    case 'renewals': {
      const count = trace.filter(
        (event) => event.type === 'lease-renewed' && event.at >= from && event.at < until,
      ).length
      const measured =
        ((count * 1000) / (until - from)) * (needs.clients / Math.min(needs.clients, MOST_CLIENTS))
      return { name, recording, value: renewalsPerSecond(needs), sum: null, measured, at: until }
    }
  }
}

function shown(sum: Sum): { value: number; sum: Sum } {
  return { value: sum.ms, sum }
}
