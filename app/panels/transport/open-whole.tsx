import type { MouseEvent } from 'react'
import { useApp } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** Leads to this very run, at its cursor, in a page of its own. */
export default function OpenWhole() {
  const { commands, sharing } = useApp()
  async function open(event: MouseEvent): Promise<void> {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    commands.pause()
    // Opened at once, while the browser still knows of the press.
    const tab = window.open('about:blank', '_blank')
    const link = await sharing.link()
    if (tab === null) return commands.notice('The browser did not allow another tab')
    if (link === null) return tab.close()
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
