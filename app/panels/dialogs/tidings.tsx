import type { Tidings as Tiding } from '../../store/ui'
import { useApp, useUi } from '../parts/app-context'

/** What became of the run that this browser keeps, quietly, until it is put away. */
export function Tidings() {
  const tidings = useUi((state) => state.tidings)
  return (
    <div role="status" aria-label="Kept runs" className="refused-place">
      {tidings.map((tiding) => (
        <Line key={tiding.kind} tiding={tiding} />
      ))}
    </div>
  )
}

function Line({ tiding: { kind, text } }: { tiding: Tiding }) {
  const { ui, sharing, keeping } = useApp()
  const dismiss = () => ui.setState(({ tidings }) => ({ tidings: tidings.filter((each) => each.kind !== kind) }))
  return (
    <div className="tiding" data-kind={kind}>
      <p>
        <b aria-hidden="true">{kind === 'failed' ? '✕' : kind === 'elsewhere' ? '!' : '↺'}</b> {text}
      </p>
      {kind === 'restored' && (
        <button type="button" className="button small" onClick={() => sharing.startOver()}>
          Begin anew
        </button>
      )}
      {kind === 'elsewhere' && (
        <button type="button" className="button small" onClick={() => void keeping.then((keeper) => keeper?.takeOver())}>
          Keep this one instead
        </button>
      )}
      {kind === 'earlier' && (
        <button type="button" className="button small" onClick={() => void keeping.then((keeper) => keeper?.openEarlier())}>
          Open it
        </button>
      )}
      <button type="button" className="button small" onClick={dismiss}>
        Dismiss
      </button>
    </div>
  )
}
