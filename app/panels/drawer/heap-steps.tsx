import { useState } from 'react'
import type { HeapMove, HeapView } from '../../../engine/worker/protocol'
import { moveWords, stepWords } from '../../draw/heap'
import { useUi } from '../parts/app-context'
import { Icon } from '../parts/icon'
import type { Entries } from './heap-tree'

interface Stepped extends Entries {
  place: number
  onPlace(place: number): void
}

/**
 * The heap on the screen. During the steps of the last operation, the tree has its state of that
 * time.
 */
export function useStepped({ nodes, last }: HeapView): Stepped {
  const chosen = useUi((state) => state.lease)
  const [place, onPlace] = useStep(last)
  const step = last?.steps[place - 1]
  return {
    nodes: last?.states[place] ?? nodes,
    chosen,
    swapped: step?.type === 'swap' ? [step.parent, step.child] : NONE,
    place,
    onPlace,
  }
}

const NONE: readonly number[] = []

/** The visible step of the last operation; after a new operation, the last step. */
function useStep(move: HeapMove | null): [number, (place: number) => void] {
  const of = move === null ? '' : `${move.event} ${move.type} ${move.name}`
  const [chosen, setChosen] = useState({ of: '', place: 0 })
  const end = move?.steps.length ?? 0
  return [chosen.of === of ? Math.min(chosen.place, end) : end, (place) => setChosen({ of, place })]
}

/** The last operation, swap by swap. */
export function HeapSteps({
  move,
  place,
  onPlace,
}: {
  move: HeapMove
  place: number
  onPlace: (place: number) => void
}) {
  const { steps } = move
  return (
    <section className="heap-steps" aria-label="Last operation">
      <p className="heap-move">{moveWords(move)}</p>
      {steps.length > 0 && (
        <div className="heap-stepper">
          <button
            type="button"
            className="icon-button"
            aria-label="Swap back"
            disabled={place === 0}
            onClick={() => onPlace(place - 1)}
          >
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
