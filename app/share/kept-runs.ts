// Where this browser keeps a run from visit to visit: the one that was last worked on, and the one before it, so that a link or a new beginning takes nothing away.

import type { DBSchema } from 'idb'
import type { SavedSession, View } from '../../engine/worker/protocol'

export interface Kept {
  version: 1
  session: SavedSession
  view: View
  /** What stood behind the # of the address: a link that was opened once is not opened again over what became of its run. */
  hash: string
  scenario: string | null
  /** Who wrote it, and when in its own count: whoever finds another one than they wrote puts it aside first. */
  stamp: string
}

export type Place = 'current' | 'previous'

export interface KeptRuns {
  get(place: Place): Promise<Kept | null>
  /** Writes the current run; what is there goes aside first, unless it has the stamp `known`. */
  put(kept: Kept, known: string | null): Promise<void>
  /** The current run becomes the previous one. */
  putAside(): Promise<void>
}

interface Schema extends DBSchema {
  runs: { key: Place; value: unknown }
}

export async function openKeptRuns(): Promise<KeptRuns> {
  const { openDB } = await import('idb')
  const db = await openDB<Schema>('leasescope', 1, {
    upgrade(upgraded) {
      upgraded.createObjectStore('runs')
    },
  })
  return {
    async get(place) {
      return readKept(await db.get('runs', place))
    },
    async put(kept, known) {
      const { store, done } = db.transaction('runs', 'readwrite')
      const there = readKept(await store.get('current'))
      if (there && there.stamp !== known) await store.put(there, 'previous')
      await store.put(kept, 'current')
      await done
    },
    async putAside() {
      const { store, done } = db.transaction('runs', 'readwrite')
      const there = await store.get('current')
      if (there !== undefined) {
        await store.put(there, 'previous')
        await store.delete('current')
      }
      await done
    },
  }
}

/** What another version kept, or what is none of ours, is nothing; the session itself is looked at by the worker. */
function readKept(found: unknown): Kept | null {
  if (typeof found !== 'object' || found === null) return null
  const { version, session, stamp } = found as Partial<Kept>
  return version === 1 && typeof session === 'object' && typeof stamp === 'string' ? (found as Kept) : null
}
