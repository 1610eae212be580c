import type { RunState } from '../store/run'

/**
 * The event that Why? explains where nobody names one: the one at the cursor, else two clients
 * inside one section, else the last lease event or fault that the page has, else the last event
 * that is not machinery. Null before the first.
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
