import type { Belief } from '../../../engine/worker/protocol'
import type { BeliefState } from '../../draw/belief'
import { arcPath, dialShare, edgeAngle, onCircle } from '../../draw/dial'
import { leastRemainingText, shortRemainingText } from '../../draw/figures'
import { usePainter } from '../parts/app-context'
import { setAttribute, setText } from '../parts/write'
import { FAULT_HATCH } from './patterns'
import { useGlide } from './use-glide'
import './client.css'

const RENEWAL_MS = 200

interface BeliefRingProps {
  belief: Belief
  state: BeliefState
  /** Pixels. */
  size: number
  /**
   * Virtual ms when the process was frozen: the ring does not move from then on. Null while it
   * runs.
   */
  frozenAt: number | null
}

/**
 * The remaining time that a client believes in: an ink ring. Hatched red when the client acts
 * without its lease; dashed when it considers the lease lost.
 */
export function BeliefRing({ belief, state, size, frozenAt }: BeliefRingProps) {
  const glide = useGlide(RENEWAL_MS)
  // Only the remaining time fits into a ring in a row of text.
  const tiny = size < 32
  const reach = size < 44 ? 3 : 5
  const stroke = size >= 60 ? 4 : 3.5
  const radius = Math.round((size / 2 - stroke / 2 - (tiny ? 1 : 3)) * 10) / 10
  const { ttlSeconds, until } = belief
  const textOf = size < 60 ? leastRemainingText : shortRemainingText
  const counts = state === 'holds' || state === 'over' || state === 'frozen'
  const paint = usePainter<SVGSVGElement>((svg, time) => {
    const now = frozenAt === null ? time : Math.min(frozenAt, time)
    const deadline = glide(counts ? until : null, now)
    const share = dialShare(deadline, ttlSeconds, now)
    const [inner, outer] = [
      onCircle(edgeAngle(share), radius - reach),
      onCircle(edgeAngle(share), radius + reach),
    ]
    setAttribute(svg.querySelector('.belief-arc'), 'd', arcPath(share, radius))
    setAttribute(
      svg.querySelector('.belief-edge'),
      'd',
      share > 0 && !tiny
        ? `M${inner.x.toFixed(1)} ${inner.y.toFixed(1)}L${outer.x.toFixed(1)} ${outer.y.toFixed(1)}`
        : '',
    )
    setText(
      svg.querySelector('.belief-figure'),
      counts && deadline !== null && !tiny ? textOf(deadline - now) : '',
    )
  })
  const half = size / 2
  const figure = size >= 72 ? 'large' : size >= 60 ? 'medium' : size >= 44 ? 'small' : 'least'
  return (
    <svg
      ref={paint}
      className="belief-ring"
      data-state={state}
      data-figure={figure}
      width={size}
      height={size}
      viewBox={`${-half} ${-half} ${size} ${size}`}
      aria-hidden="true"
    >
      {state === 'acts' ? (
        <>
          <circle
            r={half - (tiny ? 4 : 6)}
            fill="none"
            stroke={`url(#${FAULT_HATCH})`}
            strokeWidth={size >= 60 ? 10 : tiny ? 6 : 8}
          />
          <circle className="belief-acts" r={half - 1} />
          <circle className="belief-acts" r={half - (size >= 60 ? 11 : tiny ? 7 : 10)} />
        </>
      ) : (
        <circle className={counts ? 'belief-track' : 'belief-lost'} r={radius} />
      )}
      <path className="belief-arc" strokeWidth={stroke} />
      <path className="belief-edge" />
      <text
        className="belief-figure"
        y={{ large: 7, medium: 6, small: 5, least: 4 }[figure]}
        textAnchor="middle"
      />
    </svg>
  )
}
