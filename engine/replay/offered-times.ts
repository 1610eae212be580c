// Three times to choose from, for a class that answers a question about a moment by a show of
// hands. One is the run's time. The others are likely guesses: a deadline that is known at the
// stop, a whole TTL from there, another event of the run. The run's seed draws them, so equal runs
// offer the same times.

import { Random } from '../base/random'

export interface Guesses {
  seed: number
  /** Index of the stop: each question of a run has its own draw. */
  stop: number
  /** Virtual ms of the stop, and of the event that answers its question. */
  now: number
  truth: number
  /** Virtual ms of the likely guesses, the most plausible first. */
  plausible: readonly number[]
}

/** The least distance between two of the times: an answer is right within a second. */
const APART_MS = 2000
/** …and so much of the time from the stop to its event. */
const APART_SHARE = 0.15

/**
 * Three times in virtual ms, rounded to tenths of a second, the earliest first. The most plausible
 * guess is one of them. The seed draws on which side the others are.
 */
export function offeredTimes({ seed, stop, now, truth, plausible }: Guesses): number[] {
  const random = new Random(seed, `offered times ${stop}`)
  const span = Math.max(0, truth - now)
  const apart = Math.max(APART_MS, span * APART_SHARE)
  const taken = [tenth(truth)]
  const isFree = (at: number): boolean => taken.every((other) => Math.abs(other - at) >= apart)
  const isEarly = (at: number): boolean => at < truth && at >= now + 500
  const isLate = (at: number): boolean => at > truth && at <= now + 3 * span + 4 * apart
  const take = (from: readonly number[], fits: (at: number) => boolean): boolean => {
    const found = from.map(tenth).find((at) => fits(at) && isFree(at))
    if (found !== undefined) taken.push(found)
    return found !== undefined
  }
  const early = [
    ...plausible,
    ...shuffled([0.2, 0.35, 0.5, 0.65, 0.8], random).map((share) => now + span * share),
  ]
  const late = [
    ...plausible,
    ...shuffled([1.3, 1.5, 1.75, 2.1], random).map((share) => now + span * share),
  ]
  take(plausible, (at) => isEarly(at) || isLate(at))
  for (let missing = 3 - taken.length; missing > 0; missing--) {
    if (random.below(2) === 0 && take(early, isEarly)) continue
    take(late, isLate)
  }
  while (taken.length < 3)
    taken.push(tenth(Math.max(...taken) + apart * (1 + random.below(8) / 10)))
  return taken.sort((a, b) => a - b)
}

function tenth(at: number): number {
  return Math.round(at / 100) * 100
}

function shuffled(list: readonly number[], random: Random): number[] {
  const left = [...list]
  const out: number[] = []
  while (left.length > 0) out.push(...left.splice(random.below(left.length), 1))
  return out
}
