import { lazy, Suspense, useEffect, useState } from 'react'
import type { Prefs } from '../../store/prefs'
import { useApp, usePrefs, useRun, useUi } from '../parts/app-context'
import { MoonIcon, SunIcon, SystemIcon } from '../parts/icons'
import { Invariants } from './invariants'
import { ScenarioMenu } from './scenario-menu'
import { ShareMenu } from './share-menu'

const SettingsDialog = lazy(() => import('../dialogs/settings-dialog'))

const nextTheme: Record<Prefs['theme'], Prefs['theme']> = { system: 'light', light: 'dark', dark: 'system' }
const themeIcons = { system: SystemIcon, light: SunIcon, dark: MoonIcon }

export function TopBar() {
  const theme = usePrefs((state) => state.theme)
  const { commands, prefs, ui, director, sharing } = useApp()
  // The banner of a stopped run has the button then.
  const stopped = useRun((state) => state.stopped !== null)
  const lab = useUi((state) => state.lab)
  const dismissed = useUi((state) => state.scene.dismissed)
  const ThemeIcon = themeIcons[theme]
  return (
    <header className="top-bar">
      <svg className="logo" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
        <circle className="logo-track" cx="16" cy="16" r="11" />
        <path className="logo-arc" d="M16 5a11 11 0 1 1-11 11" />
        <circle className="logo-dot" cx="16" cy="16" r="3.4" />
      </svg>
      <h1>Leasescope</h1>
      <p className="what">See etcd leases live, expire and be saved; stop the clock, rewind, try again.</p>
      <div className="top-actions">
        <Notice />
        <Setting />
        <Invariants />
        <ScenarioMenu />
        <button type="button" className="button small" aria-pressed={lab} onClick={() => commands.showLab(!lab)}>
          Lock lab
        </button>
        {dismissed && (
          <button type="button" className="button small" onClick={() => director.show()}>
            Show the story
          </button>
        )}
        <button type="button" className="button small" onClick={() => sharing.startOver()}>
          Start over
        </button>
        {!stopped && <ShareMenu />}
        <button
          type="button"
          className="button small icon-only"
          aria-label={`Theme: ${theme}`}
          title={`Theme: ${theme}. Change to ${nextTheme[theme]}.`}
          onClick={() => prefs.setState({ theme: nextTheme[theme] })}
        >
          <ThemeIcon />
        </button>
        <button
          type="button"
          className="button small icon-only"
          aria-label="Help"
          title="Help (?)"
          onClick={() => ui.setState({ help: true })}
        >
          <b aria-hidden="true">?</b>
        </button>
      </div>
    </header>
  )
}

/** What with the commands makes the run: the seed, how many members, and whose behaviour is modelled. */
function Setting() {
  const seed = useRun((state) => state.seed)
  const config = useRun((state) => state.config)
  const [open, setOpen] = useState(false)
  if (seed === null || config === null) return null
  const members = `${config.members} ${config.members === 1 ? 'member' : 'members'}`
  return (
    <>
      <span className="seed">
        seed <b className="figure">{seed}</b>
        <button type="button" className="link-button setting" title="Settings of this run" onClick={() => setOpen(true)}>
          {members} · {config.etcd}
          <span className="sr-only">: settings of this run</span>
        </button>
      </span>
      {open && (
        <Suspense>
          <SettingsDialog onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function Notice() {
  const { ui } = useApp()
  const notice = useUi((state) => state.notice)
  useEffect(() => {
    if (notice.text === '') return
    const timer = setTimeout(() => ui.setState(({ notice: { count } }) => ({ notice: { text: '', count } })), 4000)
    return () => clearTimeout(timer)
  }, [notice, ui])
  return (
    <span className="notice" role="status">
      {notice.text}
    </span>
  )
}
