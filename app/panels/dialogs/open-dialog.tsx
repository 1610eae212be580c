import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { loadCatalogue } from '../../scene/load-catalogue'
import type { Scenario } from '../../scene/scenario'
import type { Earlier } from '../../share/kept'
import { useApp } from '../parts/app-context'
import { Dialog } from './dialog'
import { EarlierRun } from './earlier-run'

/**
 * A file, its text, a link, or a run that this browser kept. A valid one replaces the run on the
 * page.
 */
export default function OpenDialog({ onClose }: { onClose(): void }) {
  const { sharing } = useApp()
  const [text, setText] = useState('')
  const field = useRef<HTMLTextAreaElement>(null)
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (text.trim() !== '') void sharing.openText(text)
    onClose()
  }
  return (
    <Dialog title="Open a run" onClose={onClose}>
      <label className="open-file">
        A file that was saved here
        <input
          type="file"
          accept=".json,application/json"
          onChange={(event) => {
            const file = event.target.files?.[0]
            if (!file) return
            void sharing.openFile(file)
            onClose()
          }}
        />
      </label>
      <form onSubmit={onSubmit}>
        <label className="open-text">
          Or a recording or a link, pasted
          <textarea
            ref={field}
            rows={4}
            value={text}
            spellCheck={false}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <p className="dialog-actions">
          <button type="submit" className="fill" disabled={text.trim() === ''}>
            Open
          </button>
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        </p>
      </form>
      <EarlierRuns onOpen={onClose} onEmpty={() => field.current?.focus()} />
    </Dialog>
  )
}

/** The earlier runs of this page, the latest first. */
function EarlierRuns({ onOpen, onEmpty }: { onOpen(): void; onEmpty(): void }) {
  const { keeping } = useApp()
  const title = useRef<HTMLHeadingElement>(null)
  const [runs, setRuns] = useState<Earlier[]>([])
  const [scenarios, setScenarios] = useState<readonly Scenario[]>([])
  const loadRuns = useCallback(async () => {
    const keeper = await keeping
    // If the browser keeps nothing, the list is empty, and the page has reported that.
    const found = (await keeper?.earlier().catch(() => [])) ?? []
    setRuns(found)
    return found.length
  }, [keeping])
  useEffect(() => {
    void loadRuns()
    void loadCatalogue().then(({ catalogue }) => setScenarios(catalogue))
  }, [loadRuns])
  if (runs.length === 0) return null
  async function remove(id: number): Promise<void> {
    await (await keeping)?.remove(id)
    // The pressed button has disappeared: the focus needs another place.
    if ((await loadRuns()) === 0) onEmpty()
    else title.current?.focus()
  }
  return (
    <section aria-labelledby="earlier-title">
      <h3 id="earlier-title" tabIndex={-1} ref={title}>
        Or an earlier run, kept in this browser
      </h3>
      <ul className="earlier-runs" aria-labelledby="earlier-title">
        {runs.map((earlier) => (
          <EarlierRun
            key={earlier.id}
            earlier={earlier}
            scenarios={scenarios}
            onOpen={() => {
              onOpen()
              void keeping.then((keeper) => keeper?.openEarlier(earlier.id))
            }}
            onRemove={() => void remove(earlier.id)}
            onChange={(change) =>
              void keeping.then((keeper) => keeper?.change(earlier.id, change)).then(loadRuns)
            }
          />
        ))}
      </ul>
    </section>
  )
}
