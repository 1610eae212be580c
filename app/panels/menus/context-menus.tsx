import { useEffect, useState } from 'react'
import { useApp } from '../parts/app-context'
import { lazyComponent, Part } from '../parts/lazy-part'
import { type Asked, listenForMenus } from './listen'

const contextMenu = lazyComponent('The menu', () => import('./context-menu'))

/** The menus of the items on the stage: of everything with `data-menu` (see listen.ts). */
export function ContextMenus() {
  const { commands } = useApp()
  const [asked, setAsked] = useState<Asked | null>(null)
  useEffect(
    () =>
      listenForMenus((next) => {
        const [name = ''] = next.names
        if (
          (next.kind === 'member' || next.kind === 'client') &&
          commands.answerWith(next.kind, name)
        )
          return
        // A message soon disappears, so the clock stops while the reader chooses.
        if (next.kind === 'message') commands.pause()
        setAsked(next)
      }),
    [commands],
  )
  return (
    asked && (
      <Part
        key={`${asked.kind} ${asked.names.join(' ')}`}
        of={contextMenu}
        props={{ asked, onClosed: () => setAsked(null) }}
      />
    )
  )
}
