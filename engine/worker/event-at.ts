import type { TraceEvent } from '../base/trace'
import type { Scene } from '../query/scene'
import { logLine } from '../query/views'
import type { Timeline } from '../replay/timeline'
import type { Sections } from './protocol'

/**
 * The event at the cursor; null for none. Of several events at that time it is the last that is not
 * machinery, or the very last if all are.
 */
export function eventAt(run: Timeline, scene: Scene): Sections['on'] {
  const last = run.trace[run.lastEvent - 1]
  if (last === undefined || last.at !== run.now) return null
  let id = run.lastEvent
  while (id > 1 && run.trace[id - 1]!.level === 'machinery' && run.trace[id - 2]!.at === run.now)
    id--
  const found: TraceEvent = run.trace[id - 1]!
  return logLine(found.level === 'machinery' ? last : found, scene.ledger.names)
}
