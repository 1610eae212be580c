// A browser for the tests of the keeper: its store, its locks, and a page with a keeper.

import { vi } from 'vitest'
import type { CutShort, SavedRunTree, ToWorker } from '../../engine/worker/protocol'
import type { Commands } from '../commands/commands'
import { opening } from '../scene/opening'
import { createRunStore } from '../store/run'
import { createUiStore } from '../store/ui'
import { createEntries } from './entries'
import { createKeeper } from './keeper'
import type { Kept } from './kept'
import type { KeptRuns } from './kept-runs'
import type { Sharing } from './sharing'
import { isKeptAside, isMissed } from './surplus'

/** The content of localStorage. */
export const stored = new Map<string, string>()

/** An empty browser. Call it before each test. */
export function stubBrowser(): void {
  stored.clear()
  vi.stubGlobal('location', { hash: '' })
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
}

export const savedTree = (cursor: number): SavedRunTree => ({
  branches: [
    {
      id: 1,
      name: 'main',
      parent: null,
      shared: 0,
      forkAt: 0,
      seed: 1,
      config: opening.config,
      commands: [],
      end: cursor,
    },
  ],
  current: 1,
  cursor,
})

/** The runs of a browser, as several tabs share them. */
export function browser(before: Kept | null = null) {
  const state = {
    current: before,
    aside: [] as (Kept & { id: number })[],
    full: false,
    removed: [] as Kept[],
  }
  const nothing = { id: null, removed: [], dropped: null }
  const putAside = (run: Kept) => {
    const id = (state.aside.at(-1)?.id ?? 0) + 1
    state.aside.push({ ...run, id })
    return { ...nothing, id, removed: state.removed.splice(0) }
  }
  const drop = (run: Kept) => ({ ...nothing, dropped: isMissed(run) ? run : null })
  const runs: KeptRuns = {
    current: async () => state.current,
    async put(next, { known, instead, mayReplace }) {
      if (state.full) throw new DOMException('no room', 'QuotaExceededError')
      const there = state.current
      const another = there !== null && there.stamp !== known
      if (another && !mayReplace(there.stamp))
        return { written: false, stamp: there.stamp, ...nothing }
      const put = !another ? nothing : isKeptAside(there) ? putAside(there) : drop(there)
      state.aside = state.aside.filter(({ id }) => id !== instead)
      state.current = next
      return { written: true, stamp: there?.stamp ?? null, ...put }
    },
    async putAside(stamp, whatever) {
      const there = state.current
      if (there?.stamp !== stamp) return nothing
      state.current = null
      return isKeptAside(there) || whatever ? putAside(there) : drop(there)
    },
    earlier: async () => state.aside.map((kept) => ({ id: kept.id, kept })).reverse(),
    get: async (wanted) => state.aside.find(({ id }) => id === wanted) ?? null,
    remove: async () => {},
    change: async () => {},
    bringBack: async (back) => void back.map((kept) => putAside({ ...kept, pinned: true })),
  }
  return { state, runs }
}

interface Waiter {
  answer(lock: Lock | null): unknown
  resolve(): void
  reject(error: unknown): void
}

/** Locks as in a browser: the first in the queue holds the lock, until its tab is closed. */
export function lockQueue(): (closed: Promise<void>) => LockManager {
  let queue: Waiter[] = []
  let holder: Waiter | null = null
  function grant(waiter: Waiter): void {
    holder = waiter
    void Promise.resolve(waiter.answer({ name: '', mode: 'exclusive' })).then(() => free(waiter))
  }
  function free(waiter: Waiter): void {
    waiter.resolve()
    queue = queue.filter((each) => each !== waiter)
    if (holder !== waiter) return
    holder = null
    const next = queue.shift()
    if (next !== undefined) grant(next)
  }
  return (closed) => ({
    query: async () => ({}),
    request: (_name: string, options: unknown, callback?: unknown) =>
      new Promise<void>((resolve, reject) => {
        const { steal = false } = options as LockOptions
        const answer = (callback ?? options) as Waiter['answer']
        const waiter = { answer, resolve, reject }
        void closed.then(() => free(waiter))
        const before = holder
        if (before === null || steal) {
          grant(waiter)
          before?.reject(new DOMException('stolen', 'AbortError'))
        } else if (callback === undefined) queue.push(waiter)
        else void Promise.resolve(answer(null)).then(() => resolve())
      }),
  })
}

/** A page with a keeper, and all its outputs. */
export function page(
  before: Kept | null = null,
  { state: kept, runs } = browser(before),
  locks?: LockManager,
  { send, startOver }: { send?(message: ToWorker): void; startOver?(): void } = {},
) {
  const run = createRunStore()
  const ui = createUiStore()
  const sent: ToWorker['type'][] = []
  const begun: string[] = []
  const opened: SavedRunTree[] = []
  let keys = 0
  const visited: { state: unknown }[] = [{ state: null }]
  let at = 0
  const history = {
    get state() {
      return visited[at]!.state
    },
    replaceState(state: unknown) {
      visited[at] = { state }
    },
  }
  const entries = createEntries(history, '', () => `entry ${++keys}`)
  const empty = { value: before !== null }
  const { treeOpened, ...rest } = createKeeper({
    run,
    ui,
    entries,
    commands: {
      startOver() {
        begun.push('startOver')
        startOver?.()
      },
      refuse: (why: string) => void begun.push(why),
      compare: () => {},
      notice: () => {},
    } as Partial<Commands> as Commands,
    sharing: {
      view: () => ({}),
      opened: () => ui.setState({ lesson: null, numbers: 0, form: null }),
      beganWith: async () => {},
    } as Partial<Sharing> as Sharing,
    send(message) {
      sent.push(message.type)
      if (message.type === 'open-tree') opened.push(message.tree)
      send?.(message)
    },
    runs: async () => runs,
    locks,
    isEmpty: () => empty.value,
  })
  const keeper = {
    ...rest,
    /** The next of the worker's runs, by default. */
    treeOpened: (cutShort: CutShort | null = null, opened = run.getState().opened + 1) =>
      treeOpened(opened, cutShort),
  }
  /** The content of a Frame of the nth opened run. */
  const frame = (opened: number, now: number, undo: string | null = 'put a 1') =>
    run.setState({ ready: true, opened, run: opened, now, undo, config: opening.config })
  const settled = async () => {
    for (let i = 0; i < 200; i++) await Promise.resolve()
  }
  /** To another entry of the history, by this number; past the end a link is followed. */
  const go = (by: number) => {
    at += by
    visited[at] ??= { state: null }
    return entries.moved(`#r1?${at}`, keeper.leaveEntry)
  }
  const told = () => ui.getState().notices
  return {
    run,
    ui,
    sent,
    begun,
    opened,
    kept,
    keeper,
    frame,
    settled,
    empty,
    go,
    told,
    notices: () => told().map(({ text }) => text),
  }
}
