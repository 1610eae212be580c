// Pointer and wheel over the plot, with the gestures of a map. A drag pans, wheel and pinch zoom,
// and shift with the wheel pans. A tap is a tap, and a long press opens the row's actions.

import { type RefObject, useEffect, useRef } from 'react'
import { panned, type Spacing, zoomed } from '../../draw/timeline/window'
import { useApp } from '../parts/app-context'
import { pointIn } from '../parts/zoom'
import type { Plot } from './plot'

/** The least length of a drag in pixels, and the milliseconds of a long press. */
const DRAG = 5
const LONG_PRESS_MS = 500
/** The zoom of the wheel, as a factor for each pixel of a notch. */
const PER_PIXEL = 1.0016

interface Gestures {
  box: RefObject<HTMLElement | null>
  plot: Plot
  spacing: Spacing
  left: number
  right: number
  onTap(x: number, y: number): void
  onPoint(x: number, y: number, target: EventTarget | null): void
  onLeave(): void
  onLongPress(target: EventTarget | null): void
}

/** A control or the header of a row. The gestures of the plot do not apply there. */
function isControl(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('button, input, select, [role="slider"], .row-header') !== null
  )
}

export function useGestures(gestures: Gestures): void {
  const { ui, clock } = useApp()
  const latest = useRef(gestures)
  useEffect(() => {
    latest.current = gestures
  })
  useEffect(() => {
    const element = gestures.box.current
    if (element === null) return
    const show = (window: { from: number; to: number }): void => {
      ui.setState((state) => ({ timeline: { ...state.timeline, window } }))
      clock.touch()
    }
    const placed = (event: MouseEvent): { x: number; y: number } => pointIn(element, event)
    const pointers = new Map<number, { x: number; y: number }>()
    let start: {
      x: number
      y: number
      window: { from: number; to: number }
      moved: boolean
    } | null = null
    let spread = 0
    // After a long press the finger lifts over the opened actions. This is not a click on an
    // action.
    let pressed = false
    let press: ReturnType<typeof setTimeout> | undefined

    const current = (): { from: number; to: number } =>
      ui.getState().timeline.window ?? latest.current.plot.shown
    const zoomAt = (x: number, by: number): void => {
      const { left, right, spacing } = latest.current
      const window = current()
      const around = window.from + ((x - left) / (right - left)) * (window.to - window.from)
      show(zoomed(window, by, around, spacing))
    }
    const onWheel = (event: WheelEvent): void => {
      const { x } = placed(event)
      if (x < latest.current.left || (isControl(event.target) && !event.ctrlKey)) return
      // In an embedded page the wheel scrolls the outer page. A pinch is a wheel with Ctrl.
      if (
        ui.getState().embedded &&
        !event.ctrlKey &&
        !event.shiftKey &&
        Math.abs(event.deltaX) <= Math.abs(event.deltaY)
      )
        return
      event.preventDefault()
      const { left, right } = latest.current
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
        return show(panned(current(), (event.deltaX || event.deltaY) / (right - left)))
      zoomAt(x, PER_PIXEL ** event.deltaY)
    }
    const onDown = (event: PointerEvent): void => {
      if (event.button !== 0 || isControl(event.target)) return
      const at = placed(event)
      pointers.set(event.pointerId, at)
      start = pointers.size === 1 ? { ...at, window: current(), moved: false } : null
      spread = spreadOf(pointers)
      clearTimeout(press)
      pressed = false
      if (event.pointerType === 'mouse') return
      press = setTimeout(() => {
        pressed = true
        start = null
        latest.current.onLongPress(event.target)
      }, LONG_PRESS_MS)
    }
    const onMove = (event: PointerEvent): void => {
      const at = placed(event)
      if (!pointers.has(event.pointerId)) {
        if (event.pointerType === 'mouse') latest.current.onPoint(at.x, at.y, event.target)
        return
      }
      pointers.set(event.pointerId, at)
      if (pointers.size === 2) {
        clearTimeout(press)
        const now = spreadOf(pointers)
        const [a, b] = [...pointers.values()]
        if (spread > 0 && now > 0 && a && b) zoomAt((a.x + b.x) / 2, spread / now)
        spread = now
        return
      }
      if (start === null) return
      if (!start.moved && Math.abs(at.x - start.x) < DRAG) return
      if (!start.moved) element.setPointerCapture(event.pointerId)
      start.moved = true
      clearTimeout(press)
      const { left, right } = latest.current
      show(panned(start.window, (start.x - at.x) / (right - left)))
    }
    const onUp = (event: PointerEvent): void => {
      clearTimeout(press)
      const known = pointers.delete(event.pointerId)
      const tapped = start
      start = null
      if (known && tapped !== null && !tapped.moved && event.type === 'pointerup')
        latest.current.onTap(tapped.x, tapped.y)
    }
    const onLeave = (): void => latest.current.onLeave()
    const onClick = (event: MouseEvent): void => {
      if (!pressed) return
      pressed = false
      event.preventDefault()
      event.stopPropagation()
    }
    element.addEventListener('click', onClick, true)
    element.addEventListener('wheel', onWheel, { passive: false })
    element.addEventListener('pointerdown', onDown)
    element.addEventListener('pointermove', onMove)
    element.addEventListener('pointerup', onUp)
    element.addEventListener('pointercancel', onUp)
    element.addEventListener('pointerleave', onLeave)
    return () => {
      clearTimeout(press)
      element.removeEventListener('click', onClick, true)
      element.removeEventListener('wheel', onWheel)
      element.removeEventListener('pointerdown', onDown)
      element.removeEventListener('pointermove', onMove)
      element.removeEventListener('pointerup', onUp)
      element.removeEventListener('pointercancel', onUp)
      element.removeEventListener('pointerleave', onLeave)
    }
  }, [gestures.box, ui, clock])
}

function spreadOf(pointers: ReadonlyMap<number, { x: number; y: number }>): number {
  const [a, b] = [...pointers.values()]
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0
}

/** Zooms around *now*, like the keys and the menu. */
export function useZoom(plot: Plot, spacing: Spacing): (by: number | null) => void {
  const { ui, clock, run } = useApp()
  return (by) => {
    const { now } = run.getState()
    const window = ui.getState().timeline.window ?? plot.shown
    const { left, right } = plot.scale
    const around =
      window.from + ((plot.scale.x(now) - left) / (right - left)) * (window.to - window.from)
    ui.setState((state) => ({
      timeline: {
        ...state.timeline,
        window: by === null ? null : zoomed(window, by, around, spacing),
      },
    }))
    clock.touch()
  }
}
