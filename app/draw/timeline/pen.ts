/** What drawing needs of a canvas: a browser's context is one, and so is a test that writes down what it is told. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'rect'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'clearRect'
  | 'fillText'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'font'
  | 'textBaseline'
  | 'textAlign'
  | 'globalAlpha'
>

/** Colours by what they stand for, as the page's tokens give them in this theme. */
export interface Colours {
  text: string
  muted: string
  hairline: string
  edge: string
  card: string
  sunk: string
  live: string
  liveTint: string
  renewed: string
  soon: string
  soonTint: string
  held: string
  fault: string
  gone: string
}

export const SANS = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
