import { memo } from 'react'
import type { MemberView } from '../../engine/worker/protocol'
import { FaultMenu } from './fault-menu'
import { CandidateIcon, CrownIcon, PauseSign } from './icons'
import { LogStrip } from './log-strip'
import { NextPass } from './next-pass'
import { OwnLeases } from './own-leases'

/** A lone member in full. */
export const MemberCard = memo(function MemberCard({ member }: { member: MemberView }) {
  return (
    <article className="card member" {...cardProps(member)}>
      <header className="card-head">
        <h4>{member.name}</h4>
        <Role member={member} />
        <FaultMenu member={member} />
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

/** One member of several: what differs from member to member, and the rest on demand. */
export const ClusterMemberCard = memo(function ClusterMemberCard({ member, style }: { member: MemberView; style: React.CSSProperties }) {
  return (
    <article className="card member member-small" style={style} {...cardProps(member)}>
      <header className="card-head">
        <h4>{member.name}</h4>
        <span className="term">
          term <b>{member.term}</b>
        </span>
        <FaultMenu member={member} />
      </header>
      <Role member={member} />
      <LogStrip member={member} />
      <OwnLeases member={member} />
    </article>
  )
})

function cardProps({ name, role, paused }: MemberView) {
  return {
    'data-end': 'member',
    'data-id': name,
    'data-role': role,
    'data-paused': paused || undefined,
    'aria-label': `Member ${name}`,
  }
}

/** As a shape and a word. */
function Role({ member: { role, paused, lead, name } }: { member: MemberView }) {
  if (paused) {
    // It is still what it was: it does not know that time goes on.
    return (
      <span className="role">
        <PauseSign /> FROZEN {role}
      </span>
    )
  }
  return (
    <span className="role">
      <RoleWord role={role} />
      {role === 'follower' && lead !== null && lead !== name && <span className="role-lead"> of {lead}</span>}
    </span>
  )
}

function RoleWord({ role }: { role: MemberView['role'] }) {
  switch (role) {
    case 'leader':
      return (
        <>
          <CrownIcon /> LEADER
        </>
      )
    case 'candidate':
      return (
        <>
          <CandidateIcon /> CANDIDATE
        </>
      )
    case 'pre-candidate':
      return (
        <>
          <CandidateIcon /> PRE-CANDIDATE
        </>
      )
    case 'down':
      return <>✕ DOWN</>
    case 'follower':
      return <>FOLLOWER</>
    case 'learner':
      return <>LEARNER</>
  }
}
