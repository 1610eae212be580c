import type { KeyboardEvent } from 'react'
import type { Panel } from '../../store/ui'
import { useApp, useUi } from '../parts/app-context'
import { type LazyComponent, lazyComponent, Part } from '../parts/lazy-part'
import { Rail } from './rail'
import './drawer.css'

// Each panel loads when it is first opened.
const panels: Record<Panel, LazyComponent<object>> = {
  why: lazyComponent('The answer', () => import('./why')),
  log: lazyComponent('The log', () => import('./log')),
  keys: lazyComponent('The keys', () => import('./keys')),
  console: lazyComponent('The console', () => import('./console')),
  moves: lazyComponent('The moves', () => import('./moves')),
  program: lazyComponent('The program', () => import('./program')),
  storage: lazyComponent('The storage', () => import('./storage')),
  inside: lazyComponent('The heap', () => import('./inside')),
  growth: lazyComponent('The count', () => import('./growth')),
  stops: lazyComponent('The stops', () => import('./stops')),
}
const noProps = {}

/** One panel at a time, beside the rail that opens it. */
export function Drawer() {
  const { commands } = useApp()
  const panel = useUi((state) => state.panel)
  /**
   * Escape closes the panel, and the focus goes back to the button that opens it. Menus and fields
   * keep their own Escape.
   */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || panel === null) return
    if (
      event.target instanceof Element &&
      event.target.closest(
        '.popover, [aria-expanded="true"], input, select, textarea, [contenteditable]',
      )
    )
      return
    commands.show(null)
    const button =
      document.querySelector<HTMLElement>(`.rail [data-panel="${panel}"]`) ??
      document.getElementById('stage')
    button?.focus({ preventScroll: true })
  }
  return (
    <>
      {panel !== null && (
        <aside
          className="drawer"
          id="drawer"
          data-open={panel}
          aria-labelledby="drawer-title"
          onKeyDown={onKeyDown}
        >
          <div className="drawer-panel">
            <Part
              of={panels[panel]}
              props={noProps}
              fallback={
                <h2 id="drawer-title" className="sr-only">
                  Loading
                </h2>
              }
            />
          </div>
        </aside>
      )}
      <Rail />
    </>
  )
}
