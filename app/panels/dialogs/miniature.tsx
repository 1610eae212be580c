import { memo } from 'react'
import type { Miniature } from '../../../engine/worker/protocol'
import { type Bar, MINIATURE, type MiniaturePicture, miniaturePicture } from '../../draw/miniature'

const { width, height } = MINIATURE

/**
 * A run as a small picture. The part after its first question is blurred until the reader has seen
 * the story.
 */
export const MiniatureFigure = memo(function MiniatureFigure({
  miniature,
  members,
  seen,
}: {
  miniature: Miniature
  members: number
  seen: boolean
}) {
  const picture = miniaturePicture(miniature, members)
  const { asksAt } = picture
  const edge = asksAt ?? width
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      <svg
        aria-hidden="true"
        x="0"
        y="0"
        width={edge}
        height={height}
        viewBox={`0 0 ${edge} ${height}`}
      >
        <Shapes picture={picture} />
      </svg>
      {asksAt !== null && (
        <>
          <g className={seen ? undefined : 'miniature-hidden'}>
            <svg
              aria-hidden="true"
              x={edge}
              y="0"
              width={width - edge}
              height={height}
              viewBox={`${edge} 0 ${width - edge} ${height}`}
            >
              <Shapes picture={picture} />
            </svg>
          </g>
          <path className="miniature-ask" d={`M${edge} 4V${height - 4}`} />
        </>
      )}
    </svg>
  )
})

function Shapes({ picture: { leaders, inside, lives, saws } }: { picture: MiniaturePicture }) {
  return (
    <>
      <Bars bars={leaders} className="miniature-leader" />
      {saws.map(({ fill, line }) => (
        <g key={line}>
          <path className="miniature-left" d={fill} />
          <path className="miniature-edge" d={line} />
        </g>
      ))}
      <Bars bars={lives} className="miniature-life" />
      <Bars bars={inside} className="miniature-inside" />
    </>
  )
}

function Bars({ bars, className }: { bars: readonly Bar[]; className: string }) {
  return bars.map((bar) => (
    <rect key={`${bar.x} ${bar.y}`} className={className} rx="1.5" {...bar} />
  ))
}
