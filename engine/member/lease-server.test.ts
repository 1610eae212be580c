import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { Header, LeaseId, MemberId, Reply } from '../base/rpc'
import { Lessor } from '../lease/lessor'
import type { LeaseContext } from './lease-server'
import { LeaseServer } from './lease-server'
import type { LeaseMessage } from './messages'
import { differencesOf } from './versions'

const [SELF, LEADER] = ['1', '2'] as [MemberId, MemberId]
const header: Header = { cluster_id: '0' as MemberId, member_id: SELF, revision: 1, raft_term: 2 }

/** A follower: it passes every renewal on to its leader. What it says is seen. */
function follower(): {
  context: LeaseContext
  forwarded: { id: number; lease: LeaseId }[]
  answered: Reply[]
} {
  const forwarded: { id: number; lease: LeaseId }[] = []
  const answered: Reply[] = []
  const context: LeaseContext = {
    name: 'm1',
    now: 0,
    trace: { emit: () => 1 },
    lessor: new Lessor(2),
    isLeader: false,
    self: SELF,
    lead: LEADER,
    electionMs: 1000,
    differences: differencesOf({ etcdVersion: '3.6.16', differences: {} }),
    isActive: true,
    commit: 1,
    applied: 1,
    askLeadership: () => 1,
    checkpoint: () => null,
    header: () => header,
    answer: (_, reply) => answered.push(reply),
    send: (_, message) => {
      if (message.type === 'lease-forward')
        forwarded.push({ id: message.id, lease: message.asked.lease })
    },
  }
  return { context, forwarded, answered }
}

test('requests of one keep-alive stream are served one after the other: all that wait behind a slow one, in their order', () => {
  const server = new LeaseServer()
  const { context, forwarded, answered } = follower()
  const leases = [1, 2, 3, 4].map(leaseId)
  for (const lease of leases) server.keepAlive('c', 7, lease, context, 1)
  expect(forwarded.map(({ lease }) => lease)).toEqual([leases[0]])
  for (let i = 0; i < leases.length; i++) {
    const answer: LeaseMessage = {
      type: 'lease-answer',
      id: forwarded.at(-1)!.id,
      answer: { type: 'renewed', ttlSeconds: 10 },
    }
    server.message(LEADER, answer, context, 1)
  }
  expect(forwarded.map(({ lease }) => lease)).toEqual(leases)
  expect(
    answered.map((reply) => (reply.type === 'LeaseKeepAlive' ? reply.ID : reply.type)),
  ).toEqual(leases)
})
