import type { CutShort, Shortfall } from '../../engine/worker/protocol'

const seconds = (ms: number): string =>
  (ms / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })

/** The notice for a run that was opened at the limit of events. */
export function cutShortText({ at, cursor }: CutShort): string {
  // A command that lets machinery run may advance the time itself.
  if (at >= cursor)
    return `Opened at ${seconds(at)} s. The rest of the run is too long to be played at once: play on.`
  return `Opened at ${seconds(at)} s. It was played to ${seconds(cursor)} s: play on.`
}

/**
 * The notice for a run that was not played as far as requested, or for a step that found no
 * difference.
 */
export function shortfallText(shortfall: Shortfall): string {
  if (shortfall.what === 'stop') return 'There is no next stop'
  if (shortfall.what === 'difference') {
    const { back, lookedTo } = shortfall
    if (lookedTo !== null)
      return `The branches were compared until ${seconds(lookedTo)} s. Step again to compare further.`
    return `The branches have no ${back ? 'earlier' : 'later'} difference.`
  }
  const { what, branch, at, until } = shortfall
  const run = branch === null ? 'The run' : `The branch ${branch}`
  switch (what) {
    case 'place':
      return `${run} stops at its limit of events, at ${seconds(at)} s. You asked for ${seconds(until)} s: play on.`
    case 'future':
      return `${run} was played to ${seconds(until)} s. Its limit of events is at ${seconds(at)} s: play on from there.`
    case 'beside':
      return `${run} stops at its limit of events, at ${seconds(at)} s. It is compared at that time until you play on.`
  }
}
