// A trial of a user's own lock: its run is played, and so are the same settings with one change
// each. Every verdict is read from a run.

import type { TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { Ledger } from '../query/ledger'
import type { LockVerdict } from '../query/lock-verdict'
import { LockFinder } from '../query/lock-verdict'
import { Timeline } from '../replay/timeline'
import { lockRecording } from '../scenario/my-lock'
import type { Recording } from '../sim/recording'
import type { MyLock } from '../text/my-lock'
import { lockLimit } from '../text/my-lock'

/** The same settings with a change. */
export interface LockWay {
  change: Partial<MyLock>
  verdict: LockVerdict
  /**
   * `prevents`: the trouble does not occur. `fails`: it still occurs. `breaks`: a safe lock is not
   * safe any more.
   */
  does: 'prevents' | 'fails' | 'breaks'
}

export interface LockTried {
  recording: Recording
  verdict: LockVerdict
  /**
   * The changes that prevent the trouble and those that do not; for a safe lock the changes that
   * break it.
   */
  ways: LockWay[]
}

/** The TTLs to try, in seconds; the first one that helps is shown. */
const TTLS = [5, 10, 15, 20, 30, 45, 60, 90, 120]
const MOST_TTLS = 4
/** The stalls to try, as parts of the TTL. */
const STALLS = [0.5, 0.75, 1, 1.5, 2]

/** Plays the lock's run and its ways. Settings out of range throw. */
export function tryLock(lock: MyLock): LockTried {
  const recording = lockRecording(lock)
  const { verdict } = lockPlayed(recording, lockLimit(lock))
  return {
    recording,
    verdict,
    ways: verdict.outcome === 'safe' ? breaking(lock) : preventing(lock, verdict),
  }
}

/** The verdict on a run with a lock, played until then (virtual ms), and its events. */
export function lockPlayed(
  recording: Recording,
  until: number,
): { verdict: LockVerdict; trace: readonly TraceEvent[] } {
  const run = new Timeline(recording, undefined, Number.POSITIVE_INFINITY)
  const ledger = new Ledger()
  const finder = new LockFinder()
  const scene = () => ({ sim: run.sim, ledger, last: run.lastEvent })
  run.onStep = (before, after) => {
    const isNews = run.trace.slice(before, after).some(({ type }) => levelOf(type) !== 'machinery')
    if (!isNews) return
    ledger.follow(run.trace)
    finder.read(scene())
  }
  run.advance(until)
  ledger.follow(run.trace)
  return { verdict: finder.verdict(scene(), run.trace), trace: run.trace }
}

function changed(lock: MyLock, change: Partial<MyLock>): LockVerdict {
  const other = { ...lock, ...change }
  return lockPlayed(lockRecording(other), lockLimit(other)).verdict
}

function preventing(lock: MyLock, verdict: LockVerdict): LockWay[] {
  const way = (change: Partial<MyLock>): LockWay => {
    const other = changed(lock, change)
    return { change, verdict: other, does: prevents(verdict, other) ? 'prevents' : 'fails' }
  }
  return [
    ...(lock.checkTokens ? [] : [way({ checkTokens: true })]),
    ...(lock.looks ? [] : [way({ looks: true })]),
    ...longerTtl(lock, way),
    // A crash of the leader restarts every TTL.
    way(lock.leader === 'stays' ? { leader: 'crashes' } : { leader: 'stays' }),
  ]
}

/**
 * The trouble of a late write is that the storage accepts it; any other trouble is the loss of the
 * lock.
 */
function prevents(verdict: LockVerdict, other: LockVerdict): boolean {
  return verdict.late?.taken === true ? other.late?.taken !== true : other.outcome === 'safe'
}

/** The first longer TTL that helps, or else the longest that was tried. */
function longerTtl({ ttlSeconds }: MyLock, way: (change: Partial<MyLock>) => LockWay): LockWay[] {
  let last: LockWay | null = null
  for (const ttl of TTLS.filter((each) => each > ttlSeconds).slice(0, MOST_TTLS)) {
    last = way({ ttlSeconds: ttl })
    if (last.verdict.outcome === 'safe') break
  }
  return last === null ? [] : [last]
}

/** The shortest stall that breaks a safe lock. */
function breaking(lock: MyLock): LockWay[] {
  for (const part of STALLS) {
    const stallMs = Math.round(lock.ttlSeconds * part) * 1000
    if (stallMs <= lock.stallMs) continue
    const change = { stallMs }
    const verdict = changed(lock, change)
    if (verdict.outcome !== 'safe') return [{ change, verdict, does: 'breaks' }]
  }
  return []
}
