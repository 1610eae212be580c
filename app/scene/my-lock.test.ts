import { describe, expect, test } from 'vitest'
import { lockRecording } from '../../engine/scenario/my-lock'
import { parseScenario, runScenario } from '../../engine/scenario/scenario'
import { CALM_LOCK, FIRST_LOCK, LEADER_TROUBLES, lockLimit } from '../../engine/text/my-lock'
import { Host } from '../../engine/worker/host'
import { lockPlayed, tryLock } from '../../engine/worker/my-lock'
import type { MyLock, StoryView } from '../../engine/worker/protocol'
import { catalogue } from './catalogue'
import { otherTtl, verdictWords, wayDetail, wayTitle } from './my-lock'

const said = (change: Partial<MyLock>): string => {
  const lock = { ...CALM_LOCK, ...change }
  const { main, rest } = verdictWords(lockPlayed(lockRecording(lock), lockLimit(lock)).verdict)
  return `${main} ${rest}`
}

test('one sentence says when the lock failed, and the next ones say how', () => {
  expect(said({ stallMs: 19_500 })).toBe(
    'Two clients may write from 10.381 s on. The lease of client a ends at 10.210 s. Client a goes on at 20.000 s. ' +
      'The storage takes its write at 20.030 s with token 2.',
  )
  expect(said({ stallMs: 19_500, checkTokens: true })).toContain(
    'The storage refuses its write at 20.030 s: token 2 is lower than 3.',
  )
  expect(said({ stallMs: 19_500, looks: true })).toContain(
    'Client a leaves at 20.001 s without a write.',
  )
  expect(said({ leader: 'freezes' })).toContain(
    'Client a loses its lock at 14.210 s and is still inside. Its own clock told it at ',
  )
  expect(said({ leader: 'freezes', looks: true })).toMatch(
    /^Nothing goes wrong: client a leaves at \S+ s, before its lease ends at 14\.210 s\./,
  )
  expect(said({})).toMatch(/^Nothing goes wrong: client a still has its lock at 30\.500 s\./)
})

test('each way has a title and states its result', () => {
  for (const leader of LEADER_TROUBLES)
    for (const stallMs of [0, 19_500])
      for (const way of tryLock({ ...FIRST_LOCK, leader, stallMs }).ways) {
        expect(wayTitle(way)).not.toMatch(/undefined|null/)
        expect(wayDetail(way)).toMatch(/^[A-Z].*\.$/)
        expect(wayDetail(way)).not.toMatch(/undefined|null/)
      }
})

test('the comparison offers the tried TTL, or twice the TTL, or half of it', () => {
  expect(otherTtl(FIRST_LOCK, tryLock(FIRST_LOCK).ways, 120)).toBe(20)
  expect(otherTtl(CALM_LOCK, [], 120)).toBe(20)
  expect(otherTtl({ ...CALM_LOCK, ttlSeconds: 100 }, [], 120)).toBe(50)
})

describe('the step of the lesson', () => {
  const { file } = catalogue.find(({ name }) => name === 'my-lock')!
  /**
   * Opens the run that the form finds for a lock, and plays it on. Returns the story at its end.
   */
  const tried = (lock: MyLock): StoryView => {
    const host = new Host(() => 0)
    host.receive({ type: 'open-scenario', file })
    const found = host.receive({ type: 'try-lock', lock, file })
    if (found?.type !== 'lock-tried') throw new Error('no answer')
    host.receive({ type: 'open', recording: found.recording, at: found.verdict.at })
    host.receive({ type: 'seek', at: found.verdict.at + 30_000 })
    const frame = host.receive({ type: 'advance', wallMs: 0 })
    if (frame?.type !== 'frame' || !frame.story) throw new Error('no story')
    return frame.story
  }
  test('its own run is the run of the first settings', () => {
    const { config, commands, seed } = runScenario(parseScenario(file)).recording
    const form = lockRecording(CALM_LOCK)
    expect([config, seed, commands]).toEqual([form.config, form.seed, form.commands])
  })
  test('is passed only if two clients write after a leader change', () => {
    const good: Partial<MyLock> = { stallMs: 19_500, leader: 'crashes' }
    expect(tried({ ...CALM_LOCK, ...good })).toMatchObject({
      passed: true,
      over: true,
      goal: { state: 'reached', shown: false },
    })
    expect(tried({ ...CALM_LOCK, ...good, leader: 'stops' }).passed).toBe(true)
    const others: Partial<MyLock>[] = [
      {},
      { stallMs: 19_500 },
      { leader: 'crashes' },
      { ...good, ttlSeconds: 30 },
      { ...good, checkTokens: true },
    ]
    for (const other of others)
      expect(tried({ ...CALM_LOCK, ...other }).passed, JSON.stringify(other)).toBe(false)
  })
})
