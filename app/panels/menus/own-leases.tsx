import type { MemberView } from '../../../engine/worker/protocol'
import { useRun } from '../parts/app-context'
import { Remaining } from '../parts/figure'

/**
 * The state of a member's own lessor. Every member has every lease, and only the primary counts
 * down.
 */
export function OwnLeases({
  member: { name, leases, primary, paused, ownLeases, revision, keys, applied, lastIndex },
}: {
  member: MemberView
}) {
  const rows = useRun((state) => state.leases.rows)
  const nameOf = (id: string) => rows.find((row) => row.id === id)?.name ?? id
  return (
    <div className="own-leases" tabIndex={-1}>
      <p className="muted small">
        {primary
          ? paused
            ? `The lessor of ${name} is primary, but frozen. It looks at the time when it goes on.`
            : `The lessor of ${name} is primary. It counts down and proposes the revokes.`
          : `The lessor of ${name} is not primary. It does not count.`}
      </p>
      {leases === 0 && <p className="muted">It has no lease.</p>}
      <ul>
        {ownLeases.map(({ id, deadline }) => (
          <li key={id} title={id}>
            <b>{nameOf(id)}</b>{' '}
            {deadline === null ? (
              <span className="muted">not counted</span>
            ) : (
              <Remaining until={deadline} />
            )}
          </li>
        ))}
        {leases > ownLeases.length && (
          <li className="muted">and {leases - ownLeases.length} more</li>
        )}
      </ul>
      <p className="muted small">
        revision {revision} · {keys === 1 ? '1 key' : `${keys} keys`} · applied {applied} of{' '}
        {lastIndex} entries
      </p>
    </div>
  )
}
