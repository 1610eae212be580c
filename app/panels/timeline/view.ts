// What the tape shows and what it asks the worker for: the window, in the tape's own places, and how far everything reaches.

import { useCallback, useEffect, useMemo, useState } from 'react'
import type { Tape } from '../../../engine/worker/protocol'
import { chainOf, type Link } from '../../draw/tape/chain'
import { type Fork, forksOf } from '../../draw/tape/forks'
import { type Layout, layoutOf } from '../../draw/tape/layout'
import { placeOf, type Scale, type Stretch, scaleOf } from '../../draw/tape/scale'
import { fitting, type Spacing } from '../../draw/tape/window'
import { laneNames } from '../../store/prefs'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'

/** Rows of a lane that come without being asked for, and those of one page of a lane that shows all. */
const FEW = 6
export const PAGE_ROWS = 50

export interface TapeParts {
  tape: Tape | null
  /** Of the tape that is shown: it may be another than was chosen a moment ago. */
  spacing: Spacing
  layout: Layout
  forks: readonly Fork[]
  /** The answer to the last question why. */
  chain: readonly Link[]
  /** What everything fits into, and the window. */
  whole: Stretch
  window: Stretch
  scale: Scale
  wholeScale: Scale
  /** Shows that window; null for everything. */
  show(window: Stretch | null): void
  /** The run has grown: everything may need more room. */
  grow(end: number): void
}

/** `width` is that of the lanes in pixels, 0 before it is known. */
export function useTape(width: number): TapeParts {
  const { run, ui, commands } = useApp()
  const tape = useRun((state) => state.tape)
  const shown = useUi((state) => state.tape)
  const wanted = usePrefs((state) => state.tapeSpacing)
  const folded = usePrefs((state) => state.tapeFolded)
  const size = usePrefs((state) => state.tapeSize)
  const spacing = tape?.spacing ?? wanted
  const [reach, setReach] = useState(() => fitting(run.getState().end, spacing).to)
  const whole = useMemo(() => ({ from: 0, to: reach }), [reach])
  const window = shown.window ?? whole

  const scale = useMemo(() => {
    const fits = tape !== null && tape.from === window.from && tape.to === window.to
    return scaleOf(fits ? tape.axis : (tape?.whole.axis ?? plain), window, width)
  }, [tape, window, width])
  const wholeScale = useMemo(() => scaleOf(tape?.whole.axis ?? plain, whole, width), [tape, whole, width])
  const branches = useRun((state) => state.branches)
  const forks = useMemo(() => forksOf(branches), [branches])
  const layout = useMemo(() => layoutOf(size === 'none' ? null : tape), [tape, size])

  const why = useRun((state) => state.why)
  const chain = useMemo(() => chainOf(why, layout, scale), [why, layout, scale])

  // Spaced otherwise, places mean something else: everything is asked for first, and its length comes with the answer.
  const from = spacing === wanted ? window.from : 0
  const to = spacing === wanted ? window.to : fitting(0, wanted).to
  useEffect(() => {
    if (width === 0) return
    const lanes = laneNames
      .filter((lane) => !folded.includes(lane))
      .map((lane) => {
        const all = shown.all.find((each) => each.lane === lane)
        return { lane, from: all?.from ?? 0, count: all === undefined ? FEW : PAGE_ROWS, all: all !== undefined }
      })
    commands.look({ tape: { spacing: wanted, from, to, widthPx: width, opened: shown.opened, lanes } })
  }, [commands, wanted, from, to, width, shown.opened, shown.all, folded])

  const show = useCallback((next: Stretch | null) => ui.setState((state) => ({ tape: { ...state.tape, window: next } })), [ui])
  const grow = useCallback(
    (end: number) => {
      const next = fitting(placeOf(tape?.whole.axis ?? plain, end), spacing).to
      if (next !== reach) setReach(next)
    },
    [tape, spacing, reach],
  )
  return { tape, spacing, layout, forks, chain, whole, window, scale, wholeScale, show, grow }
}

const plain = { times: Float64Array.of(0), places: Float64Array.of(0), tailPerMs: 1, tailMost: Number.POSITIVE_INFINITY }
