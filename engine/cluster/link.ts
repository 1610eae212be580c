// The run of a cluster as a plain link, which people can read.

import { plainLink } from '../replay/plain-link'
import type { SharedRun } from '../replay/shared-form'
import { checkOf } from '../replay/shared-run'
import type { Timeline } from '../replay/timeline'

/** Characters: longer links are often cut by chats, trackers and terminals. */
const LONGEST_LINK = 6000
/** The reader of a link takes 1,000 fields (replay/plain-link.ts). */
const MOST_COMMANDS = 900

/** The run so far as a recording, with the cursor at its end. */
export function runOf(timeline: Timeline): SharedRun {
  const run: SharedRun = { ...timeline.recording(), cursor: timeline.now }
  return { ...run, check: checkOf(run) }
}

/** `#r1?…`; null for a run that is too long for it. */
export function linkOf(run: SharedRun): string | null {
  const limits = { mostCommands: MOST_COMMANDS, longest: LONGEST_LINK, anySetting: true }
  const link = plainLink(run, limits)
  return link === null ? null : `#r1?${link}`
}
