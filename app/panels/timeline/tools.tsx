import { type ReactNode, useEffect, useState } from 'react'
import type { MarkKind } from '../../../engine/worker/protocol'
import { placeOf, timeOf } from '../../draw/tape/scale'
import { markShapes, shapePath } from '../../draw/tape/shapes'
import { between, pan, zoom } from '../../draw/tape/window'
import { markWords } from '../../draw/tape/words'
import { useApp, usePrefs } from '../parts/app-context'
import { Disclosure } from '../parts/popover'
import type { TapeParts } from './view'

/** The brush by keys and numbers, how instants are spaced, how much room the lanes get, and what the shapes mean. */
export function TapeTools({ parts }: { parts: TapeParts }) {
  const { clock, prefs, ui } = useApp()
  const spacing = usePrefs((state) => state.tapeSpacing)
  const size = usePrefs((state) => state.tapeSize)
  const { window: view, whole, show, tape } = parts
  const isAll = view.from <= whole.from && view.to >= whole.to
  const around = () => (tape ? placeOf(tape.whole.axis, clock.now()) : view.from)
  const zoomBy = (by: number) => show(zoom(view, by, around(), whole, parts.spacing))
  return (
    <div className="tape-tools">
      <fieldset className="group" aria-label="Window">
        <Tool name="Earlier" off={isAll || view.from <= whole.from} act={() => show(pan(view, -0.5, whole))}>
          <path d="M10 3v10L4 8z" />
        </Tool>
        <Tool name="Closer" off={false} act={() => zoomBy(0.5)}>
          <path d="M7.2 3h1.6v4.2H13v1.6H8.8V13H7.2V8.8H3V7.2h4.2z" />
        </Tool>
        <Tool name="Wider" off={isAll} act={() => zoomBy(2)}>
          <path d="M3 7.2h10v1.6H3z" />
        </Tool>
        <Tool name="Later" off={isAll || view.to >= whole.to} act={() => show(pan(view, 0.5, whole))}>
          <path d="M6 3v10l6-5z" />
        </Tool>
        <button type="button" className="button small" disabled={isAll} onClick={() => show(null)}>
          Fit
        </button>
      </fieldset>
      <WindowFields parts={parts} />
      <label className="tape-choice">
        <span className="sr-only">Spacing</span>
        <select
          value={spacing}
          onChange={(event) => {
            const next = event.target.value === 'event' ? 'event' : 'true'
            prefs.setState({ tapeSpacing: next })
            ui.setState((state) => ({ tape: { ...state.tape, window: null } }))
          }}
        >
          <option value="true">true time</option>
          <option value="event">event-spaced</option>
        </select>
      </label>
      <label className="tape-choice">
        <span className="sr-only">Lanes</span>
        <select
          value={size}
          onChange={(event) => {
            const { value } = event.target
            prefs.setState({ tapeSize: value === 'none' || value === 'tall' ? value : 'small' })
          }}
        >
          <option value="none">no lanes</option>
          <option value="small">some lanes</option>
          <option value="tall">tall</option>
        </select>
      </label>
      <Disclosure button="Legend" label="Legend" className="button small">
        <Legend />
      </Disclosure>
    </div>
  )
}

function Tool({ name, off, act, children }: { name: string; off: boolean; act(): void; children: ReactNode }) {
  return (
    <button type="button" className="button small icon-only" aria-label={name} title={name} disabled={off} onClick={act}>
      <svg className="icon" viewBox="0 0 16 16" width="14" height="14" fill="currentColor" aria-hidden="true">
        {children}
      </svg>
    </button>
  )
}

/** The window's edges as times. What is typed holds when it is sent. */
function WindowFields({ parts: { window: view, whole, tape, spacing, show } }: { parts: TapeParts }) {
  const axis = tape?.whole.axis
  const shown = { from: axis ? timeOf(axis, view.from) : 0, to: axis ? timeOf(axis, view.to) : 0 }
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  useEffect(() => setFrom(field(shown.from)), [shown.from])
  useEffect(() => setTo(field(shown.to)), [shown.to])
  const good = [from, to].every((text) => text.trim() !== '' && Number(text) >= 0) && Number(from) < Number(to)
  return (
    <form
      className="inline-form tape-window"
      aria-label="Window in seconds"
      onSubmit={(event) => {
        event.preventDefault()
        if (good && axis) show(between(placeOf(axis, Number(from) * 1000), placeOf(axis, Number(to) * 1000), whole, spacing))
      }}
    >
      <label>
        <span className="sr-only">From (seconds)</span>
        <input type="number" inputMode="decimal" min={0} step="any" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <span aria-hidden="true">–</span>
      <label>
        <span className="sr-only">To (seconds)</span>
        <input type="number" inputMode="decimal" min={0} step="any" value={to} onChange={(event) => setTo(event.target.value)} />
        <span aria-hidden="true"> s</span>
      </label>
      <button type="submit" className="button small" disabled={!good}>
        Show
      </button>
    </form>
  )
}

function field(at: number): string {
  return String(Math.round(at) / 1000)
}

const legendMarks: readonly MarkKind[] = [
  'granted',
  'renewed',
  'recounted',
  'expired',
  'revoked',
  'created',
  'modified',
  'deleted',
  'handed-over',
  'candidate',
  'concluded',
  'fault',
  'violation',
]

const bars: readonly { look: string; word: string }[] = [
  { look: 'live', word: 'a lease with time left; a key that hangs on one' },
  { look: 'overdue', word: 'its time is up, its revoke is not applied yet' },
  { look: 'uncounted', word: 'nobody counts it down' },
  { look: 'plain', word: 'a key that hangs on no lease; a leader in its term' },
  { look: 'held', word: 'a lock that is held, by the oldest key of its queue' },
  { look: 'believes', word: 'a client believes in a lease that is there' },
  { look: 'wrong', word: 'a client believes in a lease that is gone' },
  { look: 'paused', word: 'a member that is frozen' },
  { look: 'crashed', word: 'a member that is down' },
  { look: 'cut', word: 'the network is cut; two are in a critical section' },
]

/** Every shape with its word: nothing on the tape is told by a colour alone. */
function Legend() {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
    <section className="tape-legend-box" tabIndex={0} aria-label="Shapes and bars">
      <ul className="tape-legend">
        {legendMarks.map((kind) => {
          const { strokes, role } = markShapes[kind]
          return (
            <li key={kind}>
              <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true" className={`tape-mark role-${role}`}>
                <path d={shapePath(strokes)} className={strokes[0]?.filled ? 'filled' : ''} />
              </svg>
              {kind === 'granted' ? 'granted' : kind === 'created' ? 'key created' : kind === 'modified' ? 'key changed' : markWords[kind]}
            </li>
          )
        })}
        <li>
          <svg width="16" height="16" viewBox="-8 -8 16 16" aria-hidden="true" className="tape-mark role-held">
            <path d="M0 7V0L-4 -6M0 0L4 -6" />
          </svg>
          another branch parts from this one
        </li>
        {bars.map(({ look, word }) => (
          <li key={look}>
            <span className={`tape-bar look-${look}`} aria-hidden="true" />
            {word}
          </li>
        ))}
        <li className="muted">
          The saw-tooth below an opened lease is what remains of its time. What lies ahead of the playhead is dimmed.
        </li>
      </ul>
    </section>
  )
}
