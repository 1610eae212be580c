import { memo } from 'react'
import { visible } from '../../../engine/text/visible'
import type { StorageView, WriteRow } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import type { Rect } from '../../draw/message-path'
import { isLow, storageRows } from '../../draw/stage-truth'
import { boxStyle } from './box'

interface CardProps {
  storage: StorageView
  box: Rect
}

/**
 * The guarded resource: whether the storage checks tokens, and the latest writes with their
 * outcomes.
 */
export const StorageCard = memo(function StorageCard({ storage, box }: CardProps) {
  const low = isLow(box.height)
  return (
    <section
      className="stage-card storage-card"
      data-low={low || undefined}
      style={boxStyle(box)}
      aria-label={storageLabel(storage)}
    >
      <StorageLines storage={storage} rows={storageRows(box.height)} low={low} differs={false} />
    </section>
  )
})

interface LinesProps {
  storage: StorageView
  /** The number of writes that fit. */
  rows: number
  /** Only one line fits. */
  low: boolean
  /** The storage of the other branch has different writes. */
  differs: boolean
}

export function StorageLines({
  storage: { checks, highest, writes, total, writers },
  rows,
  low,
  differs,
}: LinesProps) {
  const silent = writers.filter((client) => writes.every((write) => write.client !== client))
  const rule = checks
    ? `refuses tokens below ${highest ?? 'the first'}`
    : low
      ? 'no token check'
      : 'does not check tokens'
  const earlier =
    total > rows ? `and ${total - rows} earlier ${total - rows === 1 ? 'write' : 'writes'}` : ''
  return (
    <>
      <h3>
        storage
        <small className="corner">{rule}</small>
      </h3>
      {writes.length === 0 && <p className="muted storage-write">No write yet.</p>}
      {writes.slice(0, rows).map((write, i) => (
        <p
          className="storage-write"
          key={write.event}
          data-last={(i === 0 && writes.length > 1) || undefined}
        >
          <span className="small muted">{clockText(write.at)}</span>
          <code className="diff-words" data-differs={differs || undefined}>
            {visible(write.value)}
          </code>
          {i === 0 && writes.length > 1 && <small className="storage-last">latest</small>}
          <span className="muted">
            {write.token === null ? 'no token' : `token ${write.token}`}
          </span>
          <b data-bad={!write.taken || write.stale || undefined}>{fateWord(write)}</b>
        </p>
      ))}
      {!low && rows === 1 && writes.length > 0 && (
        <p className="small muted">
          {silent[0] === undefined ? earlier : `${visible(silent[0])} has not written yet`}
        </p>
      )}
    </>
  )
}

function storageLabel({ checks, writes }: StorageView): string {
  const [last] = writes
  const said =
    last === undefined
      ? 'no write yet'
      : `last write ${visible(last.value)} of ${visible(last.client)}: ${fateWord(last)}`
  return `Storage, ${checks ? 'checks tokens' : 'does not check tokens'}, ${said}`
}

export function fateWord({ taken, stale }: WriteRow): string {
  return taken ? (stale ? 'STALE, taken' : 'taken') : 'refused'
}
