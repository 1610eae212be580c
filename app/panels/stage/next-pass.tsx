import { remainingText } from '../../draw/figures'
import { usePainter } from '../parts/app-context'
import { setAttribute, setText } from '../parts/write'

/** Twice a second the primary looks for leases whose time is up: a lease ends at one of these, not at its deadline. */
export function NextPass({ at }: { at: number }) {
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    const left = Math.max(0, at - now)
    setText(element.firstElementChild, remainingText(left))
    setAttribute(element, 'style', `--share: ${Math.min(1, left / 500).toFixed(2)}`)
  })
  return (
    <span ref={paint} className="pass-meter">
      <span className="figure" />
      <span className="pass-bar" aria-hidden="true" />
    </span>
  )
}
