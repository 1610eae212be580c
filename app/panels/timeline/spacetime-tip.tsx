import { clockText } from '../../draw/figures'
import type { Placed } from '../../draw/spacetime'

/** The place and the words of the stop under the pointer or the focus. */
export interface Tip {
  x: number
  y: number
  at: number
  /** Whole sentences. */
  texts: readonly string[]
}

const WIDTH = 260

/**
 * The tip beside a stop shows the names that did not fit. A screen reader reads the label of the
 * stop, which has the same words.
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
