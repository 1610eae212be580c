import { describe, expect, test } from 'vitest'
import type { Progress } from './progress'
import {
  becomeProbe,
  becomeReplicate,
  becomeSnapshot,
  canBumpCommit,
  freeInflights,
  isFull,
  isPaused,
  maybeDecrTo,
  maybeUpdate,
  newProgress,
  sentCommit,
  sentEntries,
} from './progress'
import { memberId } from './rafttest/network'

function progress(match: number, next: number): Progress {
  return newProgress(memberId(2), false, match, next)
}

describe('probe', () => {
  test('a probe sends one message with entries, then waits', () => {
    const pr = progress(0, 5)
    sentEntries(pr, 0, 8)
    expect(isPaused(pr)).toBe(false)
    sentEntries(pr, 3, 8)
    expect(pr).toMatchObject({ next: 5, inflights: [] })
    expect(isPaused(pr)).toBe(true)
  })
  test('a rejection of the probe goes back to the hint, but not before the matching index', () => {
    const pr = progress(2, 9)
    sentEntries(pr, 1, 8)
    expect(maybeDecrTo(pr, 8, 5)).toBe(true)
    expect(pr.next).toBe(6)
    expect(isPaused(pr)).toBe(false)
    expect(maybeDecrTo(pr, 5, 0)).toBe(true)
    expect(pr.next).toBe(3)
  })
  test('a rejection of an older probe is stale', () => {
    const pr = progress(0, 5)
    expect(maybeDecrTo(pr, 7, 2)).toBe(false)
    expect(pr.next).toBe(5)
  })
  test('a hint beyond the rejected index does not go forward', () => {
    const pr = progress(0, 5)
    expect(maybeDecrTo(pr, 4, 20)).toBe(true)
    expect(pr.next).toBe(4)
  })
})

describe('replicate', () => {
  test('entries are sent before earlier answers arrive, until the window is full', () => {
    const pr = progress(4, 9)
    becomeReplicate(pr)
    expect(pr.next).toBe(5)
    sentEntries(pr, 2, 2)
    expect(isPaused(pr)).toBe(false)
    sentEntries(pr, 1, 2)
    expect(pr).toMatchObject({ next: 8, inflights: [6, 7] })
    expect(isFull(pr, 2) && isPaused(pr)).toBe(true)
  })
  test('an answer frees the messages that it covers', () => {
    const pr = progress(0, 1)
    becomeReplicate(pr)
    for (let i = 0; i < 3; i++) sentEntries(pr, 1, 3)
    expect(maybeUpdate(pr, 2)).toBe(true)
    freeInflights(pr, 2)
    expect(pr).toMatchObject({ match: 2, next: 4, inflights: [3] })
    expect(isPaused(pr)).toBe(false)
  })
  test('old answers change nothing', () => {
    const pr = progress(4, 5)
    becomeReplicate(pr)
    expect(maybeUpdate(pr, 4)).toBe(false)
    expect(maybeDecrTo(pr, 4, 0)).toBe(false)
    expect(pr).toMatchObject({ match: 4, next: 5 })
  })
  test('after a rejection sending starts again behind the matching index', () => {
    const pr = progress(4, 5)
    becomeReplicate(pr)
    sentEntries(pr, 3, 8)
    expect(maybeDecrTo(pr, 7, 6)).toBe(true)
    expect(pr.next).toBe(5)
  })
})

describe('snapshot', () => {
  test('nothing is sent while a snapshot is in flight', () => {
    const pr = progress(1, 2)
    becomeSnapshot(pr, 10)
    expect(isPaused(pr)).toBe(true)
    expect(() => sentEntries(pr, 1, 8)).toThrow('waits for a snapshot')
  })
  test('after an arrived snapshot the probe starts behind it', () => {
    const pr = progress(1, 2)
    becomeSnapshot(pr, 10)
    becomeProbe(pr)
    expect(pr).toMatchObject({ state: 'probe', next: 11, pendingSnapshot: 0 })
  })
  test('after a lost snapshot the probe starts at its old place', () => {
    const pr = progress(1, 2)
    becomeSnapshot(pr, 10)
    pr.pendingSnapshot = 0
    becomeProbe(pr)
    expect(pr.next).toBe(2)
  })
})

test('a commit index is sent if the peer has, or will have, more entries than the last sent commit index covers', () => {
  const pr = progress(0, 1)
  becomeReplicate(pr)
  expect(canBumpCommit(pr, 3)).toBe(false)
  sentEntries(pr, 4, 8)
  expect(canBumpCommit(pr, 3)).toBe(true)
  sentCommit(pr, 3)
  expect(canBumpCommit(pr, 3)).toBe(false)
  sentCommit(pr, 4)
  expect(canBumpCommit(pr, 9)).toBe(false)
})

describe('the last commit index sent to a peer', () => {
  // All messages after the entries that are sent again may be lost (tracker/progress.go:
  // sentCommit).
  test('is at most the last entry that the peer is assumed to have', () => {
    const told = (): Progress => {
      const pr = progress(2, 3)
      becomeReplicate(pr)
      sentEntries(pr, 5, 8)
      sentCommit(pr, 7)
      return pr
    }
    const rejected = told()
    expect(maybeDecrTo(rejected, 7, 2)).toBe(true)
    expect(rejected).toMatchObject({ next: 3, sentCommit: 2 })
    const probed = told()
    becomeProbe(probed)
    expect(probed).toMatchObject({ next: 3, sentCommit: 2 })
    const again = told()
    becomeReplicate(again)
    expect(again).toMatchObject({ next: 3, sentCommit: 2 })
  })
})
