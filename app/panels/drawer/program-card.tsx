import { memo, type ReactNode } from 'react'
import type { ClientView, ScriptView } from '../../../engine/worker/protocol'
import { cutOffClient, isCutOff, reconnectClient } from '../../commands/lab'
import { useApp, useRun } from '../parts/app-context'
import { OwnClock } from '../parts/own-clock'

const clocks = [50, 80, 90, 100, 110, 125, 200]
const steps = [-10_000, -3000, -1000, 1000, 3000, 10_000]

/** A client of the lab: its program with the line it stands at, what it believes beside what is true, and what can be done to it. */
export const ProgramCard = memo(function ProgramCard({ client }: { client: ClientView }) {
  const { script } = client
  return (
    <article className="card client program-card" aria-label={`Client ${client.id}`} data-state={client.state}>
      <header className="card-head">
        <h4>{client.id}</h4>
        <State client={client} />
      </header>
      {script?.section && (
        <p className="in-section">
          <span aria-hidden="true">▣</span> in the critical section <b>{script.section}</b>
        </p>
      )}
      {client.sessions.length === 0 && <p className="muted">believes in no lease</p>}
      {script && <Code client={client.id} script={script} down={client.state === 'down'} />}
      {script && script.vars.length > 0 && <Vars vars={script.vars} />}
      {script && <Hand client={client} script={script} />}
    </article>
  )
})

const waits: Record<Exclude<ScriptView['waitsFor'], null>, string> = {
  sleep: 'sleeps',
  reply: 'waits for the answer',
  watch: 'watches and waits',
  written: 'waits for the storage',
}

/** As a shape and a word. */
function State({ client }: { client: ClientView }) {
  const { state, script } = client
  const [glyph, word] =
    state === 'down'
      ? ['✕', 'CRASHED']
      : state === 'paused'
        ? ['❚❚', 'PAUSED']
        : script?.ended
          ? [script.ended.failed ? '✕' : '■', script.ended.failed ? `stopped: ${script.ended.why}` : 'finished']
          : script?.held
            ? ['◼', 'held']
            : ['▶', script?.waitsFor ? waits[script.waitsFor] : 'runs']
  return (
    <span className="tag client-state">
      <span aria-hidden="true">{glyph}</span> {word}
      <OwnClock client={client} />
    </span>
  )
}

function Code({ client, script, down }: { client: string; script: ScriptView; down: boolean }) {
  const { commands } = useApp()
  const rows = script.source.replace(/\n+$/, '').split('\n')
  // What stands at the head is the title and the prose: the setup says it.
  const head = rows.findIndex((row) => !row.startsWith('#') && row.trim() !== '')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keyboard
    <ol className="code" aria-label={`Program of ${client}`} tabIndex={0}>
      {rows.slice(Math.max(0, head)).map((row, i) => {
        const line = Math.max(0, head) + i + 1
        const current = line === script.line
        const label = /^\s*[a-z_]\w*:\s*$/i.test(row)
        return (
          <li key={line} aria-current={current ? 'step' : undefined} data-label={label || undefined}>
            <span className="code-mark" aria-hidden="true">
              {current ? (script.held ? '◼' : '▶') : script.until === line ? '◎' : ''}
            </span>
            <code>{row === '' ? ' ' : row}</code>
            {!label && !down && !script.ended && row.trim() !== '' && !row.trim().startsWith('#') && (
              <button
                type="button"
                className="code-run"
                title={`Run ${client} to line ${line}`}
                aria-label={`Run ${client} to line ${line}`}
                onClick={() => {
                  commands.control(client, { type: 'run-to', line })
                  commands.play()
                }}
              >
                ⇥
              </button>
            )}
          </li>
        )
      })}
      {script.ended && (
        <li className="code-end">
          <span className="code-mark" aria-hidden="true">
            {script.ended.failed ? '✕' : '■'}
          </span>
          <span>{script.ended.failed ? `it stopped at an error: ${script.ended.why}` : 'it is done'}</span>
        </li>
      )}
    </ol>
  )
}

function Vars({ vars }: { vars: ScriptView['vars'] }) {
  const shown = vars.filter(({ name }) => !name.endsWith('.key') && !name.endsWith('.rev'))
  return (
    <dl className="vars">
      {shown.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value.length === 16 && /^[0-9a-f]+$/.test(value) ? `…${value.slice(-4)}` : value === '' ? '(empty)' : value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Everything that can be done to one client. */
function Hand({ client, script }: { client: ClientView; script: ScriptView }) {
  const { commands } = useApp()
  const partition = useRun((state) => state.partition)
  const clients = useRun((state) => state.clients)
  const members = useRun((state) => state.members)
  const { id, state } = client
  const others = [...clients.map(({ id: other }) => other).filter((other) => other !== id), ...members.map(({ name }) => name), 'storage']
  const cut = isCutOff(id, partition)
  const runs = state !== 'down' && !script.ended
  return (
    <div className="hand">
      <Act client={id} word="Step one line" disabled={!runs} onAct={() => commands.stepClient(id)} />
      {script.held ? (
        <Act client={id} word="Release" disabled={!runs} onAct={() => commands.control(id, { type: 'release' })} />
      ) : (
        <Act client={id} word="Hold" disabled={!runs} onAct={() => commands.control(id, { type: 'hold' })} />
      )}
      {state === 'paused' ? (
        <Act client={id} word="Resume" onAct={() => commands.fault({ type: 'resume-client', client: id })} />
      ) : (
        <Act client={id} word="Pause" disabled={state === 'down'} onAct={() => commands.fault({ type: 'pause-client', client: id })} />
      )}
      {state === 'down' ? (
        <Act client={id} word="Restart" onAct={() => commands.fault({ type: 'restart-client', client: id })} />
      ) : (
        <Act client={id} word="Crash" onAct={() => commands.fault({ type: 'crash-client', client: id })} />
      )}
      <Act
        client={id}
        word={cut ? 'Reconnect' : 'Cut off'}
        onAct={() => commands.perform(cut ? reconnectClient(id, partition) : cutOffClient(id, others, partition))}
      />
      <label>
        Clock{' '}
        <select
          aria-label={`Clock of ${id}`}
          value={client.clockPercent}
          onChange={(event) => commands.fault({ type: 'clock', client: id, percent: Number(event.target.value) })}
        >
          {(clocks.includes(client.clockPercent) ? clocks : [...clocks, client.clockPercent]).map((percent) => (
            <option key={percent} value={percent}>
              {percent} %
            </option>
          ))}
        </select>
      </label>
      <label>
        <span className="sr-only">Set the clock of {id} </span>
        <select value="" onChange={(event) => commands.fault({ type: 'set-clock', client: id, ms: Number(event.target.value) })}>
          <option value="">Set it …</option>
          {steps.map((ms) => (
            <option key={ms} value={ms}>
              {Math.abs(ms) / 1000} s {ms < 0 ? 'back' : 'ahead'}
            </option>
          ))}
        </select>
      </label>
    </div>
  )
}

function Act({ client, word, disabled = false, onAct }: { client: string; word: ReactNode; disabled?: boolean; onAct(): void }) {
  return (
    <button type="button" className="button small" disabled={disabled} onClick={onAct}>
      {word}
      <span className="sr-only"> {client}</span>
    </button>
  )
}
