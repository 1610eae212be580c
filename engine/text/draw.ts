// Other numbers for the same story: `draw TTL OFF = 10 8 | 6 4 | 14 11` gives one row of values to
// the names in braces after it. Number 0 is the first row of every draw, with which the file's
// trace was recorded.

import { assert } from '../base/assert'

const NAME = /^[A-Z][A-Z0-9]*$/
const VALUE = /^[+-]?\d{1,9}(\.\d{1,3})?$/

interface Draw {
  names: string[]
  rows: string[][]
}

/**
 * The lines of a script with its draws filled in. A line `draw` becomes empty, so that line numbers
 * stay correct. `numbers` counts through all combinations.
 */
export function drawn(lines: readonly string[], numbers: number): string[] {
  const values = new Map<string, string>()
  let rest = numbers
  return lines.map((line, i) => {
    const draw = readDraw(line, `line ${i + 1}`)
    if (draw === null)
      return line.replace(
        /\{([A-Z][A-Z0-9]*)\}/g,
        (whole, name: string) => values.get(name) ?? whole,
      )
    const row = draw.rows[rest % draw.rows.length]!
    rest = Math.floor(rest / draw.rows.length)
    for (const [at, name] of draw.names.entries()) values.set(name, row[at]!)
    return ''
  })
}

/** The number of combinations in a file; 1 without a draw. */
export function combinations(file: string): number {
  const lines = file.split('\n----', 1)[0]!.split('\n')
  return lines.reduce(
    (product, line, i) => product * (readDraw(line, `line ${i + 1}`)?.rows.length ?? 1),
    1,
  )
}

function readDraw(line: string, place: string): Draw | null {
  const [, head = '', tail] = /^\s*draw\s+([^=]*)=(.*)$/.exec(line) ?? []
  if (tail === undefined) return null
  const names = head.trim().split(/\s+/)
  const rows = tail.split('|').map((row) => row.trim().split(/\s+/))
  for (const name of names)
    assert(NAME.test(name), `${place}: expected names in capitals before =, not "${name}"`)
  for (const row of rows) {
    assert(
      row.length === names.length,
      `${place}: expected ${names.length} numbers in each row (got "${row.join(' ')}")`,
    )
    for (const value of row)
      assert(VALUE.test(value), `${place}: expected a number, not "${value}"`)
  }
  return { names, rows }
}
