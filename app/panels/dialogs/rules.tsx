import type { InvariantRow } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'

/**
 * Every rule by its name, with its breaches up to now; the first breach comes first. Mutual
 * exclusion is a rule of the programs, not of etcd.
 */
export function Rules({ onLeave }: { onLeave(): void }) {
  const { commands } = useApp()
  const view = useRun((state) => state.invariants)
  const violations = useRun((state) => state.violations)
  const exclusion = useRun((state) => state.exclusion)
  const now = useRun((state) => state.now)
  if (view === null) return null
  const rows = [...view.rows].sort(
    (a, b) => (a.broken?.event ?? Number.MAX_VALUE) - (b.broken?.event ?? Number.MAX_VALUE),
  )
  const later = violations.filter(({ at }) => at > now).length
  const go = (event: number) => {
    onLeave()
    commands.seekEvent(event)
  }
  return (
    <section aria-labelledby="rules-title">
      <h3 id="rules-title">The rules of etcd, at {clockText(now)} s</h3>
      {!view.checked && <p className="muted">This part of the run is being checked.</p>}
      {later > 0 && (
        <p className="muted">
          Later in this run: {later === 1 ? 'one breach' : `${later} breaches`}.
        </p>
      )}
      <ul className="rules-list">
        {exclusion !== null && (
          <li data-state="broken">
            <Icon name="down" small />
            <div>
              <b>mutual exclusion</b>{' '}
              <span className="bad">broken at {clockText(exclusion.at)} s</span>
              <p className="muted small">
                At most one client is inside {exclusion.section}. This is a rule of the programs,
                not of etcd.
              </p>
            </div>
            <button type="button" onClick={() => go(exclusion.event)}>
              Go there
            </button>
          </li>
        )}
        {rows.map((row) => (
          <Row key={row.name} row={row} checked={view.checked} onGo={go} />
        ))}
      </ul>
    </section>
  )
}

function Row({
  row: { name, sentence, broken, times },
  checked,
  onGo,
}: {
  row: InvariantRow
  checked: boolean
  onGo(event: number): void
}) {
  return (
    <li data-state={broken ? 'broken' : 'holds'}>
      <Icon name={broken ? 'down' : 'check'} small />
      <div>
        <b>{name}</b>{' '}
        {broken ? (
          <span className="bad">broken at {clockText(broken.at)} s</span>
        ) : (
          <span className="good">{checked ? 'holds' : 'holds so far'}</span>
        )}
        <p className="muted small">{sentence}</p>
        {broken && (
          <p className="small">
            {broken.because}
            {times > 1 && ` ${times} times up to now.`}
          </p>
        )}
      </div>
      {broken && (
        <button type="button" aria-label={`Go there: ${name}`} onClick={() => onGo(broken.event)}>
          Go there
        </button>
      )}
    </li>
  )
}
