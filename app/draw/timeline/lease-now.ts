// The state of a lease at an instant, from its row: the remaining time, whether a primary counts,
// and the beliefs of its clients.

import type { TapeBelief, TapeRow } from '../../../engine/worker/protocol'

/** The state of a lease at an instant. */
export interface LeaseNow {
  /** Virtual ms. Null while no primary counts, and after the end of the lease. */
  deadline: number | null
  ended: { at: number; kind: 'expired' | 'revoked' } | null
  uncounted: boolean
}

export function leaseNow({ spans, lease, from }: TapeRow, now: number): LeaseNow {
  const end = lease?.ended ?? null
  if (end !== null && end.at <= now) return { deadline: null, ended: end, uncounted: false }
  if (from > now || lease === null) return { deadline: null, ended: null, uncounted: false }
  const uncounted = spans.some(({ kind, at }) => kind === 'uncounted' && covers(at, now))
  let deadline: number | null = null
  for (let i = 0; i < lease.teeth.length && (lease.teeth[i] ?? 0) <= now; i += 3)
    deadline = lease.teeth[i + 2] ?? null
  return { deadline: uncounted ? null : deadline, ended: null, uncounted }
}

function covers(at: Float64Array, now: number): boolean {
  for (let i = 0; i < at.length; i += 3)
    if ((at[i] ?? 0) <= now && (at[i + 1] ?? 0) > now) return true
  return false
}

/** The end of a lease by a client's own clock, at an instant. Null if the client has no belief. */
export function beliefAt({ teeth }: TapeBelief, now: number): number | null {
  for (let i = teeth.length - 3; i >= 0; i -= 3)
    if ((teeth[i] ?? 0) <= now) return (teeth[i + 1] ?? 0) > now ? (teeth[i + 2] ?? null) : null
  return null
}

/**
 * `7.6 s`: rounded down to a tenth, so that 0.0 means due. Longer times are in minutes and hours.
 */
export function leftText(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100 + 1e-6)
  if (tenths < 6000) return `${Math.floor(tenths / 10)}.${tenths % 10} s`
  const minutes = Math.floor(tenths / 600)
  return minutes < 60
    ? `${minutes} min ${Math.floor((tenths % 600) / 10)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
