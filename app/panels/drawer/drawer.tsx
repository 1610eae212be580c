import { type ComponentType, type KeyboardEvent, type LazyExoticComponent, lazy, Suspense } from 'react'
import type { Panel } from '../../store/ui'
import { useApp, useUi } from '../parts/app-context'
import { Rail } from './rail'
import './drawer.css'

// Each panel loads when it is first opened.
const panels: Record<Panel, LazyExoticComponent<ComponentType>> = {
  why: lazy(() => import('./why')),
  log: lazy(() => import('./log')),
  keys: lazy(() => import('./keys')),
  console: lazy(() => import('./console')),
  moves: lazy(() => import('./moves')),
  program: lazy(() => import('./program')),
  storage: lazy(() => import('./storage')),
}

/** One panel at a time, beside the rail that opens it. */
export function Drawer() {
  const { commands } = useApp()
  const panel = useUi((state) => state.panel)
  const Panel = panel === null ? null : panels[panel]
  /** Escape closes the panel, and the focus goes back to the button that opens it. */
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || event.defaultPrevented || panel === null) return
    commands.show(null)
    const button = document.querySelector<HTMLElement>(`.rail [data-panel="${panel}"]`) ?? document.getElementById('stage')
    button?.focus({ preventScroll: true })
  }
  return (
    <>
      {Panel && (
        <aside className="drawer" id="drawer" data-open={panel} aria-labelledby="drawer-title" onKeyDown={onKeyDown}>
          <div className="drawer-panel">
            <Suspense
              fallback={
                <h2 id="drawer-title" className="sr-only">
                  Loading
                </h2>
              }
            >
              <Panel />
            </Suspense>
          </div>
        </aside>
      )}
      <Rail />
    </>
  )
}
