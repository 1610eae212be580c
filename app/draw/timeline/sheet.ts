import type { Labels } from './labels'
import type { Colours, Fonts, Measure, Pen } from './pen'
import type { Scale } from './scale'

/** Everything that the painter of a row draws with. */
export interface Sheet {
  pen: Pen
  scale: Scale
  /** False: the axis is bent, and with it every slope. */
  even: boolean
  now: number
  colours: Colours
  fonts: Fonts
  measure: Measure
  labels: Labels
  /** After all marks of the row: labels that must see all of them. */
  later(what: () => void): void
  /**
   * Whether a client was inside a critical section without its lease at some time of a stretch
   * (virtual ms).
   */
  insideWithout(client: string, from: number, to: number): boolean
}
