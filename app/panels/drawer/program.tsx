import { useState } from 'react'
import { visible } from '../../../engine/text/visible'
import type { ClientView, ProgramView } from '../../../engine/worker/protocol'
import { libraryName } from '../../draw/notice'
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
 * The text of a client's program with its current line. If no client runs a program: the recipes to
 * start with.
 */
export default function Program() {
  const { ui } = useApp()
  const clients = useRun((state) => state.clients).filter(hasProgram)
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
    .filter(({ program }) => program.source === client.program.source)
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
          source={client.program.source}
          onDone={() => setMode('lines')}
        />
      ) : (
        <>
          <Hand client={client} />
          <ProgramLines key={client.id} client={client} />
          <Variables program={client.program} />
        </>
      )}
    </>
  )
}

function hasProgram(client: ClientView): client is Running {
  return client.program !== null
}

/** The state of the client, and the debugger controls for it. */
function Hand({ client }: { client: Running }) {
  const { commands } = useApp()
  const world = useWorld()
  const { id, program } = client
  const runs = client.state !== 'down' && program.ended === null
  const library = libraryName(client)
  return (
    <div className="hand">
      <p>
        <b>{visible(id)}</b> {library !== null && `(${library}) `}
        {stateWords(client)}
      </p>
      <button type="button" disabled={!runs} onClick={() => commands.stepClient(id)}>
        Step one line
      </button>
      <button
        type="button"
        disabled={!runs}
        onClick={() => commands.control(id, { type: program.held ? 'release' : 'hold' })}
      >
        {program.held ? 'Release' : 'Hold'}
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

const waits: Record<Exclude<ProgramView['waitsFor'], null>, string> = {
  sleep: 'sleeps',
  reply: 'waits for an answer',
  watch: 'watches and waits',
  written: 'waits for the storage',
}

function stateWords({ state, program }: Running): string {
  if (state === 'down') return 'is down'
  if (state === 'paused') return 'is frozen'
  if (program.ended)
    return program.ended.failed ? `stopped at an error: ${program.ended.why}` : 'has ended'
  if (program.held) return 'is held'
  const inside = program.section === null ? '' : `inside ${visible(program.section)}, `
  return `${inside}${program.waitsFor ? waits[program.waitsFor] : 'runs'}`
}

/** The values of the program's variables. Keys and revisions of a variable are left out. */
function Variables({ program }: { program: ProgramView }) {
  const rows = useRun((state) => state.leases.rows)
  const shown = program.vars.filter(({ name }) => !name.endsWith('.key') && !name.endsWith('.rev'))
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
