import { type ComponentType, type LazyExoticComponent, lazy, Suspense } from 'react'
import type { Panel } from '../../store/ui'
import { useUi } from '../parts/app-context'
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
  const panel = useUi((state) => state.panel)
  const Panel = panel === null ? null : panels[panel]
  return (
    <>
      {Panel && (
        <aside className="drawer" id="drawer" data-open={panel} aria-labelledby="drawer-title">
          <Suspense
            fallback={
              <h2 id="drawer-title" className="sr-only">
                Loading
              </h2>
            }
          >
            <Panel />
          </Suspense>
        </aside>
      )}
      <Rail />
    </>
  )
}
