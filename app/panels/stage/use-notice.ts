import type { Belief } from '../../../engine/worker/protocol'
import { type LibraryOwner, noticeText } from '../../draw/notice'
import { useRun } from '../parts/app-context'
import { useMoment } from '../parts/moment'

/**
 * When a client's library notices that its lease is gone; empty where there is nothing to say. A
 * story may ask for that time, so no time is told beforehand until the story is over.
 */
export function useNotice(client: LibraryOwner, belief: Belief | null, brief: boolean): string {
  const times = useRun(({ story }) => story === null || story.over)
  return useMoment((now) =>
    belief === null ? '' : noticeText(belief, client, now, { brief, times }),
  )
}
