// Present draws the stage and the timeline larger with CSS zoom. A pointer tells pixels of the
// screen; what is drawn is placed in the element's own.

/** How many pixels of the screen a pixel of the element is. */
export function zoomOf(element: HTMLElement): number {
  return element.getBoundingClientRect().width / element.offsetWidth || 1
}

/** Where a pointer is in an element, in the element's own pixels. */
export function pointIn(
  element: HTMLElement,
  { clientX, clientY }: { clientX: number; clientY: number },
): { x: number; y: number } {
  const { left, top } = element.getBoundingClientRect()
  const zoom = zoomOf(element)
  return { x: (clientX - left) / zoom, y: (clientY - top) / zoom }
}
