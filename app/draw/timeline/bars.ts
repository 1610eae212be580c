// The spans of a row as bars up to the cursor.

import type { SpanKind, TapeRow } from '../../../engine/worker/protocol'
import type { Sheet } from './sheet'

export interface Bar {
  from: number
  to: number
  text: string
}

export function barsOf(row: TapeRow, kind: SpanKind, now: number): Bar[] {
  const spans = row.spans.find((each) => each.kind === kind)
  if (spans === undefined) return []
  const bars: Bar[] = []
  for (let i = 0; i < spans.at.length; i += 3) {
    const [from = 0, to = 0] = [spans.at[i], spans.at[i + 1]]
    if (from <= now) bars.push({ from, to, text: spans.texts[i / 3] ?? '' })
  }
  return bars
}

/** The pixels of a bar up to the cursor, within the plot. Null if no part of the bar is there. */
export function edges(
  { scale, now }: Sheet,
  { from, to }: { from: number; to: number },
): { a: number; b: number } | null {
  const a = Math.max(scale.left, scale.x(from))
  const b = Math.min(scale.right, scale.x(Math.min(to, now)))
  return b < scale.left || a > scale.right ? null : { a, b: Math.max(b, a + 1) }
}
