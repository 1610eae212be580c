import type { MouseEvent } from 'react'
import { useApp } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** Opens this same run, at its cursor, in its own page. */
export default function OpenWhole() {
  const { commands, sharing } = useApp()
  async function open(event: MouseEvent): Promise<void> {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    commands.pause()
    // The tab opens at once, while the browser still remembers the press.
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
