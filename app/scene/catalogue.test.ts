import { expect, test } from 'vitest'
import { catalogue, readScenario } from './catalogue'

test('every scenario has a title of its own and a sentence', () => {
  expect(catalogue.map(({ name }) => name)).toContain('minimum-ttl')
  expect(new Set(catalogue.map(({ title }) => title)).size).toBe(catalogue.length)
  for (const { name, title, sentence } of catalogue) {
    expect(title, name).not.toBe(name)
    expect(sentence, name).not.toBe('')
  }
})

test('the article comes first, clusters come after lone members, and the lock lab comes last', () => {
  expect(catalogue[0]?.title).toBe('The article')
  const members = catalogue.filter(({ lab }) => !lab).map((scenario) => scenario.members)
  expect(members).toEqual(members.toSorted((a, b) => a - b))
  const labs = catalogue.map(({ lab }) => Number(lab))
  expect(labs).toEqual(labs.toSorted())
  expect(labs).toContain(1)
})

test('title and sentence are the prose at the head, up to the empty line', () => {
  const file = '# A title\n# It begins here\n# and ends here.\n\nconfig seed=1 members=3\n# not this\n$ true\n'
  expect(readScenario('x', file)).toEqual({
    name: 'x',
    title: 'A title',
    sentence: 'It begins here and ends here.',
    members: 3,
    lab: false,
    file,
  })
  expect(readScenario('x', 'config seed=1\n')).toMatchObject({ title: 'x', sentence: '', members: 1 })
})
