import { expect, test } from 'vitest'
import { LIBRARIES, LIBRARY_NOTES, libraryChange, libraryOf } from './libraries'

const config = { libraries: { b: 'jetcd' } } as const

test('a client that names no library has clientv3', () => {
  expect(['a', 'b'].map((client) => libraryOf(config, client))).toEqual(['clientv3', 'jetcd'])
  expect(libraryOf({}, 'a')).toBe('clientv3')
})

test('only another library is a change', () => {
  expect(libraryChange(config, 'b', 'jetcd')).toBeNull()
  expect(libraryChange(config, 'b', '')).toBeNull()
  expect(libraryChange(config, 'b', 'clientv3')).toEqual({ clients: ['b'], to: 'clientv3' })
  expect(libraryChange({}, 'a', 'none')).toEqual({ clients: ['a'], to: 'none' })
})

test('every library has a sentence that fits two lines of a menu', () => {
  for (const library of LIBRARIES) expect(LIBRARY_NOTES[library].length).toBeLessThanOrEqual(90)
})
