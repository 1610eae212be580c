import { expect, test } from 'vitest'
import type { Belief, ClientView, ProgramView } from '../../engine/worker/protocol'
import {
  beliefState,
  beliefWords,
  failureOf,
  heartbeatText,
  isBeating,
  plainMain,
  ringInstant,
  shownBelief,
  silentMember,
  spokenSessions,
} from './belief'

const belief: Belief = {
  lease: '694d',
  name: 'L1',
  ttlSeconds: 10,
  until: 13_627,
  heartbeat: true,
  heartbeatAt: null,
  unansweredSince: null,
  connected: true,
  holds: true,
  lost: false,
  lostHow: null,
  lastAnswerAt: 3627,
  givesUpAt: 14_013,
  truth: { deadline: 13_597, goneAt: null },
}
const program: ProgramView = {
  source: '',
  line: 5,
  waitsFor: 'sleep',
  vars: [],
  held: false,
  ready: false,
  until: null,
  ended: null,
  section: '/job',
  sectionSince: 100,
}
type Holder = Pick<ClientView, 'state' | 'since' | 'program'>
const up: Holder = { state: 'up', since: 0, program: null }
const paused: Holder = { state: 'paused', since: 500, program }
const gone: Belief = { ...belief, truth: { deadline: null, goneAt: 5200 } }

test('a client holds a lease until its own clock says otherwise', () => {
  expect(beliefState(belief, up, 6000)).toBe('holds')
  expect(beliefState(belief, up, 13_627)).toBe('over')
  expect(beliefState({ ...belief, until: null }, up, 0)).toBe('waiting')
})

test('a client whose library has not noticed acts without its lease, over or not by its own clock', () => {
  expect(beliefState(gone, up, 6000)).toBe('acts')
  expect(beliefState(gone, up, 13_900)).toBe('acts')
  const off = { ...gone, heartbeat: false, givesUpAt: null }
  expect(beliefState(off, up, 13_900)).toBe('over')
})

test('a frozen process never believes that its lease ran out; its mark is hatched after the end of the lease', () => {
  expect(beliefState(belief, paused, 20_000)).toBe('frozen')
  expect(beliefState(gone, paused, 5100)).toBe('frozen')
  expect(beliefState(gone, paused, 20_000)).toBe('acts')
  // The lease ran out before the pause, and the client was not inside.
  expect(beliefState({ ...belief, holds: false }, { ...paused, program: null }, 20_000)).toBe(
    'over',
  )
  expect(ringInstant(paused, 20_000)).toBe(500)
  expect(ringInstant(up, 20_000)).toBe(20_000)
})

test('a client learns the end of a lease from an answer; without an answer it gives the lease up', () => {
  const lost = { ...gone, lost: true }
  const [told, gaveUp] = [
    { ...lost, lostHow: 'told' as const },
    { ...lost, lostHow: 'given-up' as const },
  ]
  expect(beliefState(told, up, 6000)).toBe('told')
  expect(beliefWords(told, 'told', up)).toMatchObject({ lead: 'told', main: 'L1 is gone' })
  expect(beliefState(gaveUp, up, 6000)).toBe('gave-up')
  const words = beliefWords(gaveUp, 'gave-up', up)
  expect(words.main).toBe('gave up L1')
  expect(Object.values(words).join(' ')).not.toMatch(/gone|told/)
})

test('a client that is still inside after the answer acts without a lease', () => {
  expect(beliefState({ ...gone, lost: true, lostHow: 'told' }, { ...up, program }, 6000)).toBe(
    'acts',
  )
})

test('the words for the state of the heartbeat', () => {
  const off = { ...belief, heartbeat: false }
  expect(heartbeatText(belief, 'up', false)).toBe('heartbeat on')
  expect(heartbeatText({ ...off, heartbeatAt: 4900 }, 'up', false)).toBe(
    'heartbeat stopped at 4.900',
  )
  expect(heartbeatText({ ...off, heartbeatAt: 4900 }, 'up', true)).toBe('stopped at 4.900')
  expect(heartbeatText(off, 'up', false)).toBe('heartbeat off')
})

test('a client whose member is down gets no answer, and a failed command says its last error', () => {
  const members = [
    { name: 'm1', role: 'down' as const, paused: false },
    { name: 'm2', role: 'follower' as const, paused: true },
    { name: 'm3', role: 'leader' as const, paused: false },
  ]
  expect(['m1', 'm2', 'm3', 'm9'].map((name) => silentMember(name, members))).toEqual([
    'm1 is down: no answer',
    'm2 is frozen: no answer',
    null,
    null,
  ])
  const stderr = (text: string) => ({ stream: 'stderr' as const, text, at: 0 })
  const json = '{"level":"warn","msg":"retrying","error":"rpc error: code = DeadlineExceeded"}'
  expect(
    failureOf({ exit: 1, output: [stderr(json), stderr('Error: context deadline exceeded\n')] }),
  ).toBe('failed: context deadline exceeded')
  expect(failureOf({ exit: 1, output: [stderr(json)] })).toBe(
    'failed: rpc error: code = DeadlineExceeded',
  )
  expect(failureOf({ exit: 2, output: [] })).toBe('failed with exit code 2')
  expect(failureOf({ exit: 0, output: [stderr('a warning')] })).toBeNull()
})

test('the main words alone describe the state', () => {
  const of = (state: 'holds' | 'over' | 'told') => plainMain(beliefWords(belief, state, up), state)
  expect([of('holds'), of('over'), of('told')]).toEqual([
    'until 13.627 s',
    'believed until 13.627 s',
    'L1 is gone',
  ])
})

test('the heartbeat is not called on while no answer can arrive', () => {
  expect(heartbeatText(belief, 'paused', false)).toBe('no heartbeat while frozen')
  expect(heartbeatText(belief, 'down', false)).toBe('no heartbeat while down')
  const unanswered = { ...belief, unansweredSince: 9505 }
  expect(heartbeatText(unanswered, 'up', false)).toBe('no answer since 9.505 s')
  expect([
    isBeating(belief, 'up'),
    isBeating(belief, 'paused'),
    isBeating(unanswered, 'up'),
  ]).toEqual([true, false, false])
})

test('of the leases that the client still has, a card shows the first to run out', () => {
  const [lost, late] = [
    { ...gone, lease: '1', lost: true },
    { ...belief, lease: '2', until: 99_000 },
  ]
  expect(shownBelief([lost, late, belief])?.lease).toBe('694d')
  expect(shownBelief([lost])?.lease).toBe('1')
  expect(shownBelief([])).toBeNull()
})

test('a card leaves out a lease that ended long ago, unless its client acts on it', () => {
  const other = { ...belief, lease: '2', name: 'L2', until: 60_000 }
  const over = { ...gone, lease: '3', until: 13_627 }
  expect(spokenSessions([over, other], up, 14_000)).toEqual([other])
  // The lease has just ended, or has not ended by the client's own clock.
  expect(
    spokenSessions([{ ...over, truth: { deadline: null, goneAt: 9500 } }, other], up, 14_000),
  ).toHaveLength(2)
  expect(spokenSessions([over, other], up, 13_000)).toHaveLength(2)
  // A frozen client, or one inside, would continue as a holder.
  expect(spokenSessions([over, other], paused, 20_000)).toHaveLength(2)
  expect(spokenSessions([over, other], { ...up, program }, 20_000)).toHaveLength(2)
  // Without another lease, the last one stays on the card.
  expect(spokenSessions([over], up, 90_000)).toEqual([over])
})
