import { clockText, remainingText } from '../draw/figures'
import { usePainter } from './app-context'

/** What is left until a deadline, counting down by itself: `4.2 s`. */
export function Remaining({ until, className }: { until: number; className?: string }) {
  const paint = usePainter<HTMLSpanElement>((element, now) => write(element, remainingText(until - now)))
  return <span ref={paint} className={`figure ${className ?? ''}`} />
}

/** The instant that the page shows. */
export function Now({ className }: { className?: string }) {
  const paint = usePainter<HTMLElement>((element, now) => write(element, clockText(now)))
  return <b ref={paint} className={`figure ${className ?? ''}`} />
}

function write(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text
}
