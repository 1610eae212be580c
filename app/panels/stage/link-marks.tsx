import { useMemo } from 'react'
import { linkWords } from '../../draw/link-words'
import type { Link, Rect } from '../../draw/message-path'
import { linkLabel, type StageLabel } from '../../draw/stage-labels'
import { useRun } from '../parts/app-context'

/** A drawn wire: its name (`svc m1`), its two ends and its path. */
export interface Drawn {
  name: string
  a: string
  b: string
  link: Link
}

export interface LinkMark {
  name: string
  label: StageLabel
}

/**
 * The words of each bad link, and their place. `boxes` are the cards, and the words do not cover a
 * card.
 */
export function useLinkMarks(
  drawn: readonly Drawn[],
  members: readonly string[],
  boxes: readonly Rect[],
): LinkMark[] {
  const dials = useRun((state) => state.network.links)
  const config = useRun((state) => state.config)
  return useMemo(() => {
    if (dials.length === 0 || config === null) return []
    const taken = [...boxes]
    return drawn.flatMap(({ name, a, b, link }) => {
      const usual =
        members.includes(a) && members.includes(b)
          ? (config.peerLatencyMs ?? config.latencyMs)
          : config.latencyMs
      const lines = linkWords(a, b, dials, usual)
      if (lines.length === 0) return []
      const label = linkLabel(link, lines, taken)
      taken.push(label.box)
      return [{ name, label }]
    })
  }, [dials, config, drawn, members, boxes])
}

/** The words of the bad links, drawn over the cards. */
export function LinkMarks({
  marks,
  width,
  height,
}: {
  marks: readonly LinkMark[]
  width: number
  height: number
}) {
  if (marks.length === 0) return null
  return (
    <svg className="link-marks" width={width} height={height} aria-label="Bad links">
      {marks.map(({ name, label }) => (
        <text key={name} className="stage-text link-mark halo" textAnchor="middle">
          {label.lines.map((line, i) => (
            <tspan key={line} x={label.x} y={label.top + 11 + 14 * i}>
              {line}
            </tspan>
          ))}
        </text>
      ))}
    </svg>
  )
}
