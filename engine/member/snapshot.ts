// What a snapshot of Raft holds: the store, the lessor and who belongs to the cluster, as of what
// is applied. Of the lessor a disk and a snapshot keep the leases and their TTLs, no deadline:
// whoever takes it up counts only once it is promoted (semantics §1.15).

import type { SavedLessor } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import type { SavedMembership } from './membership'

export interface MachineState {
  readonly store: SavedStore
  readonly lessor: SavedLessor
  readonly membership: SavedMembership
}
