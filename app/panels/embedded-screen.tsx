import type { MouseEvent } from 'react'
import { Dialogs } from './dialogs/dialogs'
import { Toasts } from './dialogs/toasts'
import { Drawer } from './drawer/drawer'
import { ContextMenus } from './menus/context-menus'
import { Announcer } from './parts/announcer'
import { useApp, useRun } from './parts/app-context'
import { Icon } from './parts/icon'
import { Part } from './parts/lazy-part'
import { useShortcuts } from './parts/shortcuts'
import { timeline, useTheme } from './screen'
import { Stage } from './stage/stage'
import { StoryBar } from './story/story-bar'
import { Clock } from './transport/clock'
import { End, Play, Step } from './transport/transport'
import { Working } from './transport/working'
import './embedded-screen.css'

/** The page inside of another one: story bar, stage, timeline and a short transport. A panel that is opened covers stage and timeline. */
export default function EmbeddedScreen() {
  useShortcuts()
  useTheme()
  const stopped = useRun((state) => state.stopped !== null)
  return (
    <div className="embedded">
      <StoryBar />
      <main className="stage-place" id="stage" tabIndex={-1} inert={stopped} aria-label="Stage">
        <Stage />
        <ContextMenus />
      </main>
      <Part of={timeline} fallback={<section className="timeline" aria-label="Timeline" aria-busy="true" />} props={{}} />
      <Drawer />
      <section className="transport" aria-label="Time" inert={stopped}>
        <Working />
        <div>
          <End start />
          <Step back />
          <Play />
          <Step back={false} />
        </div>
        <Clock />
        <div className="transport-end">
          <OpenWhole />
        </div>
      </section>
      <Toasts />
      <Dialogs />
      <Announcer />
    </div>
  )
}

/** Leads to this very run, at its cursor, in a page of its own. */
function OpenWhole() {
  const { commands, sharing } = useApp()
  async function open(event: MouseEvent): Promise<void> {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    commands.pause()
    // Opened at once, while the browser still knows of the press.
    const tab = window.open('about:blank', '_blank')
    const link = await sharing.link()
    if (tab === null) return commands.notice('The browser did not allow another tab')
    tab.opener = null
    tab.location.replace(link)
  }
  return (
    <a
      className="button open-whole"
      href={location.href.replace(/\?[^#]*/, '')}
      target="_blank"
      rel="noopener"
      aria-label="Open in Leasescope"
      title="Open this run in Leasescope, in another tab"
      onClick={(event) => void open(event)}
    >
      <span aria-hidden="true">Open in Leasescope</span>
      <Icon name="open" />
    </a>
  )
}
