/** The colours of the cells, resolved for the theme in force. */
export interface CellInk {
  live: string
  soon: string
  renewed: string
  ink: string
}

const tokens: Record<keyof CellInk, { token: string; forced: string }> = {
  live: { token: '--live', forced: 'CanvasText' },
  soon: { token: '--soon', forced: 'Highlight' },
  renewed: { token: '--renew', forced: 'Highlight' },
  ink: { token: '--ink', forced: 'CanvasText' },
}

const known = new Map<string, CellInk>()

/**
 * The colours are read once for each theme. Reading the style sheet on every frame would cost more
 * than drawing.
 */
export function readInk(place: HTMLElement, forced: boolean, dark: boolean): CellInk {
  const theme = `${document.documentElement.dataset.theme ?? ''} ${forced} ${dark}`
  const found = known.get(theme)
  if (found) return found
  const probe = document.createElement('span')
  probe.hidden = true
  place.parentElement?.append(probe)
  const read = (name: keyof CellInk): string => {
    probe.style.color = forced ? tokens[name].forced : `var(${tokens[name].token})`
    return getComputedStyle(probe).color
  }
  const ink = { live: read('live'), soon: read('soon'), renewed: read('renewed'), ink: read('ink') }
  probe.remove()
  known.set(theme, ink)
  return ink
}
