import { type ReactNode, useEffect, useRef } from 'react'
import { useApp } from '../parts/app-context'
import { Icon } from '../parts/icon'

interface PanelHeadProps {
  title: ReactNode
  focusOn?: number
  quiet?: boolean
  children?: ReactNode
}

/**
 * The head of a panel: its name, its common controls, and the close button. If a reader opens the
 * panel, its name takes the focus, and again whenever `focusOn` changes. A panel that comes with
 * the page takes no focus. With `quiet`, the panel itself handles the focus.
 */
export function PanelHead({ title, focusOn, quiet = false, children }: PanelHeadProps) {
  const { commands } = useApp()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const { activeElement } = document
    if (quiet) return
    // A stop opens its panel beside its question: the reader is about to answer.
    const answers = activeElement?.closest('.story-bar') != null
    if (
      focusOn !== undefined ||
      (activeElement !== null && activeElement !== document.body && !answers)
    )
      heading.current?.focus({ preventScroll: true })
  }, [focusOn, quiet])
  return (
    <header className="drawer-head">
      <h2 id="drawer-title" tabIndex={-1} ref={heading}>
        {title}
      </h2>
      {children}
      <button
        type="button"
        className="icon-button"
        aria-label="Close the panel"
        title="Close (Escape)"
        onClick={() => commands.show(null)}
      >
        <Icon name="close" />
      </button>
    </header>
  )
}
