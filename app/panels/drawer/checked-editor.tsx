import { lazyComponent, Part } from '../parts/lazy-part'
import type { Fault } from './editor'
import './editor.css'

// The editor is the heaviest part of the page. It loads when a reader starts to write.
const editor = lazyComponent('The editor', () => import('./editor'))

export interface CheckedEditorProps {
  label: string
  text: string
  /** A changed value restarts the editor with `text`. */
  source: string
  onChange(text: string): void
  check(text: string): readonly Fault[]
}

/** The editor with its errors listed below. */
export function CheckedEditor({ label, text, source, onChange, check }: CheckedEditorProps) {
  const faults = check(text)
  return (
    <>
      <Part
        of={editor}
        props={{ label, text, source, check, onChange }}
        fallback={<p className="empty">The editor loads…</p>}
      />
      <div role="status" className="editor-faults">
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
