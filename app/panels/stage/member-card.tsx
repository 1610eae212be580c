import { memo } from 'react'
import type { MemberView } from '../../../engine/worker/protocol'
import { membershipActs, startOf } from '../../commands/members'
import { useApp, useRun } from '../parts/app-context'
import { CandidateIcon, CrownIcon, PauseSign } from '../parts/icons'
import { FaultMenu, performAndLeave, UnstartedMenu } from './fault-menu'
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
        {isStarted(member) && <FaultMenu member={member} />}
      </header>
      <SlowDisk member={member} />
      <OwnClock member={member} />
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
  if (!isStarted(member)) return <UnstartedCard member={member} style={style} />
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
      <SlowDisk member={member} />
      <OwnClock member={member} />
      <LogStrip member={member} />
      <div className="member-acts">
        <OwnLeases member={member} />
        {member.standing === 'learner' && member.role !== 'down' && <PromoteButton member={member} />}
      </div>
    </article>
  )
})

/** It was added and no process of it runs yet. A voter counts for the majority all the same. */
function UnstartedCard({ member, style }: { member: MemberView; style: React.CSSProperties }) {
  const { name, standing } = member
  const isVoter = standing === 'unstarted'
  const members = useRun((state) => state.members)
  const { commands } = useApp()
  const start = startOf(member, members)
  return (
    <article className="card member member-small member-unstarted" style={style} aria-label={`Member at ${name}, not started`}>
      <header className="card-head">
        <h4>{name}</h4>
      </header>
      <span className="role">◌ NOT STARTED</span>
      <p className="muted">{isVoter ? 'With a vote: the majority counts it already.' : 'A learner: no vote, no majority waits for it.'}</p>
      <div className="member-acts">
        <button type="button" className="button small" title={start.line} onClick={() => performAndLeave(commands, start)}>
          Start it<span className="sr-only"> at {name}</span>
        </button>
        <UnstartedMenu member={member} />
      </div>
    </article>
  )
}

function isStarted({ standing }: MemberView): boolean {
  return standing !== 'unstarted' && standing !== 'unstarted-learner'
}

function cardProps({ name, role, paused, standing }: MemberView) {
  return {
    'data-end': 'member',
    'data-id': name,
    'data-role': role,
    'data-standing': standing,
    'data-paused': paused || undefined,
    'aria-label': `Member ${name}`,
  }
}

function SlowDisk({ member: { diskMs } }: { member: MemberView }) {
  return diskMs === 0 ? null : (
    <p className="slow-disk">
      <span aria-hidden="true">⛁</span> disk: {diskMs} ms a write
    </p>
  )
}

/** What its machine's clocks do that others' do not, in one line where it can be. */
function OwnClock({ member: { clockPercent, wallSeconds } }: { member: MemberView }) {
  const words = [
    ...(clockPercent === 100 ? [] : [`clock at ${clockPercent}\u00a0%`]),
    ...(wallSeconds === 0 ? [] : [`date ${durationText(Math.abs(wallSeconds))} ${wallSeconds < 0 ? 'behind' : 'ahead'}`]),
  ]
  return words.length === 0 ? null : (
    <p className="slow-disk">
      <span aria-hidden="true">◷</span> {words.join(', ')}
    </p>
  )
}

/** `1 h`, `90 s`: whole hours as such. */
function durationText(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600}\u00a0h` : `${seconds}\u00a0s`
}

/** As a shape and a word. */
function Role({ member }: { member: MemberView }) {
  const { role, paused, stopping, lead, name, standing } = member
  if (standing === 'removed') return <span className="role">✕ REMOVED{role === 'down' ? '' : ', still running'}</span>
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
      <RoleWord role={standing === 'learner' && role === 'follower' ? 'learner' : role} />
      {stopping && <span className="role-lead"> ending</span>}
      {role === 'follower' && standing !== 'learner' && lead !== null && lead !== name && <span className="role-lead"> of {lead}</span>}
    </span>
  )
}

/** What its menu has too, where a class looks for it. */
function PromoteButton({ member }: { member: MemberView }) {
  const members = useRun((state) => state.members)
  const { commands } = useApp()
  const promote = membershipActs(member, members).find(({ word }) => word === 'Promote')
  if (promote === undefined) return null
  return (
    <button type="button" className="button small" title={promote.gesture.line} onClick={() => performAndLeave(commands, promote.gesture)}>
      Promote<span className="sr-only"> {member.name}</span>
    </button>
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
      return (
        <span>
          ▽ LEARNER<span className="role-lead">, no vote</span>
        </span>
      )
  }
}
