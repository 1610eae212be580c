import { memo } from 'react'
import type { LeaseRow } from '../../../engine/worker/protocol'
import {
  arcPath,
  arcWidth,
  dialCaption,
  dialPhase,
  dialShare,
  edgeAngle,
  graduationGap,
  graduations,
  onCircle,
} from '../../draw/dial'
import { clockText, shortRemainingText } from '../../draw/figures'
import { usePainter } from '../parts/app-context'
import { useMoment } from '../parts/moment'
import { setAttribute, setText } from '../parts/write'
import { QUIET_HATCH } from './patterns'
import { useGlide } from './use-glide'
import './dial.css'

/** Ms of an animation: 200 for a renewal, at most 400 for the extra time from a new leader. */
const RENEWAL_MS = 200
const GIFT_MS = 400

/** From this radius on, a dial of the middle size has room for four large characters. */
const ROOMY = 46

type Size = 'large' | 'medium' | 'small' | 'dot'

function sizeOf(r: number): Size {
  return r >= 76 ? 'large' : r >= 36 ? 'medium' : r >= 20 ? 'small' : 'dot'
}

/**
 * The remaining time of a lease. The dial drains clockwise, with an ink tick at its edge. `?` and a
 * grey hatch while no primary counts; a dashed circle after the end.
 */
export const DialFace = memo(function DialFace({
  lease,
  r,
  gift,
}: {
  lease: LeaseRow
  r: number
  gift: number | null
}) {
  const size = sizeOf(r)
  const phase = useMoment((now) => dialPhase(lease, now))
  const caption = useMoment((now) => dialCaption(lease, now, size !== 'large', gift))
  const glide = useGlide(gift !== null ? GIFT_MS : RENEWAL_MS)
  const width = arcWidth(r)
  const counted = phase !== 'gone' && phase !== 'uncounted'
  const paint = usePainter<SVGSVGElement>((svg, now) => {
    const deadline = glide(counted ? lease.deadline : null, now)
    const share = dialShare(deadline, lease.ttlSeconds, now)
    const angle = edgeAngle(share)
    const [inner, outer] = [
      onCircle(angle, r - width / 2 - 3),
      onCircle(angle, r + width / 2 + (size === 'large' ? 7 : 4)),
    ]
    const edge =
      counted && size !== 'dot'
        ? `M${inner.x.toFixed(2)} ${inner.y.toFixed(2)}L${outer.x.toFixed(2)} ${outer.y.toFixed(2)}`
        : ''
    setAttribute(svg.querySelector('.dial-arc'), 'd', arcPath(share, r))
    setAttribute(svg.querySelector('.dial-edge'), 'd', edge)
    const text =
      deadline === null ? (phase === 'uncounted' ? '?' : '') : shortRemainingText(deadline - now)
    const figure = svg.querySelector('.dial-figure')
    setText(figure, text)
    setAttribute(
      figure,
      'data-long',
      text.length > (size === 'medium' && r < ROOMY ? 3 : 4) ? 'yes' : 'no',
    )
  })
  return (
    <svg
      ref={paint}
      className="dial-face"
      data-size={size}
      data-phase={phase}
      viewBox={`${-r} ${-r} ${2 * r} ${2 * r}`}
      aria-hidden="true"
    >
      <g className="dial-graduations">
        {graduations(lease.ttlSeconds, r).map(({ angle, length }) => (
          <path
            key={angle}
            d={`M0 ${-r - graduationGap(r)}v${-length}`}
            transform={`rotate(${angle.toFixed(2)})`}
          />
        ))}
      </g>
      <circle className="dial-track" r={r} />
      <circle className="dial-ended" r={r} />
      {phase === 'uncounted' && <Stopped lease={lease} r={r} />}
      <path className="dial-arc" strokeWidth={width} />
      <path className="dial-edge" />
      <Words name={lease.name} caption={caption} size={size} phase={phase} />
    </svg>
  )
})

/** The remaining time when the count stopped. */
function Stopped({ lease: { stopped, ttlSeconds }, r }: { lease: LeaseRow; r: number }) {
  if (stopped === null) return null
  const share = Math.min(1, stopped.left / (ttlSeconds * 1000))
  const width = r >= 80 ? 14 : r >= 36 ? 10 : 8
  const [inner, outer] = [
    onCircle(edgeAngle(share), r - width / 2 - 3),
    onCircle(edgeAngle(share), r + width / 2 + 3),
  ]
  return (
    <>
      <path d={arcPath(share, r)} fill="none" stroke={`url(#${QUIET_HATCH})`} strokeWidth={width} />
      <path className="dial-stopped" d={`M${inner.x} ${inner.y}L${outer.x} ${outer.y}`} />
    </>
  )
}

const places: Record<Exclude<Size, 'dot'>, { name: number; figure: number; caption: number }> = {
  large: { name: -38, figure: 22, caption: 50 },
  medium: { name: -17, figure: 10, caption: 28 },
  small: { name: -6, figure: 10, caption: 0 },
}

function Words({
  name,
  caption,
  size,
  phase,
}: {
  name: string
  caption: string
  size: Size
  phase: string
}) {
  if (size === 'dot') return <text className="dial-figure dial-hidden" />
  const at = places[size]
  const gone = phase === 'gone'
  return (
    <>
      <text className="dial-name" y={gone ? -1 : at.name} textAnchor="middle">
        {name}
      </text>
      <text className="dial-figure" y={at.figure} textAnchor="middle" />
      {(size !== 'small' || gone) && (
        <text
          className="dial-caption"
          y={gone ? (size === 'small' ? 14 : 17) : at.caption}
          textAnchor="middle"
        >
          {caption}
        </text>
      )}
    </>
  )
}

/**
 * The dial's name for a screen reader: the lease, its TTL and its end. A countdown would make the
 * screen reader repeat the name.
 */
export function dialLabel(lease: LeaseRow): string {
  const { name, ttlSeconds, state, deadline, ended } = lease
  if (state === 'gone')
    return `${name}, gone${ended === null ? '' : ` since ${clockText(ended.at)} s`}`
  const due = deadline === null ? 'no member counts it' : `due at ${clockText(deadline)} s`
  return `${name}, TTL ${ttlSeconds} s, ${due}`
}
