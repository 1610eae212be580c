import { useMemo } from 'react'
import type { MarkKind, TapeRow } from '../../../engine/worker/protocol'
import { leaseNow } from '../../draw/timeline/lease-now'
import { useApp, useRun } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { Menu, type MenuItem } from '../parts/menu'

const questions: Partial<Record<MarkKind, string>> = {
  granted: 'Why was it granted?',
  renewed: 'Why was it renewed?',
  recounted: 'Why does it have more time?',
  expired: 'Why did it end?',
  revoked: 'Why did it end?',
}

/**
 * The actions of a lease, at the right of its row. The actions appear while the row is hovered or
 * has the focus, and after a long press.
 */
export function LeaseActions({ row }: { row: TapeRow }) {
  const { commands, run } = useApp()
  const job = useKeeper(row.id)
  const waits = useRun((state) => state.nobodyCounts)
  const gone = useRun((state) => leaseNow(row, state.now).ended !== null)
  const { label } = row
  const name = <span className="sr-only"> {label}</span>
  const why = lastEvent(row, run.getState().now)
  const items: MenuItem[] = [
    ...(gone ? [] : [{ word: 'Put a key…', onChoose: () => commands.putKeyOn(row.id) }]),
    { word: 'Show in the heap', onChoose: () => commands.showInside(row.id) },
    { word: 'Copy ID (hex)', note: row.id, onChoose: () => void commands.copyText(row.id, 'ID') },
    ...(why === null ? [] : [{ word: why.question, onChoose: () => commands.why(why.event) }]),
  ]
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is not for a row of buttons
    <div className="row-actions" role="group" aria-label={`Actions of ${label}`}>
      {!gone && (
        <>
          <button type="button" onClick={() => commands.renewOnce(row.id)}>
            Renew once{name}
          </button>
          {job === undefined ? (
            <button type="button" onClick={() => commands.keepAlive(row.id)}>
              Keep alive{name}
            </button>
          ) : (
            <button type="button" onClick={() => commands.interrupt(job)}>
              Stop keep-alive{name}
            </button>
          )}
          <button type="button" onClick={() => commands.revoke(row.id)}>
            Revoke{name}
          </button>
        </>
      )}
      <Menu
        name={`More on ${label}`}
        button={<Icon name="more" />}
        className="icon-button"
        align="end"
        items={items}
      />
      {waits && !gone && <span className="row-note">waits until there is a leader</span>}
    </div>
  )
}

/** The console's job that keeps a lease alive, or the latest of several such jobs. */
function useKeeper(lease: string): number | undefined {
  const entries = useRun((state) => state.console)
  // A lock keeps its lease alive too, but an interrupt ends the lock.
  return useMemo(
    () =>
      entries.findLast(({ line, keeps }) => keeps.includes(lease) && /\bkeep-alive\b/.test(line))
        ?.job,
    [entries, lease],
  )
}

function lastEvent({ marks }: TapeRow, now: number): { question: string; event: number } | null {
  let found: { question: string; event: number; at: number } | null = null
  for (const { kind, at } of marks) {
    const question = questions[kind]
    if (question === undefined) continue
    for (let i = 0; i < at.length && (at[i] ?? 0) <= now; i += 3) {
      const time = at[i] ?? 0
      if (found === null || time >= found.at) found = { question, event: at[i + 1] ?? 0, at: time }
    }
  }
  return found
}
