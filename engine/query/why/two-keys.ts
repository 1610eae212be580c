// Why two clients are in a critical section, and no lease is gone: their libraries lock one name
// with two keys.

import { bytesText } from '../../base/bytes'
import type { TraceEvent } from '../../base/trace'
import { MOST_SEARCHED } from './in-the-way'

/**
 * The keys of two kinds of locks of the section at the event: the name itself, and a key of a lease
 * below it. Null without such a pair.
 */
export function twoKeys(
  trace: readonly TraceEvent[],
  { id, section }: Extract<TraceEvent, { type: 'exclusion-broken' }>,
): { plain: string; queue: string } | null {
  const deleted = new Set<string>()
  let [plain, queue]: [string | null, string | null] = [null, null]
  for (let i = id - 2; i >= 0 && i > id - MOST_SEARCHED; i--) {
    const event = trace[i]!
    if (event.type === 'key-deleted') deleted.add(bytesText(event.key))
    if (event.type !== 'key-put') continue
    const key = bytesText(event.kv.key)
    if (deleted.has(key)) continue
    if (key === section) plain = key
    else if (key === `${section}/${event.kv.lease}`) queue = key
    if (plain !== null && queue !== null) return { plain, queue }
  }
  return null
}
