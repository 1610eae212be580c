// All living leases as numbers, for a page that draws each as a cell. Twenty thousand cells are
// made within a frame. An unchanged cell is kept.

import { FOREVER } from '../lease/lessor'
import type { CellsView } from './rows'
import type { Scene } from './scene'
import { authority, nobodyCounts } from './scene'
import { countUntil } from './until'

/** The most cells: the first by deadline. */
export const MOST_CELLS = 20_000

/** Changes when the result of `cellsOf` may change. */
export function cellsState({ sim, ledger, last }: Scene): string {
  const member = authority(sim)
  const { lessor, options, term, clockPercent } = member
  // Grants, renewals and ends are marks; a promotion changes the term; clocks move deadlines.
  const mark = ledger.marks[countUntil(ledger.marks, last) - 1]?.id ?? 0
  return [
    options.name,
    nobodyCounts(sim),
    lessor.isPrimary,
    term,
    clockPercent,
    lessor.size,
    mark,
  ].join(' ')
}

export function cellsOf({ sim, ledger, last }: Scene): CellsView {
  const counts = !nobodyCounts(sim)
  const all = authority(sim).leases()
  const count = Math.min(all.length, MOST_CELLS)
  const view = {
    total: all.length,
    numbers: new Int32Array(count),
    deadlines: new Float64Array(count),
    ttls: new Float64Array(count),
    renewedAt: new Float64Array(count),
  }
  for (let i = 0; i < count; i++) {
    const { id, deadline, ttlSeconds } = all[i]!
    view.numbers[i] = ledger.names.numberOf(id, last)
    view.deadlines[i] = counts && deadline !== FOREVER ? deadline : Number.POSITIVE_INFINITY
    view.ttls[i] = ttlSeconds
    view.renewedAt[i] = ledger.datesOf(id, last).renewedAt ?? Number.NaN
  }
  return view
}
