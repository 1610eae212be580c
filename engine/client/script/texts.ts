// The texts of programs, read once each: a saved run has the texts of its programs, and a seek
// loads saved runs again and again.

import type { ScriptFault } from './parse'
import { parseScript } from './parse'
import type { Script, ScriptLine } from './steps'

interface Text {
  script: Script
  faults: readonly ScriptFault[]
  /** The variables that hold a lease. */
  leases: ReadonlySet<string>
}

const known = new Map<string, Text>()
/** More programs than a run has. */
const MOST_KNOWN = 64

/** What a text says; nobody changes it. */
export function textOf(source: string): Text {
  const before = known.get(source)
  if (before !== undefined) return before
  const { script, faults } = parseScript(source)
  const leases = new Set(script.lines.flatMap(({ step }) => (step.op === 'grant' ? [step.as] : [])))
  if (known.size === MOST_KNOWN) known.clear()
  const text = { script, faults, leases }
  known.set(source, text)
  return text
}

/** A line as it is written, without its comment. */
export function lineText(source: string, { number }: ScriptLine): string {
  return (source.split('\n')[number - 1] ?? '').replace(/#.*$/, '').trim()
}
