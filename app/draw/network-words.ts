// The changes of the network, and the size of the quorum.

import type { NetworkView } from '../../engine/worker/protocol'

/**
 * The changes of the network, in words; empty for a network without changes. `groups`: the groups
 * of a partition.
 */
export function troubleWords(
  groups: readonly string[][] | null,
  { cuts, dials }: Pick<NetworkView, 'cuts' | 'dials'>,
): string[] {
  return [
    ...(groups === null ? [] : [`cut: ${groups.map((group) => group.join(' ')).join(' | ')}`]),
    ...cuts.map(({ from, to }) => `nothing from ${from.join(' ')} reaches ${to.join(' ')}`),
    ...dials,
  ]
}

/** `2 of 3 must agree, 3 run`, with a mark if too few run. */
export function quorumWords({
  voters,
  needed,
  running,
}: {
  voters: number
  needed: number
  running: number
}): string {
  const run = running === 1 ? 'runs' : 'run'
  return `${needed} of ${voters} must agree, ${running < needed ? `only ${running} ${run}` : `${running} ${run}`}`
}
