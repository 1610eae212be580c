// The link of a lecture's current stop, short enough for a code that phones in the room can read.

import type { RunState } from '../store/run'
import type { UiState } from '../store/ui'

/** With more characters, the squares of the code are too small for the last bench. */
export const LONGEST_CODE = 300

type Ui = Pick<UiState, 'scenario' | 'lesson' | 'numbers' | 'foreign' | 'labRun' | 'form'>
type Run = Pick<RunState, 'story' | 'undo' | 'branches'>

/**
 * The part of the address from # on: `#lesson/cluster/2/3` or `#scenario/leader-crash/3`, the stop
 * last. Null for a run that is not the story's own: it was changed, or a form has opened it.
 */
export function shortAddress(
  { scenario, lesson, numbers, foreign, labRun, form }: Ui,
  { story, undo, branches }: Run,
): string | null {
  const isOther =
    numbers !== 0 || foreign !== null || labRun !== null || (form !== null && form.opened !== null)
  if (scenario === null || isOther || undo !== null || branches.length > 1) return null
  const place =
    lesson === null ? `#scenario/${scenario.name}` : `#lesson/${lesson.name}/${lesson.step + 1}`
  return story?.reached == null ? place : `${place}/${story.reached + 1}`
}

/** The reason why a link has no code, as a sentence; null if it has one. */
export function whyNoCode(link: string): string | null {
  const { protocol, hostname } = new URL(link)
  if (protocol === 'file:')
    return 'This page is a file on this computer. Phones cannot open it, so there is no QR code.'
  if (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    /^127\.|^0\.0\.0\.0$|^\[::1?\]$/.test(hostname)
  )
    return `This page is at ${hostname}, which only this computer can open. Phones cannot, so there is no QR code.`
  if (link.length > LONGEST_CODE)
    return `The link of this run has ${link.length} characters, a QR code at most ${LONGEST_CODE}. Copy the link with Share instead.`
  return null
}
