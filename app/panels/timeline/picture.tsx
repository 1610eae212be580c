import { type RefObject, useCallback, useEffect, useRef } from 'react'
import type { KeyRow, LeaseRow } from '../../../engine/worker/protocol'
import { chainOf, type Link } from '../../draw/timeline/chain'
import { paintTimeline } from '../../draw/timeline/paint'
import type { KeyDeadline } from '../../draw/timeline/paint-bars'
import { TRUE_AXIS } from '../../draw/timeline/scale'
import { useApp, usePainter, usePrefs, useRun, useUi } from '../parts/app-context'
import { useMedia } from '../parts/media'
import { zoomOf } from '../parts/zoom'
import { flagsOf } from './flags'
import { type Ink, inkOf, resize } from './ink'
import { cursorPlace, type Plot } from './plot'
import { futureOf, type Size, type TimelineParts, useRedrawOnFonts } from './view'

interface Props {
  parts: TimelineParts
  plot: Plot
  size: Size
  hovered: string | null
  /** The numbers of the answer to "why?", at their places on the screen. */
  links: RefObject<readonly Link[]>
}

/**
 * The canvas below the rows. The page's loop draws the canvas, and only after a change in the
 * picture.
 */
export function Picture({ parts, plot, size, hovered, links }: Props) {
  const { run, clock, commands } = useApp()
  const look = useLook()
  const calm = useMedia('(prefers-reduced-motion: reduce)')
  const window = useUi((state) => state.timeline.window)
  const chosen = useUi((state) => state.lease)
  const draft = useUi((state) => state.answer)
  const opened = useRun((state) => state.opened)
  const story = useRun((state) => state.story)
  const keys = useRun((state) => state.keys.rows)
  const leases = useRun((state) => state.leases.rows)
  const ink = useRef<Ink | null>(null)
  const drawn = useRef<unknown[]>([])
  const redraw = useCallback(() => {
    ink.current = null
    clock.touch()
  }, [clock])
  useRedrawOnFonts(redraw)
  // The document gets its theme after this render, so the next frame reads the colours.
  useEffect(() => {
    if (look.name !== '') clock.touch()
  }, [clock, look.name])
  const { tape, there, spacing, layout, lines, left, right, why } = parts
  const axis = tape !== null && tape.spacing === spacing ? tape.axis : TRUE_AXIS

  function move(now: number): void {
    const { playing } = run.getState()
    const place = cursorPlace(axis, now, tape?.place ?? now)
    const future = futureOf([tape, there], now, parts.asksWhen)
    const frame = {
      opened,
      window,
      spacing,
      axis,
      place,
      playing,
      future,
      explains: why !== null,
      left,
      right,
      calm,
    }
    const moved = plot.move(frame, performance.now())
    if (moved.moves) clock.touch()
    if (moved.window !== window) commands.changeTimeline({ window: moved.window })
    const wanted = plot.ask(`${spacing} ${chosen} ${parts.wantedKey}`)
    if (wanted !== null)
      commands.changeInterest({ tape: { spacing, ...wanted, lanes: parts.wanted, chosen } })
    plot.place(now)
  }

  function draw(canvas: HTMLCanvasElement, now: number): void {
    const before = ink.current
    // The fonts of a zoomed page differ too.
    const pixels = devicePixelRatio * zoomOf(canvas)
    ink.current = inkOf(
      before,
      canvas,
      `${look.name} ${document.documentElement.dataset.theme} ${pixels}`,
      look.forced,
    )
    if (tape === null || ink.current === null) return
    const { end } = run.getState()
    const { answer, truth } = flagsOf(story, draft)
    const { from, to } = plot.shown
    const shown = [
      ink.current,
      now,
      end,
      tape,
      there,
      lines,
      from,
      to,
      size,
      hovered,
      why,
      answer,
      truth,
      keys,
      leases,
      pixels,
    ]
    if (shown.every((part, i) => part === drawn.current[i])) return
    drawn.current = shown
    resize(ink.current, size, pixels)
    links.current = chainOf(why, lines, plot.scale, now)
    const picture = {
      ...size,
      scale: plot.scale,
      axis,
      even: spacing === 'true',
      now,
      lines,
      pinned: layout.pinned,
      here: tape,
      there,
      parts: parts.partsAt === null ? null : { at: parts.partsAt, differ: parts.differ },
      hovered,
      forks: parts.forks.map(({ at }) => at),
      links: links.current,
      flags: { answer, truth },
      end,
      keyDeadline: deadlinesOf(keys, leases),
    }
    paintTimeline(
      ink.current.context,
      picture,
      ink.current.colours,
      ink.current.fonts,
      ink.current.measure,
    )
  }

  const paint = usePainter<HTMLCanvasElement>((canvas, now) => {
    if (size.width === 0) return
    move(now)
    draw(canvas, now)
  })
  return (
    <div className="timeline-picture" aria-hidden="true">
      <canvas ref={paint} style={{ width: size.width, height: size.height }} />
    </div>
  )
}

/** The theme and the system's settings that determine the colours. */
function useLook(): { name: string; forced: boolean } {
  const theme = usePrefs((state) => state.theme)
  const dark = useMedia('(prefers-color-scheme: dark)')
  const forced = useMedia('(forced-colors: active)')
  return { name: `${theme} ${dark} ${forced}`, forced }
}

function deadlinesOf(keys: readonly KeyRow[], leases: readonly LeaseRow[]): KeyDeadline {
  return (name) => {
    const lease = keys.find(({ key, gone }) => key === name && gone === null)?.lease
    if (lease == null) return null
    return leases.find(({ id }) => id === lease)?.deadline ?? Number.POSITIVE_INFINITY
  }
}
