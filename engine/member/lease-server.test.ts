import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { MemberId } from '../base/rpc'
import { FakeCore } from '../test/fake-core'
import { MemberContext } from './context'
import { LeaseServer } from './lease-server'
import type { LeaseMessage } from './messages'

const LEADER = '2' as MemberId
const FOLLOWER = { lead: LEADER, isLeader: false, commit: 1, applied: 1 }
const trace = { emit: () => 1, tells: () => true, connectedFor: () => null }

test('requests of one keep-alive stream are served in order: all wait behind a slow one', () => {
  const server = new LeaseServer()
  // A follower forwards every renewal to its leader.
  const core = new FakeCore(FOLLOWER, '3.6.16')
  const context = new MemberContext(0, trace, 1)
  const forwarded = () =>
    context.outputs.flatMap((output) =>
      output.type === 'send' && output.message.type === 'lease-forward'
        ? [{ id: output.message.id, lease: output.message.asked.lease }]
        : [],
    )
  const leases = [1, 2, 3, 4].map(leaseId)
  for (const lease of leases) server.keepAlive(core, context, 'c', 7, lease, 1)
  expect(forwarded().map(({ lease }) => lease)).toEqual([leases[0]])
  for (let i = 0; i < leases.length; i++) {
    const answer: LeaseMessage = {
      type: 'lease-answer',
      id: forwarded().at(-1)!.id,
      answer: { type: 'renewed', ttlSeconds: 10 },
    }
    server.message(core, context, LEADER, answer, 1)
  }
  expect(forwarded().map(({ lease }) => lease)).toEqual(leases)
  const answered = context.outputs.flatMap((output) =>
    output.type === 'reply' && output.reply.type === 'LeaseKeepAlive' ? [output.reply.ID] : [],
  )
  expect(answered).toEqual(leases)
})
