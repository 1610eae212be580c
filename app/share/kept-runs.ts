// Where this browser keeps runs from visit to visit: the one that was last worked on, and those before it, so that a link or a new beginning takes nothing away.

import type { DBSchema } from 'idb'
import type { Recording, SavedSession, View } from '../../engine/worker/protocol'
import { CURSOR, recall } from './flags'

export interface Kept {
  version: 1
  session: SavedSession
  view: View
  /** What stood behind the # of the address: a link that was opened once is not opened again over what became of its run. */
  hash: string
  scenario: string | null
  /** What the lab started, to start over from. */
  labRun: Recording | null
  /** Something was done in it, or it came from elsewhere: worth keeping when another run takes its place. */
  worked: boolean
  /** Wall ms of the writing. */
  at: number
  /** Who wrote it, and when in its own count: whoever finds another one than they wrote puts it aside first. */
  stamp: string
}

/** The number of a run that was put aside; the later ones have the higher. */
export type EarlierId = number

/** A run that was put aside; `kept` is null where another version of this page wrote it. */
export interface Earlier {
  id: EarlierId
  kept: Kept | null
}

export interface KeptRuns {
  current(): Promise<Kept | null>
  /**
   * Writes the current run; what is there goes aside first, unless it has the stamp `known`. Of the earlier runs `instead` goes: it is the current one now.
   * False, and nothing is done, where something else is there and may not be replaced. */
  put(kept: Kept, known: string | null, instead: EarlierId | null, mayReplace: boolean): Promise<boolean>
  /** The current run, if it has that stamp, becomes the last of the earlier ones; one in which nothing was done is forgotten, unless it is to stay whatever it is. */
  putAside(stamp: string, whatever: boolean): Promise<void>
  /** The latest first. */
  earlier(): Promise<Earlier[]>
  get(id: EarlierId): Promise<Kept | null>
  remove(id: EarlierId): Promise<void>
}

/** Of the runs that were put aside as many stay. */
export const MOST_EARLIER = 20

type Place = 'current' | ['earlier', EarlierId]

interface Schema extends DBSchema {
  runs: { key: Place; value: unknown }
}

const EARLIER = () => IDBKeyRange.bound(['earlier', 0], ['earlier', Number.POSITIVE_INFINITY])

export async function openKeptRuns(): Promise<KeptRuns> {
  const { openDB } = await import('idb')
  const db = await openDB<Schema>('leasescope', 1, {
    upgrade(upgraded) {
      upgraded.createObjectStore('runs')
    },
    // Another version of the page, in another tab, wants to change the store.
    blocking: () => db.close(),
  })

  type Store = ReturnType<ReturnType<typeof begin>['objectStore']>
  const begin = () => db.transaction('runs', 'readwrite')
  /** All of it, or nothing: where there is no room the transaction says so, and not what was asked of it first. */
  async function change<T>(job: (store: Store) => Promise<T>): Promise<T> {
    const transaction = begin()
    // Heard of below; not to be heard of twice.
    transaction.done.catch(() => {})
    try {
      const result = await job(transaction.objectStore('runs'))
      await transaction.done
      return result
    } catch (error) {
      throw transaction.error ?? error
    }
  }
  async function aside(store: Store, run: unknown): Promise<void> {
    const ids = (await store.getAllKeys(EARLIER())).map((key) => key[1] as EarlierId)
    await store.put(run, ['earlier', (ids.at(-1) ?? 0) + 1])
    for (const id of ids.slice(0, Math.max(0, ids.length + 1 - MOST_EARLIER))) await store.delete(['earlier', id])
  }

  return {
    current: async () => readKept(await db.get('runs', 'current')),
    put: (kept, known, instead, mayReplace) =>
      change(async (store) => {
        const found = await store.get('current')
        const there = readKept(found)
        const another = found !== undefined && there?.stamp !== known
        if (another && !mayReplace) return false
        // Also what cannot be read here: a later version of the page may have written it.
        if (another) await aside(store, there ?? found)
        if (instead !== null) await store.delete(['earlier', instead])
        await store.put(kept, 'current')
        return true
      }),
    putAside: (stamp, whatever) =>
      change(async (store) => {
        const there = readKept(await store.get('current'))
        if (there?.stamp === stamp) {
          if (there.worked || whatever) await aside(store, there)
          await store.delete('current')
        }
      }),
    async earlier() {
      const found: Earlier[] = []
      for (let cursor = await db.transaction('runs').store.openCursor(EARLIER(), 'prev'); cursor; cursor = await cursor.continue())
        found.push({ id: cursor.key[1] as EarlierId, kept: readKept(cursor.value) })
      return found
    },
    get: async (id) => readKept(await db.get('runs', ['earlier', id])),
    remove: (id) => db.delete('runs', ['earlier', id]),
  }
}

/** What another version kept, or what is none of ours, is nothing; the session itself is looked at by the worker. */
function readKept(found: unknown): Kept | null {
  if (typeof found !== 'object' || found === null) return null
  const { version, session, stamp, view } = found as Partial<Kept>
  const fits = version === 1 && typeof stamp === 'string' && [session, view].every((part) => typeof part === 'object' && part !== null)
  if (!fits) return null
  // What an earlier version of this page did not write yet.
  const kept: Kept = { ...({ labRun: null, worked: true, at: 0 } satisfies Partial<Kept>), ...(found as Kept) }
  // Where the cursor stood when the page went away: there was no time left to write all of it.
  const cursor = /^(.+) (\d+)$/.exec(recall(CURSOR) ?? '')
  return cursor?.[1] === stamp ? { ...kept, session: { ...kept.session, cursor: Number(cursor[2]) } } : kept
}
