import { useState } from 'react'
import { readStops } from '../../../engine/text/stop-file'
import type { Stop } from '../../../engine/worker/protocol'
import { useApp } from '../parts/app-context'
import { CheckedEditor } from './checked-editor'

/** The stops as one text: to read, copy, write or paste. */
export function StopsAsText({ text, onStops }: { text: string; onStops(stops: Stop[]): void }) {
  const [open, setOpen] = useState(false)
  return (
    <details className="stop-extras" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The same as text</summary>
      {open && <Text key={text} text={text} onStops={onStops} />}
    </details>
  )
}

const check = (text: string) => {
  const read = readStops(text)
  return read.ok ? [] : [read.fault]
}

function Text({ text, onStops }: { text: string; onStops(stops: Stop[]): void }) {
  const { commands } = useApp()
  const [written, setWritten] = useState(text)
  const read = readStops(written)
  return (
    <>
      <CheckedEditor
        label="Stops as text"
        text={written}
        source={text}
        onChange={setWritten}
        check={check}
      />
      <p className="stop-acts">
        <button
          type="button"
          className="pick"
          disabled={written === text || !read.ok}
          onClick={() => read.ok && onStops(read.stops)}
        >
          Use this text
        </button>
        <button type="button" onClick={() => void commands.copyText(written, 'Text')}>
          Copy
        </button>
      </p>
    </>
  )
}
