import {
  type ReactNode,
  type RefObject,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import type { UiState } from '../../store/ui'
import { useApp } from './app-context'

export interface PopoverParts {
  /** Properties of the button that opens the popover. */
  trigger: {
    ref: RefObject<HTMLButtonElement | null>
    popoverTarget: string
    'aria-expanded': boolean
    'aria-controls': string
  }
  /** Properties of the popover's element. */
  box: { ref: RefObject<HTMLDivElement | null>; id: string; popover: 'auto' }
  open: boolean
  /** Closes the popover and returns the focus to the button. */
  close(): void
}

/** The edge of the button with which the popover aligns. */
export type Align = 'start' | 'end'

/** Pixels between a button and its popover, and between a popover and the window's edge. */
const GAP = 4

/**
 * A native popover, which Escape or a click elsewhere closes. The popover is below its button, or
 * above when there is more room. With `above`, the place above comes first.
 */
export function usePopover(align: Align = 'start', above = false): PopoverParts {
  const id = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  useEffect(() => {
    const element = box.current
    if (!element) return
    // The content exists before the popover appears, so the first paint has the content. The
    // content stays until the popover is hidden, so the focused element exists until the button has
    // the focus.
    const onToggle = (event: Event) => {
      const isOpen = event instanceof ToggleEvent && event.newState === 'open'
      // A popover that closes and opens within one task fires one event for both. This line then
      // removes the old content.
      if (isOpen && event.type === 'beforetoggle') flushSync(() => setOpen(false))
      if (isOpen === (event.type === 'beforetoggle')) setOpen(isOpen)
    }
    const types = ['beforetoggle', 'toggle']
    for (const type of types) element.addEventListener(type, onToggle)
    return () => {
      for (const type of types) element.removeEventListener(type, onToggle)
    }
    // The effect runs after every render, because the element may appear later than the component.
  })

  useLayoutEffect(() => {
    const [button, element] = [trigger.current, box.current]
    if (!open || !button || !element) return
    const follow = () => placeBeside(button.getBoundingClientRect(), element, align, above)
    follow()
    // The popover follows its button, and closes when the button leaves the window.
    const onScroll = (event: Event) => {
      if (event.target instanceof Node && element.contains(event.target)) return
      const { top, bottom } = button.getBoundingClientRect()
      if (bottom < 0 || top > window.innerHeight) element.hidePopover()
      else follow()
    }
    const resized = new ResizeObserver(follow)
    resized.observe(element)
    window.addEventListener('scroll', onScroll, { capture: true })
    window.addEventListener('resize', onScroll)
    return () => {
      resized.disconnect()
      window.removeEventListener('scroll', onScroll, { capture: true })
      window.removeEventListener('resize', onScroll)
    }
  }, [open, align, above])

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

type MenuName = NonNullable<UiState['asked']['menu']>

/** Presses the button of a menu when another part of the page requests that menu. */
export function useAsked(
  menu: MenuName | undefined,
  button: RefObject<HTMLButtonElement | null>,
): void {
  const { ui } = useApp()
  useEffect(
    () =>
      ui.subscribe(({ asked }, before) => {
        if (asked !== before.asked && asked.menu === menu) button.current?.click()
      }),
    [ui, menu, button],
  )
}

/**
 * Calls `act` once the popover around an element is shown. The content exists before that, but
 * hidden elements take no focus. Returns a function that stops the wait.
 */
export function onceShown(element: HTMLElement | null, act: () => void): () => void {
  const popover = element?.closest<HTMLElement>('[popover]')
  if (!popover || popover.matches(':popover-open')) {
    act()
    return () => undefined
  }
  popover.addEventListener('toggle', act, { once: true })
  return () => popover.removeEventListener('toggle', act)
}

/**
 * Puts a popover below a rectangle of the window. The popover is above when there is more room or
 * when `above` is set, and always inside the window.
 */
export function placeBeside(
  at: { left: number; right: number; top: number; bottom: number },
  element: HTMLElement,
  align: Align,
  above = false,
): void {
  const { offsetWidth: width, offsetHeight: height } = element
  const below = window.innerHeight - at.bottom
  const isAbove = above && at.top >= height + 2 * GAP
  const top =
    !isAbove && (below >= height + 2 * GAP || below >= at.top)
      ? at.bottom + GAP
      : at.top - GAP - height
  const left = align === 'start' ? at.left : at.right - width
  element.style.top = `${Math.max(GAP, Math.min(top, window.innerHeight - height - GAP))}px`
  element.style.left = `${Math.max(GAP, Math.min(left, window.innerWidth - width - GAP))}px`
}

/** A button that shows and hides its content. The content is created when the popover opens. */
export function Disclosure({
  button,
  label,
  className,
  align,
  above,
  menu,
  children,
}: {
  button: ReactNode
  label: string
  className: string
  align?: Align
  /** The popover opens above its button when there is room. */
  above?: boolean
  /** The name for requests from other parts of the page. */
  menu?: MenuName
  children: ReactNode
}) {
  const { trigger, box, open } = usePopover(align, above)
  useAsked(menu, trigger.ref)
  return (
    <>
      <button type="button" className={className} {...trigger}>
        {button}
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is not for a popover of words */}
      <div className="popover" role="group" aria-label={label} {...box}>
        {open && children}
      </div>
    </>
  )
}
