// What the layout of the stage takes and gives, in pixels.

import type { Rect } from './message-path'

/** The stage as measured, in pixels. `margin` is the page's outer margin. */
export interface StageSize {
  width: number
  height: number
  margin: number
}

/** The three columns: where each starts, and the height that their content has. */
export interface Columns extends StageSize {
  believe: number
  agree: number
  truth: number
  top: number
  bottom: number
  /** The height of the one wire between three lone cards. */
  middle: number
}

/** What a client's card has to show. */
export type ClientKind = 'lease' | 'program' | 'terminal'

/** How much room a client's card has: five program lines, three, three in small type, or one. */
export type Density = 'full' | 'roomy' | 'tight' | 'line'

export interface ClientsLayout {
  /** Cards, a row each, or one card that counts them. */
  form: 'cards' | 'rows' | 'count'
  density: Density
  /** One for each client in their order; of `count` one alone. */
  boxes: Rect[]
}

export interface MembersLayout {
  /** From a lone card in full to a name and a role. */
  form: 'alone' | 'log' | 'small' | 'line' | 'tiny'
  boxes: Rect[]
  /** The members' indices in the order in which they are met around the cluster. */
  around: number[]
}

/** A lease as the layout needs it. */
export interface LeaseShape {
  live: boolean
}
