import { expect, test } from 'vitest'
import { changedConf, membersOf } from './conf'
import type { Conf, ConfChange } from './message'
import { memberId } from './rafttest/network'

function change(type: ConfChange['type'], peer: number): ConfChange {
  return { type, peer: memberId(peer), context: null }
}

function conf(voters: number[], learners: number[] = []): Conf {
  return { voters: voters.map(memberId), learners: learners.map(memberId) }
}

test.each([
  ['a voter is added', conf([1, 3]), change('add-voter', 2), conf([1, 2, 3])],
  ['a learner is added', conf([1]), change('add-learner', 2), conf([1], [2])],
  ['a learner is promoted', conf([1], [2, 3]), change('add-voter', 2), conf([1, 2], [3])],
  ['a voter is made a learner', conf([1, 2]), change('add-learner', 2), conf([1], [2])],
  ['a voter is removed', conf([1, 2, 3]), change('remove', 2), conf([1, 3])],
  ['a learner is removed', conf([1], [2]), change('remove', 2), conf([1])],
  ['an update changes nothing', conf([1], [2]), change('update', 2), conf([1], [2])],
  ['adding who is there changes nothing', conf([1, 2]), change('add-voter', 2), conf([1, 2])],
  ['removing who is not there changes nothing', conf([1, 2]), change('remove', 3), conf([1, 2])],
])('%s', (_, before, what, after) => expect(changedConf(before, what)).toEqual(after))

test('the last voter cannot be removed', () => {
  expect(() => changedConf(conf([1], [2]), change('remove', 1))).toThrow('remove 1 leaves no voter')
  expect(() => changedConf(conf([1], [2]), change('add-learner', 1))).toThrow('leaves no voter')
})

test('members are voters and learners in one order', () => {
  expect(membersOf(conf([1, 4], [2, 3]))).toEqual([1, 2, 3, 4].map(memberId))
})
