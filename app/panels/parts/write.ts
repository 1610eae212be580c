// Functions that painters use to write. Remembering the written text is cheaper than reading the
// document.

import { visibleLine } from '../../../engine/text/visible'

const texts = new WeakMap<Element, string>()
const attributes = new WeakMap<Element, Map<string, string>>()

/**
 * Sets an element's text when it differs from the last text. No other code may write to that
 * element.
 */
export function setText(element: Element | null | undefined, text: string): void {
  if (!element || texts.get(element) === text) return
  texts.set(element, text)
  element.textContent = visibleLine(text)
}

/** The same for an attribute. */
export function setAttribute(
  element: Element | null | undefined,
  name: string,
  value: string,
): void {
  if (!element) return
  const known = attributes.get(element) ?? new Map<string, string>()
  if (known.get(name) === value) return
  if (known.size === 0) attributes.set(element, known)
  known.set(name, value)
  element.setAttribute(name, visibleLine(value))
}
