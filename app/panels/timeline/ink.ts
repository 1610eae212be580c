// Colours, fonts and the widths of texts. The page reads its styles again when its look changes.

import type { Colours, Fonts, Measure } from '../../draw/timeline/pen'
import { readColours, readFonts } from './colours'

export interface Ink {
  context: CanvasRenderingContext2D
  colours: Colours
  fonts: Fonts
  measure: Measure
  /** The theme and the system's settings of these colours and fonts. */
  look: string
}

/**
 * The ink for a look, or `before` when the look is the same. Null when the browser has no canvas.
 */
export function inkOf(
  before: Ink | null,
  canvas: HTMLCanvasElement,
  look: string,
  forced: boolean,
): Ink | null {
  if (before !== null && before.look === look && before.context.canvas === canvas) return before
  const context = canvas.getContext('2d')
  const place = canvas.parentElement
  if (context === null || place === null) return null
  return {
    context,
    colours: readColours(place, forced),
    fonts: readFonts(place),
    measure: measureOf(context),
    look,
  }
}

/** Sizes the canvas for the screen's pixels. A change of size clears the canvas. */
export function resize(
  { context }: Ink,
  { width, height }: { width: number; height: number },
  pixels: number,
): void {
  const { canvas } = context
  const [w, h] = [Math.round(width * pixels), Math.round(height * pixels)]
  if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h })
  context.setTransform(pixels, 0, 0, pixels, 0, 0)
}

/** The number of texts with a known width. Countdowns make a new text ten times a second. */
const MOST_KNOWN = 2000

function measureOf(context: CanvasRenderingContext2D): Measure {
  const widths = new Map<string, number>()
  return (text, font) => {
    const key = `${font} ${text}`
    const known = widths.get(key)
    if (known !== undefined) return known
    if (widths.size > MOST_KNOWN) widths.clear()
    context.font = font
    const { width } = context.measureText(text)
    widths.set(key, width)
    return width
  }
}
