import type { Colours } from '../../draw/timeline/pen'

const tokens: Record<keyof Colours, { token: string; forced: string }> = {
  text: { token: '--text', forced: 'CanvasText' },
  muted: { token: '--muted', forced: 'CanvasText' },
  hairline: { token: '--hairline', forced: 'GrayText' },
  edge: { token: '--edge', forced: 'CanvasText' },
  card: { token: '--card', forced: 'Canvas' },
  sunk: { token: '--sunk', forced: 'Canvas' },
  live: { token: '--live', forced: 'CanvasText' },
  liveTint: { token: '--live-tint', forced: 'Canvas' },
  renewed: { token: '--renewed', forced: 'CanvasText' },
  soon: { token: '--soon', forced: 'CanvasText' },
  soonTint: { token: '--soon-tint', forced: 'Canvas' },
  held: { token: '--held', forced: 'Highlight' },
  fault: { token: '--fault', forced: 'CanvasText' },
  gone: { token: '--gone', forced: 'CanvasText' },
}

/** The page's tokens as a canvas needs them: resolved, for the theme that `place` stands in. `forced` takes the system's colours instead. */
export function readColours(place: HTMLElement, forced: boolean): Colours {
  const probe = document.createElement('span')
  probe.hidden = true
  probe.style.forcedColorAdjust = 'none'
  place.append(probe)
  const style = getComputedStyle(probe)
  const read = (name: keyof Colours): string => {
    probe.style.color = forced ? tokens[name].forced : `var(${tokens[name].token})`
    return style.color
  }
  const colours: Colours = {
    text: read('text'),
    muted: read('muted'),
    hairline: read('hairline'),
    edge: read('edge'),
    card: read('card'),
    sunk: read('sunk'),
    live: read('live'),
    liveTint: read('liveTint'),
    renewed: read('renewed'),
    soon: read('soon'),
    soonTint: read('soonTint'),
    held: read('held'),
    fault: read('fault'),
    gone: read('gone'),
  }
  probe.remove()
  return colours
}
