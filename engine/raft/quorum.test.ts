import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { committedIndex, majority, voteResult } from './quorum'
import { memberId } from './rafttest/network'

const voters = fc
  .integer({ min: 0, max: 9 })
  .map((n) => Array.from({ length: n }, (_, i) => memberId(i + 1)))

test('a majority is more than half', () => {
  expect([1, 2, 3, 4, 5, 6, 7].map(majority)).toEqual([1, 2, 2, 3, 3, 4, 4])
})

test('the committed index is the highest index that more than half have reached, by counting', () => {
  fc.assert(
    fc.property(voters, fc.array(fc.nat(12), { minLength: 9, maxLength: 9 }), (ids, acked) => {
      const ackedBy = (index: number) => ids.filter((_, i) => acked[i]! >= index).length
      const counted = Array.from({ length: 13 }, (_, i) => i).filter(
        (index) => ackedBy(index) * 2 > ids.length,
      )
      expect(committedIndex(ids, (id) => acked[ids.indexOf(id)]!)).toBe(Math.max(0, ...counted))
    }),
  )
})

test('a vote is won if more than half have granted it, and lost if that has become impossible, by counting', () => {
  fc.assert(
    fc.property(
      voters,
      fc.array(fc.constantFrom(true, false, undefined), { minLength: 9, maxLength: 9 }),
      (ids, votes) => {
        const mine = votes.slice(0, ids.length)
        const granted = mine.filter((vote) => vote === true).length
        const couldBe = mine.filter((vote) => vote !== false).length
        const counted =
          granted * 2 > ids.length ? 'won' : couldBe * 2 > ids.length ? 'pending' : 'lost'
        expect(voteResult(ids, (id) => votes[ids.indexOf(id)])).toBe(counted)
      },
    ),
  )
})

describe('without voters', () => {
  test('nothing is committed', () => expect(committedIndex([], () => 7)).toBe(0))
  test('no candidate wins', () => expect(voteResult([], () => true)).toBe('lost'))
})
