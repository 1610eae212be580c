import { expect, test } from 'vitest'
import { differenceRows } from './differences'

test('every difference has a text and a public source', () => {
  expect(differenceRows.length).toBeGreaterThan(10)
  expect(new Set(differenceRows.map(({ title }) => title)).size).toBe(differenceRows.length)
  for (const { title, what, source } of differenceRows) {
    expect(title).toMatch(/^[A-Z][A-Za-z -]{5,44}$/)
    expect(what.length).toBeGreaterThan(20)
    expect(source).not.toContain('§')
    expect(source).not.toContain('()')
    expect(source.split('(').length, source).toBe(source.split(')').length)
  }
  expect(differenceRows.find(({ name }) => name === 'preVote')).toMatchObject({
    title: 'Pre-vote',
    source: 'on by default from 3.5 (embed/config.go: PreVote)',
    has: { '3.4': false, '3.5': true, '3.6': true, '3.7': true },
  })
})
