import { expect, test } from 'vitest'
import { Host } from './host'
import type { Command, Frame, Interest, Recording } from './protocol'

const RECORDING: Recording = {
  leasescope: 1,
  seed: 1,
  config: {
    members: 1,
    etcd: '3.4',
    heartbeatMs: 100,
    electionMs: 1000,
    boot: 'elected',
    latencyMs: 30,
  },
  commands: [
    {
      type: 'program',
      client: 'svc',
      program: [{ op: 'session', ttlSeconds: 10, as: 'lease' }],
      at: 0,
    },
  ],
}
const INTEREST: Interest = {
  leases: { from: 0, count: 10, sort: 'granted' },
  keys: { from: 0, count: 10 },
  log: { from: 'tail', count: 10 },
  tape: {
    spacing: 'true',
    from: 0,
    to: 20_000,
    widthPx: 500,
    lanes: [{ lane: 'leases', from: 0, count: 10 }],
    chosen: null,
  },
}

function frame(host: Host): Frame {
  const answer = host.receive({ type: 'advance', wallMs: 0 })
  if (answer?.type !== 'frame') throw new Error('an advance is answered by a Frame')
  return answer
}

function opened(): Host {
  const host = new Host(() => 0)
  host.receive({ type: 'open', recording: RECORDING, at: 9000 })
  host.receive({ type: 'interest', interest: INTEREST })
  return host
}

const leases = (tape: Frame['tape']): number | undefined =>
  tape?.lanes.find(({ lane }) => lane === 'leases')?.total

test('a timeline is sent once, and again when the cursor passes an event of it', () => {
  const host = opened()
  expect(leases(frame(host).tape)).toBe(1)
  expect(frame(host).tape).toBeUndefined()
  host.receive({ type: 'seek', at: 8900 })
  expect(frame(host).tape).toBeUndefined()
  host.receive({ type: 'seek', at: 10 })
  expect(leases(frame(host).tape)).toBe(0)
})

test('another window gets another timeline', () => {
  const host = opened()
  frame(host)
  host.receive({
    type: 'interest',
    interest: { ...INTEREST, tape: { ...INTEREST.tape!, to: 5000 } },
  })
  expect(frame(host).tape).toMatchObject({ from: 0, to: 5000 })
})

test('the compared branch has its own, until the comparison ends', () => {
  const host = opened()
  host.receive({ type: 'seek', at: 4000 })
  const grant: Command = {
    type: 'console',
    terminal: 't1',
    text: 'etcdctl lease grant 5',
    mode: 'strict',
  }
  host.receive({ type: 'command', command: grant })
  host.receive({ type: 'seek', at: 6000 })
  const { branches } = frame(host)
  expect(frame(host).tapeThere).toBeUndefined()
  host.receive({ type: 'compare', with: branches!.find(({ current }) => !current)!.id })
  const both = frame(host)
  expect(leases(both.tapeThere ?? undefined)).toBe(1)
  host.receive({ type: 'compare', with: null })
  expect(frame(host).tapeThere).toBeNull()
  expect(frame(host).tapeThere).toBeUndefined()
})
