import type { Belief } from '../../../engine/worker/protocol'
import { type LibraryOwner, noticeText } from '../../draw/notice'
import { useRun } from '../parts/app-context'
import { useMoment } from '../parts/moment'

/**
 * The time when a client's library notices the loss of its lease. Empty without a notice. A story
 * may ask for that time, so a story does not show the time in advance.
 */
export function useNotice(client: LibraryOwner, belief: Belief | null, brief: boolean): string {
  const times = useRun(({ story }) => story === null || story.over)
  return useMoment((now) =>
    belief === null ? '' : noticeText(belief, client, now, { brief, times }),
  )
}
