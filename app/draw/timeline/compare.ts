// During a comparison of two branches: the lines that differ up to the cursor.

import type { TapeRow } from '../../../engine/worker/protocol'
import type { Line } from './layout'

/** The IDs of the lines whose row differs on the other side or is missing there. */
export function differing(lines: readonly Line[], now: number): Set<string> {
  const keyOf = ({ row, kind, height }: Line): string => `${kind} ${row?.id} ${height}`
  const sides = new Map<string, Line[]>()
  for (const line of lines)
    if (line.row !== null) sides.set(keyOf(line), [...(sides.get(keyOf(line)) ?? []), line])
  const differ = new Set<string>()
  for (const pair of sides.values()) {
    const [a, b] = pair
    if (a === undefined) continue
    if (
      b === undefined ||
      a.row === null ||
      b.row === null ||
      pastOf(a.row, now) !== pastOf(b.row, now)
    )
      for (const { id } of pair) differ.add(id)
  }
  return differ
}

/** A row up to the cursor, as text. */
function pastOf(row: TapeRow, now: number): string {
  const upTo = (at: Float64Array, size: number, ends: boolean): number[] => {
    const kept: number[] = []
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += size) {
      kept.push(at[i] ?? 0)
      if (ends) kept.push(Math.min(at[i + 1] ?? 0, now))
    }
    return kept
  }
  const spans = row.spans.map(
    ({ kind, at, texts }) =>
      [kind, upTo(at, 3, true), texts.slice(0, upTo(at, 3, false).length)] as const,
  )
  const marks = row.marks.map(({ kind, at }) => [kind, upTo(at, 3, false)] as const)
  const written = (parts: readonly (readonly [string, number[], string[]?])[]): unknown =>
    parts.filter(([, times]) => times.length > 0).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([written(spans), written(marks)])
}
