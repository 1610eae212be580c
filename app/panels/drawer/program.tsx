import { useState } from 'react'
import { visible } from '../../../engine/text/visible'
import type { ClientView, ScriptView } from '../../../engine/worker/protocol'
import { clientEntries } from '../menus/client-entries'
import { groupOf } from '../menus/items'
import { useWorld } from '../menus/use-world'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Menu } from '../parts/menu'
import { PanelHead } from './panel-head'
import { ProgramEdit } from './program-edit'
import { ProgramLines, type Running } from './program-lines'
import { Recipes } from './recipes'
import './program.css'

type Mode = 'lines' | 'edit' | 'recipes'

/**
 * The text that a client runs, with its current line; or, where no client runs one, the recipes to
 * start with.
 */
export default function Program() {
  const { ui } = useApp()
  const clients = useRun((state) => state.clients).filter(hasScript)
  const chosen = useUi((state) => state.client)
  const [mode, setMode] = useState<Mode>('lines')
  const client = clients.find(({ id }) => id === chosen) ?? clients[0]
  if (client === undefined || mode === 'recipes')
    return (
      <Recipes
        onStarted={() => setMode('lines')}
        {...(client === undefined ? {} : { onBack: () => setMode('lines') })}
      />
    )
  const twins = clients
    .filter(({ script }) => script.source === client.script.source)
    .map(({ id }) => id)
  return (
    <>
      <PanelHead title="Program">
        {clients.length > 1 && (
          <select
            aria-label="Client"
            value={client.id}
            onChange={(event) => ui.setState({ client: event.target.value })}
          >
            {clients.map(({ id }) => (
              <option key={id} value={id}>
                client {id}
              </option>
            ))}
          </select>
        )}
        <button
          type="button"
          aria-pressed={mode === 'edit'}
          onClick={() => setMode(mode === 'edit' ? 'lines' : 'edit')}
        >
          Edit
        </button>
        <button type="button" className="quiet" onClick={() => setMode('recipes')}>
          Recipes
        </button>
      </PanelHead>
      {mode === 'edit' ? (
        <ProgramEdit
          key={client.id}
          client={client.id}
          twins={twins}
          source={client.script.source}
          onDone={() => setMode('lines')}
        />
      ) : (
        <>
          <Hand client={client} />
          <ProgramLines key={client.id} client={client} />
          <Variables script={client.script} />
        </>
      )}
    </>
  )
}

function hasScript(client: ClientView): client is Running {
  return client.script !== null
}

/** What the client does, and a debugger's hand on it. */
function Hand({ client }: { client: Running }) {
  const { commands } = useApp()
  const world = useWorld()
  const { id, script } = client
  const runs = client.state !== 'down' && script.ended === null
  return (
    <div className="hand">
      <p>
        <b>{visible(id)}</b> {stateWords(client)}
      </p>
      <button type="button" disabled={!runs} onClick={() => commands.stepClient(id)}>
        Step one line
      </button>
      <button
        type="button"
        disabled={!runs}
        onClick={() => commands.control(id, { type: script.held ? 'release' : 'hold' })}
      >
        {script.held ? 'Release' : 'Hold'}
      </button>
      <Menu
        name={`More for ${visible(id)}`}
        className="icon-button"
        align="end"
        button={<Icon name="more" />}
        columns={() => [clientEntries(id, world).map((entries) => groupOf(entries, commands))]}
      />
    </div>
  )
}

const waits: Record<Exclude<ScriptView['waitsFor'], null>, string> = {
  sleep: 'sleeps',
  reply: 'waits for an answer',
  watch: 'watches and waits',
  written: 'waits for the storage',
}

function stateWords({ state, script }: Running): string {
  if (state === 'down') return 'is down'
  if (state === 'paused') return 'is frozen'
  if (script.ended)
    return script.ended.failed ? `stopped at an error: ${script.ended.why}` : 'has ended'
  if (script.held) return 'is held'
  const inside = script.section === null ? '' : `inside ${visible(script.section)}, `
  return `${inside}${script.waitsFor ? waits[script.waitsFor] : 'runs'}`
}

/**
 * What the program's variables hold; keys and revisions that belong to one of them are left out.
 */
function Variables({ script }: { script: ScriptView }) {
  const rows = useRun((state) => state.leases.rows)
  const shown = script.vars.filter(({ name }) => !name.endsWith('.key') && !name.endsWith('.rev'))
  if (shown.length === 0) return null
  const shownValue = (value: string) =>
    value === '' ? 'empty' : (rows.find(({ id }) => id === value)?.name ?? value)
  return (
    <dl className="variables" aria-label="Variables">
      {shown.map(({ name, value }) => (
        <div key={name}>
          <dt>{visible(name)}</dt>
          <dd title={visible(value)}>{shownValue(visible(value))}</dd>
        </div>
      ))}
    </dl>
  )
}
