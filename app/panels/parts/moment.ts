import { useCallback, useSyncExternalStore } from 'react'
import { useApp } from './app-context'

/**
 * A value that depends on the instant on the screen. The component renders again when the value
 * changes, and not when only time passes.
 */
export function useMoment<T extends string | number | boolean | null>(
  select: (now: number) => T,
): T {
  const { clock } = useApp()
  const subscribe = useCallback((changed: () => void) => clock.add(changed), [clock])
  return useSyncExternalStore(subscribe, () => select(clock.now()))
}
