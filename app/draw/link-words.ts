// The label of a link that is slow, lossy or cut.

import type { LinkDial } from '../../engine/worker/protocol'

const DIALS = ['delay', 'jitter', 'loss', 'duplicate', 'reorder'] as const

/**
 * `505 ms`, `10 % lost`, `m1→m2 505 ms`: one line for each changed setting, none for a normal link.
 * `usualMs`: the latency of a normal link.
 */
export function linkWords(
  a: string,
  b: string,
  dials: readonly LinkDial[],
  usualMs: number,
): string[] {
  const amount = (dial: LinkDial['dial'], from: string, to: string): number => {
    const own = dials.find(
      (each) => each.dial === dial && each.link?.from === from && each.link.to === to,
    )
    return (own ?? dials.find((each) => each.dial === dial && each.link === null))?.value ?? 0
  }
  return DIALS.flatMap((dial) => {
    const [there, back] = [amount(dial, a, b), amount(dial, b, a)]
    if (there === back) return there === 0 ? [] : [wordOf(dial, there, usualMs)]
    return [
      ...(there === 0 ? [] : [`${a}→${b} ${wordOf(dial, there, usualMs)}`]),
      ...(back === 0 ? [] : [`${b}→${a} ${wordOf(dial, back, usualMs)}`]),
    ]
  })
}

function wordOf(dial: LinkDial['dial'], value: number, usualMs: number): string {
  switch (dial) {
    case 'delay':
      return `${usualMs + value} ms`
    case 'jitter':
      return `up to +${value} ms`
    case 'loss':
      return `${value} % lost`
    case 'duplicate':
      return `${value} % doubled`
    case 'reorder':
      return `${value} % reordered`
  }
}
