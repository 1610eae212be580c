import { useEffect, useRef, useState } from 'react'
import { speeds } from '../commands/speeds'
import { clockText, momentText } from '../draw/figures'
import { markBefore, markKinds, markPath, markWords } from '../draw/marks'
import { useApp, usePainter, useRun } from './app-context'
import { Now } from './figure'
import { GestureStrip } from './gesture-strip'
import { EndIcon, NextIcon, PauseIcon, PlayIcon, PreviousIcon, StartIcon } from './icons'
import { setAttribute, setText } from './write'

export function Transport() {
  const playing = useRun((state) => state.playing)
  const { commands, run } = useApp()
  return (
    <section className="transport panel" aria-labelledby="transport-title">
      <h2 id="transport-title" className="sr-only">
        Time
      </h2>
      <div className="transport-row">
        <fieldset className="group" aria-label="Steps">
          <button
            type="button"
            className="button icon-only"
            aria-label="To the start"
            title="To the start (Home)"
            onClick={() => commands.seek(0)}
          >
            <StartIcon />
          </button>
          <button
            type="button"
            className="button step"
            aria-label="Previous lease event"
            title="Previous lease event (Shift+←)"
            onClick={() => commands.step('lease', true)}
          >
            <PreviousIcon />
            <span className="step-word">lease</span>
          </button>
          <button
            type="button"
            className="button step"
            aria-label="Previous event"
            title="Previous event (←)"
            onClick={() => commands.step('event', true)}
          >
            <PreviousIcon />
            <span className="step-word">event</span>
          </button>
          <button
            type="button"
            className="button play"
            title={playing ? 'Pause (Space)' : 'Play (Space)'}
            onClick={() => commands.toggle()}
          >
            {playing ? <PauseIcon /> : <PlayIcon />}
            {playing ? 'Pause' : 'Play'}
          </button>
          <button
            type="button"
            className="button step"
            aria-label="Next event"
            title="Next event (→)"
            onClick={() => commands.step('event', false)}
          >
            <span className="step-word">event</span>
            <NextIcon />
          </button>
          <button
            type="button"
            className="button step"
            aria-label="Next lease event"
            title="Next lease event (Shift+→)"
            onClick={() => commands.step('lease', false)}
          >
            <span className="step-word">lease</span>
            <NextIcon />
          </button>
          <button
            type="button"
            className="button icon-only"
            aria-label="To the end"
            title="To the end of what was played (End)"
            onClick={() => commands.seek(run.getState().end)}
          >
            <EndIcon />
          </button>
        </fieldset>
        <fieldset className="group" aria-label="Amounts">
          <button type="button" className="button" onClick={() => commands.seekBy(100)}>
            +100 ms
          </button>
          <button type="button" className="button" onClick={() => commands.seekBy(1000)}>
            +1 s
          </button>
        </fieldset>
        <GoTo />
        <Speed />
        <GestureStrip />
      </div>
      <div className="transport-row time-row">
        <p className="clock">
          <span>t =</span> <Now /> s
          <Standing />
        </p>
        <TimeSlider />
      </div>
    </section>
  )
}

function GoTo() {
  const { commands } = useApp()
  const [text, setText] = useState('')
  const seconds = Number(text)
  const good = text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0
  return (
    <form
      className="inline-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (good) commands.seek(seconds * 1000)
      }}
    >
      <label>
        <span aria-hidden="true">to</span>
        <span className="sr-only">Go to time (seconds)</span>{' '}
        <input
          type="number"
          inputMode="decimal"
          min={0}
          step="any"
          className="field-short"
          placeholder="12.4"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span aria-hidden="true"> s</span>
      </label>
      <button type="submit" className="button" disabled={!good}>
        Go
      </button>
    </form>
  )
}

function Speed() {
  const speed = useRun((state) => state.speed)
  const { commands } = useApp()
  return (
    <label className="speed">
      Speed{' '}
      <select value={speed} onChange={(event) => commands.setSpeed(Number(event.target.value))}>
        {speeds.includes(speed) ? null : <option value={speed}>{speed} ×</option>}
        {speeds.map((each) => (
          <option key={each} value={each}>
            {each} ×
          </option>
        ))}
      </select>
    </label>
  )
}

/** What the run is doing, beside the time. */
function Standing() {
  const playing = useRun((state) => state.playing)
  const answering = useRun((state) => state.answering)
  const quiet = useRun((state) => state.quiet)
  const back = useRun((state) => state.now < state.end)
  const words = answering
    ? 'until the console has its answer'
    : playing
      ? quiet
        ? 'nothing is due'
        : 'playing'
      : back
        ? 'in the past'
        : 'paused'
  return <span className="standing">{words}</span>
}

