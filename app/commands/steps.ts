// One step of the transport: its name, and its message to the worker.

import type { StepTo, ToWorker } from '../../engine/worker/protocol'
import { STEPS, type StepBy } from '../store/prefs'

export const stepWords: Record<StepBy, string> = {
  event: 'event',
  lease: 'lease event',
  fault: 'fault',
  move: 'move',
  '100ms': '100 ms',
  '1s': '1 s',
  difference: 'difference',
}

/** The steps to choose from; `difference` needs a comparison. */
export function stepsFor(comparing: boolean): StepBy[] {
  return STEPS.filter((step) => step !== 'difference' || comparing)
}

/** The kept step, or `event` if that step is not possible now. */
export function usableStep(step: StepBy, comparing: boolean): StepBy {
  return step === 'difference' && !comparing ? 'event' : step
}

/** `now` in virtual ms. A step back in time ends at 0. */
export function stepMessage(step: StepBy, back: boolean, now: number): ToWorker {
  const ms = amounts[step]
  if (ms !== undefined) return { type: 'seek', at: Math.max(0, now + (back ? -ms : ms)) }
  return { type: 'step', to: step as StepTo, back }
}

const amounts: Partial<Record<StepBy, number>> = { '100ms': 100, '1s': 1000 }
