import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { fateOf } from '../stage/storage-card'

/** The guarded resource: what was written to it, by whom, with which token; and whether it looks at tokens. */
export default function Storage() {
  const lab = useRun((state) => state.lab)
  const { commands } = useApp()
  if (lab === null) return <p className="empty">The storage is empty.</p>
  return (
    <div className="storage">
      <div className="lab-options">
        <label className="check">
          <input type="checkbox" checked={lab.checks} onChange={(event) => commands.checkTokens(event.target.checked)} />
          Check tokens
        </label>
        <p className="muted">
          {lab.checks
            ? `A token lower than one seen before is refused. Highest so far: ${lab.highest ?? 'none'}.`
            : 'Every write is taken, whatever its token.'}{' '}
          The switch plays the same run again with the other rule.
        </p>
      </div>
      {lab.stale > 0 && (
        <p className="storage-stale" role="status">
          <span aria-hidden="true">✕</span> {lab.stale === 1 ? 'One write' : `${lab.stale} writes`} of a stale holder{' '}
          {lab.stale === 1 ? 'was' : 'were'} taken.
        </p>
      )}
      <div className="table-box">
        <table className="ledger">
          <caption className="sr-only">Writes to the storage, the latest first</caption>
          <thead>
            <tr>
              <th scope="col">when</th>
              <th scope="col">who</th>
              <th scope="col">what</th>
              <th scope="col">token</th>
              <th scope="col">fate</th>
            </tr>
          </thead>
          <tbody>
            {lab.writes.map((write) => (
              <tr key={write.event} data-taken={write.taken} data-stale={write.stale || undefined}>
                <td>
                  <button type="button" className="link-button figure" onClick={() => commands.seekEvent(write.event)}>
                    {clockText(write.at)}
                    <span className="sr-only"> Go there</span>
                  </button>
                </td>
                <td>
                  <b>{write.client}</b>
                </td>
                <td>{write.taken ? write.value : <del>{write.value}</del>}</td>
                <td className="figure">{write.token ?? 'none'}</td>
                <td>{fateOf(write)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {lab.writes.length === 0 && <p className="empty">Nobody has written yet.</p>}
      {lab.total > lab.writes.length && <p className="muted">and {lab.total - lab.writes.length} before these</p>}
    </div>
  )
}
