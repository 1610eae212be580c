import { shortRemainingText } from '../../draw/figures'
import { ringPath, ringShare, tickShare } from '../../draw/ring'
import { usePainter } from '../parts/app-context'
import { setAttribute, setText } from '../parts/write'

interface RingProps {
  size: number
  ttlSeconds: number
  /** Null: nothing to count down. */
  deadline: number | null
  /** The instant of the last renewal, for its tick mark. */
  renewedAt: number | null
  /** `idle` is hollow and dashed: nobody renews, or it is gone. */
  look: 'truth' | 'belief' | 'idle' | 'gone'
  /** Written instead of what is left. */
  word?: string
  /** Below the number; a small ring has no room for it. */
  caption: string
}

/** A countdown: what is left as an arc and, in the middle, as a number. */
export function Ring({ size, ttlSeconds, deadline, renewedAt, look, word, caption }: RingProps) {
  const radius = size / 2 - 2
  const small = size < 80
  const width = look === 'belief' || small ? 5 : 8
  const paint = usePainter<SVGSVGElement>((svg, now) => {
    const share = ringShare(deadline, ttlSeconds, now)
    setAttribute(svg.querySelector('.ring-arc'), 'd', ringPath(share, radius, width))
    setAttribute(svg.querySelector('.ring-tick'), 'opacity', tickShare(renewedAt, now).toFixed(2))
    setAttribute(svg, 'data-soon', share > 0 && share < 0.25 && look !== 'gone' ? 'yes' : 'no')
    setText(svg.querySelector('.ring-figure'), word ?? (deadline === null ? '–' : shortRemainingText(deadline - now)))
  })
  return (
    <svg
      ref={paint}
      className={`ring ring-${look}`}
      data-small={small || undefined}
      width={size}
      height={size}
      viewBox={`${-size / 2} ${-size / 2} ${size} ${size}`}
      aria-hidden="true"
    >
      <circle className="ring-track" r={radius - width / 2} fill="none" strokeWidth={width} />
      <path className="ring-arc" />
      <path className="ring-tick" d={`M0 ${-radius - 2} V${-radius + width + 3}`} opacity="0" />
      <text className="ring-figure" y={small ? 5 : word ? 4 : 2} textAnchor="middle" />
      {!small && (
        <text className="ring-caption" y={size / 5 + 2} textAnchor="middle">
          {caption}
        </text>
      )}
    </svg>
  )
}
