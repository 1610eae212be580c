// The panels and rows that a stop shows, in their text form: `storage, rows leases beliefs locks`.
// Commas separate the items: a panel of the drawer, and groups of rows.

import { assert } from '../base/assert'
import type { Show, ShownPanel, ShownRows } from '../sim/stops'
import { SHOWN_PANELS, SHOWN_ROWS, showFault } from '../sim/stops'

export { SHOWN_PANELS, SHOWN_ROWS }

/** Reads the line `show`, without its first word. Unknown items are refused with the place. */
export function readShow(text: string, place: string): Show {
  let panel: ShownPanel | undefined
  let rows: ShownRows[] | undefined
  for (const item of text.split(',').map((each) => each.trim())) {
    const [word = '', ...names] = item.split(/\s+/)
    const named = names.length === 0 ? SHOWN_PANELS.find((each) => each === word) : undefined
    if (word === 'rows') {
      assert(rows === undefined, `${place}: show: expected the rows in one item`)
      rows = names.map((name) => oneOf(SHOWN_ROWS, name, place))
    } else {
      assert(
        named !== undefined,
        `${place}: show: expected a panel (${SHOWN_PANELS.join(', ')}) or rows and their groups, not "${item}"`,
      )
      assert(panel === undefined, `${place}: show: expected one panel`)
      panel = named
    }
  }
  const show: Show = {
    ...(panel === undefined ? {} : { panel }),
    ...(rows === undefined ? {} : { rows }),
  }
  const fault = showFault(show)
  assert(fault === null, `${place}: show: expected ${fault}`)
  return show
}

/** The line as `readShow` reads it. */
export function showText({ panel, rows }: Show): string {
  return [
    ...(panel === undefined ? [] : [panel]),
    ...(rows === undefined ? [] : [`rows ${rows.join(' ')}`]),
  ].join(', ')
}

function oneOf<T extends string>(list: readonly T[], name: string, place: string): T {
  const found = list.find((each) => each === name)
  assert(found !== undefined, `${place}: show: expected rows of ${list.join(', ')}, not "${name}"`)
  return found
}
