// Input and output of the stage layout, in pixels.

import type { Rect } from './message-path'

/** The stage as measured, in pixels. `margin` is the page's outer margin. */
export interface StageSize {
  width: number
  height: number
  margin: number
}

/** The three columns: the left edge of each, and the height of their content. */
export interface Columns extends StageSize {
  believe: number
  agree: number
  truth: number
  top: number
  bottom: number
  /** The height of the single wire between three single cards. */
  middle: number
}

/** The main content of a client's card. */
export type ClientKind = 'lease' | 'program' | 'terminal'

/** The room of a client's card: five program lines, three, three in small type, or one. */
export type Density = 'full' | 'roomy' | 'tight' | 'line'

export interface ClientsLayout {
  /** Cards, one row each, or one card with the count. */
  form: 'cards' | 'rows' | 'count'
  density: Density
  /** One box per client in their order; for `count` a single box. */
  boxes: Rect[]
}

export interface MembersLayout {
  /** From a single full card to a name and a role. */
  form: 'alone' | 'log' | 'small' | 'line' | 'tiny'
  boxes: Rect[]
  /** The members' indices in their order around the cluster. */
  around: number[]
}

/** The data of a lease for the layout. */
export interface LeaseShape {
  live: boolean
}
