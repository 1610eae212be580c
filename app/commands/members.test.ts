import { expect, test } from 'vitest'
import { quorumOf } from '../draw/quorum'
import { additions, handOver, membershipActs, startOf } from './members'

type Member = Parameters<typeof startOf>[0]

const member = (number: number, change: Partial<Member> = {}): Member => ({
  id: `a${number}`,
  name: `m${number}`,
  role: number === 1 ? 'leader' : 'follower',
  status: 'voter',
  paused: false,
  clientUrl: `http://127.0.0.1:${number === 1 ? '' : number}2379`,
  peerUrl: `http://127.0.0.1:${number === 1 ? '' : number}2380`,
  ...change,
})
const three = [member(1), member(2), member(3)]
const added = (status: 'unstarted' | 'unstarted-learner') =>
  member(4, { name: '127.0.0.1:42380', role: 'down', status, clientUrl: '' })

test('a voter counts as soon as it is added, a learner does not', () => {
  expect(quorumOf(three)).toEqual({ voters: 3, needed: 2, running: 3 })
  expect(quorumOf([...three, added('unstarted')])).toEqual({ voters: 4, needed: 3, running: 3 })
  expect(quorumOf([...three, added('unstarted-learner')])).toEqual({
    voters: 3,
    needed: 2,
    running: 3,
  })
  expect(
    quorumOf([
      member(1, { role: 'down' }),
      member(2, { paused: true }),
      member(3, { status: 'removed' }),
    ]),
  ).toEqual({
    voters: 2,
    needed: 2,
    running: 0,
  })
})

test('the next member gets a free name and URL, and the entry names the cost', () => {
  const [learner, voter] = additions(three)
  expect(learner?.gesture.line).toBe(
    'etcdctl member add m4 --peer-urls=http://127.0.0.1:42380 --learner',
  )
  expect(learner?.note).toContain('2 of 3 must still agree')
  expect(voter?.gesture.line).toBe('etcdctl member add m4 --peer-urls=http://127.0.0.1:42380')
  expect(voter?.note).toContain(
    '4 voters instead of 3: 3 must agree instead of 2, 1 may still fail',
  )
  expect(additions([member(1)])[1]?.note).toContain(
    '2 voters instead of 1: 2 must agree instead of 1, 0 may still fail',
  )
  // The added member has no name yet, only the URL.
  expect(additions([...three, added('unstarted')])[0]?.gesture.line).toContain(
    'member add m5 --peer-urls=http://127.0.0.1:52380',
  )
  const seven = [1, 2, 3, 4, 5, 6, 7].map((number) => member(number))
  expect(additions(seven)[0]?.gesture.line).toContain(
    'member add m8 --peer-urls=http://127.0.0.1:12390',
  )
})

test('it starts by the line that starts an etcd, with the list of members', () => {
  const late = added('unstarted-learner')
  expect(startOf(late, [...three, late])).toMatchObject({
    command: { type: 'console', mode: 'strict' },
    line: [
      'etcd --name m4 --initial-cluster-state existing',
      '--initial-cluster m1=http://127.0.0.1:2380,m2=http://127.0.0.1:22380,m3=http://127.0.0.1:32380,m4=http://127.0.0.1:42380',
      '--listen-peer-urls http://127.0.0.1:42380 --initial-advertise-peer-urls http://127.0.0.1:42380',
      '--listen-client-urls http://127.0.0.1:42379 --advertise-client-urls http://127.0.0.1:42379 &',
    ].join(' '),
  })
  // Its port is not standard, or its name is taken: the next free name.
  const odd = member(4, { peerUrl: 'http://127.0.0.1:9000', status: 'unstarted' })
  expect(startOf(odd, [...three, odd]).line).toContain('--name m4 ')
})

test('a learner is promoted; a removed voter takes its vote along; a removed member stays removed', () => {
  const learner = member(4, { status: 'learner' })
  const all = [...three, learner]
  expect(
    membershipActs(learner, all).map(({ word, gesture, note }) => [word, gesture.line, note]),
  ).toEqual([
    [
      'Promote',
      'etcdctl member promote a4',
      '4 voters instead of 3: 3 must agree instead of 2, 1 may still fail. etcd refuses while it has less than 90 % of the log.',
    ],
    [
      'Remove from the cluster',
      'etcdctl member remove a4',
      'It has no vote: 2 of 3 must still agree. Its ID never comes back.',
    ],
  ])
  expect(membershipActs(three[1]!, all)[0]?.note).toContain(
    '2 voters instead of 3: 2 must still agree, 0 may fail instead of 1.',
  )
  expect(membershipActs(member(1), [member(1), learner])[0]?.note).toBe(
    'It is the only voter: etcd refuses.',
  )
  expect(membershipActs(member(1, { status: 'removed' }), three)).toEqual([])
})

test('if the first member does not serve, the line names another endpoint', () => {
  const down = [member(1, { role: 'down' }), member(2), member(3, { role: 'leader' })]
  expect(membershipActs(down[0]!, down)[0]?.gesture.line).toBe(
    'etcdctl member remove --endpoints=127.0.0.1:32379 a1',
  )
  expect(additions(down)[0]?.gesture.line).toContain('member add m4 --endpoints=127.0.0.1:32379 ')
})

test('etcdctl sends the leader transfer to the leader, by its endpoint unless it is the first member', () => {
  expect(handOver(three[0]!, three[1]!, three).line).toBe('etcdctl move-leader a2')
  const later = [member(1, { role: 'follower' }), member(2, { role: 'leader' }), member(3)]
  expect(handOver(later[1]!, later[2]!, later).line).toBe(
    'etcdctl move-leader --endpoints=127.0.0.1:22379 a3',
  )
})
