import { type KeyboardEvent, useEffect, useRef } from 'react'
import { clockText } from '../../draw/figures'
import type { Spacing } from '../../draw/timeline/window'
import { spoken } from '../../draw/timeline/words'
import { useApp } from '../parts/app-context'
import { setAttribute } from '../parts/write'
import { type AxisLabels, axisPlaces } from './flags'
import type { Plot } from './plot'

/** *Now* on the axis. For assistive technology the cursor is the slider of the time. */
export function Cursor({ plot, spacing }: { plot: Plot; spacing: Spacing }) {
  const { commands, run } = useApp()
  const pill = useRef<HTMLDivElement>(null)
  const said = useRef(Number.NEGATIVE_INFINITY)
  useEffect(
    () =>
      plot.add((scale, now) => {
        const element = pill.current
        if (element === null) return
        const x = scale.x(now)
        const isIn = x >= scale.left - 2 && x <= scale.right + 20
        setAttribute(
          element,
          'style',
          `transform: translateX(${x.toFixed(2)}px) translateX(-50%)${isIn ? '' : '; opacity: 0'}`,
        )
        const { end, playing } = run.getState()
        // A screen reader reads every change of a slider with the focus. While the run plays, the
        // slider changes once a second.
        if (playing && Math.abs(now - said.current) < 1000) return
        said.current = now
        setAttribute(element, 'aria-valuemax', String(Math.max(1, Math.ceil(end))))
        setAttribute(element, 'aria-valuenow', String(Math.round(now)))
        setAttribute(element, 'aria-valuetext', spoken(run.getState(), now))
      }),
    [plot, run],
  )
  function onKeyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const back = event.key === 'ArrowLeft' || event.key === 'ArrowDown'
    if (back || event.key === 'ArrowRight' || event.key === 'ArrowUp') {
      if (spacing === 'event') commands.step('event', back)
      else commands.seekBy((back ? -1 : 1) * (event.shiftKey ? 1000 : 100))
    } else if (event.key === 'PageUp' || event.key === 'PageDown')
      commands.seekBy(event.key === 'PageUp' ? 1000 : -1000)
    else if (event.key === 'Home') commands.seek(0)
    else if (event.key === 'End') commands.seek(run.getState().end)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={pill}
      className="now-pill"
      role="slider"
      tabIndex={0}
      aria-label="Time"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={0}
      onKeyDown={onKeyDown}
    >
      now
    </div>
  )
}

interface PillProps {
  plot: Plot
  at: number
  /** All labels of the axis. Labels do not overlap. */
  labels: AxisLabels
}

/** The time on the axis when the two branches part. */
export function PartsPill(props: PillProps) {
  return (
    <AxisLabel {...props} which="parts">
      part at {clockText(props.at)} s
    </AxisLabel>
  )
}

/** The true time of a question, beside the reader's answer. */
export function TruthPill(props: PillProps) {
  return (
    <AxisLabel {...props} which="truth">
      in fact at {clockText(props.at)}
    </AxisLabel>
  )
}

function AxisLabel({
  plot,
  at,
  labels,
  which,
  children,
}: PillProps & { which: 'truth' | 'parts'; children: React.ReactNode }) {
  const label = useRef<HTMLSpanElement>(null)
  const { clock } = useApp()
  const { flag, truth, parts } = labels
  useEffect(() => {
    clock.touch()
    return plot.add((scale, now) => {
      const isIn = scale.x(at) >= scale.left && scale.x(at) <= scale.right
      const x = axisPlaces(scale, now, { flag, truth, parts })[which] ?? 0
      setAttribute(
        label.current,
        'style',
        `transform: translateX(${x.toFixed(2)}px) translateX(-50%)${isIn ? '' : '; visibility: hidden'}`,
      )
    })
  }, [plot, at, which, flag, truth, parts, clock])
  return (
    <span ref={label} className={`axis-label ${which}-pill`}>
      {children}
    </span>
  )
}
