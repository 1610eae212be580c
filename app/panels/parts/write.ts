// What painters write with. Reading the document back to see whether it says so already costs more
// than remembering what was written.

import { visibleLine } from '../../../engine/text/visible'

const texts = new WeakMap<Element, string>()
const attributes = new WeakMap<Element, Map<string, string>>()

/**
 * Sets an element's text where it differs from what was set last. Nothing else may write to that
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
