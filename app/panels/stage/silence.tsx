import type { MemberView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { usePainter } from '../parts/app-context'
import { setAttribute, setText } from '../parts/write'
import { QUIET_HATCH } from './patterns'

interface SilenceProps {
  member: Pick<MemberView, 'electsBetween'>
  since: number
  /** Pixels. */
  width: number
  /** Words appear below the bar. */
  words: boolean
}

/**
 * The time since a follower heard from a leader, up to its longest election timeout. The range of
 * possible election timeouts is hatched.
 */
export function Silence({ member: { electsBetween }, since, width, words }: SilenceProps) {
  const [least, most] = electsBetween
  const zone = (least / most) * width
  const paint = usePainter<SVGSVGElement>((svg, now) => {
    const silent = Math.max(0, now - since)
    const x = Math.min(1, silent / most) * width
    setAttribute(svg.querySelector('.silence-bar'), 'width', x.toFixed(1))
    setAttribute(svg.querySelector('.silence-mark'), 'transform', `translate(${x.toFixed(1)} 0)`)
    setText(svg.querySelector('.silence-figure'), `silent ${(silent / 1000).toFixed(1)} s`)
  })
  const range = `${least / 1000}–${most / 1000} s`
  return (
    <svg
      ref={paint}
      className="silence"
      width={width}
      height={words ? 36 : 18}
      role="img"
      aria-label={`No word from a leader since ${clockText(since)} s; an election starts after ${range} of silence`}
    >
      <rect x={zone} y="6" width={width - zone} height="8" fill={`url(#${QUIET_HATCH})`} />
      <path
        className="silence-edge"
        d={`M0 14.5H${width}M.5 14v4M${zone} 14v4M${width - 0.5} 14v4`}
      />
      <rect className="silence-bar" y="10" height="4" />
      <path className="silence-mark" d="M0 9l-4-6h8z" />
      {words && <text className="silence-figure stage-text" y="31" />}
      {words && width >= 150 && (
        <text className="stage-text" x={width} y="31" textAnchor="end">
          elects at {range}
        </text>
      )}
    </svg>
  )
}
