import { memo } from 'react'
import type { StorageView, WriteRow } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useRun } from '../parts/app-context'

/** Who can write to it are its links' other ends. */
export const STORAGE = 'storage'

/** The guarded resource on the stage, where the run has to do with it: whether it looks at tokens, and the latest writes with what became of them. */
export function StorageCard() {
  const storage = useRun((state) => state.storage)
  return storage === null ? null : <Card storage={storage} />
}

const Card = memo(function Card({ storage }: { storage: StorageView }) {
  const { checks, highest, writes, total, stale, bounced } = storage
  return (
    <article className="card storage-card" data-end="storage" data-id={STORAGE} aria-label="Storage">
      <header className="card-head">
        <h4>storage</h4>
        <span className="tag">{checks ? `refuses tokens below ${highest ?? '…'}` : 'takes every write'}</span>
      </header>
      {writes.length === 0 ? (
        <p className="muted">Nobody has written yet.</p>
      ) : (
        <ol className="storage-writes">
          {writes.map((write) => (
            <li key={write.event} data-taken={write.taken} data-stale={write.stale || undefined}>
              <span className="figure muted">{clockText(write.at)}</span> {write.taken ? write.value : <del>{write.value}</del>}
              {write.token !== null && write.taken && <span className="muted"> token {write.token}</span>}
              <span className="storage-fate"> {fateOf(write)}</span>
            </li>
          ))}
        </ol>
      )}
      {total > 0 && (
        <p className="muted">
          {total} {total === 1 ? 'write' : 'writes'}
          {stale > 0 && `, ${stale} taken from stale holders`}
          {bounced > 0 && `, ${bounced} bounced`}
        </p>
      )}
    </article>
  )
})

/** What became of a write, as a shape and words. */
export function fateOf({ taken, stale, token, highest }: WriteRow): string {
  if (!taken) return token === null ? '✕ bounced: no token' : `✕ bounced: token ${token} < ${highest}`
  return stale ? '✓ taken — ✕ STALE: its writer’s lease is gone' : '✓ taken'
}
