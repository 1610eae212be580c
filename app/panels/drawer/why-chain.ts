// The extras of the answer to "why?": the reasons without a further explanation, and the trials
// that the reader may run.

import type { Change, Config, Reason, WhyView } from '../../../engine/worker/protocol'

/**
 * The indexes of the root reasons: faults and acts without a deeper reason. If there are none, the
 * last reason.
 */
export function rootsOf(reasons: readonly Reason[]): ReadonlySet<number> {
  const leaves = reasons.flatMap(({ depth, line }, i) => {
    const next = reasons[i + 1]
    return i > 0 &&
      (next === undefined || next.depth <= depth) &&
      (line?.level === 'fault' || line?.type === 'command')
      ? [i]
      : []
  })
  return new Set(leaves.length > 0 || reasons.length < 2 ? leaves : [reasons.length - 1])
}

export interface Trial {
  word: string
  change: Change
}

interface Run {
  /** Seconds, ascending. */
  ttls: readonly number[]
  config: Config
  /** The run has a guarded resource, and the story may mention its rule. */
  guarded: boolean
}

/** Factor of the TTL in a trial. The longer TTL covers the same pause, or the same election. */
const LONGER = 4

/** The trials after this answer, and the sentence before them. */
export function trialsOf(
  { reasons, ttlSeconds }: WhyView,
  { ttls, config, guarded }: Run,
): { note: string; trials: Trial[] } {
  const types = new Set(reasons.flatMap(({ line }) => (line === null ? [] : [line.type])))
  const has = (...some: string[]) => some.some((type) => types.has(type))
  const ended = has('lease-expired', 'lease-revoked', 'lease-believed-lost')
  const late = has('exclusion-broken', 'write-taken', 'write-bounced')
  // The lease that ended, as the run's commands requested it.
  const ttl = ttls.find((seconds) => seconds === ttlSeconds || ttls.length === 1)
  const trials: Trial[] = []
  if ((ended || late) && ttl !== undefined)
    trials.push({
      word: `Replay with a TTL of ${ttl * LONGER} s`,
      change: { ttl: { from: ttl, to: ttl * LONGER } },
    })
  if (late && guarded && config.checkTokens !== true)
    trials.push({
      word: 'Replay with a storage that checks tokens',
      change: { config: { checkTokens: true } },
    })
  if (has('promoted') && (config.checkpoint ?? 'off') === 'off')
    trials.push({ word: 'Replay with checkpoints', change: { config: { checkpoint: 'on' } } })
  const note = late
    ? 'The lease ends the lock. It does not end the process.'
    : ended
      ? 'A lease ends when no keep-alive arrives within its TTL.'
      : 'A new leader gives every lease its whole TTL again.'
  return { note, trials }
}
