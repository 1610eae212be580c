import { type FormEvent, memo, useState } from 'react'
import { visible } from '../../../engine/text/visible'
import type { KeyRow } from '../../../engine/worker/protocol'
import { leaseForKey } from '../../draw/put-lease'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Pager } from '../parts/pager'
import { PanelHead } from './panel-head'
import './keys.css'

/**
 * Every key with its lease and its numbers. A deleted key is struck through and disappears after
 * five seconds of the run.
 */
export default function Keys() {
  const { commands, ui } = useApp()
  const rows = useRun((state) => state.keys.rows)
  const total = useRun((state) => state.keys.total)
  const interest = useUi((state) => state.interest.keys)
  const putting = useUi((state) => state.putting)
  return (
    <>
      <PanelHead title="Keys">
        <button
          type="button"
          aria-expanded={putting}
          onClick={() => ui.setState({ putting: !putting })}
        >
          Put a key…
        </button>
      </PanelHead>
      {putting && <PutForm />}
      {rows.length === 0 ? (
        <p className="empty">No key at this time.</p>
      ) : (
        <table className="keys">
          <thead>
            <tr>
              <th scope="col">Key</th>
              <th scope="col">Lease</th>
              <th scope="col" title="Revision of the last change">
                Rev.
              </th>
              <th scope="col">Version</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.key} row={row} />
            ))}
          </tbody>
        </table>
      )}
      <Pager
        what="keys"
        from={interest.from}
        count={interest.count}
        total={total}
        onTurn={(from) => commands.changeInterest({ keys: { ...interest, from } })}
      />
    </>
  )
}

const Row = memo(function Row({ row }: { row: KeyRow }) {
  const { commands } = useApp()
  const { key, value, gone, lease, leaseName, create, mod, version } = row
  const name = visible(key)
  return (
    <tr data-gone={gone !== null || undefined}>
      <th scope="row">
        {gone ? <del>{name}</del> : <span>{name}</span>}
        <span className="key-value">{gone ? fateOf(gone) : visible(value)}</span>
      </th>
      <td>
        {lease !== null && (
          <button
            type="button"
            className="text-link"
            title={`Lease ${lease}: copy the ID`}
            onClick={() => void commands.copyText(lease, 'Lease ID')}
          >
            <span className="sr-only">Copy the ID of </span>
            {leaseName ?? lease}
          </button>
        )}
      </td>
      <td title={`created at revision ${create}`}>{mod}</td>
      <td>{version}</td>
      <td>
        {gone ? (
          <button
            type="button"
            className="icon-button"
            aria-label={`Go to the end of ${name}`}
            onClick={() => commands.seekEvent(gone.event)}
          >
            <Icon name="clock" small />
          </button>
        ) : (
          <button
            type="button"
            className="icon-button"
            aria-label={`Delete ${name}`}
            title={`Delete: etcdctl del ${name}`}
            onClick={() => commands.deleteKey(key)}
          >
            <Icon name="close" small />
          </button>
        )}
      </td>
    </tr>
  )
})

function fateOf({ end, lease, revision }: NonNullable<KeyRow['gone']>): string {
  return `${lease !== null && end !== 'deleted' ? `deleted: its lease ${end === 'expired' ? 'has expired' : 'was revoked'}` : 'deleted'}, revision ${revision}`
}

function PutForm() {
  const { commands } = useApp()
  const leases = useRun((state) => state.leases.rows)
  const [key, setKey] = useState('/svc/b')
  const [value, setValue] = useState('hello')
  const marked = useUi((state) => state.lease)
  const [picked, setPicked] = useState<{ beside: string | null; lease: string } | null>(null)
  const live = leases.filter((row) => row.state !== 'gone')
  // The picked lease holds until another lease is chosen, or until that lease ends.
  const holds =
    picked !== null &&
    picked.beside === marked &&
    (picked.lease === '' || live.some((row) => row.id === picked.lease))
  const chosen = holds ? picked.lease : (leaseForKey(leases, marked) ?? '')
  function onSubmit(event: FormEvent): void {
    event.preventDefault()
    if (key !== '') commands.put(key, value, chosen === '' ? null : chosen)
  }
  return (
    <form className="put-form" onSubmit={onSubmit}>
      <label>
        Key{' '}
        <input
          value={key}
          onChange={(event) => setKey(event.target.value)}
          required
          spellCheck={false}
          autoComplete="off"
        />
      </label>
      <label>
        Value{' '}
        <input
          value={value}
          onChange={(event) => setValue(event.target.value)}
          spellCheck={false}
          autoComplete="off"
        />
      </label>
      <label>
        Lease
        <select
          value={chosen}
          onChange={(event) => setPicked({ beside: marked, lease: event.target.value })}
        >
          <option value="">none</option>
          {live.map((row) => (
            <option key={row.id} value={row.id}>
              {row.name}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" className="pick">
        Put
      </button>
    </form>
  )
}
