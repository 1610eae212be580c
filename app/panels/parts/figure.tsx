import { clockText, remainingText } from '../../draw/figures'
import { usePainter } from './app-context'
import { setText } from './write'

/** The remaining time until a deadline, as its own countdown: `4.2 s`. */
export function Remaining({ until, className }: { until: number; className?: string }) {
  const paint = usePainter<HTMLSpanElement>((element, now) =>
    setText(element, remainingText(until - now)),
  )
  return <span ref={paint} className={`figure ${className ?? ''}`} />
}

/** The instant on the page. */
export function Now({ className }: { className?: string }) {
  const paint = usePainter<HTMLElement>((element, now) => setText(element, clockText(now)))
  return <b ref={paint} className={`figure ${className ?? ''}`} />
}
