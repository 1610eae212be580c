import { expect, test } from 'vitest'
import { quorumWords, troubleWords } from './network-words'

test('a whole network has no words, another names its groups, its silent directions and its links', () => {
  expect(troubleWords(null, { cuts: [], dials: [] })).toEqual([])
  expect(
    troubleWords([['m1', 'svc'], ['m2']], {
      cuts: [{ from: ['m1'], to: ['m2', 'm3'] }],
      dials: ['m1–m2 loses 40 %'],
    }),
  ).toEqual(['cut: m1 svc | m2', 'nothing from m1 reaches m2 m3', 'm1–m2 loses 40 %'])
})

test('the quorum says when too few run', () => {
  expect(quorumWords({ voters: 3, needed: 2, running: 3 })).toBe('2 of 3 must agree, 3 run')
  expect(quorumWords({ voters: 2, needed: 2, running: 1 })).toBe('2 of 2 must agree, only 1 runs')
  expect(quorumWords({ voters: 5, needed: 3, running: 2 })).toBe('3 of 5 must agree, only 2 run')
})
