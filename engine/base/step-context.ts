import type { EventId, Trace } from './trace'

/**
 * The context of one step of a machine: the time, the trace, the event that caused the step, and
 * the outputs so far.
 */
export class StepContext<Output, T extends Trace = Trace> {
  readonly outputs: Output[] = []
  /** Milliseconds on the machine's own clock. */
  readonly now: number
  readonly trace: T
  /** The event that the outputs come from. */
  cause: EventId

  constructor(now: number, trace: T, cause: EventId) {
    this.now = now
    this.trace = trace
    this.cause = cause
  }
}
