// The content of a Raft snapshot: the store, the lessor and the members of the cluster, as of the
// applied index. Of the lessor, disks and snapshots keep leases and TTLs, but no deadlines: the
// receiver counts down only after a promotion (semantics §1.15).

import type { SavedLessor } from '../lease/lessor'
import type { SavedStore } from '../mvcc/store'
import type { SavedMembership } from './membership'

export interface MachineState {
  readonly store: SavedStore
  readonly lessor: SavedLessor
  readonly membership: SavedMembership
}
