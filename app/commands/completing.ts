import type { Candidate, Completion } from '../../engine/etcdctl/complete'

export interface Completed {
  /** The input after Tab, and the position of its cursor. */
  text: string
  cursor: number
  /** The candidates, if several are possible. */
  offers: readonly Candidate[]
}

/**
 * The result of Tab: fills in the common part of all candidates, and a space after the only one.
 * Null if there is nothing to fill in or to offer.
 */
export function completed(text: string, { from, to, candidates }: Completion): Completed | null {
  const [first, ...others] = candidates
  if (!first) return null
  const common = others.reduce((shared, { text: other }) => sharedStart(shared, other), first.text)
  const fill = others.length === 0 && !common.endsWith('=') ? `${common} ` : common
  const rest = text.slice(to)
  // An existing space is not doubled.
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
