import { useSyncExternalStore } from 'react'

/** Follows a media query. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}

export const CALM = '(prefers-reduced-motion: reduce)'

/** Whether the reader prefers reduced motion. */
export function useCalm(): boolean {
  return useMedia(CALM)
}

/** The layout of a phone: the parts are below each other. */
export const PHONE = '(max-width: 699px)'
/** A frame in another page may be wide and low, but the columns of the stage need more height. */
export const EMBEDDED_PHONE = `${PHONE}, (max-height: 559px)`
