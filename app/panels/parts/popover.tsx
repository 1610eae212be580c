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

/** Which edge of the button the popover shares. */
export type Align = 'start' | 'end'

/** Pixels between a button and its popover, and between a popover and the window's edge. */
const GAP = 4

/**
 * A native popover (Escape and a click elsewhere close it) below its button, or above where there
 * is more room; `above`: there first.
 */
export function usePopover(align: Align = 'start', above = false): PopoverParts {
  const id = useId()
  const trigger = useRef<HTMLButtonElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [open, setOpen] = useState(false)

  useEffect(() => {
    const element = box.current
    if (!element) return
    // Before it is shown: the content is there when it is first painted. After it is hidden: what
    // has the focus is there until the button has it again.
    const onToggle = (event: Event) => {
      const isOpen = event instanceof ToggleEvent && event.newState === 'open'
      // Closed and opened again within one task, its toggle events are one event: what it showed
      // then goes here.
      if (isOpen && event.type === 'beforetoggle') flushSync(() => setOpen(false))
      if (isOpen === (event.type === 'beforetoggle')) setOpen(isOpen)
    }
    const types = ['beforetoggle', 'toggle']
    for (const type of types) element.addEventListener(type, onToggle)
    return () => {
      for (const type of types) element.removeEventListener(type, onToggle)
    }
    // After every render: the element may come later than the component.
  })

  useLayoutEffect(() => {
    const [button, element] = [trigger.current, box.current]
    if (!open || !button || !element) return
    const follow = () => placeBeside(button.getBoundingClientRect(), element, align, above)
    follow()
    // It follows its button, and closes where the button leaves the window.
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

/** Presses the button of a menu when another part of the page asks for that menu. */
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
 * Does it once the popover around an element is shown. Its content is made before that, and what is
 * not shown takes no focus. Answers how to stop waiting.
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
 * Puts a popover below a rectangle of the window, or above it where there is more room or where
 * that is wanted; always inside the window.
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

/** A button and, where it was pressed, what it opens. The content is made when it is opened. */
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
  /** It opens above its button where there is room. */
  above?: boolean
  /** The name by which another part of the page asks for it. */
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
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would not be a popover of words */}
      <div className="popover" role="group" aria-label={label} {...box}>
        {open && children}
      </div>
    </>
  )
}
