import { createContext, useCallback, useContext, useLayoutEffect, useRef } from 'react'
import { useStore } from 'zustand'
import type { Clock } from '../../bridge/clock'
import type { Commands } from '../../commands/commands'
import type { Keeper } from '../../share/keeper'
import type { Sharing } from '../../share/sharing'
import type { Prefs, PrefsStore } from '../../store/prefs'
import type { RunState, RunStore } from '../../store/run'
import type { UiState, UiStore } from '../../store/ui'

/** The objects that main.tsx creates outside of all components. */
export interface AppParts {
  run: RunStore
  ui: UiStore
  prefs: PrefsStore
  commands: Commands
  clock: Clock
  sharing: Sharing
  /** Resolves a moment after the page appears. Null when the module did not load. */
  keeping: Promise<Keeper | null>
  /** Stops the work of the engine and goes back to the previous run. */
  stopEngine(): void
  /** Reloads the page in the server's current version. */
  takeNewerVersion(): void
}

export const AppContext = createContext<AppParts | null>(null)

export function useApp(): AppParts {
  const parts = useContext(AppContext)
  if (!parts) throw new Error('a panel outside of AppContext')
  return parts
}

export function useRun<T>(select: (state: RunState) => T): T {
  return useStore(useApp().run, select)
}

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(useApp().ui, select)
}

export function usePrefs<T>(select: (state: Prefs) => T): T {
  return useStore(useApp().prefs, select)
}

/**
 * A ref for an element that moves with the clock. `paint` runs on every animation frame with a new
 * instant, without a render. `paint` also runs after every render. `paint` may set attributes,
 * style and text of its element, and must be cheap.
 */
export function usePainter<T extends Element>(
  paint: (element: T, now: number) => void,
): (element: T | null) => (() => void) | undefined {
  const { clock } = useApp()
  const latest = useRef(paint)
  const painted = useRef<T | null>(null)
  useLayoutEffect(() => {
    latest.current = paint
    if (painted.current) paint(painted.current, clock.now())
  })
  return useCallback(
    (element: T | null) => {
      if (!element) return
      painted.current = element
      const remove = clock.add((now) => latest.current(element, now))
      return () => {
        painted.current = null
        remove()
      }
    },
    [clock],
  )
}
