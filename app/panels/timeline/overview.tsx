import { type PointerEvent, type RefObject, useRef } from 'react'
import type { Stretch } from '../../draw/tape/scale'
import { between, centred } from '../../draw/tape/window'
import { useApp } from '../parts/app-context'
import type { TapeParts } from './view'

export const OVERVIEW_HEIGHT = 24

/** Pixels from which on a drag is one, and no tap. */
const DRAG = 4

/** All of the run in one strip, and which part of it the lanes show. A convenience for pointers: the buttons and fields below do the same by keys. */
export function TapeOverview({
  parts,
  canvas,
  head,
}: {
  parts: TapeParts
  canvas: RefObject<HTMLCanvasElement | null>
  head: RefObject<HTMLDivElement | null>
}) {
  const { commands, run } = useApp()
  const { window: view, whole, wholeScale, spacing, show } = parts
  const drag = useRef<{ x: number; window: Stretch; moves: boolean; moved: boolean } | null>(null)
  const length = whole.to - whole.from
  const placeAt = (x: number): number => whole.from + (x / wholeScale.width) * length
  const isAll = view.from <= whole.from && view.to >= whole.to

  function xOf(event: PointerEvent<HTMLDivElement>): number {
    return event.clientX - event.currentTarget.getBoundingClientRect().left
  }
  return (
    <div
      className="tape-overview"
      aria-hidden="true"
      title="The whole run: drag over it to look closer, tap to go there"
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        const x = xOf(event)
        const place = placeAt(x)
        drag.current = { x, window: view, moves: !isAll && place >= view.from && place <= view.to, moved: false }
      }}
      onPointerMove={(event) => {
        const start = drag.current
        if (start === null) return
        const x = xOf(event)
        start.moved ||= Math.abs(x - start.x) >= DRAG
        if (!start.moved) return
        const by = ((x - start.x) / wholeScale.width) * length
        if (start.moves) show(centred(start.window, (start.window.from + start.window.to) / 2 + by, whole))
        else show(between(placeAt(start.x), placeAt(x), whole, spacing))
      }}
      onPointerUp={(event) => {
        const start = drag.current
        drag.current = null
        if (start && !start.moved) commands.seek(Math.min(wholeScale.at(xOf(event)), run.getState().end))
      }}
      onPointerCancel={() => {
        drag.current = null
      }}
    >
      <canvas ref={canvas} style={{ height: OVERVIEW_HEIGHT }} />
      <div className="tape-overlays" ref={head}>
        <div className="tape-future" />
        <div className="tape-unplayed" />
        <div className="tape-head" />
      </div>
      <div
        className="tape-brush"
        data-all={isAll}
        style={{ left: `${((view.from - whole.from) / length) * 100}%`, right: `${Math.max(0, (whole.to - view.to) / length) * 100}%` }}
      />
    </div>
  )
}
