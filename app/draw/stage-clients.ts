// The first column: one card per client while they fit, then one row per client, then one card with
// their number.

import type { Rect } from './message-path'
import type { ClientKind, ClientsLayout, Columns, Density } from './stage-shapes'

/** Above this number, clients are shown as a count. */
const MOST_ROWS = 12
/** … and beside cells, where the client column is narrow. */
const MOST_BESIDE_CELLS = 3
const ROW = 28
const COUNT_HEIGHT = 128

/** From the largest to the smallest card. `most`: the highest number of clients for this size. */
const densities: readonly {
  name: Density
  most: number
  gap: number
  heights: Record<ClientKind, number>
}[] = [
  { name: 'full', most: 2, gap: 12, heights: { program: 166, lease: 184, terminal: 144 } },
  { name: 'roomy', most: 4, gap: 12, heights: { program: 118, lease: 118, terminal: 118 } },
  { name: 'tight', most: 4, gap: 8, heights: { program: 80, lease: 80, terminal: 80 } },
  { name: 'line', most: 12, gap: 8, heights: { program: 56, lease: 56, terminal: 56 } },
]

export const programLines: Record<Density, number> = { full: 5, roomy: 3, tight: 3, line: 1 }

/** `many`: a card cannot name all leases of its client. */
export function layoutClients(
  columns: Columns,
  clients: readonly ClientKind[],
  many: boolean,
): ClientsLayout {
  const room = columns.bottom - columns.top
  const count: ClientsLayout = {
    form: 'count',
    density: 'line',
    boxes: place(columns, [COUNT_HEIGHT], 0),
  }
  if (many && clients.length > MOST_BESIDE_CELLS) return count
  for (const { name, most, gap, heights } of densities) {
    const tall = clients.map((kind) =>
      kind === 'lease' && name === 'full' && columns.height < 290 ? 164 : heights[kind],
    )
    if (clients.length <= most && totalOf(tall, gap) <= room)
      return { form: 'cards', density: name, boxes: place(columns, tall, gap) }
  }
  if (clients.length <= MOST_ROWS && clients.length * ROW <= room) {
    const boxes = place(
      columns,
      clients.map(() => ROW),
      0,
    )
    return { form: 'rows', density: 'line', boxes }
  }
  return count
}

function totalOf(heights: readonly number[], gap: number): number {
  return heights.reduce((sum, height) => sum + height, 0) + gap * (heights.length - 1)
}

/** A single box is level with the wire; several boxes share the column. */
function place(
  { top, bottom, margin, agree, believe, middle }: Columns,
  heights: readonly number[],
  gap: number,
): Rect[] {
  const total = totalOf(heights, gap)
  let y =
    heights.length === 1
      ? Math.max(top, Math.min(middle - total / 2, bottom - total))
      : top + (bottom - top - total) / 2
  return heights.map((height) => {
    const box = {
      x: believe + margin,
      y: Math.round(y),
      width: agree - believe - 2 * margin,
      height,
    }
    y += height + gap
    return box
  })
}
