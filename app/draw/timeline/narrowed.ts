// The rows of the timeline that a stop of the story shows.

import type { LaneName, ShownRows, Tape, TapeRow } from '../../../engine/worker/protocol'

/** The timeline with only those groups of rows; the whole timeline for null. */
export function narrowed(tape: Tape, shown: readonly ShownRows[] | null): Tape {
  if (shown === null) return tape
  const believes = shown.includes('beliefs')
  const row = (each: TapeRow): TapeRow =>
    believes || each.lease === null ? each : { ...each, lease: { ...each.lease, beliefs: [] } }
  const isShown = (lane: LaneName): boolean => shown.some((each) => each === lane)
  const { chosen } = tape
  return {
    ...tape,
    lanes: tape.lanes.map(({ lane, total, from, rows }) =>
      isShown(lane)
        ? { lane, total, from, rows: rows.map(row) }
        : { lane, total: 0, from: 0, rows: [] },
    ),
    chosen: chosen === null || !isShown('leases') ? null : { ...chosen, row: row(chosen.row) },
  }
}
