// The faults of the network, in the words of the page.

import type { Dial } from '../network/fault'
import type { Scene } from './scene'
import { countUntil } from './until'

export interface NetworkView {
  /** Messages from the first group do not reach the second. */
  cuts: { from: string[]; to: string[] }[]
  /** Virtual ms when the partition began; null while the network is whole. */
  since: number | null
  /** In words, such as `m1–m2 loses 10 %`; empty where every link is good. */
  dials: string[]
  /**
   * The same as values, each for one direction, or for every link where `link` is null. A value of
   * one direction overrides a value of every link.
   */
  links: LinkDial[]
}

export interface LinkDial {
  link: { from: string; to: string } | null
  dial: Dial
  /**
   * Extra milliseconds for `delay` and `jitter` (at most), messages in a hundred for the others.
   */
  value: number
}

const DIALS = ['delay', 'jitter', 'loss', 'duplicate', 'reorder'] as const

export function networkView({ sim, ledger, last }: Scene): NetworkView {
  const partition = ledger.partitions[countUntil(ledger.partitions, last) - 1]
  const { jitterMs = 0, lossPercent = 0, duplicatePercent = 0, reorderPercent = 0 } = sim.config
  const begun = {
    delay: 0,
    jitter: jitterMs,
    loss: lossPercent,
    duplicate: duplicatePercent,
    reorder: reorderPercent,
  }
  const turned = sim.dials
  const dials: string[] = []
  const links: LinkDial[] = []
  for (const dial of DIALS) {
    const all =
      turned.find((other) => other.link === null && other.dial === dial)?.value ?? begun[dial]
    if (all > 0) dials.push(`every link ${words(dial, all)}`)
    if (all > 0) links.push({ link: null, dial, value: all })
    for (const { link, value } of turned.filter((other) => other.dial === dial)) {
      if (link === null || value === all) continue
      links.push({ link: { ...link }, dial, value })
      const back = turned.some(
        (other) =>
          other.dial === dial &&
          other.value === value &&
          other.link?.from === link.to &&
          other.link.to === link.from,
      )
      if (back && link.from > link.to) continue
      dials.push(`${link.from}${back ? '–' : ' → '}${link.to} ${words(dial, value)}`)
    }
  }
  const since = partition?.type === 'partitioned' ? partition.at : null
  return {
    since,
    cuts: sim.cuts.map(({ from, to }) => ({ from: [...from], to: [...to] })),
    dials,
    links,
  }
}

function words(dial: Dial, value: number): string {
  switch (dial) {
    case 'delay':
      return `+${value} ms`
    case 'jitter':
      return `up to +${value} ms`
    case 'loss':
      return `loses ${value} %`
    case 'duplicate':
      return `duplicates ${value} %`
    case 'reorder':
      return `reorders ${value} %`
  }
}
