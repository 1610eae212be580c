// The differences between the versions of etcd, as the page shows them (member/versions.ts).

import type { EtcdVersion } from '../base/etcd-versions'
import type { Difference } from '../member/versions'
import { DIFFERENCES, ROWS } from '../member/versions'

export type { Difference } from '../member/versions'

export interface DifferenceRow {
  name: Difference
  /** A few words: `Pre-vote`. */
  title: string
  what: string
  /** The first version that has it, and the source of this fact. */
  source: string
  /** Whether each version has it. */
  has: Readonly<Record<EtcdVersion, boolean>>
}

/** Every row, in the order of the table. */
export const differenceRows: readonly DifferenceRow[] = DIFFERENCES.map((name) => {
  const { title, what, source, ...has } = ROWS[name]
  return { name, title, what, source, has }
})
