import type { ReactNode } from 'react'
import { lazyComponent, Part } from './lazy-part'
import type { MenuGroup, MenuItem } from './menu-body'
import { type Align, usePopover } from './popover'

const body = lazyComponent('The menu', async () => ({
  default: (await import('./menu-body')).MenuBody,
}))

export type { MenuGroup, MenuItem } from './menu-body'

interface MenuProps {
  /**
   * The name of the menu, and of the button for screen readers. `label` names a button with more
   * words.
   */
  name: string
  label?: string
  button: ReactNode
  className: string
  align?: Align
  /** One list, or columns of groups. The columns are computed when the menu opens. */
  items?: readonly MenuItem[]
  columns?(): readonly (readonly MenuGroup[])[]
}

/** A button with a menu. Escape, Tab or a click elsewhere closes the menu. */
export function Menu({ name, label, button, className, align, items = [], columns }: MenuProps) {
  const { trigger, box, open, close } = usePopover(align)
  return (
    <>
      <button type="button" className={className} aria-haspopup="menu" title={name} {...trigger}>
        {label === undefined ? button : <span aria-hidden="true">{button}</span>}
        <span className="sr-only">{label ?? name}</span>
      </button>
      <div className="popover" {...box}>
        {open && <Part of={body} props={{ name, columns: columns?.() ?? [[{ items }]], close }} />}
      </div>
    </>
  )
}
