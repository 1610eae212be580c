import { visible } from '../../../engine/text/visible'
import type { HeapNode, HeapLease as Lease } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { Remaining } from '../parts/figure'

/** The lease → keys map of the lessor for one lease, and the lease's entry in the heap. */
export function HeapLease({
  lease: { name, keys, keyCount, index },
  node,
}: {
  lease: Lease
  node: HeapNode | null
}) {
  return (
    <section className="heap-lease" aria-label={`Lease ${name}`}>
      <p>
        <b>{name}</b>
        {node !== null && node.state === 'live' && (
          <span className="muted small">
            due at {clockText(node.deadline)} s, drawn as <Remaining until={node.deadline} /> left
          </span>
        )}
        {node !== null && node.state === 'retries' && (
          <span className="muted small">
            expired: its revoke is proposed again at {clockText(node.at)} s
          </span>
        )}
        {node !== null && node.state === 'gone' && (
          <span className="muted small">revoked: the entry leaves when it comes to the root</span>
        )}
        {node === null && index !== null && <span className="muted small">at index {index}</span>}
      </p>
      <div className="heap-map">
        <span className="heap-map-lease">{name}</span>
        <span aria-hidden="true">→</span>
        {keyCount === 0 ? (
          <span className="muted">no key</span>
        ) : (
          <ul aria-label={`Keys of ${name}`}>
            {keys.map((key) => (
              <li key={key}>
                <code>{visible(key)}</code>
              </li>
            ))}
            {keyCount > keys.length && (
              <li className="muted small">and {keyCount - keys.length} more</li>
            )}
          </ul>
        )}
      </div>
    </section>
  )
}
