// A run of many leases in numbers: how many lived, and how many were renewed and revoked in each
// bin of time.

import type { Lifetimes } from './lifetimes'
import type { TapeLoad } from './rows'
import type { View } from './thinning'
import { columnOf, firstFrom } from './thinning'

/** Pixels of a column of counts, and of the narrowest bin. */
const COLUMN_PX = 2
const BIN_PX = 12
const BINS_MS = [1000, 2000, 5000, 10_000, 20_000, 60_000, 300_000, 600_000, 3_600_000]

export function loadOf(lifetimes: Lifetimes, view: View): TapeLoad {
  const least = ((view.to - view.from) / view.columns) * BIN_PX
  const binMs = BINS_MS.find((ms) => ms >= least) ?? BINS_MS.at(-1)!
  const from = Math.floor(view.from / binMs) * binMs
  const bins = Math.min(view.columns, Math.floor((view.to - from) / binMs) + 1)
  const renewals = new Uint32Array(bins)
  const revokes = new Uint32Array(bins)
  const { marks } = lifetimes
  for (let i = firstFrom(marks, from); i < marks.length && marks[i]!.at <= view.to; i++) {
    const { kind, at } = marks[i]!
    const bin = Math.floor((at - from) / binMs)
    if (bin >= bins) break
    if (kind === 'renewed') renewals[bin]!++
    else if (kind === 'expired' || kind === 'revoked') revokes[bin]!++
  }
  return { counts: countsIn(lifetimes, view), from, binMs, renewals, revokes }
}

/** How many leases lived at most in each column; the last count lasts to the last column. */
function countsIn({ marks, living }: Lifetimes, view: View): Uint32Array {
  const columns = Math.max(1, Math.ceil(view.columns / COLUMN_PX))
  const counts = new Uint32Array(columns)
  const narrow = { ...view, columns }
  let i = firstFrom(marks, view.from)
  let now = i > 0 ? living[i - 1]! : 0
  let column = 0
  counts[0] = now
  for (; i < marks.length && marks[i]!.at <= view.to; i++) {
    const next = Math.min(columns - 1, columnOf(narrow, marks[i]!.at))
    for (; column < next; counts[++column] = now);
    now = living[i]!
    if (now > counts[column]!) counts[column] = now
  }
  for (; column < columns - 1; counts[++column] = now);
  return counts
}
