import { memo } from 'react'
import type { SpacetimeSpan } from '../../../engine/worker/protocol'
import {
  type Arrow,
  HEADER,
  LEFT,
  type Moment,
  type Placed,
  type PlacedColumn,
} from '../../draw/spacetime'
import { leadingOf, type Words } from '../../draw/spacetime-words'
import { useApp } from '../parts/app-context'
import { type Stop, useStops } from './spacetime-stops'
import type { Tip } from './spacetime-tip'

interface Props {
  placed: Placed
  words: Words
  unit: number
  onTip(tip: Tip | null): void
}

/**
 * The picture. Each arrow and each moment of a lane is a button. The button goes to its event, and
 * W explains the event.
 */
export const SpacetimeFigure = memo(function SpacetimeFigure({
  placed,
  words,
  unit,
  onTip,
}: Props) {
  const { commands } = useApp()
  const { width, height, columns, lanes, wires, bars, arrows, moments, now } = placed
  const stops = useStops(stopsOf(placed), onTip, (event) => commands.seekEvent(event))
  return (
    // biome-ignore lint/a11y/useSemanticElements: an SVG element cannot be a fieldset
    <svg
      className="spacetime-figure"
      width={width * unit}
      height={height * unit}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={`Space-time diagram, ${lanes.map(({ id }) => id).join(', ')}. Arrow keys move between events, Enter goes to one.`}
    >
      <defs>
        <pattern
          id="st-hatch"
          width="6"
          height="6"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <rect width="6" height="6" className="st-hatch-ground" />
          <rect width="1.8" height="6" className="st-hatch-line" />
        </pattern>
      </defs>
      <rect className="st-past" width={now} height={height} />
      <Columns columns={columns} height={height} now={now} width={width} />
      {wires.map(({ x1, y1, x2 }) => (
        <path key={`${x1} ${y1}`} className="st-wire" d={`M${x1} ${y1}H${x2}`} />
      ))}
      {bars.map(({ span, ...rect }) => (
        <g
          key={`${span.kind} ${span.event} ${span.lane} ${span.from}`}
          className={`st-bar st-${span.kind}`}
          data-event={span.event}
          onPointerEnter={() =>
            onTip({ x: Math.max(rect.x, LEFT), y: rect.y, at: span.from, texts: [span.text] })
          }
          onPointerLeave={() => onTip(null)}
        >
          <rect {...rect} rx={RADII[span.kind] ?? 0} />
        </g>
      ))}
      {words.inBars.map(({ bar, x, y, text }) => (
        <text key={bar} className="st-in-bar" x={x} y={y}>
          {text}
        </text>
      ))}
      {lanes
        .filter(({ state }) => state === 'frozen')
        .map(({ id, y }) => (
          <text key={id} className="st-doubt" x={now + 12} y={y + 5}>
            ?
          </text>
        ))}
      <path className="st-now" d={`M${now} 26V${height}`} />
      {arrows.map((arrow) => (
        <g key={arrow.message.event} {...stops.of(`m${arrow.message.event}`)}>
          <ArrowLine arrow={arrow} />
        </g>
      ))}
      {moments.map((moment) => (
        <g key={nameOf(moment)} {...stops.of(nameOf(moment))}>
          <MomentMark moment={moment} height={height} />
        </g>
      ))}
      {words.labels.map(({ id, event, text, x, y, anchor, bad, hair }) => (
        <g key={id} className="st-label" data-event={event}>
          {hair !== null && <path className="st-hair" d={`M${hair.x1} ${hair.y1}V${hair.y2}`} />}
          <text className={bad ? 'st-bad' : undefined} x={x} y={y} textAnchor={anchor}>
            {text}
          </text>
        </g>
      ))}
      <rect className="st-pill" x={now - 19} y="5" width="38" height="20" rx="10" />
      <text className="st-pill-text" x={now} y="19.5">
        now
      </text>
      <path className="st-pill" d={`M${now - 4} 24h8l-4 5z`} />
    </svg>
  )
})

const RADII: Partial<Record<SpacetimeSpan['kind'], number>> = { held: 2, inside: 3 }

function nameOf({ notes }: Moment): string {
  return `n${notes[0]!.event} ${notes[0]!.lane}`
}

