// The run of a cluster as a link: the plain form, in which a person can read what was done.

import { plainLink } from '../replay/plain-link'
import type { SharedRun } from '../replay/shared-form'
import { checkOf } from '../replay/shared-run'
import type { Timeline } from '../replay/timeline'

/** Characters of a link that chats, trackers and terminals leave whole. */
const LONGEST_LINK = 6000
/** A little less than the fields that the reader of a link takes (replay/plain-link.ts). */
const MOST_COMMANDS = 900

/** The run so far, with its cursor at the end, as a file has it. */
export function runOf(timeline: Timeline): SharedRun {
  const run: SharedRun = { ...timeline.recording(), cursor: timeline.now }
  return { ...run, check: checkOf(run) }
}

/** `#r1?…`; throws for a run that is too long for it, and says what to do. */
export function linkOf(run: SharedRun): string {
  const link = plainLink(run, {
    mostCommands: MOST_COMMANDS,
    longest: LONGEST_LINK,
    anySetting: true,
  })
  if (link !== null) return `#r1?${link}`
  throw new Error(
    `a run of ${run.commands.length} commands is too long for a link: write JSON.stringify(cluster) ` +
      'to a file, and open it with: npx leasescope open FILE.json',
  )
}
