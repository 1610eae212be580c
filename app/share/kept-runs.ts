// Where this browser keeps runs from visit to visit: the one that was last worked on, and those
// before it, so that a link or a new beginning takes nothing away.

import type { DBSchema } from 'idb'
import { CURSOR, recall } from './flags'
import type { Earlier, EarlierId, Kept } from './kept'
import { isKeptAside, isMissed, surplus } from './surplus'

/** What became of the run that was the current one. */
export interface Aside {
  /** Null where it was not put aside, or where none was. */
  id: EarlierId | null
  /** The runs that had to go to make room. */
  removed: (Kept | null)[]
  /** The run itself, where it was not put aside and its reader may miss it. */
  dropped: Kept | null
}

/**
 * Whether the current run was written, and what that put aside: another one than `known`, with its
 * stamp.
 */
export interface Put extends Aside {
  written: boolean
  stamp: string | null
}

export interface PutOptions {
  /** The stamp of the run that is replaced without being put aside. */
  known: string | null
  /** Of the earlier runs this one goes: it is the current one now. */
  instead: EarlierId | null
  /** Whether another run, by its stamp, may be put aside; null for one that cannot be read. */
  mayReplace(stamp: string | null): boolean
}

export interface KeptRuns {
  current(): Promise<Kept | null>
  /**
   * Writes the current run; another one that is there goes aside first. Nothing is done where that
   * may not be.
   */
  put(kept: Kept, options: PutOptions): Promise<Put>
  /**
   * The current run, if it has that stamp, becomes the last of the earlier ones; one that is not
   * worth it is forgotten, unless it is to stay whatever it is.
   */
  putAside(stamp: string, whatever: boolean): Promise<Aside>
  /** The latest first. */
  earlier(): Promise<Earlier[]>
  get(id: EarlierId): Promise<Kept | null>
  remove(id: EarlierId): Promise<void>
  /** Names a run or pins it; an unknown one is left alone. */
  change(id: EarlierId, change: Partial<Pick<Kept, 'name' | 'pinned'>>): Promise<void>
  /** Puts runs that had to go back into the list, pinned. */
  bringBack(runs: readonly Kept[]): Promise<void>
}

type Place = 'current' | ['earlier', EarlierId]

interface Schema extends DBSchema {
  runs: { key: Place; value: unknown }
}

const EARLIER = () => IDBKeyRange.bound(['earlier', 0], ['earlier', Number.POSITIVE_INFINITY])
const NOTHING: Aside = { id: null, removed: [], dropped: null }
const dropped = (kept: Kept): Aside => ({ ...NOTHING, dropped: isMissed(kept) ? kept : null })

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
  /**
   * All of it, or nothing: where there is no room the transaction says so, and not what was asked
   * of it first.
   */
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
  async function list(store: Pick<Store, 'getAll' | 'getAllKeys'>): Promise<Earlier[]> {
    const [keys, values] = [await store.getAllKeys(EARLIER()), await store.getAll(EARLIER())]
    return keys.map((key, i) => ({ id: key[1] as EarlierId, kept: readKept(values[i]) }))
  }
  async function aside(store: Store, run: unknown): Promise<Aside> {
    const before = await list(store)
    const id = (before.at(-1)?.id ?? 0) + 1
    await store.put(run, ['earlier', id])
    const removed = surplus([...before, { id, kept: readKept(run) }])
    for (const each of removed) await store.delete(['earlier', each.id])
    return { id, removed: removed.map(({ kept }) => kept), dropped: null }
  }

  return {
    current: async () => readKept(await db.get('runs', 'current')),
    put: (kept, { known, instead, mayReplace }) =>
      change(async (store) => {
        const found = await store.get('current')
        const there = readKept(found)
        const stamp = there?.stamp ?? null
        const another = found !== undefined && stamp !== known
        if (another && !mayReplace(stamp)) return { written: false, stamp, ...NOTHING }
        // Also what cannot be read here: a later version of the page may have written it.
        const isKept = there === null || isKeptAside(there)
        const put = !another
          ? NOTHING
          : isKept
            ? await aside(store, there ?? found)
            : dropped(there)
        if (instead !== null) await store.delete(['earlier', instead])
        await store.put(kept, 'current')
        return { written: true, stamp, ...put }
      }),
    putAside: (stamp, whatever) =>
      change(async (store) => {
        const there = readKept(await store.get('current'))
        if (there?.stamp !== stamp) return NOTHING
        await store.delete('current')
        return whatever || isKeptAside(there) ? aside(store, there) : dropped(there)
      }),
    earlier: async () => (await list(db.transaction('runs').store)).reverse(),
    get: async (id) => readKept(await db.get('runs', ['earlier', id])),
    remove: (id) => db.delete('runs', ['earlier', id]),
    change: (id, changed) =>
      change(async (store) => {
        const kept = readKept(await store.get(['earlier', id]))
        if (kept !== null) await store.put({ ...kept, ...changed }, ['earlier', id])
      }),
    bringBack: (runs) =>
      change(async (store) => {
        for (const kept of runs) await aside(store, { ...kept, pinned: true })
      }),
  }
}

/**
 * What another version kept, or what is none of ours, is nothing; the session itself is looked at
 * by the worker.
 */
function readKept(found: unknown): Kept | null {
  if (typeof found !== 'object' || found === null) return null
  const { version, session, stamp, view } = found as Partial<Kept>
  const fits =
    version === 1 &&
    typeof stamp === 'string' &&
    [session, view].every((part) => typeof part === 'object' && part !== null)
  if (!fits) return null
  const kept: Kept = { ...LATER_FIELDS, ...(found as Kept) }
  // Where the cursor stood when the page went away: there was no time left to write all of it.
  const cursor = /^(.+) (\d+)$/.exec(recall(CURSOR) ?? '')
  return cursor?.[1] === stamp
    ? { ...kept, session: { ...kept.session, cursor: Number(cursor[2]) } }
    : kept
}

/** What an earlier version of this page did not write yet. */
const LATER_FIELDS: Omit<Kept, 'version' | 'session' | 'view' | 'hash' | 'scenario' | 'stamp'> = {
  lesson: null,
  numbers: 0,
  form: null,
  labRun: null,
  worked: true,
  at: 0,
  entry: null,
  foreign: 'link',
  name: null,
  pinned: false,
}
