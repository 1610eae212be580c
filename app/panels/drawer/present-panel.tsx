// The inside of the leader for a room, if a stop shows it. The panel replaces the timeline; its
// pixels are enlarged like those of the stage.

import type { NeededPanel } from '../../commands/shown'
import { useSize } from '../parts/size'
import { GrowthPlot, GrowthStatus, GrowthWait, useGrowth } from './growth-plot'
import { HeapLease } from './heap-lease'
import { HeapPass } from './heap-pass'
import { HeapSteps, useStepped } from './heap-steps'
import { HeapTree } from './heap-tree'
import { useHeap } from './use-heap'
import './heap-words.css'
import './present-panel.css'

/** Entries that are readable from the last row of a room: three levels. */
const MOST_ENTRIES = 7
const TREE_SIZE = { height: 28, level: 44 }

export default function PresentPanel({ panel }: { panel: NeededPanel }) {
  return panel === 'inside' ? <Inside /> : <Growth />
}

function Inside() {
  const heap = useHeap()
  return (
    <section
      className="present-panel present-inside"
      aria-label={heap?.member == null ? 'Inside' : `Inside ${heap.member}`}
    >
      {heap === null ? null : heap.member === null ? (
        <p>No member counts leases down now, so there is no heap.</p>
      ) : (
        <Heap heap={heap} />
      )}
    </section>
  )
}

function Heap({ heap }: { heap: NonNullable<ReturnType<typeof useHeap>> }) {
  const { nodes, size, last, lease } = heap
  const { nodes: shown, chosen, swapped, place, onPlace } = useStepped(heap)
  const drawn = shown.slice(0, MOST_ENTRIES)
  const swaps = last !== null && last.steps.length > 0
  return (
    <>
      <div>
        {drawn.length === 0 ? (
          <p>The heap is empty.</p>
        ) : (
          <HeapTree nodes={drawn} chosen={chosen} swapped={swapped} size={TREE_SIZE} />
        )}
        {size > drawn.length && <p className="muted">and {size - drawn.length} more below</p>}
      </div>
      <div className="present-inside-words">
        {last !== null && <HeapSteps move={last} place={place} onPlace={onPlace} />}
        {!swaps && lease !== null && lease.keyCount > 0 && <HeapLease lease={lease} node={null} />}
        <HeapPass pass={heap.pass} nextAt={heap.nextPassAt} root={nodes[0] ?? null} />
      </div>
    </>
  )
}

function Growth() {
  const { hidden, growth } = useGrowth()
  const { ref, size } = useSize()
  return (
    <section className="present-panel present-growth" aria-label="As leases grow">
      {hidden ? (
        <GrowthWait />
      ) : (
        <>
          <div className="present-growth-plot" ref={ref}>
            {growth !== null && size.width > 0 && <GrowthPlot rows={growth.rows} size={size} />}
          </div>
          <div className="present-growth-words">
            {growth !== null && <GrowthStatus growth={growth} />}
            <p className="muted">
              Operations in one virtual second, by the number of leases. Both axes are logarithmic.
            </p>
          </div>
        </>
      )}
    </section>
  )
}
