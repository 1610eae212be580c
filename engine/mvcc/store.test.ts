import { describe, expect, test } from 'vitest'
import { errors } from '../base/errors'
import { NO_LEASE } from '../base/rpc'
import { Store } from './store'

function put(store: Store, ...keys: string[]): void {
  const txn = store.begin()
  for (const key of keys) txn.put(key, `${key}@${store.revision + 1}`, NO_LEASE)
  txn.end()
}

function del(store: Store, key: string, end = ''): number {
  const txn = store.begin()
  const deleted = txn.deleteRange(key, end).length
  txn.end()
  return deleted
}

const values = (store: Store, key: string, end = '', revision = 0): unknown => {
  const found = store.range(key, end, { revision })
  return 'type' in found ? found.message : found.kvs.map(({ value }) => value)
}

describe('revisions', () => {
  test('an empty store is at 1; a transaction adds one revision if it changes something', () => {
    const store = new Store()
    expect(store.revision).toBe(1)
    put(store, 'a', 'b')
    expect(store.revision).toBe(2)
    expect(del(store, 'nothing')).toBe(0)
    expect(store.revision).toBe(2)
  })
  test('a put after a delete starts a new generation', () => {
    const store = new Store()
    put(store, 'a')
    put(store, 'a')
    expect(store.get('a')).toMatchObject({ create_revision: 2, mod_revision: 3, version: 2 })
    del(store, 'a')
    expect(store.get('a')).toBeUndefined()
    put(store, 'a')
    expect(store.get('a')).toMatchObject({ create_revision: 5, mod_revision: 5, version: 1 })
  })
  test('old revisions stay readable, future ones are refused', () => {
    const store = new Store()
    put(store, 'a')
    put(store, 'a', 'b')
    del(store, 'a')
    expect(values(store, 'a', '\0', 2)).toEqual(['a@2'])
    expect(values(store, 'a', '\0', 3)).toEqual(['a@3', 'b@3'])
    expect(values(store, 'a', '\0')).toEqual(['b@3'])
    expect(store.range('a', '', { revision: 5 })).toBe(errors.FutureRev)
  })
})

describe('range', () => {
  test('the count includes the keys beyond the limit', () => {
    const store = new Store()
    put(store, 'a', 'b', 'c')
    expect(store.range('a', '\0', { limit: 2 })).toMatchObject({
      count: 3,
      kvs: [{ key: 'a' }, { key: 'b' }],
    })
  })
  test('the end is exclusive, and an end before the start finds no key', () => {
    const store = new Store()
    put(store, 'a', 'b', 'c')
    expect(values(store, 'a', 'c')).toEqual(['a@2', 'b@2'])
    expect(values(store, 'c', 'a')).toEqual([])
  })
})

describe('a write transaction', () => {
  test('a transaction reads its own changes, and its revision is the next one after its first change', () => {
    const store = new Store()
    put(store, 'a')
    const txn = store.begin()
    expect(txn.revision).toBe(2)
    txn.put('b', '1', NO_LEASE)
    expect(txn.revision).toBe(3)
    expect(txn.range('a', '\0')).toMatchObject({ count: 2 })
    expect(txn.range('a', '\0', 2)).toMatchObject({ count: 1 })
    txn.end()
    expect(store.revision).toBe(3)
  })
})

describe('compaction', () => {
  // The example at the head of store.ts.
  function example(): Store {
    const store = new Store()
    put(store, 'a')
    put(store, 'a')
    del(store, 'a')
    put(store, 'a')
    return store
  }
  test('a compaction keeps the versions that the compacted revision reads', () => {
    const store = example()
    expect(store.compact(3)).toBeUndefined()
    expect(values(store, 'a', '', 3)).toEqual(['a@3'])
    expect(values(store, 'a', '', 4)).toEqual([])
    expect(values(store, 'a', '', 2)).toBe(errors.Compacted.message)
  })
  test('a compaction removes a tombstone together with its generation', () => {
    const store = example()
    store.compact(4)
    expect(store.save().keys).toEqual([['a', [expect.objectContaining({ mod_revision: 5 })]]])
    const gone = new Store()
    put(gone, 'x')
    del(gone, 'x')
    gone.compact(3)
    expect(gone.save().keys).toEqual([])
  })
  test('a compaction is refused when it repeats an earlier one, and for future revisions', () => {
    const store = example()
    store.compact(3)
    expect(store.compact(3)).toBe(errors.Compacted)
    expect(store.compact(99)).toBe(errors.FutureRev)
  })
  test('a compaction of a key with a hundred thousand versions does not overflow the stack', () => {
    const store = new Store()
    for (let n = 0; n < 100_000; n++) put(store, 'a')
    store.compact(2)
    expect(store.get('a')?.version).toBe(100_000)
  })
})

test('a loaded store reads the same at every revision', () => {
  const store = new Store()
  put(store, 'a')
  put(store, 'b', 'a')
  del(store, 'a', 'c')
  put(store, 'a')
  store.compact(3)
  const again = Store.load(JSON.parse(JSON.stringify(store.save())))
  for (let revision = 0; revision <= 6; revision++)
    expect(values(again, 'a', '\0', revision)).toEqual(values(store, 'a', '\0', revision))
  expect(again.size).toBe(store.size)
  expect(again.save()).toEqual(store.save())
})
