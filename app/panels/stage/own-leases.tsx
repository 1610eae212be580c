import type { MemberView } from '../../../engine/worker/protocol'
import { shortId } from '../../draw/figures'
import { Remaining } from '../parts/figure'
import { Disclosure } from '../parts/popover'
import { NextPass } from './next-pass'

/** What a member's own lessor knows: each member has every lease, and only the primary counts. */
export function OwnLeases({ member }: { member: MemberView }) {
  const { name, leases, primary, role, paused } = member
  const count = leases === 1 ? '1 lease' : `${leases} leases`
  if (role === 'down') return <p className="own-leases own-leases-none">knows nothing now</p>
  return (
    <Disclosure
      className="own-leases"
      label={`Leases as ${name} has them`}
      button={
        <>
          {primary ? (
            <>
              <span className="badge">
                <span aria-hidden="true">●</span> primary
              </span>
              , {count}
            </>
          ) : (
            <>
              <span aria-hidden="true">◌</span> {count}
            </>
          )}
          <span className="sr-only">
            {primary ? '' : ', does not count'}, on {name}
          </span>
        </>
      }
    >
      <p className="popover-title">Leases as {name} has them</p>
      <p className="popover-words">
        {primary
          ? paused
            ? 'Its lessor is primary, but frozen: it will look at the time when it goes on.'
            : 'Its lessor is primary: it counts down and proposes the revokes.'
          : 'Its lessor is not primary: none of these numbers runs here.'}
      </p>
      {leases === 0 && <p className="muted">It has no lease.</p>}
      <ul className="own-list">
        {member.ownLeases.map(({ id, deadline }) => (
          <li key={id}>
            <code>{shortId(id)}</code> {deadline === null ? <span className="muted">does not count</span> : <Remaining until={deadline} />}
          </li>
        ))}
        {leases > member.ownLeases.length && <li className="muted">and {leases - member.ownLeases.length} more</li>}
      </ul>
      <p className="popover-words muted">
        revision {member.revision}, {member.keys === 1 ? '1 key' : `${member.keys} keys`}; applied {member.applied} of {member.lastIndex}{' '}
        entries
      </p>
      {primary && !paused && (
        <p className="popover-words muted">
          next expiry pass: <NextPass at={member.nextPassAt} />
        </p>
      )}
    </Disclosure>
  )
}
