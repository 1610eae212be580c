import type { MemberView } from '../../../engine/worker/protocol'
import { longestLog, stripOf, stripText } from '../../draw/log-strip'
import { useRun } from '../parts/app-context'

/** The end of a member's log: filled is committed, outlined is not yet, dashed is missing. Every member's strip shows the same indexes. */
export function LogStrip({ member }: { member: MemberView }) {
  const longest = useRun((state) => longestLog(state.members))
  return (
    <div className="log-strip">
      <span className="log-cells" role="img" aria-label={stripText(member, longest)}>
        {stripOf(member, longest).map(({ index, look, title }) => (
          <span key={index} className="log-cell" data-look={look} title={title} />
        ))}
      </span>
      <span className="log-end" aria-hidden="true" title="The last index of its log">
        {member.lastIndex}
      </span>
    </div>
  )
}
