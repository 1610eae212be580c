import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useApp } from './app-context'

/** A file, or the text of one, or a link. What it holds takes the place of the run on the page, if it can be read. */
export default function OpenDialog({ onClose }: { onClose(): void }) {
  const { sharing } = useApp()
  const ref = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  useEffect(() => ref.current?.showModal(), [])
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() !== '') void sharing.openText(text)
    ref.current?.close()
  }
  return (
    <dialog ref={ref} aria-labelledby="open-title" onClose={onClose}>
      <h2 id="open-title">Open a run</h2>
      <label className="open-file">
        A file that was saved here
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (!file) return
            void sharing.openFile(file)
            ref.current?.close()
          }}
        />
      </label>
      <form onSubmit={onSubmit}>
        <label className="open-text">
          Or a recording or a link, pasted
          <textarea rows={6} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} />
        </label>
        <p className="dialog-actions">
          <button type="submit" className="button main">
            Open
          </button>
          <button type="button" className="button" onClick={() => ref.current?.close()}>
            Cancel
          </button>
        </p>
      </form>
    </dialog>
  )
}
