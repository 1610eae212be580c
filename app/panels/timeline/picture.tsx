import { type RefObject, useCallback, useRef } from 'react'
import { chainOf, type Link } from '../../draw/timeline/chain'
import { paintTimeline } from '../../draw/timeline/paint'
import type { Colours, Fonts, Measure } from '../../draw/timeline/pen'
import { TRUE_AXIS } from '../../draw/timeline/scale'
import { useApp, usePainter, usePrefs, useRun, useUi } from '../parts/app-context'
import { useMedia } from '../parts/media'
import { readColours, readFonts } from './colours'
import { cursorPlace, type Plot } from './plot'
import { futureOf, restingFuture, type Size, type TimelineParts, useRedrawOnFonts } from './view'

interface Drawn {
  key: unknown[]
  look: string
  colours: Colours
  fonts: Fonts
  measure: Measure
}

interface Props {
  parts: TimelineParts
  plot: Plot
  size: Size
  hovered: string | null
  /** The numbers of the answer to "why?", where they are on the screen. */
  links: RefObject<readonly Link[]>
}

/** The canvas below the rows. It is drawn in the page's one loop, and only where something of it has changed. */
export function Picture({ parts, plot, size, hovered, links }: Props) {
  const { run, ui, commands, clock } = useApp()
  const window = useUi((state) => state.timeline.window)
  const chosen = useUi((state) => state.lease)
  const theme = usePrefs((state) => state.theme)
  const calm = useMedia('(prefers-reduced-motion: reduce)')
  const dark = useMedia('(prefers-color-scheme: dark)')
  const forced = useMedia('(forced-colors: active)')
  const opened = useRun((state) => state.opened)
  const draft = useUi((state) => state.answer)
  const story = useRun((state) => state.story)
  const keys = useRun((state) => state.keys.rows)
  const leases = useRun((state) => state.leases.rows)
  const future = useRef<number | null>(null)
  const drawn = useRef<Drawn | null>(null)
  const before = useRef(0)
  const runs = useRef(opened)

  const redraw = useCallback(() => {
    drawn.current = null
    clock.touch()
  }, [clock])
  useRedrawOnFonts(redraw)

  return (
    <div className="timeline-picture" aria-hidden="true">
      <canvas
        ref={usePainter<HTMLCanvasElement>((canvas, now) => {
          const { tape, there, spacing, layout, lines, left, right } = parts
          if (size.width === 0) return
          if (runs.current !== opened) {
            // Another run: nothing of the window before holds.
            runs.current = opened
            future.current = null
            plot.forget()
          }
          const axis = tape !== null && tape.spacing === spacing ? tape.axis : TRUE_AXIS
          const { playing, end } = run.getState()
          // Where the reader's own window does not show the cursor any more, it follows.
          const place = cursorPlace(axis, now, tape?.place ?? now)
          const own = followed(window, place, playing, now !== before.current)
          before.current = now
          if (own !== null && own !== window) ui.setState((state) => ({ timeline: { ...state.timeline, window: own } }))
          const found = futureOf([tape, there], now, parts.asksWhen)
          future.current = found ?? restingFuture(future.current)
          const need =
            spacing === 'true'
              ? { now: place, future: future.current, past: Math.max(12_000, 1.4 * future.current) }
              : { now: place, future: 5, past: Math.max(10, (right - left) / (parts.why === null ? 30 : 12) - 5) }
          if (plot.move({ window: own, spacing, need, axis, left, right, calm }, performance.now())) clock.touch()
          const stretch = plot.ask(`${spacing} ${right - left} ${chosen} ${parts.wantedKey}`)
          if (stretch !== null) {
            // As many columns as the whole stretch would have pixels: it is wider than the plot.
            const columns = ((right - left) * (stretch.to - stretch.from)) / (plot.shown.to - plot.shown.from)
            const widthPx = Math.max(1, Math.min(10_000, Math.round(columns)))
            commands.look({ tape: { spacing, ...stretch, widthPx, lanes: parts.wanted, chosen } })
          }
          plot.place(now)
          if (tape === null) return

          const look = `${theme} ${dark} ${forced}`
          if (drawn.current === null || drawn.current.look !== look) {
            const context = canvas.getContext('2d')
            if (context === null) return
            const colours = readColours(canvas.parentElement ?? canvas, forced)
            const fonts = readFonts(canvas.parentElement ?? canvas)
            drawn.current = { key: [], look, colours, fonts, measure: measureOf(context) }
          }
          const last = drawn.current
          const flags = flagsOf(story, draft)
          const pixels = devicePixelRatio
          const key = [
            now,
            end,
            tape,
            there,
            lines,
            plot.shown.from,
            plot.shown.to,
            size,
            hovered,
            parts.why,
            flags.answer,
            flags.truth,
            keys,
            leases,
            pixels,
            left,
          ]
          if (key.every((part, i) => part === last.key[i])) return
          last.key = key
          const [w, h] = [Math.round(size.width * pixels), Math.round(size.height * pixels)]
          if (canvas.width !== w || canvas.height !== h) Object.assign(canvas, { width: w, height: h })
          const context = canvas.getContext('2d')
          if (context === null) return
          context.setTransform(pixels, 0, 0, pixels, 0, 0)
          links.current = chainOf(parts.why, lines, plot.scale)
          paintTimeline(
            context,
            {
              width: size.width,
              height: size.height,
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
              forks: parts.forks,
              links: links.current,
              flags,
              end,
              keyDeadline: (name) => {
                const lease = keys.find(({ key: each, gone }) => each === name && gone === null)?.lease
                if (lease == null) return null
                return leases.find(({ id }) => id === lease)?.deadline ?? Number.POSITIVE_INFINITY
              },
            },
            last.colours,
            last.fonts,
            last.measure,
          )
        })}
        style={{ width: size.width, height: size.height }}
      />
    </div>
  )
}

type Story = ReturnType<ReturnType<typeof useApp>['run']['getState']>['story']

/** The reader's answer to a question about a time, and once it is decided the truth. */
export function flagsOf(
  story: Story,
  draft: { stop: number; answer: number | null } | null,
): { answer: number | null; truth: number | null } {
  const ask = story?.ask
  if (ask == null || ask.kind !== 'when') return { answer: null, truth: null }
  const held = draft !== null && draft.stop === story?.reached ? draft.answer : null
  return { answer: ask.state === 'open' ? held : ask.answer, truth: ask.truth }
}

const MARGIN = 0.04

function followed(
  window: { from: number; to: number } | null,
  place: number,
  playing: boolean,
  moved: boolean,
): { from: number; to: number } | null {
  if (window === null || !moved) return window
  const length = window.to - window.from
  if (place >= window.from && place <= window.to - (playing ? MARGIN * length : 0)) return window
  const from = Math.max(0, place - (playing ? 0.4 : 0.5) * length)
  return { from, to: from + length }
}

function measureOf(context: CanvasRenderingContext2D): Measure {
  const widths = new Map<string, number>()
  return (text, font) => {
    const key = `${font} ${text}`
    const known = widths.get(key)
    if (known !== undefined) return known
    // Countdowns make a new text ten times a second.
    if (widths.size > 2000) widths.clear()
    context.font = font
    const { width } = context.measureText(text)
    widths.set(key, width)
    return width
  }
}
