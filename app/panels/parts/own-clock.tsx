import type { ClientView } from '../../../engine/worker/protocol'
import { usePainter } from './app-context'
import { setText } from './write'

/**
 * The speed and the offset of a client's clock at the instant on the screen. Empty for a correct
 * clock.
 */
export function OwnClock({ client: { clockPercent, clockAhead } }: { client: ClientView }) {
  const { at, ahead } = clockAhead
  const paint = usePainter<HTMLSpanElement>((element, now) => {
    const off = ahead + ((now - at) * (clockPercent - 100)) / 100
    setText(element, `${(Math.abs(off) / 1000).toFixed(1)} s ${off < 0 ? 'behind' : 'ahead'}`)
  })
  if (ahead === 0 && clockPercent === 100) return null
  return (
    <>
      clock {clockPercent !== 100 && `at ${clockPercent} %, `}
      <span ref={paint} />
    </>
  )
}
