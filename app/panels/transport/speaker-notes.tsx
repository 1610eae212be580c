import { useEffect, useState } from 'react'
import { createPortal } from 'react-dom'
import { presentKeyTable } from '../../commands/present-keys'
import { usePrefs, useRun, useUi } from '../parts/app-context'
import { Now } from '../parts/figure'

interface NotesProps {
  window: Window
  onClosed(): void
}

/** The speaker's notes in their own window. `onClosed` is called when the reader closes it. */
export function SpeakerNotes({ window: opened, onClosed }: NotesProps) {
  const [place, setPlace] = useState<HTMLElement | null>(null)
  const theme = usePrefs((state) => state.theme)
  useEffect(() => {
    setPlace(dressed(opened.document))
    opened.focus()
  }, [opened])
  useEffect(() => {
    opened.addEventListener('pagehide', onClosed)
    return () => opened.removeEventListener('pagehide', onClosed)
  }, [opened, onClosed])
  useEffect(() => {
    opened.document.documentElement.dataset.theme = theme
  }, [opened, theme])
  return place === null ? null : createPortal(<Notes />, place)
}

/** Copies the styles of this page to the empty page, and adds an element to draw in. */
function dressed(page: Document): HTMLElement {
  page.documentElement.lang = 'en'
  page.head.replaceChildren(
    ...[...document.querySelectorAll<HTMLElement>('link[rel="stylesheet"], style')].map((sheet) => {
      const copy = page.importNode(sheet, true)
      if (sheet instanceof HTMLLinkElement) copy.setAttribute('href', sheet.href)
      return copy
    }),
  )
  page.title = 'Speaker’s notes · Leasescope'
  const place = page.createElement('main')
  place.className = 'notes'
  page.body.replaceChildren(place)
  return place
}

function Notes() {
  const story = useRun((state) => state.story)
  const lecture = useRun((state) => state.lecture)
  const title = useUi((state) => state.scenario?.title ?? 'A run with stops')
  const said = story?.say ?? story?.ask?.question ?? story?.goal?.text ?? null
  return (
    <>
      <p className="notes-time">
        <Now /> s
        {story !== null && (
          <span className="muted">
            {' '}
            · stop {story.reached === null ? 0 : story.reached + 1} of {story.stops}
          </span>
        )}
      </p>
      <h1>{said ?? title}</h1>
      {lecture?.note && <p className="notes-note">{lecture.note}</p>}
      {lecture !== null && lecture.hints.length > 0 && (
        <>
          <h2>Hints</h2>
          <ul>
            {lecture.hints.map((hint) => (
              <li key={hint}>{hint}</li>
            ))}
          </ul>
        </>
      )}
      <h2>Next</h2>
      <p>
        {lecture === null ? 'This run has no stops.' : (lecture.next ?? 'This is the last stop.')}
      </p>
      <h2>Keys, here too</h2>
      <dl className="notes-keys">
        {presentKeyTable.map(({ keys, what }) => (
          <div key={keys}>
            <dt>{keys}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
