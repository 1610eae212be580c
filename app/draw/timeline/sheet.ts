import type { Labels } from './labels'
import type { Colours, Fonts, Measure, Pen } from './pen'
import type { Scale } from './scale'

/** The tools and data for painting one row. */
export interface Sheet {
  pen: Pen
  scale: Scale
  /** False: the axis is bent, so every slope is bent too. */
  even: boolean
  now: number
  colours: Colours
  fonts: Fonts
  measure: Measure
  labels: Labels
  /** Painted after all marks of the row: labels that must avoid all of them. */
  later(what: () => void): void
  /**
   * Whether a client was inside a critical section without its lease during a stretch (virtual ms).
   */
  insideWithout(client: string, from: number, to: number): boolean
}
