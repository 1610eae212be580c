import { type KeyboardEvent, useEffect } from 'react'
import type { LabPane } from '../../store/ui'
import { useApp, useRun, useUi } from '../parts/app-context'
import { CloseIcon } from '../parts/icons'
import { ClientCard } from '../stage/client-card'
import { Spacetime } from '../timeline/spacetime'
import { LockStrip } from './lock-strip'
import { Moves } from './moves'
import { ProgramCard } from './program-card'
import { ProgramPane } from './program-pane'
import { Setup } from './setup'
import { Storage } from './storage'
import '../../styles/lab.css'

const panes: { pane: LabPane; word: string }[] = [
  { pane: 'diagram', word: 'Space-time' },
  { pane: 'moves', word: 'You schedule' },
  { pane: 'storage', word: 'Storage' },
  { pane: 'program', word: 'Program' },
]

/** Clients as programs, belief beside truth, races on demand. It stands where the stage was; it is loaded when it is wanted. */
export default function Lab() {
  const { commands } = useApp()
  useEffect(() => {
    commands.look({ lab: true })
    return () => commands.look({ lab: undefined })
  }, [commands])
  return (
    <section className="lab panel" id="stage" aria-labelledby="lab-title" tabIndex={-1}>
      <header className="panel-head lab-head">
        <h2 id="lab-title">Lock lab</h2>
        <button type="button" className="button small push" onClick={() => commands.showLab(false)}>
          <CloseIcon /> Back to the stage
        </button>
      </header>
      <div className="lab-above">
        <Setup />
        <LockStrip />
      </div>
      <div className="lab-grid">
        <Clients />
        <Panes />
      </div>
    </section>
  )
}

function Clients() {
  const clients = useRun((state) => state.clients)
  const shown = clients.filter(({ kind, sessions }) => kind === 'program' || sessions.length > 0)
  return (
    <div className="lab-clients">
      <h3 className="column-title">Clients: what they do, and what they believe</h3>
      {shown.map((client) =>
        client.script ? <ProgramCard key={client.id} client={client} /> : <ClientCard key={client.id} client={client} small />,
      )}
      {shown.length === 0 && <p className="empty">No client yet.</p>}
    </div>
  )
}

function Panes() {
  const current = useUi((state) => state.labPane)
  const { ui } = useApp()
  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = panes.findIndex(({ pane }) => pane === current)
    const next = panes[(at + by + panes.length) % panes.length]!
    ui.setState({ labPane: next.pane })
    document.getElementById(`lab-tab-${next.pane}`)?.focus()
  }
  return (
    <div className="lab-panes">
      <div className="tabs lab-tabs" role="tablist" aria-label="Lock lab" onKeyDown={onKeyDown}>
        {panes.map(({ pane, word }) => (
          <button
            key={pane}
            type="button"
            role="tab"
            id={`lab-tab-${pane}`}
            aria-selected={pane === current}
            aria-controls="lab-pane"
            tabIndex={pane === current ? 0 : -1}
            onClick={() => ui.setState({ labPane: pane })}
          >
            {word}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keyboard */}
      <div className="lab-pane" role="tabpanel" id="lab-pane" aria-labelledby={`lab-tab-${current}`} tabIndex={0}>
        {current === 'diagram' && <Spacetime />}
        {current === 'moves' && <Moves />}
        {current === 'storage' && <Storage />}
        {current === 'program' && <ProgramPane />}
      </div>
    </div>
  )
}
