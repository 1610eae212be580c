import { useState } from 'react'
import { parseScript } from '../../../engine/client/script/parse'
import { useApp } from '../parts/app-context'
import { lazyComponent, Part } from '../parts/lazy-part'
import { ProgramWords } from './program-words'

// The editor is the heaviest part of the page: it loads when somebody writes.
const editor = lazyComponent('The editor', () => import('./editor'))

const check = (text: string) => parseScript(text).faults

/** Whether a text can be run. */
export function isSound(text: string): boolean {
  return check(text).length === 0
}

interface ProgramEditProps {
  client: string
  /** The clients that run the same text, this one among them. */
  twins: string[]
  source: string
  onDone(): void
}

/** Another text for this client: it starts a branch in which the client ran it from the start. */
export function ProgramEdit({ client, twins, source, onDone }: ProgramEditProps) {
  const { commands } = useApp()
  const [text, setText] = useState(source)
  const [all, setAll] = useState(true)
  const ready = text !== source && isSound(text)
  function run(): void {
    commands.vary({ program: { clients: all ? twins : [client], from: source, to: text } })
    onDone()
  }
  return (
    <>
      <SourceEditor label={`Program of ${client}`} text={text} source={source} onChange={setText} />
      {twins.length > 1 && (
        <label className="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} />
          In all clients that run this text: {twins.join(', ')}
        </label>
      )}
      <p className="program-acts">
        <button type="button" className="pick" disabled={!ready} onClick={run}>
          Run as a new branch
        </button>
        <button type="button" className="quiet" onClick={onDone}>
          Cancel
        </button>
      </p>
      <p className="muted small">The branch plays the same commands from the start, with this text.</p>
      <ProgramWords />
    </>
  )
}

interface SourceEditorProps {
  label: string
  text: string
  /** Another value starts the editor again with `text`. */
  source: string
  onChange(text: string): void
}

/** The editor with its mistakes listed below. */
export function SourceEditor({ label, text, source, onChange }: SourceEditorProps) {
  const faults = check(text)
  return (
    <>
      <Part of={editor} props={{ label, text, source, check, onChange }} fallback={<p className="empty">The editor loads…</p>} />
      <div role="status" className="program-faults">
        {faults.map(({ line, column, message }) => (
          <p key={`${line} ${column} ${message}`}>
            <b className="bad">
              Line {line}, column {column}:
            </b>{' '}
            {message}
          </p>
        ))}
      </div>
    </>
  )
}
