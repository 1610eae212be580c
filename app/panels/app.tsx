import { lazy, type KeyboardEvent as ReactKeyboardEvent, Suspense, useEffect } from 'react'
import { focusOf, shortcutFor } from '../commands/keys'
import type { Tab } from '../store/ui'
import { HelpDialog, RecordingDialog, RefusedNotice, StoppedBanner } from './dialogs/dialogs'
import { Tidings } from './dialogs/tidings'
import { Console } from './drawer/console'
import { Keys } from './drawer/keys'
import { Log } from './drawer/log'
import { Announcer } from './parts/announcer'
import { useApp, usePrefs, useRun, useUi } from './parts/app-context'
import { focusConsole } from './parts/focus'
import { useNarrow } from './parts/media'
import { Stage } from './stage/stage'
import { Story } from './story/story'
import { Leases } from './timeline/leases'
import { TopBar } from './top/top-bar'
import { Transport } from './transport/transport'

// Nobody pays for the lock lab before they open it.
const Lab = lazy(() => import('./drawer/lab'))

export function App() {
  useShortcuts()
  useTheme()
  const narrow = useNarrow()
  const stopped = useRun((state) => state.stopped !== null)
  const lab = useUi((state) => state.lab)
  return (
    <>
      <a className="skip" href="#stage">
        Skip to the stage
      </a>
      <TopBar />
      <StoppedBanner />
      <RefusedNotice />
      <Tidings />
      <main className="app" inert={stopped} data-lab={lab || undefined}>
        {!lab && <Story />}
        {lab ? (
          <Suspense fallback={<section className="lab panel" aria-busy="true" aria-label="Lock lab" />}>
            <Lab />
          </Suspense>
        ) : (
          <Stage />
        )}
        <Transport />
        {narrow && <Tabs />}
        <Place tab="leases" narrow={narrow}>
          <Leases />
        </Place>
        <Place tab="console" narrow={narrow}>
          <Console />
        </Place>
        <Place tab="log" narrow={narrow}>
          <Log />
        </Place>
        <Place tab="keys" narrow={narrow}>
          <Keys />
        </Place>
      </main>
      <HelpDialog />
      <RecordingDialog />
      <Announcer />
    </>
  )
}

const tabs: { tab: Tab; word: string }[] = [
  { tab: 'leases', word: 'Leases' },
  { tab: 'keys', word: 'Keys' },
  { tab: 'log', word: 'Log' },
  { tab: 'console', word: 'Console' },
]

/** The panels below the stage of a narrow page. */
function Tabs() {
  const current = useUi((state) => state.tab)
  const { ui } = useApp()
  function onKeyDown(event: ReactKeyboardEvent<HTMLDivElement>): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    const at = tabs.findIndex(({ tab }) => tab === current)
    const next = tabs[(at + by + tabs.length) % tabs.length]
    if (!next) return
    ui.setState({ tab: next.tab })
    document.getElementById(`tab-${next.tab}`)?.focus()
  }
  return (
    <div className="tabs" role="tablist" aria-label="Panels" onKeyDown={onKeyDown}>
      {tabs.map(({ tab, word }) => (
        <button
          key={tab}
          type="button"
          role="tab"
          id={`tab-${tab}`}
          aria-selected={tab === current}
          aria-controls={`place-${tab}`}
          tabIndex={tab === current ? 0 : -1}
          onClick={() => ui.setState({ tab })}
        >
          {word}
        </button>
      ))}
    </div>
  )
}

function Place({ tab, narrow, children }: { tab: Tab; narrow: boolean; children: React.ReactNode }) {
  const current = useUi((state) => state.tab)
  const role = narrow ? { role: 'tabpanel', 'aria-labelledby': `tab-${tab}`, hidden: tab !== current } : {}
  return (
    <div className={`place place-${tab}`} id={`place-${tab}`} {...role}>
      {children}
    </div>
  )
}

function useTheme(): void {
  const theme = usePrefs((state) => state.theme)
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
}

function useShortcuts(): void {
  const { commands, run, ui, prefs } = useApp()
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return
      const target = event.target instanceof HTMLElement ? event.target : document.body
      const focus = focusOf(target.tagName, target.getAttribute('type'), target.getAttribute('role'), target.isContentEditable)
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && focus !== 'field') {
        event.preventDefault()
        return event.shiftKey ? commands.redo() : commands.undo()
      }
      const pressed = { key: event.key, shift: event.shiftKey, modified: event.ctrlKey || event.altKey || event.metaKey }
      const shortcut = shortcutFor(pressed, focus, prefs.getState().shortcuts)
      if (shortcut === null) return
      event.preventDefault()
      switch (shortcut) {
        case 'toggle':
          return commands.toggle()
        case 'next-event':
          return commands.step('event', false)
        case 'previous-event':
          return commands.step('event', true)
        case 'next-lease':
          return commands.step('lease', false)
        case 'previous-lease':
          return commands.step('lease', true)
        case 'next-fault':
          return commands.step('fault', false)
        case 'previous-fault':
          return commands.step('fault', true)
        case 'why': {
          // The line of the log that has the focus, else where the cursor stands.
          const line = Number(target.closest('.log-row')?.querySelector<HTMLElement>('[data-id]')?.dataset.id)
          const id = line > 0 ? line : run.getState().on?.id
          return id === undefined ? commands.notice('There is no event at this instant') : commands.why(id)
        }
        case 'branches':
          return document.querySelector<HTMLButtonElement>('.branches-button')?.click()
        case 'slower':
          return commands.changeSpeed(false)
        case 'faster':
          return commands.changeSpeed(true)
        case 'start':
          return commands.seek(0)
        case 'end':
          return commands.seek(run.getState().end)
        case 'help':
          return ui.setState({ help: true })
        case 'console':
          ui.setState({ tab: 'console' })
          focusConsole()
      }
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [commands, run, ui, prefs])
}
