// The painted timeline. The picture of the lanes lies on a canvas; the playhead, what lies ahead of it and what has not been played yet lie over it and move
// by themselves; on top lies the browser's own range, which is what keys, taps and screen readers work with.

import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { paintChain } from '../../draw/tape/chain'
import { paintOverview, paintTape } from '../../draw/tape/paint'
import type { Colours } from '../../draw/tape/pen'
import { placeOf } from '../../draw/tape/scale'
import { followed } from '../../draw/tape/window'
import { laneNouns, spoken } from '../../draw/tape/words'
import { useApp, usePainter, usePrefs, useRun, useUi } from '../parts/app-context'
import { useMedia } from '../parts/media'
import { Pager } from '../parts/pager'
import { setAttribute, setText } from '../parts/write'
import { readColours } from './colours'
import { TapeLabels } from './labels'
import { OVERVIEW_HEIGHT, TapeOverview } from './overview'
import { TapeSlider } from './slider'
import { TapeTools } from './tools'
import { PAGE_ROWS, useTape } from './view'

export default function Tape({ clock }: { clock: ReactNode }) {
  const { run, ui, clock: clockOfPage } = useApp()
  const [width, setWidth] = useState(0)
  const parts = useTape(width)
  const { tape, spacing, layout, forks, chain, whole, window: view, scale, wholeScale, show, grow } = parts
  const size = usePrefs((state) => state.tapeSize)
  const theme = usePrefs((state) => state.theme)
  const all = useUi((state) => state.tape.all)
  const dark = useMedia('(prefers-color-scheme: dark)')
  const forced = useMedia('(forced-colors: active)')
  const density = useDensity()
  // Before the first tape has come it is no picture of anything.
  const ready = useRun((state) => state.tape !== null)

  const canvas = useRef<HTMLCanvasElement>(null)
  const overview = useRef<HTMLCanvasElement>(null)
  const overlays = useRef<HTMLDivElement>(null)
  const overviewHead = useRef<HTMLDivElement>(null)
  const readout = useRef<HTMLParagraphElement>(null)
  const pointed = useRef<string | null>(null)
  const drawn = useRef<{ key: unknown[]; colours: Colours | null; look: string }>({ key: [], colours: null, look: '' })
  const before = useRef(0)

  const measure = useCallback((element: HTMLDivElement | null) => {
    if (!element) return
    const lanes = element.closest<HTMLElement>('.tape-lanes')
    const observer = new ResizeObserver(([entry]) => {
      setWidth(Math.max(1, Math.round(entry?.contentRect.width ?? 0)))
      // The overview ends where the lanes do, whether their scroll bar takes room or not.
      if (lanes) lanes.parentElement?.style.setProperty('--gutter', `${lanes.offsetWidth - lanes.clientWidth}px`)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  // The theme stands in the document only after everybody has rendered: the picture looks at it on the next frame.
  useEffect(() => {
    if (theme || dark || forced) clockOfPage.touch()
  }, [clockOfPage, theme, dark, forced])

  const paint = usePainter<HTMLDivElement>((root, now) => {
    if (width === 0) return
    const { end, playing } = run.getState()
    grow(end)
    // A window that the playhead has left follows it; one that somebody has moved away stays until the playhead moves.
    if (now !== before.current) {
      before.current = now
      const axis = tape?.whole.axis
      const next = axis && ui.getState().tape.window !== null ? followed(view, placeOf(axis, now), playing, whole) : null
      if (next !== null) show(next)
    }
    placeOverlays(overlays.current, scale.x(now), scale.x(end), width)
    placeOverlays(overviewHead.current, wholeScale.x(now), wholeScale.x(end), width)
    setText(readout.current, pointed.current ?? spoken(run.getState(), now))
    picture(root)
  })

  function picture(root: HTMLDivElement): void {
    const look = `${document.documentElement.dataset.theme} ${dark} ${forced}`
    const last = drawn.current
    if (last.colours === null || last.look !== look) {
      last.colours = readColours(root, forced)
      last.look = look
      last.key = []
    }
    const key = [tape, view, whole, layout, forks, chain, width, density]
    if (key.every((part, i) => part === last.key[i])) return
    last.key = key
    const { colours } = last
    const even = spacing === 'true'
    const counted = { from: tape?.from ?? 0, to: tape?.to ?? 1 }
    const context = resized(canvas.current, width, layout.height, density)
    if (context) {
      paintTape(context, { layout, scale, counted, forks, even, colours })
      paintChain(context, chain, colours)
    }
    const small = resized(overview.current, width, OVERVIEW_HEIGHT, density)
    const counts = { from: 0, to: tape?.whole.to ?? 1 }
    const thin = { rows: [], height: 0, lanes: tape?.whole.lanes.filter(({ total }) => total > 0) ?? [] }
    if (small) paintOverview(small, { layout: thin, scale: wholeScale, counted: counts, forks, even, colours }, OVERVIEW_HEIGHT)
  }

  const paged = all.flatMap(({ lane, from }) => {
    const found = layout.lanes.find((each) => each.lane === lane)
    return found && found.total > PAGE_ROWS ? [{ lane, from, total: found.total }] : []
  })
  return (
    <div className="tape" data-size={size} data-ready={ready} ref={paint}>
      <div className="tape-row">
        <div className="tape-side">{clock}</div>
        <TapeOverview parts={parts} canvas={overview} head={overviewHead} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys */}
      <section className="tape-lanes" tabIndex={0} aria-label="Lanes of the tape">
        <div className="tape-row" style={{ height: layout.height }}>
          <TapeLabels layout={layout} />
          <div className="tape-picture" ref={measure}>
            <div aria-hidden="true">
              <canvas ref={canvas} style={{ height: layout.height }} />
            </div>
            <div className="tape-overlays" ref={overlays} aria-hidden="true">
              <div className="tape-future" />
              <div className="tape-unplayed" />
              <div className="tape-head" />
            </div>
            <TapeSlider parts={parts} pointed={pointed} />
          </div>
        </div>
      </section>
      {paged.map(({ lane, from, total }) => (
        <Pager
          key={lane}
          what={laneNouns[lane][1]}
          from={from}
          count={PAGE_ROWS}
          total={total}
          onTurn={(next) =>
            ui.setState((state) => ({
              tape: { ...state.tape, all: state.tape.all.map((each) => (each.lane === lane ? { lane, from: next } : each)) },
            }))
          }
        />
      ))}
      <div className="tape-foot">
        <p className="tape-readout" ref={readout} />
        <TapeTools parts={parts} />
      </div>
    </div>
  )
}

function placeOverlays(box: HTMLDivElement | null, head: number, end: number, width: number): void {
  if (!box) return
  const [future, unplayed, playhead] = box.children
  setAttribute(future, 'style', `left: ${clamp(head, width)}px; right: ${width - clamp(end, width)}px`)
  setAttribute(unplayed, 'style', `left: ${clamp(end, width)}px`)
  setAttribute(playhead, 'style', head < -1 || head > width + 1 ? 'display: none' : `translate: ${Math.round(head * 2) / 2}px`)
}

function clamp(x: number, width: number): number {
  return Math.round(Math.min(width, Math.max(0, x)) * 2) / 2
}

/** The canvas with as many pixels as it needs on this screen, cleared by the change. Null where it is not there. */
function resized(canvas: HTMLCanvasElement | null, width: number, height: number, density: number): CanvasRenderingContext2D | null {
  const context = canvas?.getContext('2d')
  if (!canvas || !context) return null
  const [w, h] = [Math.round(width * density), Math.round(height * density)]
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w
    canvas.height = h
  }
  context.setTransform(density, 0, 0, density, 0, 0)
  return context
}

/** Device pixels to a pixel, as it changes with zoom and from screen to screen. */
function useDensity(): number {
  const [density, setDensity] = useState(() => window.devicePixelRatio)
  useEffect(() => {
    const list = matchMedia(`(resolution: ${density}dppx)`)
    const changed = () => setDensity(window.devicePixelRatio)
    list.addEventListener('change', changed)
    return () => list.removeEventListener('change', changed)
  }, [density])
  return density
}
