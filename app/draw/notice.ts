// When a client's library notices that a lease is gone, in words. The times are the engine's.

import { DEFAULT_LIBRARY, LIBRARY_NAMES } from '../../engine/text/libraries'
import type { Belief, ClientView } from '../../engine/worker/protocol'
import { clockText } from './figures'

export type LibraryOwner = Pick<ClientView, 'kind' | 'library' | 'state'>

/** `jetcd`. Null for a terminal, and for clientv3, the default library. */
export function libraryName({
  kind,
  library,
}: Pick<LibraryOwner, 'kind' | 'library'>): string | null {
  return kind === 'terminal' || library === DEFAULT_LIBRARY ? null : LIBRARY_NAMES[library]
}

/**
 * How much a notice says. `times`: include the time of the notice. A story that asks for that time
 * sets false.
 */
export interface NoticeStyle {
  /** The library is named elsewhere on the page. */
  brief: boolean
  times: boolean
}

/**
 * `jetcd will notice at 14.002 s`. Empty for clientv3 with answers in time, for a client that does
 * not run, and for a terminal.
 */
export function noticeText(
  belief: Belief,
  client: LibraryOwner,
  now: number,
  { brief, times }: NoticeStyle,
): string {
  const { lost, heartbeat, heartbeatAt, givesUpAt, unansweredSince, truth } = belief
  if (client.kind === 'terminal' || client.state !== 'up') return ''
  const isDefault = client.library === DEFAULT_LIBRARY
  const name = brief ? '' : `${LIBRARY_NAMES[client.library]} `
  const isGoneAt = (at: number): boolean => truth.goneAt !== null && truth.goneAt <= at
  if (lost)
    return heartbeatAt === null
      ? ''
      : `${name}${isGoneAt(heartbeatAt) ? 'noticed' : 'gave up'} at ${clockText(heartbeatAt)} s`
  if (client.library === 'none') return brief ? 'never notices' : 'never notices: it renews nothing'
  if (!heartbeat)
    return !isGoneAt(now) ? '' : brief ? 'never notices' : 'never notices: its heartbeat is off'
  if (givesUpAt === null) return ''
  if (isGoneAt(now))
    return times ? `${name}will notice at ${clockText(givesUpAt)} s` : `${name}has not noticed`
  if (!times || (unansweredSince === null && isDefault)) return ''
  return `${brief ? '' : 'without an answer, '}gives up at ${clockText(givesUpAt)} s`
}
