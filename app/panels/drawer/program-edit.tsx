import { useState } from 'react'
import { parseProgram } from '../../../engine/client/program/parse'
import { useApp } from '../parts/app-context'
import { CheckedEditor, type CheckedEditorProps } from './checked-editor'
import { ProgramWords } from './program-words'

const check = (text: string) => parseProgram(text).faults

/** Whether a text can run. */
export function isSound(text: string): boolean {
  return check(text).length === 0
}

interface ProgramEditProps {
  client: string
  /** The clients that run the same text, including this one. */
  twins: string[]
  source: string
  onDone(): void
}

/**
 * Another text for this client. It starts a branch in which the client ran that text from the
 * start.
 */
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
      <p className="muted small">
        The branch plays the same commands from the start, with this text.
      </p>
      <ProgramWords />
    </>
  )
}

/** The editor of a program. */
export function SourceEditor(props: Omit<CheckedEditorProps, 'check'>) {
  return <CheckedEditor {...props} check={check} />
}
