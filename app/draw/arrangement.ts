// Where the members stand: by hand for each size, so that no card hides another's links. All stand on the rim of a convex shape: a straight line between two of them
// passes between the others, or behind one of its own column where there are but two columns. The first stands towards the clients, since it is the one they ask.

/** A card's place in its area, 0–1 each way: 0 is flush with the left or upper edge, 1 with the right or lower one. */
export interface Place {
  x: number
  y: number
}

export interface Arrangement {
  places: readonly Place[]
  /** How many cards the area must be high, gaps between them included. */
  rows: number
}

const at = (...places: [number, number][]): Place[] => places.map(([x, y]) => ({ x, y }))

const wide: Record<number, Arrangement> = {
  3: { rows: 2.4, places: at([0, 0.5], [1, 0], [1, 1]) },
  5: { rows: 3, places: at([0, 0.5], [0.42, 0], [1, 0.1], [1, 0.9], [0.42, 1]) },
  7: { rows: 3, places: at([0, 0.5], [0.2, 0], [0.6, 0], [1, 0.26], [1, 0.74], [0.6, 1], [0.2, 1]) },
}

/** Two columns, for where three do not fit. */
const narrow: Record<number, Arrangement> = {
  3: { rows: 2, places: at([0.5, 0], [1, 1], [0, 1]) },
  5: { rows: 3, places: at([0.5, 0], [1, 0.5], [1, 1], [0, 1], [0, 0.5]) },
  7: { rows: 4, places: at([0.5, 0], [1, 1 / 3], [1, 2 / 3], [1, 1], [0, 1], [0, 2 / 3], [0, 1 / 3]) },
}

/** Of 3, 5 or 7 members; any other number stands in two columns. */
export function arrange(count: number, shape: 'wide' | 'narrow'): Arrangement {
  return (shape === 'wide' ? wide : narrow)[count] ?? columns(count)
}

function columns(count: number): Arrangement {
  const rows = Math.max(1, Math.ceil(count / 2))
  const places = Array.from({ length: count }, (_, i) => ({ x: i % 2, y: rows === 1 ? 0 : Math.floor(i / 2) / (rows - 1) }))
  return { places, rows }
}
