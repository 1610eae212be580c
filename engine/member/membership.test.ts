// A lone member and membership changes, compared with the answers of an etcd 3.4.23.

import { describe, expect, test } from 'vitest'
import { errors } from '../base/errors'
import type { MemberId, Reply, Request } from '../base/rpc'
import { LoneMember } from '../test/lone-member'

const learner = (...peerURLs: string[]): Request => ({
  type: 'MemberAdd',
  peerURLs,
  isLearner: true,
})
const id = (reply: Reply): MemberId => {
  if (reply.type !== 'MemberAdd' || reply.member === undefined)
    throw new Error(`no member was added: ${reply.type}`)
  return reply.member.ID
}

describe('a lone member', () => {
  const m = new LoneMember()
  const self = m.member.options.ID
  const unknown = '000000000000004d' as MemberId
  test.each<[string, Request, Reply]>([
    ['its own removal', { type: 'MemberRemove', ID: self }, errors.NotEnoughStartedMembers],
    ['the removal of a stranger', { type: 'MemberRemove', ID: unknown }, errors.MemberNotFound],
    ['its own promotion', { type: 'MemberPromote', ID: self }, errors.MemberNotLearner],
    ['the promotion of a stranger', { type: 'MemberPromote', ID: unknown }, errors.MemberNotFound],
    [
      'an update of a stranger',
      { type: 'MemberUpdate', ID: unknown, peerURLs: [] },
      errors.MemberNotFound,
    ],
    [
      'a second member at its own address',
      { type: 'MemberAdd', peerURLs: ['http://127.0.0.1:2380'] },
      errors.PeerURLExist,
    ],
    [
      'a stranger as its leader',
      { type: 'MoveLeader', targetID: unknown },
      errors.BadLeaderTransferee,
    ],
    ['no address at all', learner(), errors.MemberBadURLs],
    ['an address without a port', learner('http://127.0.0.1'), errors.MemberBadURLs],
    ['an address with a path', learner('http://127.0.0.1:1/x'), errors.MemberBadURLs],
    ['another scheme', learner('ftp://127.0.0.1:1'), errors.MemberBadURLs],
    ['a port that is no number', learner('http://h:p'), errors.MemberBadURLs],
  ])('refuses %s', (_, request, refused) => {
    expect(m.ask(request)).toEqual(refused)
  })
  test('leads, and a transfer to itself succeeds at once', () => {
    expect(m.ask({ type: 'MoveLeader', targetID: self })).toEqual({ type: 'MoveLeader' })
  })
  test('takes a second voter, and has no majority from then on', () => {
    expect(m.ask({ type: 'MemberAdd', peerURLs: ['http://127.0.0.1:1'] })).toMatchObject({
      type: 'MemberAdd',
      member: { isLearner: false },
    })
    const put = m.send({ type: 'Put', key: 'a', value: '' })
    m.advance(m.now + 3000)
    expect(m.member.consensus.isLeader).toBe(false)
    expect(m.member.lessor.isPrimary).toBe(false)
    m.advance(m.now + 5000)
    expect(m.replies(put)).toEqual([errors.Timeout])
  })
})

describe('a learner', () => {
  const m = new LoneMember()
  const added = m.ask(learner(' unix://a:1 '))
  test('is listed by its ID, without a name and without a revision in the header', () => {
    expect(added).toMatchObject({
      header: { revision: 0 },
      member: { name: '', peerURLs: ['unix://a:1'], clientURLs: [], isLearner: true },
    })
    const list = m.ask({ type: 'MemberList' })
    expect(list.type === 'MemberList' && list.members.map(({ ID }) => ID)).toEqual(
      [id(added), m.member.options.ID].sort(),
    )
  })
  test('is the only one, owns its address, and cannot be promoted before it has started', () => {
    expect(m.ask(learner('unix://a:1'))).toEqual(errors.MemberExist)
    m.advance(m.now + 1000)
    expect(m.ask(learner('unix://a:1'))).toEqual(errors.PeerURLExist)
    expect(m.ask(learner('http://x:1'))).toEqual(errors.TooManyLearners)
    expect(m.ask({ type: 'MemberPromote', ID: id(added) })).toEqual(errors.LearnerNotReady)
    expect(m.ask({ type: 'MoveLeader', targetID: id(added) })).toEqual(errors.BadLeaderTransferee)
  })
  test('survives a save, is listed as a voter after an update, and is removed for good', () => {
    m.reload()
    expect(m.ask({ type: 'MemberUpdate', ID: id(added), peerURLs: ['http://y:1'] })).toMatchObject({
      type: 'MemberUpdate',
    })
    const list = m.ask({ type: 'MemberList' })
    expect(list.type === 'MemberList' && list.members.map(({ isLearner }) => isLearner)).toEqual([
      false,
      false,
    ])
    expect(m.ask({ type: 'MemberRemove', ID: id(added) })).toMatchObject({
      type: 'MemberRemove',
      members: [{ name: 'm1' }],
    })
    for (const type of ['MemberRemove', 'MemberPromote'] as const)
      expect(m.ask({ type, ID: id(added) })).toEqual(errors.MemberNotFound)
    expect(m.ask({ type: 'Put', key: 'a', value: '' })).toMatchObject({ type: 'Put' })
  })
})
