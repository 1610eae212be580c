import { COLOURS, type Colours, type Fonts } from '../../draw/timeline/pen'

const forcedColours: Partial<Record<keyof Colours, string>> = {
  bg: 'Canvas',
  surface: 'Canvas',
  past: 'Canvas',
  line: 'GrayText',
  line2: 'GrayText',
  'on-ink': 'Canvas',
  'live-tint': 'Canvas',
  'fault-tint': 'Canvas',
  diff: 'Canvas',
  lock: 'Highlight',
}

/**
 * The page's tokens as colours for a canvas, resolved for the theme of `place`. `forced` uses the
 * system's colours instead.
 */
export function readColours(place: HTMLElement, forced: boolean): Colours {
  const probe = document.createElement('span')
  probe.hidden = true
  probe.style.forcedColorAdjust = 'none'
  place.append(probe)
  const style = getComputedStyle(probe)
  const entries = COLOURS.map((name) => {
    probe.style.color = forced ? (forcedColours[name] ?? 'CanvasText') : `var(--${name})`
    return [name, style.color] as const
  })
  probe.remove()
  return Object.fromEntries(entries) as Colours
}

/** The fonts of the page in the notation of a canvas. */
export function readFonts(place: HTMLElement): Fonts {
  const style = getComputedStyle(place)
  const token = (name: string): string => style.getPropertyValue(name).trim()
  const [small, normal, sans, mono] = [
    token('--s1'),
    token('--s2'),
    token('--sans'),
    token('--mono'),
  ]
  return {
    label: `400 ${small} ${sans}`,
    strong: `600 ${small} ${sans}`,
    number: `600 ${normal} ${sans}`,
    mono: `400 ${small} ${mono}`,
  }
}
