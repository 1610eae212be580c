import { useState } from 'react'
import type { StageSize } from '../../draw/stage-shapes'

/**
 * The size of an element. Its left padding is the page's margin. All values are zero before the
 * first measurement.
 */
export function useSize(): {
  ref: (element: HTMLElement | null) => (() => void) | undefined
  size: StageSize
} {
  const [size, setSize] = useState<StageSize>({ width: 0, height: 0, margin: 0 })
  const [ref] = useState(() => (element: HTMLElement | null) => {
    if (!element) return
    const measure = () => {
      const next = {
        width: element.clientWidth,
        height: element.clientHeight,
        margin: Number.parseFloat(getComputedStyle(element).paddingLeft),
      }
      setSize((before) =>
        before.width === next.width &&
        before.height === next.height &&
        before.margin === next.margin
          ? before
          : next,
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  })
  return { ref, size }
}
