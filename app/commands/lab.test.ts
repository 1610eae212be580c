import { expect, test } from 'vitest'
import { cutOffClient, isCutOff, labRecording, reconnectClient } from './lab'

test('a lab run has one command for each client', () => {
  const { commands, config } = labRecording(
    { source: 'stop', clients: 3, members: 1, checkTokens: true },
    { seed: 4, etcd: '3.5' },
  )
  expect(commands).toEqual(
    ['a', 'b', 'c'].map((client) => ({ type: 'script', client, source: 'stop', at: 0 })),
  )
  expect(config).toMatchObject({ checkTokens: true, etcd: '3.5', members: 1 })
})

test('a client is cut off and comes back, and the other groups remain', () => {
  const groups = (gesture: ReturnType<typeof cutOffClient>) =>
    gesture.command.type === 'fault' && gesture.command.fault.type === 'partition'
      ? gesture.command.fault.groups
      : null
  const alone = groups(cutOffClient('a', ['b', 'm1', 'storage'], null))
  expect(alone).toEqual([['a'], ['b', 'm1', 'storage']])
  expect(isCutOff('a', alone)).toBe(true)
  expect(isCutOff('b', alone)).toBe(false)
  const both = groups(cutOffClient('b', ['a', 'm1', 'storage'], alone))
  expect(both).toEqual([['b'], ['a'], ['m1', 'storage']])
  expect(groups(reconnectClient('b', both))).toEqual([['a'], ['m1', 'storage']])
  expect(reconnectClient('a', alone).command).toEqual({ type: 'fault', fault: { type: 'heal' } })
})
