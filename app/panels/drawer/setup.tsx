import { useId } from 'react'
import { parseScript } from '../../../engine/client/script/parse'
import { clientName, MOST_LAB_CLIENTS } from '../../commands/lab'
import { recipes } from '../../scene/recipes'
import { useApp, useRun, useUi } from '../parts/app-context'

/** The program that the lab starts next: as the recipe has it, or as the reader changed it. */
export function useSource(): string {
  const { recipe, source } = useUi((state) => state.labSetup)
  return source ?? recipes.find(({ name }) => name === recipe)?.source ?? ''
}

/** Which program, in how many clients; and a run begins. */
export function Setup() {
  const { commands, ui } = useApp()
  const setup = useUi((state) => state.labSetup)
  const checks = useRun((state) => state.config?.checkTokens === true)
  const members = useRun((state) => state.config?.members ?? 1)
  const clients = useRun((state) => state.clients)
  const labRun = useUi((state) => state.labRun)
  const source = useSource()
  const sentence = useId()
  const recipe = recipes.find(({ name }) => name === setup.recipe)
  const sound = parseScript(source).faults.length === 0
  const free = Array.from({ length: MOST_LAB_CLIENTS }, (_, i) => clientName(i)).find((name) => !clients.some(({ id }) => id === name))
  return (
    <div className="lab-setup">
      <form
        className="inline-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (sound) commands.startLab({ source, clients: setup.clients, members, checkTokens: checks })
        }}
      >
        <label>
          Program{' '}
          <select
            value={setup.recipe}
            aria-describedby={sentence}
            onChange={(event) => ui.setState({ labSetup: { ...setup, recipe: event.target.value, source: null } })}
          >
            {recipes.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
                {name === setup.recipe && setup.source !== null ? ' (changed)' : ''}
              </option>
            ))}
          </select>
        </label>
        <label>
          in{' '}
          <select
            aria-label="How many clients"
            value={setup.clients}
            onChange={(event) => ui.setState({ labSetup: { ...setup, clients: Number(event.target.value) } })}
          >
            {Array.from({ length: MOST_LAB_CLIENTS }, (_, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a number is its own identity
              <option key={i} value={i + 1}>
                {i === 0 ? '1 client' : `${i + 1} clients`}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button small main-small" disabled={!sound}>
          Start
        </button>
        {labRun !== null && free !== undefined && (
          <button type="button" className="button small" disabled={!sound} onClick={() => commands.addScript(free, source)}>
            Add as client {free}
          </button>
        )}
      </form>
      <p id={sentence} className="muted lab-sentence">
        {sound ? recipe?.sentence : '✕ The program has mistakes: see Program.'}
      </p>
    </div>
  )
}
