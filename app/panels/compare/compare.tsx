// Two branches side by side on one cursor: where they part, and a small stage of each.

import { useEffect, useRef } from 'react'
import type { CompareView, LogLine } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { useApp, useRun } from '../parts/app-context'
import { BranchIcon } from '../parts/icons'
import { Pane } from './pane'

export default function Compare({ compare }: { compare: CompareView }) {
  const { commands } = useApp()
  const here = useRun((state) => state.branches.find(({ current }) => current)?.name ?? '')
  const { parting, name, different, more } = compare
  const section = useRef<HTMLElement>(null)
  // Whoever asked for it sees it. A page that comes with it, from a link or after a reload, stays at its head: nothing has the focus there.
  useEffect(() => {
    if (document.activeElement !== document.body) section.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={section} className="panel compare" aria-labelledby="compare-title">
      <header className="panel-head">
        <h2 id="compare-title">
          {here} beside {name}
        </h2>
        <span className="count">{differenceText(different)}</span>
        <button type="button" className="button small push" onClick={() => commands.compare(null)}>
          Close<span className="sr-only"> the comparison</span>
        </button>
      </header>
      <div className="panes">
        <Pane name={here} standing="you are here" pane={compare.here}>
          <Parting line={parting?.here ?? null} parted={parting !== null} branch={here} onGo={(event) => commands.seekEvent(event)} />
        </Pane>
        <Pane name={name} standing="held beside it" pane={compare.there}>
          <Parting line={parting?.there ?? null} parted={parting !== null} branch={name} onGo={(event) => commands.crossTo(event)} />
        </Pane>
      </div>
      {more > 0 && <p className="empty">And {more} more that are not listed.</p>}
    </section>
  )
}

function differenceText(different: number): string {
  if (different === 0) return 'nothing differs at the cursor'
  return different === 1 ? '1 thing differs at the cursor' : `${different} things differ at the cursor`
}

interface PartingProps {
  line: LogLine | null
  parted: boolean
  branch: string
  onGo(event: number): void
}

/** What happened on this side when the two parted, and the way there. */
function Parting({ line, parted, branch, onGo }: PartingProps) {
  if (!parted) return <p className="parting muted">They have not parted yet.</p>
  if (line === null) return <p className="parting">They part: here nothing more happens.</p>
  return (
    <p className="parting">
      <BranchIcon /> They part: at <span className="figure">{clockText(line.at)} s</span> <b>{line.text}</b>{' '}
      <button type="button" className="button small" onClick={() => onGo(line.id)}>
        Go there<span className="sr-only"> on {branch}</span>
      </button>
    </p>
  )
}
