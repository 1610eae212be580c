// The single listener for every menu on the stage. A menu opens by right click, click, long press,
// or Enter or Space on the focused element. An element names its menu: data-menu="member m1",
// "client svc", "link m1 m2" or "message 12".

const KINDS = ['member', 'client', 'link', 'message'] as const

export interface Asked {
  kind: (typeof KINDS)[number]
  /** One name, and for a link both. */
  names: string[]
  element: HTMLElement | SVGElement
  /** A rectangle of the window: the pointer, or the element. */
  at: { left: number; right: number; top: number; bottom: number }
}

/** Milliseconds of a long press, and the pixels that a finger may move during it. */
const LONG_PRESS_MS = 500
const STILL_PX = 8

/** `member m1` and the like; null for anything else. */
export function readMenu(text: string): Pick<Asked, 'kind' | 'names'> | null {
  const [word, ...names] = text.split(' ')
  const kind = KINDS.find((each) => each === word)
  return kind === undefined || names.length !== (kind === 'link' ? 2 : 1) ? null : { kind, names }
}

/** Returns a function that stops the listening. */
export function listenForMenus(ask: (asked: Asked) => void): () => void {
  const stop = new AbortController()
  const open = (element: Element, point: { x: number; y: number } | null) => {
    const menu = readMenu(element.getAttribute('data-menu') ?? '')
    if (menu === null || !(element instanceof HTMLElement || element instanceof SVGElement)) return
    const { left, right, top, bottom } = element.getBoundingClientRect()
    const at = point
      ? { left: point.x, right: point.x, top: point.y, bottom: point.y }
      : { left, right, top, bottom }
    ask({ ...menu, element, at })
  }
  const on = <K extends keyof DocumentEventMap>(
    type: K,
    listener: (event: DocumentEventMap[K]) => void,
  ) => document.addEventListener(type, listener, { capture: true, signal: stop.signal })

  on('contextmenu', (event) => {
    const element = owner(event.target)
    if (element === null) return
    event.preventDefault()
    open(
      element,
      event.detail === 0 && event.clientX === 0 ? null : { x: event.clientX, y: event.clientY },
    )
  })
  on('click', (event) => {
    const element = owner(event.target)
    if (element !== null && !isOnControl(event.target, element)) open(element, null)
  })
  on('keydown', (event) => {
    const { target, key } = event
    if (!(target instanceof Element) || !target.hasAttribute('data-menu')) return
    if (event.ctrlKey || event.metaKey || event.altKey || (key !== 'Enter' && key !== ' ')) return
    event.preventDefault()
    open(target, null)
  })
  longPresses(on, (element, point) => open(element, point))
  return () => stop.abort()
}

type Listen = <K extends keyof DocumentEventMap>(
  type: K,
  listener: (event: DocumentEventMap[K]) => void,
) => void

function longPresses(
  on: Listen,
  held: (element: Element, point: { x: number; y: number }) => void,
): void {
  let pressed: { timer: number; x: number; y: number } | null = null
  const forget = () => {
    if (pressed) clearTimeout(pressed.timer)
    pressed = null
  }
  on('pointerdown', (event) => {
    forget()
    const element = owner(event.target)
    if (element === null || event.pointerType === 'mouse') return
    const { clientX: x, clientY: y } = event
    const timer = window.setTimeout(() => {
      forget()
      held(element, { x, y })
    }, LONG_PRESS_MS)
    pressed = { timer, x, y }
  })
  on('pointermove', ({ clientX, clientY }) => {
    if (pressed && Math.hypot(clientX - pressed.x, clientY - pressed.y) > STILL_PX) forget()
  })
  on('pointerup', forget)
  on('pointercancel', forget)
}

function owner(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('[data-menu]') : null
}

/** A control inside the element handles its own events. */
function isOnControl(target: EventTarget | null, element: Element): boolean {
  const control =
    target instanceof Element
      ? target.closest('button, a, input, select, textarea, label, summary, [role="button"]')
      : null
  return control !== null && control !== element && element.contains(control)
}
