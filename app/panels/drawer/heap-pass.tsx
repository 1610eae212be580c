import type { HeapNode, HeapView } from '../../../engine/worker/protocol'
import { clockText } from '../../draw/figures'
import { usePainter } from '../parts/app-context'
import { Remaining } from '../parts/figure'

const PASS_MS = 500

interface Props {
  pass: HeapView['pass']
  /** Virtual ms of the next pass. */
  nextAt: number | null
  root: HeapNode | null
}

/**
 * The pass of the expiry loop: the progress of the half second, and the leases that the last pass
 * checked.
 */
export function HeapPass({ pass, nextAt, root }: Props) {
  const paint = usePainter<HTMLElement>((element, now) => {
    const part = nextAt === null ? 0 : Math.min(1, Math.max(0, 1 - (nextAt - now) / PASS_MS))
    element.style.transform = `scaleX(${part})`
  })
  return (
    <section className="heap-pass" aria-label="Pass">
      <div className="heap-tick" aria-hidden="true">
        <span ref={paint} />
      </div>
      <p>
        <b>A pass every 500 ms</b>
        {nextAt !== null && (
          <span className="muted small">
            next in <Remaining until={nextAt} />
          </span>
        )}
      </p>
      {pass !== null && (
        <p className="small">
          {clockText(pass.at)} s: {lookedWords(pass, root)}
        </p>
      )}
      <p className="muted small">
        A pass takes at most 500 leases, so etcd revokes at most 1,000 a second.
      </p>
    </section>
  )
}

/** The leases that a pass checked: the root, until its deadline is in the future. */
function lookedWords({ looked, due }: NonNullable<Props['pass']>, root: HeapNode | null): string {
  if (looked === 0) return 'the heap was empty.'
  const found =
    due === 0 ? 'found nothing due' : due === 1 ? 'found 1 lease due' : `found ${due} leases due`
  if (looked === 1 && due === 0) return 'it looked at the root alone, which was in the future.'
  const stopped = root === null || looked === due ? '' : ' It stopped at a root in the future.'
  return `it looked at ${looked} ${looked === 1 ? 'entry' : 'entries'} and ${found}.${stopped}`
}
