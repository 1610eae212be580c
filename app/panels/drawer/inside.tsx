// Inside the lessor of the member that counts: its expiry heap as a tree and as an array, the last operation swap by swap, the pass, and the keys of a lease.

import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import type { HeapMove, HeapNode, HeapView } from '../../../engine/worker/protocol'
import { entryTime, entryWords, moveWords, neighbour, parentOf, placeOf, stepWords } from '../../draw/heap'
import { useApp, useRun, useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import { HeapLease } from './heap-lease'
import { HeapPass } from './heap-pass'
import { PanelHead } from './panel-head'
import './inside.css'

const COLUMNS = 8

export default function Inside() {
  const { commands } = useApp()
  const lease = useUi((state) => state.lease)
  const heap = useRun((state) => state.heap)
  useEffect(() => commands.look({ heap: { lease } }), [commands, lease])
  useEffect(() => () => commands.look({ heap: undefined }), [commands])
  return (
    <>
      <PanelHead title={heap?.member == null ? 'Inside' : `Inside ${heap.member}`} />
      {heap === null ? null : heap.member === null ? (
        <p className="empty">No member counts leases down now, so there is no heap. The next leader builds one.</p>
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
  const chosen = useUi((state) => state.lease)
  const [place, setPlace] = useStep(last)
  const step = last?.steps[place - 1]
  // While the last operation is stepped through, the tree is as it was then.
  const shown = last?.states[place] ?? nodes
  const swapped = step?.type === 'swap' ? [step.parent, step.child] : []
  return (
    <>
      <p className="small">
        {size === 0 ? 'The heap is empty.' : 'The earliest lease is at the root. Each entry is an instant, and nothing counts down in it.'}
      </p>
      {shown.length > 0 && <Tree nodes={shown} chosen={chosen} swapped={swapped} />}
      {shown.length > 0 && <ArrayRow nodes={shown} chosen={chosen} swapped={swapped} />}
      {size > shown.length && <p className="muted small">and {size - shown.length} more below</p>}
      {last !== null && <Steps move={last} place={place} onPlace={setPlace} />}
      <HeapPass pass={heap.pass} nextAt={heap.nextPassAt} root={nodes[0] ?? null} />
      {lease !== null && <HeapLease lease={lease} node={nodes.find((node) => node.lease === lease.lease) ?? null} />}
    </>
  )
}

/** Which step of the last operation is shown: after a new operation its end. */
function useStep(move: HeapMove | null): [number, (place: number) => void] {
  const of = move === null ? '' : `${move.event} ${move.type} ${move.name}`
  const [chosen, setChosen] = useState({ of: '', place: 0 })
  const end = move?.steps.length ?? 0
  return [chosen.of === of ? Math.min(chosen.place, end) : end, (place) => setChosen({ of, place })]
}

interface Entries {
  nodes: readonly HeapNode[]
  /** The ID of the lease that is chosen. */
  chosen: string | null
  /** The two indexes that have just swapped. */
  swapped: readonly number[]
}

/** One Tab stop: arrow keys go through the tree. A lease that is chosen answers a question for a lease. */
function Tree({ nodes, chosen, swapped }: Entries) {
  const { commands } = useApp()
  const list = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const stop = Math.min(at, nodes.length - 1)
  const levels = placeOf(nodes.length - 1).level + 1
  function walk(event: KeyboardEvent): void {
    const to = neighbour(stop, event.key, nodes.length)
    if (to === stop) return
    event.preventDefault()
    setAt(to)
    list.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus()
  }
  // In the order of the leases, so that an entry that moves stays the same element.
  const entries = nodes.map((node, index) => ({ node, index })).sort((a, b) => (a.node.lease < b.node.lease ? -1 : 1))
  return (
    <div className="heap" style={{ height: levels * 60 - 16 }}>
      <svg aria-hidden="true" viewBox={`0 0 100 ${levels * 60 - 16}`} preserveAspectRatio="none">
        {nodes.slice(1).map(({ lease }, i) => {
          const [from, to] = [placeOf(parentOf(i + 1)), placeOf(i + 1)]
          const isSwap = swapped.includes(i + 1) && swapped.includes(parentOf(i + 1))
          return (
            <line
              key={lease}
              data-swapped={isSwap || undefined}
              x1={from.x * 100}
              y1={from.level * 60 + 22}
              x2={to.x * 100}
              y2={to.level * 60 + 22}
            />
          )
        })}
      </svg>
      <div ref={list} role="toolbar" aria-label="Expiry heap, the root first" onKeyDown={walk}>
        {entries.map(({ node, index }) => {
          const { x, level } = placeOf(index)
          return (
            <button
              key={node.lease}
              type="button"
              data-index={index}
              data-state={node.state}
              data-swapped={swapped.includes(index) || undefined}
              aria-pressed={node.lease === chosen}
              aria-label={entryWords(node, index)}
              tabIndex={index === stop ? 0 : -1}
              style={{ left: `${x * 100}%`, top: level * 60 }}
              onFocus={() => setAt(index)}
              onClick={() => commands.chooseLease(node.lease)}
            >
              <b>{node.name}</b>
              <span>{entryTime(node.at)}</span>
            </button>
          )
        })}
      </div>
    </div>
  )
}

function ArrayRow({ nodes, chosen, swapped }: Entries) {
  return (
    <ol className="heap-array" aria-label="The same as an array" style={{ gridTemplateColumns: `repeat(${COLUMNS}, 1fr)` }}>
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

function Steps({ move, place, onPlace }: { move: HeapMove; place: number; onPlace: (place: number) => void }) {
  const { steps } = move
  return (
    <section className="heap-steps" aria-label="Last operation">
      <p className="heap-move">{moveWords(move)}</p>
      {steps.length > 0 && (
        <div className="heap-stepper">
          <button type="button" className="icon-button" aria-label="Swap back" disabled={place === 0} onClick={() => onPlace(place - 1)}>
            <Icon name="back" />
          </button>
          <span className="muted small">
            {place} of {steps.length}
          </span>
          <button
            type="button"
            className="icon-button"
            aria-label="Next swap"
            disabled={place === steps.length}
            onClick={() => onPlace(place + 1)}
          >
            <Icon name="forward" />
          </button>
          <p role="status">{stepWords(move, place)}</p>
        </div>
      )}
    </section>
  )
}
