// The moving part of the timeline, outside of React: which window is on the screen at this frame, and who else is placed by it. The window glides to the one it
// should be; what is asked of the worker follows in steps.

import type { TapeAxis } from '../../../engine/worker/protocol'
import { placeOf, type Scale, type Stretch, scaleOf, TRUE_AXIS } from '../../draw/timeline/scale'
import { asked, glided, type Natural, type Need, natural, type Spacing } from '../../draw/timeline/window'

export interface Wanted {
  /** The reader's own window; null: chosen by the page. */
  window: Stretch | null
  spacing: Spacing
  need: Need
  axis: TapeAxis
  left: number
  right: number
  /** Reduced motion: no glide. */
  calm: boolean
}

export class Plot {
  scale: Scale = scaleOf(TRUE_AXIS, { from: 0, to: 10_000 }, 0, 1)
  /** The window on the screen. */
  shown: Stretch = { from: 0, to: 10_000 }
  #natural: Natural | null = null
  #spacing: Spacing = 'true'
  #at = 0
  #asked = ''
  readonly #placers = new Set<(scale: Scale, now: number) => void>()

  /** Another run: nothing of the window before holds. */
  forget(): void {
    this.#natural = null
    this.#asked = ''
  }

  /** Places an element by the scale at every frame until the returned function is called. */
  add(placer: (scale: Scale, now: number) => void): () => void {
    this.#placers.add(placer)
    return () => {
      this.#placers.delete(placer)
    }
  }

  /** One frame. True: the window is not yet where it should be. */
  move({ window, spacing, need, axis, left, right, calm }: Wanted, wallMs: number): boolean {
    const jumps = this.#natural === null || spacing !== this.#spacing || calm
    if (spacing !== this.#spacing) this.#natural = null
    this.#spacing = spacing
    this.#natural = natural(this.#natural, need)
    const aim = window ?? this.#natural
    const since = Math.min(100, Math.max(0, wallMs - this.#at))
    this.#at = wallMs
    // What lies more than a window away is not glided to.
    const far = Math.abs(aim.from - this.shown.from) > 2 * (aim.to - aim.from)
    this.shown = jumps || far ? { from: aim.from, to: aim.to } : glided(this.shown, aim, since)
    this.scale = scaleOf(axis, this.shown, left, right)
    return this.shown.from !== aim.from || this.shown.to !== aim.to
  }

  place(now: number): void {
    for (const placer of this.#placers) placer(this.scale, now)
  }

  /** The window to ask the worker for, where it is another than the last one asked for; null where it is the same. */
  ask(key: string): Stretch | null {
    const stretch = asked(this.shown)
    const next = `${stretch.from} ${stretch.to} ${key}`
    if (next === this.#asked) return null
    this.#asked = next
    return stretch
  }
}

/** The place of the cursor: by the axis where it reaches there, else as the worker told it. */
export function cursorPlace(axis: TapeAxis, now: number, told: number): number {
  const last = axis.times.at(-1) ?? 0
  const first = axis.times[0] ?? 0
  if (axis.times.length === 1) return placeOf(axis, now)
  return now >= first && now <= last ? placeOf(axis, now) : told
}
