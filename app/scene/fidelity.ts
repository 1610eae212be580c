/// <reference path="./recorded.d.ts" />

import { recorded } from 'virtual:recorded'
import { ETCD_VERSIONS, PATCH_VERSIONS } from '../../engine/text/releases'
import type { Counts } from './recorded-plugin'

export interface Fidelity extends Counts {
  /** `3.6`, and the modelled and recorded patch version: `3.6.16`. */
  version: string
  patch: string
}

const NONE: Counts = { exchanges: 0, calls: 0, events: 0, lines: 0 }

/** Each version with the sources it was checked against, the oldest first. */
export const fidelity: readonly Fidelity[] = ETCD_VERSIONS.map((version) => {
  const patch = PATCH_VERSIONS[version]
  return { version, patch, ...(recorded[patch] ?? NONE) }
})

/** How a version was checked, in words. */
export function checkedText({ version, patch, exchanges, calls, events, lines }: Fidelity): string {
  const modelled = `etcd ${version} is modelled as ${patch}.`
  const api =
    exchanges === 0
      ? []
      : [
          `${number(calls)} API calls with ${number(events)} watch events in ${number(exchanges)} exchanges`,
        ]
  const console = lines === 0 ? [] : [`${number(lines)} lines of etcdctl`]
  const all = [...api, ...console].join(', and ')
  return all === ''
    ? `${modelled} It was read from its source, and not recorded yet.`
    : `${modelled} Compared with a real ${patch}: ${all}.`
}

function number(count: number): string {
  return count.toLocaleString('en')
}
