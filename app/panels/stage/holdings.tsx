import { memo } from 'react'
import type { KeyRow, LeaseRow } from '../../../engine/worker/protocol'
import { clockText, shortId, ttlText } from '../../draw/figures'
import { useRun } from '../parts/app-context'
import { Ring } from './ring'

/** More than this many are left to the list. */
const MOST = 4
const MOST_KEYS = 4

/** Each lease with the keys that hang on it: when the ring is empty, they fall. `small` where there is less room. */
export function Holdings({ small }: { small: boolean }) {
  const rows = useRun((state) => state.leases.rows)
  const total = useRun((state) => state.leases.total)
  const keys = useRun((state) => state.keys.rows)
  const shown = rows.slice(0, MOST)
  const free = keys.filter((key) => key.lease === null && key.gone === null)
  return (
    <>
      {rows.length === 0 && free.length === 0 && <p className="empty">No lease, no key.</p>}
      {shown.map((lease) => (
        <Holding key={lease.id} lease={lease} keys={keys} size={small || rows.length > 2 ? 64 : 88} />
      ))}
      {total > shown.length && <p className="muted">and {total - shown.length} more in the list</p>}
      {free.length > 0 && (
        <div className="holding holding-free">
          <span className="free-word">on no lease</span>
          <Keys keys={free} />
        </div>
      )}
    </>
  )
}

const Holding = memo(function Holding({ lease, keys, size }: { lease: LeaseRow; keys: KeyRow[]; size: number }) {
  const gone = lease.state === 'gone'
  const mine = keys.filter((key) => key.lease === lease.id || key.gone?.lease === lease.id)
  return (
    <div className="holding" data-gone={gone || undefined}>
      <Ring
        size={size}
        ttlSeconds={lease.ttlSeconds}
        deadline={gone ? null : lease.deadline}
        renewedAt={lease.renewedAt}
        look={gone ? 'gone' : 'truth'}
        {...(gone ? { word: '✕' } : {})}
        caption={gone ? (lease.ended?.end ?? 'gone') : lease.deadline === null ? 'not counted' : `of ${ttlText(lease.ttlSeconds)}`}
      />
      <div className="holding-keys">
        <p className="holding-name">
          lease <code>{shortId(lease.id)}</code>
          {size < 80 && !gone && (
            <span className="muted">
              {' '}
              of {ttlText(lease.ttlSeconds)}
              {lease.deadline === null && ', not counted'}
            </span>
          )}
          {gone && lease.ended && (
            <span>
              {' '}
              {lease.expiredAt === null ? 'revoked' : 'expired'} at {`${clockText(lease.expiredAt ?? lease.ended.at)}\u00a0s`}
            </span>
          )}
        </p>
        <Keys keys={mine} />
        {mine.length === 0 && <p className="muted">no key hangs on it</p>}
      </div>
    </div>
  )
})

function Keys({ keys }: { keys: KeyRow[] }) {
  return (
    <ul className="chips">
      {keys.slice(0, MOST_KEYS).map((row) => (
        <li key={row.key} className="chip" data-gone={row.gone !== null || undefined}>
          {row.gone ? (
            <>
              <del>{row.key}</del> <span className="chip-fate">deleted at revision {row.gone.revision}</span>
            </>
          ) : (
            <>
              {row.key} <span className="chip-value">{row.value}</span>
            </>
          )}
        </li>
      ))}
      {keys.length > MOST_KEYS && <li className="muted">and {keys.length - MOST_KEYS} more</li>}
    </ul>
  )
}
