import { memo } from 'react'
import type { MemberView } from '../../engine/worker/protocol'
import { remainingText } from '../draw/figures'
import { usePainter } from './app-context'
import { CrownIcon } from './icons'
import { setAttribute, setText } from './write'

const roleWords: Record<MemberView['role'], string> = {
  leader: 'LEADER',
  follower: 'follower',
  'pre-candidate': 'pre-candidate',
  candidate: 'candidate',
  learner: 'learner',
  down: 'down',
}

export const MemberCard = memo(function MemberCard({ member }: { member: MemberView }) {
  return (
    <article className="card member" data-end="member" data-id={member.name} data-role={member.role} aria-label={`Member ${member.name}`}>
      <header className="card-head">
        <h4>{member.name}</h4>
        <span className="role">
          {member.role === 'leader' && <CrownIcon />}
          {member.role === 'down' && '✕ '}
          {roleWords[member.role]}
        </span>
      </header>
      <dl className="facts">
        <div>
          <dt>term</dt>
          <dd>{member.term}</dd>
        </div>
        <div>
          <dt>revision</dt>
          <dd>{member.revision}</dd>
        </div>
        <div>
          <dt>leases</dt>
          <dd>{member.leases}</dd>
        </div>
        <div>
          <dt>keys</dt>
          <dd>{member.keys}</dd>
        </div>
      </dl>
      {member.primary ? (
        <div className="lessor">
          <p>
            <span className="badge">● primary lessor</span> counts the leases down
          </p>
          <p className="pass">
            next expiry pass: <NextPass at={member.nextPassAt} />
          </p>
        </div>
      ) : (
        <p className="lessor muted">◌ its lessor does not count</p>
      )}
    </article>
  )
})

/** Twice a second the primary looks for leases whose time is up: a lease ends at one of these, not at its deadline. */
function NextPass({ at }: { at: number }) {
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    const left = Math.max(0, at - now)
    setText(element.firstElementChild, remainingText(left))
    setAttribute(element, 'style', `--share: ${Math.min(1, left / 500).toFixed(2)}`)
  })
  return (
    <span ref={paint} className="pass-meter">
      <span className="figure" />
      <span className="pass-bar" aria-hidden="true" />
    </span>
  )
}
