import { useEffect, useRef, useState } from 'react'
import { showAnswer, toNextStop } from '../../commands/present'
import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { Clock } from './clock'
import { SpeakerNotes } from './speaker-notes'
import { Play } from './transport'
import { type Keyed, usePresentKeys } from './use-present-keys'
import { Working } from './working'
import './present-transport.css'

const codeDialog = lazyComponent('The QR code', () => import('../dialogs/code-dialog'))

/** The last key and its effect are visible for this time. Wall ms. */
const SHOWN_MS = 2000

/**
 * Stops and time for a room, the speaker's notes, the code of the stop, and the last key or press.
 */
export default function PresentTransport() {
  const app = useApp()
  const { commands, ui } = app
  const stopped = useRun((state) => state.stopped !== null)
  const [notes, setNotes] = useState<Window | null>(null)
  const [code, setCode] = useState(false)
  const [keyed, setKeyed] = useState<Keyed | null>(null)
  const [forget] = useState(() => () => setKeyed(null))
  usePresented()
  useClosedWithPage(notes)
  function toggleNotes(): void {
    if (notes !== null) return notes.close()
    const opened = window.open('', 'leasescope-notes', 'popup,width=640,height=760')
    if (opened === null)
      commands.notice(
        'The browser blocked the window of the notes. Allow pop-up windows for this page.',
      )
    else setNotes(opened)
  }
  usePresentKeys(
    {
      onAct: (act) =>
        act === 'notes' ? toggleNotes() : act === 'code' ? setCode(true) : showAnswer(app),
      onKeyed: (next) => setKeyed((before) => ({ ...next, count: (before?.count ?? 0) + 1 })),
    },
    notes?.document ?? null,
  )
  return (
    <section className="present-transport" aria-label="Time" inert={stopped}>
      <Working />
      <button
        type="button"
        className="icon-button"
        aria-label="Previous stop"
        title="Previous stop (PageUp)"
        onClick={() => commands.stepStop(true)}
      >
        <Icon name="start" />
      </button>
      <Play />
      <button
        type="button"
        className="icon-button"
        aria-label="Next stop"
        title="Next stop (PageDown)"
        onClick={() => toNextStop(app)}
      >
        <Icon name="end" />
      </button>
      <Clock />
      <div className="present-acts">
        <button
          type="button"
          className="quiet"
          aria-pressed={notes !== null}
          title="Speaker’s notes in a second window (N)"
          onClick={toggleNotes}
        >
          Notes
        </button>
        <button
          type="button"
          className="quiet"
          aria-haspopup="dialog"
          title="QR code of this stop (Q)"
          onClick={() => setCode(true)}
        >
          QR code
        </button>
        <button
          type="button"
          className="quiet"
          title="Leave Present (Escape)"
          onClick={() => ui.setState({ present: false })}
        >
          Leave
        </button>
      </div>
      {keyed !== null && <LastKey key={keyed.count} keyed={keyed} onDone={forget} />}
      {notes !== null && <SpeakerNotes window={notes} onClosed={() => setNotes(null)} />}
      {code && <Part of={codeDialog} props={{ onClose: () => setCode(false) }} />}
    </section>
  )
}

/** The notes close with Present, and with the page. */
function useClosedWithPage(notes: Window | null): void {
  const latest = useRef(notes)
  useEffect(() => {
    latest.current = notes
  })
  useEffect(() => {
    const close = () => latest.current?.close()
    addEventListener('pagehide', close)
    return () => {
      removeEventListener('pagehide', close)
      close()
    }
  }, [])
}

/** This is in the corner, over everything else. */
function LastKey({ keyed: { key, words }, onDone }: { keyed: Keyed; onDone(): void }) {
  useEffect(() => {
    const timer = setTimeout(onDone, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [onDone])
  return (
    <p className="last-key" aria-hidden="true">
      {key !== null && <kbd>{key}</kbd>}
      <span>{words}</span>
    </p>
  )
}

/**
 * Requests the teacher's view from the worker, and shows rows. The drawer and the space-time
 * diagram are hidden.
 */
function usePresented(): void {
  const { commands, run, ui } = useApp()
  useEffect(() => {
    const { mode, full } = ui.getState().timeline
    commands.changeTimeline({ mode: 'rows', full: false, window: null })
    commands.changeInterest({ lecture: true })
    return () => {
      commands.changeTimeline({ mode, full })
      commands.changeInterest({ lecture: undefined })
      run.setState({ lecture: null })
    }
  }, [commands, run, ui])
}
