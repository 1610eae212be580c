import { useCallback, useRef } from 'react'
import { createGlide, type Glide } from '../../draw/glide'
import { useApp } from '../parts/app-context'
import { useCalm } from '../parts/media'

/**
 * A function for painters that returns the deadline to show. When the deadline moves forward, the
 * shown deadline glides for `ms` milliseconds.
 */
export function useGlide(ms: number): (deadline: number | null, now: number) => number | null {
  const { clock } = useApp()
  const calm = useCalm()
  const glide = useRef<Glide>(null)
  return useCallback(
    (deadline, now) => {
      glide.current ??= createGlide()
      const shown = glide.current(deadline, now, performance.now(), calm ? 0 : ms)
      if (shown.moving) clock.touch()
      return shown.deadline
    },
    [clock, calm, ms],
  )
}
