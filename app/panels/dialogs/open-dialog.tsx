import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react'
import { loadCatalogue } from '../../scene/load-catalogue'
import type { Scenario } from '../../scene/scenario'
import type { Earlier, Kept } from '../../share/kept-runs'
import { useApp } from '../parts/app-context'
import { Dialog } from './dialog'

/** A file, its text, a link, or a run that this browser kept. It replaces the run on the page if it can be read. */
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
          <textarea ref={field} rows={4} value={text} spellCheck={false} onChange={(event) => setText(event.target.value)} />
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

/** The runs that were on the page before, the latest first. */
function EarlierRuns({ onOpen, onEmpty }: { onOpen(): void; onEmpty(): void }) {
  const { keeping } = useApp()
  const title = useRef<HTMLHeadingElement>(null)
  const [runs, setRuns] = useState<Earlier[]>([])
  const [scenarios, setScenarios] = useState<readonly Scenario[]>([])
  const look = useCallback(async () => {
    const keeper = await keeping
    // Where nothing can be kept the list is empty, and the page has said so.
    const found = (await keeper?.earlier().catch(() => [])) ?? []
    setRuns(found)
    return found.length
  }, [keeping])
  useEffect(() => {
    void look()
    void loadCatalogue().then(({ catalogue }) => setScenarios(catalogue))
  }, [look])
  if (runs.length === 0) return null
  async function remove(id: number): Promise<void> {
    await (await keeping)?.remove(id)
    // The button that was pressed is gone: the focus needs a place.
    if ((await look()) === 0) onEmpty()
    else title.current?.focus()
  }
  return (
    <section aria-labelledby="earlier-title">
      <h3 id="earlier-title" tabIndex={-1} ref={title}>
        Or an earlier run, kept in this browser
      </h3>
      <ul className="earlier-runs" aria-labelledby="earlier-title">
        {runs.map(({ id, kept }) => {
          const name = kept === null ? 'Kept by another version of this page' : titleOf(kept, scenarios)
          return (
            <li key={id}>
              <span>
                <b>{name}</b>
                {kept && <span className="earlier-about"> {aboutOf(kept)}</span>}
              </span>
              {kept && (
                <button
                  type="button"
                  className="pick"
                  aria-label={`Open ${name}, ${aboutOf(kept)}`}
                  onClick={() => {
                    onOpen()
                    void keeping.then((keeper) => keeper?.openEarlier(id))
                  }}
                >
                  Open
                </button>
              )}
              <button
                type="button"
                className="pick"
                aria-label={`Delete ${name}${kept ? `, ${aboutOf(kept)}` : ''}`}
                onClick={() => void remove(id)}
              >
                Delete
              </button>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

function titleOf({ scenario, labRun, session }: Kept, scenarios: readonly Scenario[]): string {
  if (scenario !== null) return scenarios.find(({ name }) => name === scenario)?.title ?? scenario
  if (labRun !== null) return 'A run of programs'
  const { seed, config } = session.branches[0] ?? {}
  return `Seed ${seed ?? '?'}, ${config?.members ?? '?'} ${config?.members === 1 ? 'member' : 'members'}`
}

function aboutOf({ session: { branches, cursor }, at }: Kept): string {
  const commands = branches.reduce((sum, branch) => sum + branch.commands.length, 0)
  return [
    `${commands} ${commands === 1 ? 'command' : 'commands'}`,
    ...(branches.length > 1 ? [`${branches.length} branches`] : []),
    `at ${(cursor / 1000).toFixed(1)} s`,
    ...(at > 0 ? [new Date(at).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' })] : []),
  ].join(' · ')
}
