// Present enlarges the stage and the timeline with CSS zoom. Pointer events use the screen's
// pixels, but drawings use the pixels of the element.

/** The number of screen pixels in a pixel of the element. */
export function zoomOf(element: HTMLElement): number {
  return element.getBoundingClientRect().width / element.offsetWidth || 1
}

/** The place of a pointer in an element, in the element's own pixels. */
export function pointIn(
  element: HTMLElement,
  { clientX, clientY }: { clientX: number; clientY: number },
): { x: number; y: number } {
  const { left, top } = element.getBoundingClientRect()
  const zoom = zoomOf(element)
  return { x: (clientX - left) / zoom, y: (clientY - top) / zoom }
}
