import { type FormEvent, useId, useState } from 'react'
import { clientName, MOST_LAB_CLIENTS } from '../../commands/lab'
import { recipes } from '../../scene/recipes'
import { useApp, useRun, useUi } from '../parts/app-context'
import { PanelHead } from './panel-head'
import { isSound, SourceEditor } from './program-edit'
import { ProgramWords } from './program-words'

/** A recipe, perhaps edited, in a number of clients: it starts a run of the reader's own. */
export function Recipes({ onBack, onStarted }: { onBack?(): void; onStarted(): void }) {
  const { commands, ui } = useApp()
  const setup = useUi((state) => state.labSetup)
  const checkTokens = useRun((state) => state.config?.checkTokens === true)
  const members = useRun((state) => state.config?.members ?? 1)
  const clients = useRun((state) => state.clients)
  const mine = useUi((state) => state.labRun !== null)
  const sentence = useId()
  const [editing, setEditing] = useState(false)
  const recipe = recipes.find(({ name }) => name === setup.recipe)
  const source = setup.source ?? recipe?.source ?? ''
  const sound = isSound(source)
  const free = Array.from({ length: MOST_LAB_CLIENTS }, (_, i) => clientName(i)).find(
    (name) => !clients.some(({ id }) => id === name),
  )
  const set = (change: Partial<typeof setup>) => ui.setState({ labSetup: { ...setup, ...change } })
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (!sound) return
    commands.startLab({ source, clients: setup.clients, members, checkTokens })
    onStarted()
  }
  return (
    <>
      <PanelHead title="Recipes">
        {onBack && (
          <button type="button" className="quiet" onClick={onBack}>
            Back to the program
          </button>
        )}
      </PanelHead>
      <form className="recipes" onSubmit={onSubmit}>
        <label>
          <span>Program</span>
          <select
            value={setup.recipe}
            aria-describedby={sentence}
            onChange={(event) => {
              set({ recipe: event.target.value, source: null })
              setEditing(false)
            }}
          >
            {recipes.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
                {name === setup.recipe && setup.source !== null ? ' (changed)' : ''}
              </option>
            ))}
          </select>
        </label>
        <p id={sentence} className="muted small">
          {recipe?.sentence}
        </p>
        <label>
          <span>Clients</span>
          <select
            aria-label="How many clients"
            value={setup.clients}
            onChange={(event) => set({ clients: Number(event.target.value) })}
          >
            {Array.from({ length: MOST_LAB_CLIENTS }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a number is its own identity
              <option key={i} value={i + 1}>
                {i + 1}
              </option>
            ))}
          </select>
        </label>
        <p className="program-acts">
          <button type="submit" className="pick" disabled={!sound}>
            Start a run
          </button>
          {mine && free !== undefined && (
            <button
              type="button"
              className="quiet"
              disabled={!sound}
              onClick={() => commands.addProgram(free, source)}
            >
              Add as client {free}
            </button>
          )}
          <button
            type="button"
            className="quiet"
            aria-pressed={editing}
            onClick={() => setEditing(!editing)}
          >
            Edit
          </button>
          {setup.source !== null && (
            <button
              type="button"
              className="quiet"
              onClick={() => {
                set({ source: null })
                setEditing(false)
              }}
            >
              Undo the changes
            </button>
          )}
        </p>
      </form>
      {editing ? (
        <>
          <SourceEditor
            label="Program"
            text={source}
            source={setup.recipe}
            onChange={(text) => set({ source: text })}
          />
          <ProgramWords />
        </>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className="recipe-text" tabIndex={0}>
          {source.trimEnd()}
        </pre>
      )}
    </>
  )
}
