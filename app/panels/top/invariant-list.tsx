import type { InvariantRow } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'

/** Each invariant by its name, with a sentence, and with what broke it by the instant on the screen; what broke first stands first. */
export function InvariantList() {
  const view = useRun((state) => state.invariants)
  const violations = useRun((state) => state.violations)
  const now = useRun((state) => state.now)
  if (view === null) return null
  const rows = [...view.rows].sort((a, b) => (a.broken?.event ?? Number.MAX_VALUE) - (b.broken?.event ?? Number.MAX_VALUE))
  const later = violations.filter(({ at }) => at > now).length
  return (
    <>
      <p className="popover-title">What a run may never do, at this instant</p>
      {!view.checked && <p className="popover-words">◌ This part of the run is being checked.</p>}
      {later > 0 && <p className="popover-words">Later in this run: {later === 1 ? 'one breach' : `${later} breaches`}.</p>}
      <ul className="invariants">
        {rows.map((row) => (
          <Row key={row.name} row={row} checked={view.checked} />
        ))}
      </ul>
    </>
  )
}

function Row({ row, checked }: { row: InvariantRow; checked: boolean }) {
  const { commands } = useApp()
  const { name, sentence, broken, times } = row
  const [state, glyph, word] =
    broken !== null ? ['broken', '✕', 'violated'] : checked ? ['holds', '●', 'holds'] : ['unknown', '◌', 'holds as far as checked']
  return (
    <li data-state={state}>
      <p>
        <span className="invariant-glyph" aria-hidden="true">
          {glyph}
        </span>{' '}
        <b>{name}</b> <span className="invariant-word">{word}</span>
      </p>
      <p className="muted">{sentence}</p>
      {broken !== null && (
        <p>
          Violated at {clockText(broken.at)} s by event {broken.event}, because {broken.because}.{times > 1 && ` ${times} times by now.`}{' '}
          <button type="button" className="link-button" onClick={() => commands.seekEvent(broken.event)}>
            Go there<span className="sr-only">: {name}</span>
          </button>
        </p>
      )}
    </li>
  )
}
