import type { LaneName } from '../../../engine/worker/protocol'
import { shortId } from '../../draw/figures'
import { type Layout, type Placed, ROW_HEIGHT } from '../../draw/tape/layout'
import { laneNouns, laneWords } from '../../draw/tape/words'
import { useApp, usePrefs, useUi } from '../parts/app-context'

/** The names of the lanes and of their rows, each at the height of its row. A lane's name folds it into one row; a lease's opens it up. */
export function TapeLabels({ layout }: { layout: Layout }) {
  return (
    <div className="tape-side tape-labels">
      {layout.rows.map((placed) => (
        <div
          className="tape-label"
          key={`${placed.lane} ${placed.row.id} ${placed.top}`}
          style={{ top: placed.top, height: placed.height, lineHeight: `${ROW_HEIGHT}px` }}
        >
          {placed.first && <NameOfLane placed={placed} />}
          {placed.summary ? <Summary lane={placed.lane} layout={layout} /> : <RowName placed={placed} />}
        </div>
      ))}
    </div>
  )
}

function NameOfLane({ placed: { lane } }: { placed: Placed }) {
  const { prefs } = useApp()
  const folded = usePrefs((state) => state.tapeFolded.includes(lane))
  // The leader's lane is one row whether it is folded or not.
  if (lane === 'leader') return <span className="tape-lane">{laneWords[lane]}</span>
  return (
    <button
      type="button"
      className="tape-lane"
      aria-expanded={!folded}
      title={folded ? `Show the rows of ${laneWords[lane].toLowerCase()}` : `Fold ${laneWords[lane].toLowerCase()} into one row`}
      onClick={() =>
        prefs.setState(({ tapeFolded }) => ({ tapeFolded: folded ? tapeFolded.filter((each) => each !== lane) : [...tapeFolded, lane] }))
      }
    >
      {laneWords[lane]}
    </button>
  )
}

/** How many rows a summary stands for, and a way to see them. */
function Summary({ lane, layout }: { lane: LaneName; layout: Layout }) {
  const { ui } = useApp()
  const folded = usePrefs((state) => state.tapeFolded.includes(lane))
  const isAll = useUi((state) => state.tape.all.some((each) => each.lane === lane))
  const total = layout.lanes.find((each) => each.lane === lane)?.total ?? 0
  if (folded) return <span className="tape-name">{total}</span>
  return (
    <button
      type="button"
      className="tape-name"
      aria-pressed={isAll}
      aria-label={`Show all ${total} ${laneNouns[lane][1]} of this window`}
      onClick={() =>
        ui.setState(({ tape }) => ({
          tape: { ...tape, all: isAll ? tape.all.filter((each) => each.lane !== lane) : [...tape.all, { lane, from: 0 }] },
        }))
      }
    >
      {isAll ? `all ${total}` : `${total}: show`}
    </button>
  )
}

function RowName({ placed: { lane, row } }: { placed: Placed }) {
  const { ui } = useApp()
  const opened = useUi((state) => state.tape.opened.includes(row.id))
  if (lane === 'leader') return null
  if (lane !== 'leases') {
    return (
      <span className="tape-name" title={row.label}>
        {row.label}
      </span>
    )
  }
  return (
    <button
      type="button"
      className="tape-name tape-open"
      aria-expanded={opened}
      aria-label={`Remaining time of lease ${shortId(row.id)}`}
      title={opened ? 'Close it again' : 'Show what remains of its time'}
      onClick={() =>
        ui.setState(({ tape }) => ({
          tape: { ...tape, opened: opened ? tape.opened.filter((each) => each !== row.id) : [...tape.opened, row.id] },
        }))
      }
    >
      {row.label}
    </button>
  )
}
