import type { ReactNode } from 'react'
import { useApp } from '../parts/app-context'
import { Icon } from '../parts/icon'

/** The head of a panel: its name, what belongs to all of it, and the button that closes it. */
export function PanelHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
  const { commands } = useApp()
  return (
    <header className="drawer-head">
      <h2 id="drawer-title" tabIndex={-1}>
        {title}
      </h2>
      {children}
      <button type="button" className="icon-button" aria-label="Close the panel" onClick={() => commands.show(null)}>
        <Icon name="close" />
      </button>
    </header>
  )
}
