// The moving part of the timeline, outside of React: the window on the screen at this frame, and
// the elements placed by the window. The window glides to its aim. Requests to the worker follow in
// steps.

import type { TapeAxis } from '../../../engine/worker/protocol'
import { placeOf, type Scale, type Stretch, scaleOf, TRUE_AXIS } from '../../draw/timeline/scale'
import {
  asked,
  glided,
  type Natural,
  type Need,
  natural,
  type Spacing,
} from '../../draw/timeline/window'

export interface Wanted {
  /** The number of opened runs. The window of another run does not apply. */
  opened: number
  /** The reader's own window. Null: the page chooses the window. */
  window: Stretch | null
  spacing: Spacing
  axis: TapeAxis
  /** The place of the cursor. */
  place: number
  playing: boolean
  /** The part of the picture after now, in virtual ms. Null while no lease lives. */
  future: number | null
  /** The numbers of an answer to "why?" need more of the past. */
  explains: boolean
  left: number
  right: number
  /** Reduced motion: the window does not glide. */
  calm: boolean
}

/** The future before the first lease, and the least past, in virtual ms. */
const RESTING_MS = 8000
const LEAST_PAST_MS = 12_000
/** The past, as a multiple of the future. */
const PAST = 1.4
/** With spacing by events: places after now, and pixels of a place. */
const PLACES_AHEAD = 5
const PLACE_PX = { rest: 30, explains: 12 }
/** The share of a window between the cursor and the right edge while the run plays. */
const MARGIN = 0.04

export class Plot {
  scale: Scale = scaleOf(TRUE_AXIS, { from: 0, to: 10_000 }, 0, 1)
  /** The window on the screen. */
  shown: Stretch = { from: 0, to: 10_000 }
  #natural: Natural | null = null
  #future = RESTING_MS
  #spacing: Spacing = 'true'
  #opened = Number.NaN
  #place = Number.NaN
  #at = 0
  #asked = ''
  readonly #placers = new Set<(scale: Scale, now: number) => void>()

  /** Places an element by the scale at every frame, until a call of the returned function. */
  add(placer: (scale: Scale, now: number) => void): () => void {
    this.#placers.add(placer)
    return () => {
      this.#placers.delete(placer)
    }
  }

  /**
   * Moves the window for a frame. `moves`: the window has not reached its place. `window`: the
   * reader's own window, which may have followed the cursor.
   */
  move(wanted: Wanted, wallMs: number): { moves: boolean; window: Stretch | null } {
    const { opened, spacing, axis, left, right, calm } = wanted
    if (opened !== this.#opened) this.#forget(opened)
    const jumps = this.#natural === null || spacing !== this.#spacing || calm
    if (spacing !== this.#spacing) this.#natural = null
    this.#spacing = spacing
    this.#future = wanted.future ?? this.#future
    this.#natural = natural(this.#natural, this.#needOf(wanted))
    const window = this.#followed(wanted)
    const aim = window ?? this.#natural
    const since = Math.min(100, Math.max(0, wallMs - this.#at))
    this.#at = wallMs
    // The window jumps to a place more than two windows away.
    const far = Math.abs(aim.from - this.shown.from) > 2 * (aim.to - aim.from)
    this.shown = jumps || far ? { from: aim.from, to: aim.to } : glided(this.shown, aim, since)
    this.scale = scaleOf(axis, this.shown, left, right)
    return { moves: this.shown.from !== aim.from || this.shown.to !== aim.to, window }
  }

  place(now: number): void {
    for (const placer of this.#placers) placer(this.scale, now)
  }

  /**
   * The window for a request to the worker, with its columns. Null when the last request had the
   * same window and the same key.
   */
  ask(key: string): (Stretch & { widthPx: number }) | null {
    const stretch = asked(this.shown)
    const next = `${stretch.from} ${stretch.to} ${this.scale.right - this.scale.left} ${key}`
    if (next === this.#asked) return null
    this.#asked = next
    // The request has one column for each pixel of its stretch. The stretch is wider than the plot.
    const columns =
      ((this.scale.right - this.scale.left) * (stretch.to - stretch.from)) /
      (this.shown.to - this.shown.from)
    return { ...stretch, widthPx: Math.max(1, Math.min(10_000, Math.round(columns))) }
  }

  #forget(opened: number): void {
    this.#opened = opened
    this.#natural = null
    this.#future = RESTING_MS
    this.#asked = ''
  }

  #needOf({ spacing, place, explains, left, right }: Wanted): Need {
    if (spacing === 'true')
      return {
        now: place,
        future: this.#future,
        past: Math.max(LEAST_PAST_MS, PAST * this.#future),
      }
    const places = (right - left) / (explains ? PLACE_PX.explains : PLACE_PX.rest)
    return {
      now: place,
      future: PLACES_AHEAD,
      past: Math.max(2 * PLACES_AHEAD, places - PLACES_AHEAD),
    }
  }

  /** The reader's own window follows a moved cursor that has left the window. */
  #followed({ window, place, playing }: Wanted): Stretch | null {
    const moved = place !== this.#place
    this.#place = place
    if (window === null || !moved) return window
    const length = window.to - window.from
    if (place >= window.from && place <= window.to - (playing ? MARGIN * length : 0)) return window
    const from = Math.max(0, place - (playing ? 0.4 : 0.5) * length)
    return { from, to: from + length }
  }
}

/** The place of the cursor: from the axis within its range, else from the worker (`told`). */
export function cursorPlace(axis: TapeAxis, now: number, told: number): number {
  const last = axis.times.at(-1) ?? 0
  const first = axis.times[0] ?? 0
  if (axis.times.length === 1) return placeOf(axis, now)
  return now >= first && now <= last ? placeOf(axis, now) : told
}
