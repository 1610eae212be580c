import { type KeyboardEvent, type ReactNode, useEffect, useId } from 'react'
import { usePopover } from './popover'

export interface MenuItem {
  word: string
  /** The console words that do the same. */
  line: string
  /** What comes of it, in a sentence. */
  note?: string
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
        {items.map((item) => (
          <Item key={item.word} item={item} close={close} />
        ))}
      </div>
    </>
  )
}

function Item({ item: { word, line, note, onChoose }, close }: { item: MenuItem; close(): void }) {
  const id = useId()
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-describedby={note === undefined ? undefined : id}
      onClick={() => {
        close()
        onChoose()
      }}
    >
      {word}
      <code aria-hidden="true">{line}</code>
      {note !== undefined && (
        // Described by it: to those who listen it comes after the word, and is not part of it.
        <span className="menu-note" id={id} aria-hidden="true">
          {note}
        </span>
      )}
    </button>
  )
}

function itemsOf(menu: HTMLElement | null): HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])]
}
