import { expect, test } from 'vitest'
import { catalogue } from './catalogue'
import { found, minutesOf, shelved } from './library'

test('every story is on one shelf', () => {
  const names = shelved(catalogue).flatMap(({ stories }) => stories.map(({ name }) => name))
  expect([...names].sort()).toEqual(catalogue.map(({ name }) => name).sort())
})

test('a search matches stories with all its words, in any order and case', () => {
  const names = (words: string) => found(catalogue, words).map(({ name }) => name)
  expect(names('  ')).toHaveLength(catalogue.length)
  expect(names('SHORT lease')).toContain('minimum-ttl')
  expect(names('short lease zebra')).toEqual([])
  // The recorded trace tells the ending, so it is not searched.
  expect(names('the minimum (requested')).toEqual([])
})

test('a version in the search finds the stories of that version', () => {
  for (const { etcd } of found(catalogue, 'etcd 3.4')) expect(etcd).toBe('3.4')
})

test('the minutes of a story: its run, and twenty seconds for each question', () => {
  const story = {
    ...catalogue[0]!,
    file: 'stop at 1\n  ask Will it?\nstop at 2\n  ask when When?\n',
  }
  expect(minutesOf(20_000, story)).toBe(1)
  expect(minutesOf(80_000, story)).toBe(2)
})
