// The store in which this browser keeps runs between visits: the current one, and the earlier ones,
// so that a link or a new start loses nothing.

import type { DBSchema } from 'idb'
import { CURSOR, recall } from './flags'
import type { Earlier, EarlierId, Kept } from './kept'
import { isKeptAside, isMissed, surplus } from './surplus'

/** The result for the previous current run. */
export interface Aside {
  /** Null if it was not put aside, or if there was none. */
  id: EarlierId | null
  /** The runs that were removed to make room. */
  removed: (Kept | null)[]
  /** The run itself, if it was not put aside and its reader may miss it. */
  dropped: Kept | null
}

/**
 * Whether the current run was written, and the run that this put aside: another one than `known`,
 * with its stamp.
 */
export interface Put extends Aside {
  written: boolean
  stamp: string | null
}

export interface PutOptions {
  /** The stamp of the run that is replaced without being put aside. */
  known: string | null
  /** This earlier run is removed: it is the current one now. */
  instead: EarlierId | null
  /** Whether another run, by its stamp, may be put aside; null for an unreadable one. */
  mayReplace(stamp: string | null): boolean
}

export interface KeptRuns {
  current(): Promise<Kept | null>
  /**
   * Writes the current run; another current run goes aside first. Does nothing if that is not
   * allowed.
   */
  put(kept: Kept, options: PutOptions): Promise<Put>
  /**
   * The current run, if it has that stamp, becomes the last of the earlier ones. A run that is not
   * worth keeping is removed, unless `whatever` is set.
   */
  putAside(stamp: string, whatever: boolean): Promise<Aside>
  /** The latest first. */
  earlier(): Promise<Earlier[]>
  get(id: EarlierId): Promise<Kept | null>
  remove(id: EarlierId): Promise<void>
  /** Names a run or pins it; an unknown one is ignored. */
  change(id: EarlierId, change: Partial<Pick<Kept, 'name' | 'pinned'>>): Promise<void>
  /** Returns removed runs to the list, pinned. */
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
    // Another version of the page, in another tab, is going to change the store.
    blocking: () => db.close(),
  })

  type Store = ReturnType<ReturnType<typeof begin>['objectStore']>
  const begin = () => db.transaction('runs', 'readwrite')
  /** All or nothing: without room the transaction fails, although its first requests succeeded. */
  async function change<T>(job: (store: Store) => Promise<T>): Promise<T> {
    const transaction = begin()
    // Reported below; not to be reported twice.
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
        // Also unreadable runs: a later version of the page may have written them.
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

/** Records of other versions, or not ours, are dropped. The worker validates the tree itself. */
function readKept(found: unknown): Kept | null {
  if (typeof found !== 'object' || found === null) return null
  const { version, session, stamp, view } = found as Partial<Kept>
  const fits =
    version === 1 &&
    typeof stamp === 'string' &&
    [session, view].every((part) => typeof part === 'object' && part !== null)
  if (!fits) return null
  const kept: Kept = { ...LATER_FIELDS, ...(found as Kept) }
  // The place of the cursor when the page was closed: there was no time left to write everything.
  const cursor = /^(.+) (\d+)$/.exec(recall(CURSOR) ?? '')
  return cursor?.[1] === stamp
    ? { ...kept, session: { ...kept.session, cursor: Number(cursor[2]) } }
    : kept
}

/** Fields that earlier versions of this page did not write. */
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
