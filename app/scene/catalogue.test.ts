import { expect, test } from 'vitest'
import { catalogue, nextStory } from './catalogue'
import { readScenario, shelves, sourceWord } from './scenario'

test('every story has a unique title and a sentence', () => {
  expect(catalogue.map(({ name }) => name)).toContain('minimum-ttl')
  expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length)
  for (const { name, title, sentence } of catalogue) {
    expect(title, name).not.toBe(name)
    expect(sentence, name).not.toBe('')
  }
})

test('the stories are in the order of the shelves, and each leads to the next', () => {
  const order = catalogue.map(({ shelf }) => shelves.findIndex(({ name }) => name === shelf))
  expect(order).toEqual(order.toSorted((a, b) => a - b))
  expect(nextStory(catalogue[0]!)).toBe(catalogue[1])
  expect(nextStory(catalogue.at(-1)!)).toBeNull()
})

test('title and sentence are the prose at the head, up to the empty line', () => {
  const file =
    '# A title\n# It begins here\n# and ends here.\n\nconfig seed=1 members=3\nshelf cluster\n# not this\n$ true\n'
  expect(readScenario('x', file)).toEqual({
    name: 'x',
    title: 'A title',
    sentence: 'It begins here and ends here.',
    members: 3,
    shelf: 'cluster',
    etcd: '3.4',
    source: null,
    combinations: 1,
    file,
  })
  expect(readScenario('x', 'config seed=1\n')).toMatchObject({
    title: 'x',
    sentence: '',
    members: 1,
  })
})

test('a story from the field names its report by the usual name', () => {
  const field = catalogue.filter(({ shelf }) => shelf === 'field')
  expect(field.map(({ source }) => sourceWord(source ?? '')).sort()).toEqual([
    'etcd-io/etcd#11007',
    'etcd-io/etcd#16221',
    'etcd-io/etcd#22082',
    'etcd-io/jetcd#400',
    'hashicorp/vault#2526',
    'kubernetes/kubernetes#23731',
    'microsoft/etcd3#75',
    'patroni/patroni#3335',
    'patroni/patroni#3335',
    'vitessio/vitess#11794',
    'zeromicro/go-zero#1926',
  ])
  expect(
    catalogue.filter(({ shelf }) => shelf !== 'field').every(({ source }) => source === null),
  ).toBe(true)
  expect(sourceWord('https://example.org/a/b')).toBe('example.org/a/b')
})
