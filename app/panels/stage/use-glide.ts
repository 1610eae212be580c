import { useCallback, useRef } from 'react'
import { createGlide, type Glide } from '../../draw/glide'
import { useApp } from '../parts/app-context'
import { useCalm } from '../parts/media'

/**
 * For a painter: the deadline to show for a deadline, on its way while it moves forward. `ms` is
 * how long that takes.
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
