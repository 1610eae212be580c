import { type PointerEvent, type RefObject, useRef } from 'react'
import { foundAt, spoken } from '../../draw/tape/words'
import { useApp, usePainter } from '../parts/app-context'
import { setAttribute } from '../parts/write'
import type { TapeParts } from './view'

/** Pixels that a finger may wander and still have tapped. */
const TAP = 8

/**
 * The browser's range over the whole picture, seen only by its focus ring. Keys and assistive technology move it as they move any range; a pointer is
 * taken from it, because on a bent tape the range's own thumb would stand somewhere else.
 */
export function TapeSlider({ parts, pointed }: { parts: TapeParts; pointed: RefObject<string | null> }) {
  const { commands, run, clock } = useApp()
  const { layout, forks, chain, scale, tape, spacing } = parts
  const down = useRef<{ x: number; y: number; moved: boolean } | null>(null)
  const said = useRef(0)
  const counted = { from: tape?.from ?? 0, to: tape?.to ?? 1 }
  const paint = usePainter<HTMLInputElement>((input, now) => {
    const { end, playing } = run.getState()
    const max = String(Math.max(1, Math.ceil(end)))
    if (input.max !== max) input.max = max
    input.value = String(now)
    // A focused slider is read out at every change of its text: while playing, once a second.
    if (playing && Math.abs(now - said.current) < 1000) return
    said.current = now
    setAttribute(input, 'aria-valuetext', spoken(run.getState(), now))
  })

  function place(event: PointerEvent<HTMLInputElement>): { x: number; y: number } {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  function point(text: string | null): void {
    if (pointed.current === text) return
    pointed.current = text
    clock.touch()
  }
  const seekTo = (x: number) => commands.seek(Math.min(scale.at(Math.max(0, x)), run.getState().end))

  return (
    <input
      ref={paint}
      className="tape-slider"
      type="range"
      aria-label="Time"
      min={0}
      step={1}
      defaultValue={0}
      onInput={(event) => commands.seek(Number(event.currentTarget.value))}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.preventDefault()
        event.currentTarget.focus({ preventScroll: true })
        event.currentTarget.setPointerCapture(event.pointerId)
        down.current = { ...place(event), moved: false }
      }}
      onPointerMove={(event) => {
        const at = place(event)
        point(foundAt(layout, scale, counted, forks, at.x, at.y, chain).text)
        const start = down.current
        if (start === null) return
        start.moved ||= Math.abs(at.x - start.x) > TAP
        if (start.moved) seekTo(at.x)
      }}
      onPointerUp={(event) => {
        const start = down.current
        down.current = null
        if (start === null || start.moved) return
        const found = foundAt(layout, scale, counted, forks, start.x, start.y, chain)
        // Beyond what was played there is nothing to go to yet.
        if (found.event === null) commands.seek(Math.min(found.at, run.getState().end))
        else commands.seekEvent(found.event)
      }}
      onPointerCancel={() => {
        down.current = null
      }}
      onPointerLeave={() => point(null)}
      onKeyDown={(event) => {
        if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return
        const back = event.key === 'ArrowLeft' || event.key === 'ArrowDown'
        if (back || event.key === 'ArrowRight' || event.key === 'ArrowUp') {
          event.preventDefault()
          // Spaced by events, a step is an event.
          if (spacing === 'event') commands.step('event', back)
          else commands.seek(Math.min(run.getState().end, run.getState().now + (back ? -100 : 100)))
        } else if (event.key === 'PageUp' || event.key === 'PageDown') {
          event.preventDefault()
          commands.seek(Math.min(run.getState().end, run.getState().now + (event.key === 'PageUp' ? 1000 : -1000)))
        }
      }}
    />
  )
}
