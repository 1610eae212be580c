import type { CutShort } from '../../engine/worker/protocol'

/** What is said of a run that was opened at the limit of events. */
export function cutShortText({ at, cursor }: CutShort): string {
  const seconds = (ms: number) => (ms / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })
  // A command that lets machinery run may bring its time along.
  if (at >= cursor) return `Opened at ${seconds(at)} s. The rest of the run is too long to be played at once: play on.`
  return `Opened at ${seconds(at)} s. It was played to ${seconds(cursor)} s: play on.`
}
