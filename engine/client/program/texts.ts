// The texts of programs, read once each. A saved run has the texts of its programs, and a seek
// loads saved runs again and again.

import type { ProgramFault } from './parse'
import { parseProgram } from './parse'
import type { Program, ProgramLine } from './steps'

interface Text {
  program: Program
  faults: readonly ProgramFault[]
  /** The variables that hold a lease. */
  leases: ReadonlySet<string>
}

const known = new Map<string, Text>()
/** More programs than a run has. */
const MOST_KNOWN = 64

/** A parsed text. It must not be changed. */
export function textOf(source: string): Text {
  const before = known.get(source)
  if (before !== undefined) return before
  const { program, faults } = parseProgram(source)
  const leases = new Set(
    program.lines.flatMap(({ step }) => (step.op === 'grant' ? [step.as] : [])),
  )
  if (known.size === MOST_KNOWN) known.clear()
  const text = { program, faults, leases }
  known.set(source, text)
  return text
}

/** A line as it is written, without its comment. */
export function lineText(source: string, { number }: ProgramLine): string {
  return (source.split('\n')[number - 1] ?? '').replace(/#.*$/, '').trim()
}