/** The range itself is the browser's: a thumb to drag, a track to tap, and the keys that everybody knows. */
function TimeSlider() {
  const { commands, run } = useApp()
  const marks = useRun((state) => state.marks)
  const dragging = useRef(false)
  const spoken = useRef(0)
  const paint = usePainter<HTMLInputElement>((input, now) => {
    const { end, playing, on } = run.getState()
    const max = String(Math.max(1, Math.ceil(end)))
    if (input.max !== max) input.max = max
    if (!dragging.current) input.value = String(now)
    setAttribute(input, 'style', `--share: ${end > 0 ? (now / end).toFixed(4) : 0}`)
    // A focused slider is read out at every change of its text: while playing, once a second.
    if (playing && Math.abs(now - spoken.current) < 1000) return
    spoken.current = now
    const mark = markBefore(marks, now)
    const where = on ? on.text : mark ? `after ${markWords[mark.kind]} at ${momentText(mark.at)}` : 'before the first lease event'
    setAttribute(input, 'aria-valuetext', `${momentText(now)}, ${where}`)
  })
  return (
    <div className="time-slider">
      <input
        ref={paint}
        type="range"
        aria-label="Time"
        min={0}
        step={1}
        defaultValue={0}
        onPointerDown={() => {
          dragging.current = true
        }}
        onPointerUp={() => {
          dragging.current = false
        }}
        onPointerCancel={() => {
          dragging.current = false
        }}
        onInput={(event) => commands.seek(Number(event.currentTarget.value))}
        onKeyDown={(event) => {
          const step = { ArrowRight: 100, ArrowUp: 100, ArrowLeft: -100, ArrowDown: -100, PageUp: 1000, PageDown: -1000 }[event.key]
          if (step === undefined || event.shiftKey) return
          event.preventDefault()
          commands.seek(Math.min(run.getState().end, run.getState().now + step))
        }}
      />
      <Tape />
      <Legend />
    </div>
  )
}

const TAPE_HEIGHT = 14
/** Half of the range's thumb: the track is that much shorter at each end. */
const INSET = 9

/** The lease events of the run under the slider, each kind in its shape; redrawn when they would move by a pixel. */
function Tape() {
  const { run, clock } = useApp()
  const marks = useRun((state) => state.marks)
  const ref = useRef<SVGSVGElement>(null)
  const drawn = useRef({ marks, width: 0, end: -1 })
  const paint = usePainter<SVGSVGElement>((svg) => {
    const { end } = run.getState()
    const width = Number(svg.getAttribute('data-width'))
    if (width === 0) return
    const last = drawn.current
    if (last.marks === marks && last.width === width && Math.abs(end - last.end) * width < Math.max(end, 1)) return
    drawn.current = { marks, width, end }
    const x = (at: number) => INSET + (end > 0 ? (at / end) * (width - 2 * INSET) : 0)
    markKinds.forEach((kind, index) => {
      svg.children[index]?.setAttribute('d', markPath(marks, kind, x, 4))
    })
  })
  useEffect(() => {
    const svg = ref.current
    if (!svg) return
    const observer = new ResizeObserver(([entry]) => {
      svg.setAttribute('data-width', String(Math.round(entry?.contentRect.width ?? 0)))
      clock.touch()
    })
    observer.observe(svg)
    return () => observer.disconnect()
  }, [clock])
  return (
    <svg
      className="tape"
      height={TAPE_HEIGHT}
      aria-hidden="true"
      ref={(element) => {
        ref.current = element
        return paint(element)
      }}
    >
      {markKinds.map((kind) => (
        <path key={kind} className={`mark mark-${kind}`} transform={`translate(0 ${TAPE_HEIGHT / 2})`} />
      ))}
    </svg>
  )
}

function Legend() {
  const { run } = useApp()
  const paint = usePainter<HTMLSpanElement>((element) => {
    setText(element, `${clockText(run.getState().end)} s`)
  })
  const some = useRun((state) => state.marks.length > 0)
  return (
    <p className="legend">
      <span className="figure">{clockText(0)} s</span>
      {some && (
        <span className="legend-marks">
          {(['granted', 'renewed', 'expired', 'revoked'] as const).map((kind) => (
            <span key={kind}>
              <svg width="12" height="12" viewBox="-6 -6 12 12" aria-hidden="true">
                <path className={`mark mark-${kind}`} d={markPath([{ at: 0, kind, event: 0 }], kind, () => 0, 4)} />
              </svg>{' '}
              {kind}
            </span>
          ))}
        </span>
      )}
      <span className="figure" ref={paint} />
    </p>
  )
}
