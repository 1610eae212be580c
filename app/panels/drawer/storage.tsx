import { visible } from '../../../engine/text/visible'
import type { WriteRow } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { Foreign } from '../parts/foreign'
import { PanelHead } from './panel-head'
import './storage.css'

/** The guarded resource: its writes, their tokens, and whether it checks tokens. */
export default function Storage() {
  const { commands } = useApp()
  const view = useRun((state) => state.storage)
  if (view === null)
    return (
      <>
        <PanelHead title="Storage" />
        <p className="empty">No program of this run writes to the storage.</p>
      </>
    )
  const { checks, highest, writes, total, stale } = view
  return (
    <>
      <PanelHead title="Storage" />
      <label className="check">
        <input
          type="checkbox"
          checked={checks}
          onChange={(event) => commands.checkTokens(event.target.checked)}
        />
        Checks tokens
      </label>
      <p className="muted small">
        {checks
          ? 'It refuses a token lower than the highest one it has seen.'
          : 'It takes every write, whatever its token.'}{' '}
        The switch replays the run with the other rule.
      </p>
      <p className="storage-highest">
        Highest token <b>{highest ?? 'none'}</b>
      </p>
      {stale > 0 && (
        <p className="bad" role="status">
          {stale === 1
            ? 'One write of a stale holder was taken.'
            : `${stale} writes of stale holders were taken.`}
        </p>
      )}
      {writes.length === 0 ? (
        <p className="empty">No client has written yet.</p>
      ) : (
        <ol className="writes" aria-label="Writes, the latest first">
          {writes.map((write) => (
            <Write key={write.event} write={write} />
          ))}
        </ol>
      )}
      {total > writes.length && (
        <p className="muted small">and {total - writes.length} earlier ones</p>
      )}
    </>
  )
}

function Write({ write: { at, event, client, value, token, taken, stale } }: { write: WriteRow }) {
  const { commands } = useApp()
  return (
    <li>
      <button type="button" title="Go to this write" onClick={() => commands.seekEvent(event)}>
        <span className="muted small">{clockText(at)}</span>
        <span>
          <code>{visible(value)}</code>
          <span className="muted small">
            client <Foreign text={client} />, {token === null ? 'no token' : `token ${token}`}
          </span>
        </span>
        <b className={taken && !stale ? 'good' : 'bad'}>
          {taken ? (stale ? 'stale, taken' : 'taken') : 'refused'}
        </b>
      </button>
    </li>
  )
}
