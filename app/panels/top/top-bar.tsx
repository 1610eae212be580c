import { useState } from 'react'
import { clockText } from '../../draw/figures'
import { useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { lazyComponent, Part } from '../parts/lazy-part'
import { MoreMenu } from './more-menu'
import { ShareMenu } from './share-menu'
import { StoryMenu } from './story-menu'
import './top.css'

const settingsDialog = lazyComponent('The settings', () => import('../dialogs/settings-dialog'))

/** The current story, the version and rules of the model, and the ways to share the run. */
export function TopBar() {
  // While a run is stopped, the banner has this button.
  const stopped = useRun((state) => state.stopped !== null)
  return (
    <header className="top-bar">
      <div className="brand">
        <svg className="logo" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
          <circle className="logo-track" cx="10" cy="10" r="7.5" />
          <path className="logo-arc" d="M10 2.5A7.5 7.5 0 1 1 3.5 6.25" />
          <circle className="logo-dot" cx="10" cy="10" r="2" />
        </svg>
        <span className="brand-word">Leasescope</span>
      </div>
      <StoryMenu />
      <span className="spacer" />
      <Rules />
      {!stopped && <ShareMenu />}
      <MoreMenu />
    </header>
  )
}

/**
 * The modelled version, and whether the rules hold: etcd's own rules, and the exclusion that
 * programs try to keep.
 */
function Rules() {
  const config = useRun((state) => state.config)
  const [open, setOpen] = useState(false)
  if (config === null) return null
  return (
    <>
      <button
        type="button"
        className="quiet rules"
        title="How true is this? Version, seed and settings of this run"
        onClick={() => setOpen(true)}
      >
        <RulesText etcd={config.etcd} />
      </button>
      {open && <Part of={settingsDialog} props={{ onClose: () => setOpen(false) }} />}
    </>
  )
}

/**
 * Readers easily confuse two things: etcd's own rules, and the exclusion that programs try to build
 * on them.
 */
function RulesText({ etcd }: { etcd: string }) {
  const invariants = useRun((state) => state.invariants)
  const exclusion = useRun((state) => state.exclusion)
  const checked = invariants?.checked === true
  const broken = invariants?.rows.find((row) => row.broken !== null)?.broken ?? null
  return (
    <span>
      <span className="rules-version">etcd {etcd} </span>
      {broken !== null ? (
        <span className="bad">breaks a rule at {clockText(broken.at)} s</span>
      ) : (
        <>
          {checked ? (exclusion === null ? '· rules hold' : 'keeps its rules') : '· checking rules'}
          {checked && <Icon name="check" small />}
        </>
      )}
      {exclusion !== null && (
        <>
          {' · '}
          <span className="bad">
            <span className="rules-long">mutual exclusion </span>broken at {clockText(exclusion.at)}{' '}
            s
          </span>
        </>
      )}
    </span>
  )
}
