// The part of a canvas context that drawing needs. The browser's context implements it, and so does
// the tests' pen, which records its calls.

export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'save'
  | 'restore'
  | 'clip'
  | 'beginPath'
  | 'closePath'
  | 'moveTo'
  | 'lineTo'
  | 'rect'
  | 'roundRect'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'fillRect'
  | 'strokeRect'
  | 'fillText'
  | 'strokeText'
  | 'setLineDash'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineJoin'
  | 'lineCap'
  | 'font'
  | 'textBaseline'
  | 'textAlign'
>

/** The page's colours in this theme, by token name. */
export const COLOURS = [
  'bg',
  'surface',
  'past',
  'line',
  'line2',
  'edge',
  'ink',
  'muted',
  'on-ink',
  'live',
  'live-tint',
  'renew',
  'soon',
  'lock',
  'fault',
  'fault-tint',
  'diff',
] as const

export type Colours = { readonly [name in (typeof COLOURS)[number]]: string }

/** The fonts of the timeline, in canvas syntax. */
export interface Fonts {
  label: string
  strong: string
  number: string
  mono: string
}

/** The width of a text in a font, in pixels. */
export type Measure = (text: string, font: string) => number

export interface Box {
  x: number
  y: number
  w: number
  h: number
}

export function strokeLine(
  pen: Pen,
  colour: string,
  width: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  dash: number[] = [],
): void {
  pen.strokeStyle = colour
  pen.lineWidth = width
  pen.setLineDash(dash)
  pen.beginPath()
  pen.moveTo(x1, y1)
  pen.lineTo(x2, y2)
  pen.stroke()
  pen.setLineDash([])
}

export function fillBox(pen: Pen, colour: string, { x, y, w, h }: Box, radius = 0): void {
  pen.fillStyle = colour
  pen.beginPath()
  if (radius > 0) pen.roundRect(x, y, w, h, Math.min(radius, w / 2))
  else pen.rect(x, y, w, h)
  pen.fill()
}

export function dot(
  pen: Pen,
  colour: string,
  x: number,
  y: number,
  radius: number,
  rim?: { colour: string; width: number },
): void {
  pen.fillStyle = colour
  pen.beginPath()
  pen.arc(x, y, radius, 0, 2 * Math.PI)
  pen.fill()
  if (rim === undefined) return
  pen.strokeStyle = rim.colour
  pen.lineWidth = rim.width
  pen.stroke()
}

/**
 * Slanted lines within a box. The pattern is anchored to the picture, so that it does not move when
 * the box grows.
 */
export function hatch(
  pen: Pen,
  { x, y, w, h }: Box,
  colour: string,
  every: number,
  width: number,
): void {
  if (w <= 0) return
  pen.save()
  pen.beginPath()
  pen.rect(x, y, w, h)
  pen.clip()
  hatchLines(pen, { x, y, w, h }, colour, every, width)
  pen.restore()
}

/** The same pattern within the current clip. */
export function hatchLines(
  pen: Pen,
  { x, y, w, h }: Box,
  colour: string,
  every: number,
  width: number,
): void {
  pen.strokeStyle = colour
  pen.lineWidth = width
  pen.beginPath()
  for (let at = Math.floor((x - h) / every) * every; at < x + w; at += every) {
    pen.moveTo(at, y + h)
    pen.lineTo(at + h, y)
  }
  pen.stroke()
}

/** A client that acts without its lease. */
export function redHatch(pen: Pen, box: Box, colours: Colours): void {
  if (box.w <= 0) return
  fillBox(pen, colours['fault-tint'], box)
  hatch(pen, box, colours.fault, 8.5, 1.8)
  pen.strokeStyle = colours.fault
  pen.lineWidth = 1
  pen.strokeRect(box.x, box.y, box.w, box.h)
}

/** The sign of a fault or of a broken rule. */
export function faultSign(pen: Pen, colours: Colours, x: number, y: number): void {
  dot(pen, colours.fault, x, y, 9, { colour: colours.bg, width: 2 })
  pen.strokeStyle = colours.bg
  pen.lineWidth = 2
  pen.beginPath()
  pen.moveTo(x - 3.5, y - 3.5)
  pen.lineTo(x + 3.5, y + 3.5)
  pen.moveTo(x + 3.5, y - 3.5)
  pen.lineTo(x - 3.5, y + 3.5)
  pen.stroke()
}
