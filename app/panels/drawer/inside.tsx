// The inside of the primary lessor: its expiry heap as a tree and as an array, and the last
// operation swap by swap. Also the expiry pass, and the keys of a lease.

import type { HeapView } from '../../../engine/worker/protocol'
import { useApp } from '../parts/app-context'
import { HeapLease } from './heap-lease'
import { HeapPass } from './heap-pass'
import { HeapSteps, useStepped } from './heap-steps'
import { type Entries, HeapTree } from './heap-tree'
import { PanelHead } from './panel-head'
import { useHeap } from './use-heap'
import './heap-words.css'
import './inside.css'

const COLUMNS = 8

export default function Inside() {
  const { commands } = useApp()
  const heap = useHeap()
  return (
    <>
      <PanelHead title={heap?.member == null ? 'Inside' : `Inside ${heap.member}`} />
      {heap === null ? null : heap.member === null ? (
        <p className="empty">
          No member counts leases down now, so there is no heap. The next leader builds one.
        </p>
      ) : (
        <Heap heap={heap} />
      )}
      <p className="inside-more">
        <button type="button" className="pick" onClick={() => commands.show('growth')}>
          As leases grow…
        </button>
      </p>
    </>
  )
}

function Heap({ heap }: { heap: HeapView }) {
  const { nodes, size, last, lease } = heap
  const { nodes: shown, chosen, swapped, place, onPlace } = useStepped(heap)
  return (
    <>
      <p className="small">
        {size === 0
          ? 'The heap is empty.'
          : 'The earliest lease is at the root. Each entry is an instant, and nothing counts down in it.'}
      </p>
      {shown.length > 0 && <HeapTree nodes={shown} chosen={chosen} swapped={swapped} />}
      {shown.length > 0 && <ArrayRow nodes={shown} chosen={chosen} swapped={swapped} />}
      {size > shown.length && <p className="muted small">and {size - shown.length} more below</p>}
      {last !== null && <HeapSteps move={last} place={place} onPlace={onPlace} />}
      <HeapPass pass={heap.pass} nextAt={heap.nextPassAt} root={nodes[0] ?? null} />
      {lease !== null && (
        <HeapLease lease={lease} node={nodes.find((node) => node.lease === lease.lease) ?? null} />
      )}
    </>
  )
}

function ArrayRow({ nodes, chosen, swapped }: Entries) {
  return (
    <ol
      className="heap-array"
      aria-label="The same as an array"
      style={{ gridTemplateColumns: `repeat(${COLUMNS}, 1fr)` }}
    >
      {nodes.map(({ lease, name, state }, index) => (
        <li
          key={lease}
          data-state={state}
          data-swapped={swapped.includes(index) || undefined}
          aria-current={lease === chosen ? 'true' : undefined}
        >
          <span aria-hidden="true">{index}</span>
          {name}
        </li>
      ))}
    </ol>
  )
}
