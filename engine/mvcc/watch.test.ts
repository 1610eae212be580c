import { describe, expect, test } from 'vitest'
import { NO_LEASE } from '../base/rpc'
import { Store } from './store'
import type { Notice, WatcherOptions } from './watch'
import { WatchHub } from './watch'

const ALL: WatcherOptions = {
  key: '\0',
  end: '\0',
  startRevision: 0,
  prevKv: false,
  noPut: false,
  noDelete: false,
}

function put(store: Store, hub: WatchHub, key: string): Notice[] {
  const txn = store.begin()
  txn.put(key, 'v', NO_LEASE)
  return hub.notify(store.revision + 1, txn.end())
}

const told = (notices: Notice[]): unknown =>
  notices.map((notice) =>
    notice.type === 'events'
      ? [
          notice.watcher,
          notice.revision,
          ...notice.events.map(({ type, kv }) => `${type} ${kv.key}`),
        ]
      : notice,
  )

describe('a synced watcher', () => {
  test('a synced watcher receives a revision when it is committed, in one notice', () => {
    const [store, hub] = [new Store(), new WatchHub()]
    hub.add({ ...ALL, key: 'a', end: 'c' }, store.revision)
    const txn = store.begin()
    for (const key of ['b', 'a', 'z']) txn.put(key, 'v', NO_LEASE)
    expect(told(hub.notify(2, txn.end()))).toEqual([[1, 2, 'PUT b', 'PUT a']])
  })
  test('a watcher with a future start is silent until then', () => {
    const [store, hub] = [new Store(), new WatchHub()]
    hub.add({ ...ALL, startRevision: 3 }, store.revision)
    expect(put(store, hub, 'a')).toEqual([])
    expect(told(put(store, hub, 'b'))).toEqual([[1, 3, 'PUT b']])
  })
  test('a watcher gets the previous key only on request, and no filtered event types', () => {
    const [store, hub] = [new Store(), new WatchHub()]
    hub.add({ ...ALL, prevKv: true, noPut: true }, store.revision)
    expect(put(store, hub, 'a')).toEqual([])
    const txn = store.begin()
    txn.deleteRange('a', '')
    const [notice] = hub.notify(3, txn.end())
    expect(notice).toMatchObject({
      type: 'events',
      events: [
        { type: 'DELETE', kv: { key: 'a', mod_revision: 3 }, prev_kv: { key: 'a', version: 1 } },
      ],
    })
  })
})

describe('an unsynced watcher', () => {
  test("an unsynced watcher catches up in one notice at the store's revision, then receives live events", () => {
    const [store, hub] = [new Store(), new WatchHub()]
    for (const key of ['a', 'b', 'c']) put(store, hub, key)
    hub.add({ ...ALL, startRevision: 3 }, store.revision)
    expect(hub.unsynced).toBe(1)
    expect(told(hub.sync(store))).toEqual([[1, 4, 'PUT b', 'PUT c']])
    expect(hub.unsynced).toBe(0)
    expect(told(put(store, hub, 'd'))).toEqual([[1, 5, 'PUT d']])
  })
  test('a watcher of a compacted revision is notified and removed', () => {
    const [store, hub] = [new Store(), new WatchHub()]
    for (const key of ['a', 'b', 'c']) put(store, hub, key)
    store.compact(3)
    hub.add({ ...ALL, startRevision: 2 }, store.revision)
    hub.add({ ...ALL, startRevision: 3 }, store.revision)
    expect(told(hub.sync(store))).toEqual([
      { watcher: 1, type: 'compacted', compactRevision: 3 },
      [2, 4, 'PUT b', 'PUT c'],
    ])
    expect(put(store, hub, 'd')).toHaveLength(1)
  })
  test('a watcher that is one revision short after a batch is still unsynced', () => {
    const [store, hub] = [new Store(), new WatchHub()]
    for (let n = 0; n < 1001; n++) put(store, hub, 'a')
    hub.add({ ...ALL, startRevision: 2 }, store.revision)
    hub.sync(store)
    expect(hub.unsynced).toBe(1)
    expect(told(hub.sync(store))).toEqual([[1, 1002, 'PUT a']])
    expect(hub.unsynced).toBe(0)
  })
  test('a watcher receives more than a thousand revisions in batches', () => {
    const [store, hub] = [new Store(), new WatchHub()]
    for (let n = 0; n < 1500; n++) put(store, hub, 'a')
    hub.add({ ...ALL, startRevision: 2 }, store.revision)
    const sizes = [hub.sync(store), hub.sync(store), hub.sync(store)].map((notices) =>
      notices.map((n) => (n.type === 'events' ? n.events.length : -1)),
    )
    expect(sizes).toEqual([[1000], [500], []])
  })
})
