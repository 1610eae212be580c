import { shortenMiddle } from './figures'
import type { Density } from './stage-shapes'

export interface ProgramLine {
  /** Counted from 1 in the whole text. */
  number: number
  text: string
  current: boolean
}

/**
 * The lines around the current one, without comments and empty lines. Each line is shortened
 * between its words. `line` null: the program has ended, and its last lines are shown.
 */
export function programWindow(
  source: string,
  line: number | null,
  count: number,
  width: number,
): ProgramLine[] {
  const lines = source
    .split('\n')
    .map((text, i) => ({
      number: i + 1,
      text: text.replace(/(^|\s)#.*$/, '').trim(),
      current: i + 1 === line,
    }))
    .filter(({ text }) => text !== '')
  const at = line === null ? lines.length - 1 : lines.findIndex(({ number }) => number >= line)
  const first = Math.max(0, Math.min(at - Math.floor(count / 2), lines.length - count))
  return lines
    .slice(first, first + count)
    .map((each) => ({ ...each, text: shortenWords(each.text, width) }))
}

/**
 * At most that many characters. Words in the middle are left out; the first and the last words
 * stay. A word is cut only if no two words fit.
 */
export function shortenWords(text: string, most: number): string {
  if (text.length <= most) return text
  const words = text.split(' ')
  let [head, tail] = ['', '']
  for (let from = 0, to = words.length - 1; from <= to; ) {
    // The longer end waits, because the beginning of a line says more.
    const [next = '', last = ''] = [words[from], words[to]]
    const longer = head === '' ? next : `${head} ${next}`
    const later = tail === '' ? last : `${last} ${tail}`
    if (head.length <= tail.length && longer.length + tail.length + 3 <= most) {
      head = longer
      from++
    } else if (head.length + later.length + 3 <= most) {
      tail = later
      to--
    } else if (longer.length + tail.length + 3 <= most) {
      head = longer
      from++
    } else break
  }
  return head === '' || tail === '' ? shortenMiddle(text, most) : `${head} … ${tail}`
}

/** Pixels of a character in a program line on a card (12 px, mono). */
const CHARACTER = 7.2
/**
 * Pixels for a card's margins with its line number, and for a ring with its words and the gap
 * beside them.
 */
const LINE_AIR = 55
const RING = { full: 86, roomy: 86, tight: 50, line: 44 } satisfies Record<Density, number>

/** The number of characters of a program line that fit on a card of that width. */
export function charactersOn(width: number, density: Density, ring: boolean): number {
  const air = LINE_AIR + (ring || density === 'line' ? RING[density] : 0)
  return Math.max(1, Math.floor((width - air) / CHARACTER))
}