/** The stops in the order of time. */
function stopsOf({ arrows, moments, columns }: Placed): Stop[] {
  const at = (x: number): number =>
    columns.findLast((column) => column.x <= x)?.at ?? columns[0]?.at ?? 0
  return [
    ...arrows.map(({ message, x1, x2, y1, y2, fate }): Stop => {
      const end = fate === 'lost' ? '; it is lost' : fate === 'flying' ? '; it is in flight' : ''
      return {
        name: `m${message.event}`,
        event: message.event,
        x: (x1 + x2) / 2,
        y: (y1 + y2) / 2,
        order: x1,
        at: message.sent,
        texts: [message.text + end],
      }
    }),
    ...moments.map((moment): Stop => {
      const { notes, x, lane } = moment
      const { event } = leadingOf(notes)
      return {
        name: nameOf(moment),
        event,
        x,
        y: lane?.y ?? HEADER,
        order: x,
        at: notes[0]?.at ?? at(x),
        texts: notes.map(({ text }) => text),
      }
    }),
  ].sort((a, b) => a.order - b.order || a.event - b.event)
}

function Columns({
  columns,
  height,
  now,
  width,
}: {
  columns: readonly PlacedColumn[]
  height: number
  now: number
  width: number
}) {
  return (
    <>
      <path className="st-line" d={`M0 ${HEADER}H${width}`} />
      {columns.map(({ at, x, text, broken }, i) => (
        <g key={at}>
          {x < now && (
            <>
              <path className="st-line" d={`M${x} ${HEADER}V${height}`} />
              <text className="st-time" x={x} y="20">
                {text}
              </text>
            </>
          )}
          {broken && (
            <path className="st-break" d={`M${(x + columns[i - 1]!.x) / 2 - 5} 34l4-8m3 8l4-8`} />
          )}
        </g>
      ))}
    </>
  )
}

function ArrowLine({ arrow: { x1, y1, x2, y2, message, fate } }: { arrow: Arrow }) {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length]
  const headed = fate === 'arrived'
  const [bx, by] = headed ? [x2 - ux * 9, y2 - uy * 9] : [x2, y2]
  return (
    <>
      <path className="st-reach" d={`M${x1} ${y1}L${x2} ${y2}`} />
      <path
        className={message.kind === 'request' ? 'st-request' : 'st-reply'}
        data-bad={message.bad || undefined}
        d={`M${x1} ${y1}L${bx} ${by}`}
      />
      {message.kind === 'request' && <circle className="st-dot" cx={x1} cy={y1} r="2.5" />}
      {headed && (
        <path
          className={message.kind === 'request' ? 'st-head' : 'st-head st-hollow'}
          data-bad={message.bad || undefined}
          d={`M${x2} ${y2}L${bx - uy * 4} ${by + ux * 4}L${bx + uy * 4} ${by - ux * 4}Z`}
        />
      )}
      {fate === 'flying' && (
        <circle
          className={message.kind === 'request' ? 'st-dot' : 'st-dot st-hollow'}
          cx={x2}
          cy={y2}
          r="4"
        />
      )}
      {fate === 'lost' && <path className="st-lost" d={`M${x2 - 5} ${y2 - 5}l10 10m0-10l-10 10`} />}
    </>
  )
}

function MomentMark({ moment: { notes, x, lane }, height }: { moment: Moment; height: number }) {
  if (lane === null) {
    const bad = notes.some((note) => note.bad)
    return (
      <path className="st-network" data-bad={bad || undefined} d={`M${x} ${HEADER}V${height}`} />
    )
  }
  const { y } = lane
  const kind = notes.find((note) => note.kind !== 'other')?.kind
  return (
    <>
      <circle className="st-reach-dot" cx={x} cy={y} r="10" />
      {kind === 'freeze' && (
        <>
          <rect className="st-gap" x={x - 8} y={y - 10} width="16" height="20" />
          <path className="st-mark" d={`M${x - 3} ${y - 7}v14m6-14v14`} />
        </>
      )}
      {kind === 'resume' && <path className="st-dot" d={`M${x - 5} ${y - 8}l12 8l-12 8z`} />}
      {(kind === 'crash' || kind === 'refused') && (
        <path className="st-lost" d={`M${x - 6} ${y - 6}l12 12m0-12l-12 12`} />
      )}
      {kind === 'restart' && <circle className="st-dot st-hollow" cx={x} cy={y} r="5" />}
      {kind === 'gone' && <rect className="st-dot" x={x - 4} y={y - 4} width="8" height="8" />}
      {kind === 'taken' && (
        <circle
          className="st-taken"
          data-bad={notes.some((note) => note.bad) || undefined}
          cx={x}
          cy={y}
          r="5"
        />
      )}
    </>
  )
}
