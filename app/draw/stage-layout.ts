// Where everything on the stage is, from its measured size and from how many of each thing there
// are. Numbers and captions have no say: no change of them moves anything.

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
  /** More leases than dials have room for: each is a cell. */
  cells: boolean
  /** How many writes the storage card shows; null without a storage. */
  writes: number | null
  /** There are keys on no lease, or locks that no lease holds. */
  loose: boolean
}

export interface StageLayout {
  columns: Columns
  clients: ClientsLayout
  members: MembersLayout
  truth: TruthLayout
}

/** Above this many leases the dials give way to cells. */
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

/** Fixed for a size of the window: only cells, and an open panel, shrink the first two. */
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
