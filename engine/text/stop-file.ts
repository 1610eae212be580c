// A story as one text: its stops as stop-lines.ts reads them, separated by blank lines. Lines that
// begin with # are skipped.

import type { Stop } from '../sim/stops'
import { MOST_STOPS } from '../sim/stops'
import { StopLines } from './stop-lines'
import { stopText } from './stop-text'

/** The fault of a text and its place: lines and columns count from 1. */
export interface TextFault {
  line: number
  column: number
  message: string
}

export type ReadStops = { ok: true; stops: Stop[] } | { ok: false; fault: TextFault }

/** The text of a story; empty for none. */
export function stopsText(stops: readonly Stop[]): string {
  return stops
    .map((stop) => stopText(stop).map((line, i) => `${i === 0 ? '' : '  '}${line}\n`))
    .map((lines) => lines.join(''))
    .join('\n')
}

/** Reads a story. Only the first fault is reported. */
export function readStops(text: string): ReadStops {
  const lines = text.split(/\r?\n/)
  const stops: Stop[] = []
  let open: StopLines | null = null
  let number = 0
  const close = (): void => {
    if (open !== null) stops.push(open.end())
    open = null
  }
  try {
    for (const [i, whole] of lines.entries()) {
      number = i + 1
      const line = whole.trim()
      if (
        line === '' ||
        line.startsWith('#') ||
        (open as StopLines | null)?.take(line, `line ${number}`)
      )
        continue
      close()
      if (StopLines.begins(line)) {
        if (stops.length >= MOST_STOPS)
          throw new Error(`line ${number}: at most ${MOST_STOPS} stops`)
        open = new StopLines(line.slice('stop '.length), `line ${number}`)
      } else
        throw new Error(
          `line ${number}: ${stops.length === 0 ? FIRST : `${OTHER}, not "${line.split(' ')[0]}"`}`,
        )
    }
    close()
    return { ok: true, stops }
  } catch (error) {
    return {
      ok: false,
      fault: faultOf(error instanceof Error ? error.message : String(error), lines, number),
    }
  }
}

const FIRST = 'expected stop at SECONDS, stop when CONDITION or stop on CONDITION'
const OTHER =
  'expected say, ask, mark, so, goal, part, may, solve, hint, note, show or the next stop'

/**
 * The place of a message: the words that it quotes, if the line has them, else the text after the
 * line's first word.
 */
function faultOf(text: string, lines: readonly string[], last: number): TextFault {
  const [, number, rest] = /^line (\d+): (.*)$/s.exec(text) ?? []
  const line = Number(number ?? last)
  const message = rest ?? text
  const content = lines[line - 1] ?? ''
  const [, quoted = ''] = /not "(.*)"$/s.exec(message) ?? []
  const at = quoted === '' ? -1 : content.indexOf(quoted)
  const column =
    at >= 0 ? at : (/^\s*\S+\s+(?=\S)/.exec(content)?.[0].length ?? /^\s*/.exec(content)![0].length)
  return { line, column: column + 1, message }
}
