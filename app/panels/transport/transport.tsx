import { lazy, Suspense, useState } from 'react'
import { speeds } from '../../commands/speeds'
import { useApp, usePrefs, useRun } from '../parts/app-context'
import { Now } from '../parts/figure'
import { EndIcon, NextIcon, PauseIcon, PlayIcon, PreviousIcon, StartIcon } from '../parts/icons'
import { GestureStrip } from '../stage/gesture-strip'

const Tape = lazy(() => import('../timeline/tape'))
const History = lazy(() => import('./history'))
const Aside = lazy(() => import('../drawer/aside'))

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
            aria-label="Previous fault"
            title="Previous fault (,)"
            onClick={() => commands.step('fault', true)}
          >
            <PreviousIcon />
            <span className="step-word">fault</span>
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
            className="button step"
            aria-label="Next fault"
            title="Next fault (.)"
            onClick={() => commands.step('fault', false)}
          >
            <span className="step-word">fault</span>
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
          <button type="button" className="button" onClick={() => commands.seekBy(-1000)}>
            −1 s
          </button>
          <button type="button" className="button" onClick={() => commands.seekBy(-100)}>
            −100 ms
          </button>
          <button type="button" className="button" onClick={() => commands.seekBy(100)}>
            +100 ms
          </button>
          <button type="button" className="button" onClick={() => commands.seekBy(1000)}>
            +1 s
          </button>
        </fieldset>
        <GoTo />
        <Speed />
        <Suspense fallback={null}>
          <History />
        </Suspense>
        <GestureStrip />
      </div>
      <TimeTape />
      <Closer />
    </section>
  )
}

/** Nobody pays for looking closer before they do. */
function Closer() {
  const shown = useRun((state) => state.why !== null || state.compare !== null)
  return shown ? (
    <Suspense fallback={null}>
      <Aside />
    </Suspense>
  ) : null
}

/** The clock is there at once, and the room for the tape too: nothing moves when it comes. */
function TimeTape() {
  const size = usePrefs((state) => state.tapeSize)
  const clock = (
    <p className="clock">
      <span>t =</span> <Now /> s
      <Standing />
    </p>
  )
  const room = (
    <div className="tape" data-size={size} data-ready={false}>
      <div className="tape-row">
        <div className="tape-side">{clock}</div>
      </div>
      <div className="tape-lanes" />
      <div className="tape-foot" />
    </div>
  )
  return (
    <Suspense fallback={room}>
      <Tape clock={clock} />
    </Suspense>
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
      <span className="plain-word">Speed</span>{' '}
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
