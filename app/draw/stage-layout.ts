// The position of everything on the stage, from its measured size and the number of items. Numbers
// and captions do not count, so their changes move nothing.

import { layoutClients } from './stage-clients'
import { layoutMembers } from './stage-members'
import type {
  ClientKind,
  ClientsLayout,
  Columns,
  LeaseShape,
  MembersLayout,
  StageSize,
} from './stage-shapes'
import { layoutTruth, type TruthLayout } from './stage-truth'

export interface StageInput {
  size: StageSize
  clients: readonly ClientKind[]
  members: number
  leases: readonly LeaseShape[]
  /** More leases than dials fit: each lease is a cell. */
  cells: boolean
  /** The number of writes that the storage card shows; null without a storage. */
  writes: number | null
  /** Some keys have no lease, or some locks are held without a lease. */
  loose: boolean
}

export interface StageLayout {
  columns: Columns
  clients: ClientsLayout
  members: MembersLayout
  truth: TruthLayout
}

/** Above this number of leases, cells replace the dials. */
export const MOST_DIALS = 12

export function layoutStage({
  size,
  clients,
  members,
  leases,
  cells,
  writes,
  loose,
}: StageInput): StageLayout {
  const columns = columnsOf(size, cells)
  return {
    columns,
    clients: layoutClients(columns, clients, cells),
    members: layoutMembers(columns, members),
    truth: layoutTruth(columns, { leases, cells, writes, loose }),
  }
}

/** Fixed for a window size. Only cells and an open panel shrink the first two columns. */
export function columnsOf(size: StageSize, cells: boolean): Columns {
  const { width, height } = size
  const [agree, truth] = cells && width >= 880 ? [216, 424] : startsOf(width)
  const top = height >= 380 ? 44 : height >= 290 ? 40 : 36
  return {
    ...size,
    believe: 0,
    agree,
    truth,
    top,
    bottom: height - 12,
    middle: Math.round(height / 2) + 10,
  }
}

function startsOf(width: number): [number, number] {
  if (width >= 1300)
    return [
      between(Math.round(width * 0.2907), 400, 480),
      between(Math.round(width * 0.6163), 848, 1040),
    ]
  if (width >= 1000) return [372, 612]
  if (width >= 880) return [292, 528]
  return [Math.round(width * 0.298), Math.round(width * 0.5388)]
}

function between(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
