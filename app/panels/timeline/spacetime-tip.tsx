import { clockText } from '../../draw/figures'
import type { Placed } from '../../draw/spacetime'

/** What the pointer or the focus is on. */
export interface Tip {
  x: number
  y: number
  at: number
  /** Whole sentences. */
  texts: readonly string[]
}

const WIDTH = 260

/**
 * The names that found no place, beside what they name. Read out by the element itself, which has
 * the same words as its label.
 */
export function SpacetimeTip({
  tip: { x, y, at, texts },
  placed,
  unit,
}: {
  tip: Tip
  placed: Placed
  unit: number
}) {
  const left = Math.min(x * unit, placed.width * unit - WIDTH - 8)
  const below = y < placed.height / 2
  const place = below ? { top: (y + 16) * unit } : { bottom: (placed.height - y + 16) * unit }
  return (
    <div className="spacetime-tip" style={{ left, width: WIDTH, ...place }} aria-hidden="true">
      <time>{clockText(at)} s</time>
      {texts.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  )
}
