import type { RunState } from '../store/run'

/**
 * The event that Why? explains by default: the event at the cursor. Otherwise two clients inside
 * one section, then the last lease event or fault on the page, then the last event that is not
 * internal. Null before the first.
 */
export function eventToExplain({
  on,
  exclusion,
  log,
  progress,
}: Pick<RunState, 'on' | 'exclusion' | 'log' | 'progress'>): number | null {
  if (on !== null) return on.id
  if (exclusion !== null && exclusion.until === null) return exclusion.event
  const past = log.lines.slice(0, Math.max(0, log.past - log.from))
  const telling = past.findLast(({ level }) => level === 'lease' || level === 'fault')
  return telling?.id ?? progress.last?.id ?? null
}
