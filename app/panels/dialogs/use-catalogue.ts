import { useCallback, useEffect, useState } from 'react'
import { loadCatalogue } from '../../scene/load-catalogue'
import type { Scenario } from '../../scene/scenario'

/**
 * The texts load right after the first paint, which does not wait for them. `failed` until a new
 * request succeeds.
 */
export function useCatalogue(): { stories: readonly Scenario[]; failed: boolean; retry(): void } {
  const [stories, setStories] = useState<readonly Scenario[]>([])
  const [failed, setFailed] = useState(false)
  const load = useCallback(() => {
    setFailed(false)
    loadCatalogue().then(
      ({ catalogue }) => setStories(catalogue),
      () => setFailed(true),
    )
  }, [])
  useEffect(load, [load])
  return { stories, failed, retry: load }
}
