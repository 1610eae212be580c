import type { CSSProperties } from 'react'
import type { Rect } from '../../draw/message-path'

/** A place on the stage, in pixels from its upper left corner. */
export function boxStyle({ x, y, width, height }: Rect): CSSProperties {
  return { left: x, top: y, width, height }
}
