import { useEffect } from 'react'
import type { HeapView } from '../../../engine/worker/protocol'
import { useApp, useRun, useUi } from '../parts/app-context'

/**
 * The expiry heap of the primary lessor, requested while it is drawn, with the keys of the chosen
 * lease. Null until it comes.
 */
export function useHeap(): HeapView | null {
  const { commands } = useApp()
  const lease = useUi((state) => state.lease)
  useEffect(() => commands.changeInterest({ heap: { lease } }), [commands, lease])
  useEffect(() => () => commands.changeInterest({ heap: undefined }), [commands])
  return useRun((state) => state.heap)
}
