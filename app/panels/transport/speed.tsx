import type { KeyboardEvent } from 'react'
import { MOST_PLACE, placeOfSpeed, speedAtPlace, speedText } from '../../commands/speeds'
import { useApp, useRun } from '../parts/app-context'

/**
 * Virtual seconds per second of the viewer, on a logarithmic scale. The arrows move between the
 * usual speeds.
 */
export function Speed() {
  const { commands } = useApp()
  const speed = useRun((state) => state.speed)
  const held = useRun((state) => state.held)
  const place = placeOfSpeed(speed)
  function onKeyDown(event: KeyboardEvent): void {
    const up = { ArrowRight: true, ArrowUp: true, ArrowLeft: false, ArrowDown: false }[event.key]
    if (up === undefined) return
    event.preventDefault()
    commands.changeSpeed(up)
  }
  const words = held === null ? speedText(speed) : `${speedText(held)} while a message flies`
  return (
    <label className="speed" title="Speed: [ slower, ] faster">
      <span aria-hidden="true">0.1</span>
      <span className="sr-only">Speed</span>
      <span className="speed-track" style={{ '--at': place / MOST_PLACE } as React.CSSProperties}>
        <input
          type="range"
          min={0}
          max={MOST_PLACE}
          step={1}
          value={place}
          aria-valuetext={speedText(speed)}
          onChange={(event) => commands.setSpeed(speedAtPlace(Number(event.target.value)))}
          onKeyDown={onKeyDown}
        />
        <span className="speed-word" aria-hidden="true">
          {words}
        </span>
      </span>
      <span aria-hidden="true">100×</span>
    </label>
  )
}
