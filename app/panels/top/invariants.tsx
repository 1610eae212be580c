import { lazy, Suspense } from 'react'
import type { InvariantsView } from '../../../engine/worker/protocol'
import { useRun } from '../parts/app-context'
import { Disclosure } from '../parts/popover'

const InvariantList = lazy(() => import('./invariant-list').then(({ InvariantList }) => ({ default: InvariantList })))

/** What a run may never do: in the bar how many of it hold at the instant on the screen, and behind the button each by its name. */
export function Invariants() {
  const view = useRun((state) => state.invariants)
  if (view === null) return null
  const { state, glyph, words } = summary(view)
  return (
    <Disclosure
      className="button small invariants-button"
      label="Invariants"
      button={
        <span data-state={state}>
          <span aria-hidden="true">{glyph}</span> {words}
          <span className="sr-only"> (invariants)</span>
        </span>
      }
    >
      <div className="invariants-box">
        <Suspense fallback={<p className="popover-words">Loading …</p>}>
          <InvariantList />
        </Suspense>
      </div>
    </Disclosure>
  )
}

function summary({ rows, checked }: InvariantsView): { state: 'broken' | 'holds' | 'unknown'; glyph: string; words: string } {
  const broken = rows.filter((row) => row.broken !== null).length
  if (broken > 0) return { state: 'broken', glyph: '✕', words: `${broken} violated` }
  if (!checked) return { state: 'unknown', glyph: '◌', words: 'checking' }
  return { state: 'holds', glyph: '●', words: `${rows.length} hold` }
}
