import { type KeyboardEvent, type ReactNode, useEffect } from 'react'
import { usePopover } from './popover'

export interface MenuItem {
  word: string
  /** The console words that do the same. */
  line: string
  onChoose(): void
}

/** A button with a menu: arrows, Home and End move in it, Enter or Space chooses, Escape or Tab leaves it. `name` is the menu's, and the button's, for who listens. */
export function Menu({ name, button, className, items }: { name: string; button: ReactNode; className: string; items: MenuItem[] }) {
  const { trigger, box, open, close } = usePopover()
  const menu = box.ref
  useEffect(() => {
    if (open) itemsOf(menu.current)[0]?.focus({ preventScroll: true })
  }, [open, menu])

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>): void {
    const all = itemsOf(menu.current)
    const at = all.findIndex((item) => item.matches(':focus'))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      all[(to + all.length) % all.length]?.focus({ preventScroll: true })
    } else if (event.key === 'Tab') close()
    else if (event.key === 'Escape') {
      event.preventDefault()
      close()
    } else if (event.key.startsWith('Arrow')) event.preventDefault()
  }

  return (
    <>
      <button type="button" className={className} aria-haspopup="menu" title={name} {...trigger}>
        {button}
        <span className="sr-only">{name}</span>
      </button>
      <div className="popover menu" role="menu" aria-label={name} onKeyDown={onKeyDown} {...box}>
        {items.map(({ word, line, onChoose }) => (
          <button
            key={word}
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              close()
              onChoose()
            }}
          >
            {word}
            <code aria-hidden="true">{line}</code>
          </button>
        ))}
      </div>
    </>
  )
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
}
