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

/** `#r1?…`; null for a run that is too long for it. */
export function linkOf(run: SharedRun): string | null {
  const limits = { mostCommands: MOST_COMMANDS, longest: LONGEST_LINK, anySetting: true }
  const link = plainLink(run, limits)
  return link === null ? null : `#r1?${link}`
}
