import { shortenMiddle } from './figures'

export interface ProgramLine {
  /** From 1, as in the whole text. */
  number: number
  text: string
  current: boolean
}

/** The lines around the current one, without comments and empty lines, each shortened in the middle. `line` null: the program has ended, and its last lines are shown. */
export function programWindow(source: string, line: number | null, count: number, width: number): ProgramLine[] {
  const lines = source
    .split('\n')
    .map((text, i) => ({ number: i + 1, text: text.replace(/(^|\s)#.*$/, '').trim(), current: i + 1 === line }))
    .filter(({ text }) => text !== '')
  const at = line === null ? lines.length - 1 : lines.findIndex(({ number }) => number >= line)
  const first = Math.max(0, Math.min(at - Math.floor(count / 2), lines.length - count))
  return lines.slice(first, first + count).map((each) => ({ ...each, text: shortenMiddle(each.text, width) }))
}
