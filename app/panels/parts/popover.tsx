import { type ReactNode, type RefObject, useEffect, useId, useLayoutEffect, useRef, useState } from 'react'

export interface PopoverParts {
  /** For the button that opens it. */
  trigger: {
    ref: RefObject<HTMLButtonElement | null>
    popoverTarget: string
    'aria-expanded': boolean
    'aria-controls': string
  }
  /** For the element that is opened. */
  box: { ref: RefObject<HTMLDivElement | null>; id: string; popover: 'auto' }
  open: boolean
  /** Closes it and gives the focus back to the button. */
  close(): void
}

/** Pixels between a button and what it opens, and between that and the window's edge. */
const GAP = 4

/** A native popover (Escape and a click elsewhere close it) that stands below its button, or above where there is more room. */
export function usePopover(): PopoverParts {
  const id = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  useEffect(() => {
    const element = box.current
    if (!element) return
    const onToggle = (event: Event) => setOpen(event instanceof ToggleEvent && event.newState === 'open')
    element.addEventListener('toggle', onToggle)
    return () => element.removeEventListener('toggle', onToggle)
  }, [])

  useLayoutEffect(() => {
    const [button, element] = [trigger.current, box.current]
    if (!open || !button || !element) return
    place(button, element)
    // It goes where its button goes, and with it where that leaves the window.
    const onScroll = (event: Event) => {
      if (event.target instanceof Node && element.contains(event.target)) return
      const { top, bottom } = button.getBoundingClientRect()
      if (bottom < 0 || top > window.innerHeight) element.hidePopover()
      else place(button, element)
    }
    window.addEventListener('scroll', onScroll, { capture: true })
    window.addEventListener('resize', onScroll)
    return () => {
      window.removeEventListener('scroll', onScroll, { capture: true })
      window.removeEventListener('resize', onScroll)
    }
  }, [open])

  return {
    trigger: { ref: trigger, popoverTarget: id, 'aria-expanded': open, 'aria-controls': id },
    box: { ref: box, id, popover: 'auto' },
    open,
    close() {
      box.current?.hidePopover()
      trigger.current?.focus({ preventScroll: true })
    },
  }
}

function place(button: HTMLElement, element: HTMLElement): void {
  const at = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = element
  const below = window.innerHeight - at.bottom
  const top = below >= height + 2 * GAP || below >= at.top ? at.bottom + GAP : at.top - GAP - height
  const left = Math.min(at.left, window.innerWidth - width - GAP)
  element.style.top = `${Math.max(GAP, Math.min(top, window.innerHeight - height - GAP))}px`
  element.style.left = `${Math.max(GAP, left)}px`
}

/** A button and, where it was pressed, what it opens. The content is made when it is opened. */
export function Disclosure({
  button,
  label,
  className,
  children,
}: {
  button: ReactNode
  label: string
  className: string
  children: ReactNode
}) {
  const { trigger, box, open } = usePopover()
  return (
    <>
      <button type="button" className={className} {...trigger}>
        {button}
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not be a popover of words */}
      <div className="popover" role="group" aria-label={label} {...box}>
        {open && children}
      </div>
    </>
  )
}
