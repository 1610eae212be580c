import { memo } from 'react'
import type { MemberView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { longestLog, stripOf, stripText } from '../../draw/log-strip'
import { countsText, type MemberLook, memberLabel, memberWords } from '../../draw/member-words'
import type { Rect } from '../../draw/message-path'
import type { MembersLayout } from '../../draw/stage-shapes'
import { useRun } from '../parts/app-context'
import { Icon, type IconName } from '../parts/icon'
import { anchor } from './anchor'
import { boxStyle } from './box'
import { Silence } from './silence'
import './member.css'

export const roleIcons: Record<MemberLook, IconName | null> = {
  leader: 'crown',
  follower: null,
  candidate: null,
  frozen: 'pause',
  down: 'down',
  unstarted: null,
}

/** The least height of a card with words below the silence, in pixels. */
const ROOM_FOR_WORDS: Record<MembersLayout['form'], number> = {
  alone: 0,
  log: 130,
  line: 76,
  small: 120,
  tiny: Number.POSITIVE_INFINITY,
}

interface CardProps {
  member: MemberView
  form: MembersLayout['form']
  box: Rect
  onLook(name: string | null): void
}

/**
 * A member: its role, its log, the leases that it counts, and the time without a leader. The card
 * opens the member's menu.
 */
export const MemberCard = memo(function MemberCard({ member, form, box, onLook }: CardProps) {
  const voters = useRun(
    (state) =>
      state.members.filter(({ status }) => status === 'voter' || status === 'unstarted').length,
  )
  const counts = useRun((state) => countsText(member, state.leases.rows))
  const crowd = useRun((state) => state.live > 12)
  const words = memberWords(member, voters)
  const large = form === 'alone' || form === 'log'
  const icon = roleIcons[words.look]
  const inner = box.width - (large ? 28 : 24)
  const silence = member.silentSince !== null && (
    <Silence
      member={member}
      since={member.silentSince}
      width={inner}
      words={box.height >= ROOM_FOR_WORDS[form]}
    />
  )
  return (
    <section
      {...anchor(`member ${member.name}`, memberLabel(member, words, counts))}
      {...lookedAt(
        () => onLook(member.name),
        () => onLook(null),
      )}
      className="stage-card member-card"
      data-look={words.look}
      data-form={form}
      style={boxStyle(box)}
    >
      <header>
        <b>{member.name}</b>
        {words.look !== 'unstarted' && form !== 'tiny' && (
          <small className="corner">term {member.term}</small>
        )}
      </header>
      <p className="member-role">
        {icon !== null && <Icon name={icon} small />}
        <span>{large ? words.role : words.brief}</span>
      </p>
      {form === 'alone' && (
        <p className="member-sub member-rule">
          {words.unusual || counts || (words.look === 'leader' ? 'counts no lease' : words.note)}
          <br />
          {crowd && member.primary
            ? `next pass at ${clockText(member.nextPassAt)} s`
            : `revision ${member.revision}`}
        </p>
      )}
      {(form === 'log' || form === 'line') && words.look !== 'unstarted' && (
        <LogCells member={member} most={Math.floor((inner - 28) / 15)} />
      )}
      {form === 'log' &&
        (silence || (
          <p className="member-sub">
            {words.unusual || counts || (words.look === 'frozen' ? words.note : '')}
          </p>
        ))}
      {(form === 'small' || form === 'line') &&
        (silence || (
          <p className="member-sub">
            {words.unusual || (form === 'small' ? words.note : counts || words.note)}
          </p>
        ))}
      {form === 'tiny' && silence}
    </section>
  )
})

/**
 * Handlers for the pointer and the focus: `come` when either enters the card, `go` when either
 * leaves.
 */
function lookedAt(come: () => void, go: () => void) {
  return { onPointerEnter: come, onPointerLeave: go, onFocus: come, onBlur: go }
}

/** The end of the member's log, aligned with the other members' logs by index. */
function LogCells({ member, most }: { member: MemberView; most: number }) {
  const longest = useRun((state) => longestLog(state.members))
  const cells = stripOf(member, longest).slice(-Math.max(1, most))
  return (
    <p className="log-cells" role="img" aria-label={stripText(member, longest)}>
      {cells.map(({ index, look, title }) => (
        <b key={index} data-look={look} title={title} />
      ))}
      <span>{member.lastIndex}</span>
    </p>
  )
}
