import { type KeyboardEvent, useRef, useState } from 'react'
import type { HeapNode } from '../../../engine/worker/protocol'
import { entryTime, entryWords, neighbour, parentOf, placeOf } from '../../draw/heap'
import { useApp } from '../parts/app-context'
import './heap-tree.css'

export interface Entries {
  nodes: readonly HeapNode[]
  /** The ID of the chosen lease. */
  chosen: string | null
  /** The two indexes that have just swapped. */
  swapped: readonly number[]
}

/** Px of an entry, and of the distance between two levels. */
interface TreeSize {
  height: number
  level: number
}

const DRAWER_SIZE: TreeSize = { height: 44, level: 60 }

/**
 * One Tab stop: arrow keys move through the tree. A chosen lease answers a question for a lease.
 */
export function HeapTree({
  nodes,
  chosen,
  swapped,
  size: { height, level: step } = DRAWER_SIZE,
}: Entries & { size?: TreeSize }) {
  const { commands } = useApp()
  const list = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const stop = Math.min(at, nodes.length - 1)
  const whole = placeOf(nodes.length - 1).level * step + height
  function walk(event: KeyboardEvent): void {
    const to = neighbour(stop, event.key, nodes.length)
    if (to === stop) return
    event.preventDefault()
    setAt(to)
    list.current?.querySelector<HTMLElement>(`[data-index="${to}"]`)?.focus()
  }
  // In the order of the leases, so that a moving entry stays the same element.
  const entries = nodes
    .map((node, index) => ({ node, index }))
    .sort((a, b) => (a.node.lease < b.node.lease ? -1 : 1))
  return (
    <div className="heap" style={{ height: whole }}>
      <svg aria-hidden="true" viewBox={`0 0 100 ${whole}`} preserveAspectRatio="none">
        {nodes.slice(1).map(({ lease }, i) => {
          const [from, to] = [placeOf(parentOf(i + 1)), placeOf(i + 1)]
          const isSwap = swapped.includes(i + 1) && swapped.includes(parentOf(i + 1))
          return (
            <line
              key={lease}
              data-swapped={isSwap || undefined}
              x1={from.x * 100}
              y1={from.level * step + height / 2}
              x2={to.x * 100}
              y2={to.level * step + height / 2}
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
              style={{ left: `${x * 100}%`, top: level * step }}
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
