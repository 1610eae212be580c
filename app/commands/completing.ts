import type { Candidate, Completion } from '../../engine/etcdctl/complete'

export interface Completed {
  /** The input after Tab, and where its cursor stands. */
  text: string
  cursor: number
  /** What could follow, where that is not decided yet. */
  offers: readonly Candidate[]
}

/**
 * What Tab does: fills in what all candidates have in common, and a space after the only one. Null
 * where there is nothing to fill in or to offer.
 */
export function completed(text: string, { from, to, candidates }: Completion): Completed | null {
  const [first, ...others] = candidates
  if (!first) return null
  const common = others.reduce((shared, { text: other }) => sharedStart(shared, other), first.text)
  const fill = others.length === 0 && !common.endsWith('=') ? `${common} ` : common
  const rest = text.slice(to)
  // A space that is there already is not doubled.
  const filled = fill.endsWith(' ') && rest.startsWith(' ') ? common : fill
  return {
    text: text.slice(0, from) + filled + rest,
    cursor: from + filled.length,
    offers: others.length === 0 ? [] : candidates,
  }
}

function sharedStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}
