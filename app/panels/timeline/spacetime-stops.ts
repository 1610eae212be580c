import { type KeyboardEvent, useState } from 'react'
import type { Tip } from './spacetime-tip'

/** A place of the diagram that the pointer and the keyboard can reach. */
export interface Stop extends Tip {
  name: string
  event: number
  /** Pixels from the left to the start of the stop. */
  order: number
}

/**
 * One Tab stop for all stops: the latest stop, until the arrow keys choose another. A click and
 * Enter call `seek` with the event of the stop.
 */
export function useStops(
  stops: readonly Stop[],
  onTip: (tip: Tip | null) => void,
  seek: (event: number) => void,
) {
  const [chosen, setChosen] = useState<string | null>(null)
  const at = Math.max(
    -1,
    stops.findIndex(({ name }) => name === chosen),
  )
  const current = at < 0 ? stops.length - 1 : at
  const byName = new Map(stops.map((stop) => [stop.name, stop]))

  function onKeyDown(event: KeyboardEvent<SVGGElement>): void {
    const target = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      Home: 0,
      End: stops.length - 1,
    }[event.key]
    if (target !== undefined) {
      event.preventDefault()
      const next = stops[Math.min(stops.length - 1, Math.max(0, target))]
      if (next === undefined) return
      setChosen(next.name)
      event.currentTarget.ownerSVGElement
        ?.querySelector<SVGGElement>(`[data-stop="${CSS.escape(next.name)}"]`)
        ?.focus()
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      seek(Number(event.currentTarget.dataset.event))
    } else if (event.key === 'Escape') onTip(null)
  }

  return {
    /** The properties of the element of a stop. */
    of(name: string) {
      const stop = byName.get(name)
      if (stop === undefined) return {}
      return {
        className: 'st-stop',
        role: 'button',
        tabIndex: stops[current] === stop ? 0 : -1,
        'aria-label': stop.texts.join('; '),
        'data-stop': name,
        'data-event': stop.event,
        onClick: () => seek(stop.event),
        onPointerEnter: () => onTip(stop),
        onPointerLeave: () => onTip(null),
        onFocus: () => {
          setChosen(name)
          onTip(stop)
        },
        onBlur: () => onTip(null),
        onKeyDown,
      }
    },
  }
}
