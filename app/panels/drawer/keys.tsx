import { memo, useState } from 'react'
import type { KeyRow } from '../../../engine/worker/protocol'
import { shortId } from '../../draw/figures'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Pager } from '../parts/pager'

export default function Keys() {
  const rows = useRun((state) => state.keys.rows)
  const total = useRun((state) => state.keys.total)
  const interest = useUi((state) => state.interest.keys)
  const { commands } = useApp()
  const [open, setOpen] = useState(false)
  return (
    <section className="panel keys" aria-labelledby="keys-title">
      <header className="panel-head">
        <h2 id="keys-title">Keys</h2>
        <span className="count">{total}</span>
        <button type="button" className="button small push" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? 'Close form' : 'Put a key…'}
        </button>
      </header>
      {open && <PutForm />}
      <div className="panel-body">
        <ul className="rows" aria-label="Keys">
          {rows.map((row) => (
            <Row key={row.key} row={row} />
          ))}
        </ul>
        {rows.length === 0 && <p className="empty">No key yet.</p>}
        <Pager
          what="keys"
          from={interest.from}
          count={interest.count}
          total={total}
          onTurn={(from) => commands.look({ keys: { ...interest, from } })}
        />
      </div>
    </section>
  )
}

const Row = memo(function Row({ row }: { row: KeyRow }) {
  const { commands } = useApp()
  const { gone } = row
  return (
    <li className="row key-row" data-gone={gone !== null || undefined}>
      <p className="key-line">
        {gone ? <del className="key-name">{row.key}</del> : <span className="key-name">{row.key}</span>}{' '}
        <span className="key-value">{row.value}</span>
      </p>
      {gone ? (
        <p className="fate">
          {gone.lease !== null && gone.end !== 'deleted' ? (
            <>
              deleted by lease <code>{shortId(gone.lease)}</code> ({gone.end})
            </>
          ) : (
            'deleted'
          )}{' '}
          at revision {gone.revision}{' '}
          <button type="button" className="link-button" onClick={() => commands.seekEvent(gone.event)}>
            Go there
          </button>
        </p>
      ) : (
        <p className="key-facts">
          {row.lease === null ? (
            'no lease'
          ) : (
            <>
              lease <code>{shortId(row.lease)}</code>
            </>
          )}{' '}
          · created {row.create} · modified {row.mod} · version {row.version}
        </p>
      )}
    </li>
  )
})

function PutForm() {
  const { commands } = useApp()
  const leases = useRun((state) => state.leases.rows)
  const [key, setKey] = useState('/svc/b')
  const [value, setValue] = useState('hello')
  const [lease, setLease] = useState('')
  const live = leases.filter((row) => row.state !== 'gone')
  const chosen = live.some((row) => row.id === lease) ? lease : ''
  return (
    <form
      className="put-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (key !== '') commands.put(key, value, chosen === '' ? null : chosen)
      }}
    >
      <label>
        Key <input value={key} onChange={(event) => setKey(event.target.value)} required spellCheck={false} autoComplete="off" />
      </label>
      <label>
        Value <input value={value} onChange={(event) => setValue(event.target.value)} spellCheck={false} autoComplete="off" />
      </label>
      <label>
        Lease{' '}
        <select value={chosen} onChange={(event) => setLease(event.target.value)}>
          <option value="">none</option>
          {live.map((row) => (
            <option key={row.id} value={row.id}>
              {shortId(row.id)}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="button small">
        Put key
      </button>
    </form>
  )
}
