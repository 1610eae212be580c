import { useEffect } from 'react'
import { panelForRoom } from '../commands/shown'
import { Dialogs } from './dialogs/dialogs'
import { Toasts } from './dialogs/toasts'
import { Drawer } from './drawer/drawer'
import { ContextMenus } from './menus/context-menus'
import { Announcer } from './parts/announcer'
import { usePrefs, useRun, useUi } from './parts/app-context'
import { lazyComponent, Part } from './parts/lazy-part'
import { useShortcuts } from './parts/shortcuts'
import { Stage } from './stage/stage'
import { StoryBar } from './story/story-bar'
import { TopBar } from './top/top-bar'
import { Transport } from './transport/transport'
import './embedded.css'
import './screen.css'

// The first paint does not wait for it: its place is there, and it is asked for at once.
const timeline = lazyComponent('The timeline', async () => ({
  default: (await import('./timeline/timeline')).Timeline,
}))
void timeline.get().catch(() => {})
const presentBar = lazyComponent('Present', () => import('./story/present-bar'))
const presentPanel = lazyComponent('The panel', () => import('./drawer/present-panel'))
const presentTransport = lazyComponent('Present', () => import('./transport/present-transport'))

/** The one screen: every place has its room, and no change of text moves another place. */
export function Screen() {
  useShortcuts()
  useTheme()
  const stopped = useRun((state) => state.stopped !== null)
  const open = useUi((state) => state.panel !== null)
  const full = useUi((state) => state.timeline.full)
  const embedded = useUi((state) => state.embedded)
  const present = useUi((state) => state.present)
  const panel = useRun(({ story }) => (present ? panelForRoom(story) : null))
  return (
    <div
      className="screen"
      data-panel={open || undefined}
      data-full={full || undefined}
      data-embedded={embedded || undefined}
      data-present={present || undefined}
      data-shown={panel ?? undefined}
    >
      <a className="skip" href="#stage">
        Skip to the stage
      </a>
      {present ? (
        <Part of={presentBar} props={{}} />
      ) : (
        <>
          {!embedded && <TopBar />}
          <StoryBar />
        </>
      )}
      <main className="stage-place" id="stage" tabIndex={-1} inert={stopped} aria-label="Stage">
        <Stage />
        <ContextMenus />
      </main>
      {panel !== null ? (
        <Part
          of={presentPanel}
          fallback={<section className="present-panel" aria-busy="true" />}
          props={{ panel }}
        />
      ) : (
        <Part
          of={timeline}
          fallback={<section className="timeline" aria-label="Timeline" aria-busy="true" />}
          props={{}}
        />
      )}
      {present ? (
        <Part of={presentTransport} props={{}} />
      ) : (
        <>
          <Drawer />
          <Transport />
        </>
      )}
      <Toasts />
      <Dialogs />
      <Announcer />
    </div>
  )
}

function useTheme(): void {
  const theme = usePrefs((state) => state.theme)
  useEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
}
