import { describe, expect, test } from 'vitest'
import { appended, noEntries } from './entries'
import { RaftLog } from './log'
import type { Entry, Snapshot } from './message'
import type { Persistent } from './storage'
import { emptyPersistent, snapshotWritten, written } from './storage'

/** `terms` are the terms of the entries from `first` on. */
function entries(terms: number[], first = 1): Entry<string>[] {
  return terms.map((term, i) => ({
    type: 'normal',
    index: first + i,
    term,
    data: `${term}/${first + i}`,
  }))
}

function diskWith(terms: number[], commit = 0): Persistent {
  return {
    ...emptyPersistent(),
    hardState: { term: 9, vote: null, commit },
    entries: appended(noEntries(0), entries(terms)),
  }
}

function logWith(terms: number[], commit = 0): RaftLog {
  return RaftLog.restart(diskWith(terms, commit), 0)
}

function termsOf(log: RaftLog): number[] {
  return log.slice(log.firstIndex, log.lastIndex).map(({ term }) => term)
}

function snapshotAt(index: number, term: number): Snapshot<string> {
  return { index, term, conf: { voters: [], learners: [] }, data: `state ${index}` }
}

describe('maybeAppend', () => {
  test('an append is refused if the entry before is missing or has another term', () => {
    const log = logWith([1, 2, 2])
    expect(log.maybeAppend(4, 2, 0, entries([3], 5))).toBeUndefined()
    expect(log.maybeAppend(3, 3, 0, entries([3], 4))).toBeUndefined()
    expect(termsOf(log)).toEqual([1, 2, 2])
  })
  test('an append replaces the first different entry and all entries after it', () => {
    const log = logWith([1, 2, 2, 2, 2])
    expect(log.maybeAppend(2, 2, 0, entries([3, 3], 3))).toBe(4)
    expect(termsOf(log)).toEqual([1, 2, 3, 3])
  })
  test('an append keeps equal entries and the entries after them: an older message removes nothing', () => {
    const log = logWith([1, 2, 2, 2])
    expect(log.maybeAppend(1, 1, 0, entries([2], 2))).toBe(2)
    expect(termsOf(log)).toEqual([1, 2, 2, 2])
  })
  test('an append commits only entries that the message has confirmed', () => {
    const log = logWith([1, 2, 2, 2])
    log.maybeAppend(1, 1, 4, entries([2], 2))
    expect(log.committed).toBe(2)
  })
  test('an append that would replace committed entries stops the run', () => {
    const log = logWith([1, 2, 2], 3)
    expect(() => log.maybeAppend(1, 1, 0, entries([3], 2))).toThrow('entry 2 differs')
  })
})

test('isUpToDate: the later last term wins, then the longer log', () => {
  const log = logWith([1, 2, 2])
  expect([log.isUpToDate(1, 3), log.isUpToDate(3, 2), log.isUpToDate(4, 2)]).toEqual([
    true,
    true,
    true,
  ])
  expect([log.isUpToDate(2, 2), log.isUpToDate(9, 1)]).toEqual([false, false])
})

test('maybeCommit commits only an entry of the given term', () => {
  const log = logWith([1, 2, 2])
  expect(log.maybeCommit(1, 2)).toBe(false)
  expect(log.maybeCommit(3, 2)).toBe(true)
  expect(log.committed).toBe(3)
  expect(log.maybeCommit(2, 2)).toBe(false)
})

test('findConflictByTerm skips entries of a later term', () => {
  const log = logWith([1, 3, 3, 3, 5, 5])
  expect(log.findConflictByTerm(6, 2)).toEqual({ index: 1, term: 1 })
  expect(log.findConflictByTerm(6, 4)).toEqual({ index: 4, term: 3 })
  expect(log.findConflictByTerm(6, 5)).toEqual({ index: 6, term: 5 })
  expect(log.findConflictByTerm(0, 5)).toEqual({ index: 0, term: 0 })
  log.commitTo(4)
  log.acceptApply()
  log.appliedTo(4)
  log.compact(snapshotAt(4, 3), 0)
  expect(log.findConflictByTerm(6, 2)).toEqual({ index: 3, term: 0 })
})

test('commitTo never goes back, and stops the run beyond the end', () => {
  const log = logWith([1, 1, 1], 2)
  log.commitTo(1)
  expect(log.committed).toBe(2)
  expect(() => log.commitTo(4)).toThrow('was it lost?')
})

describe('the entries for the application', () => {
  test('are committed and on this disk', () => {
    const log = logWith([1], 1)
    log.append(entries([2, 2], 2))
    log.commitTo(2)
    expect(log.nextCommitted.map(({ index }) => index)).toEqual([1])
    log.acceptApply()
    log.acceptSave()
    expect(log.nextCommitted).toEqual([])
    log.persisted()
    expect(log.nextCommitted.map(({ index }) => index)).toEqual([2])
  })
  test('are those of a new leader, if it replaced entries during a write', () => {
    const log = logWith([1], 1)
    log.append(entries([2, 2], 2))
    log.acceptSave()
    log.append(entries([3], 2))
    log.commitTo(2)
    log.persisted()
    expect(log.nextCommitted.map(({ index }) => index)).toEqual([1])
    expect(log.unsaved.map(({ term }) => term)).toEqual([3])
    log.acceptSave()
    log.persisted()
    expect(log.nextCommitted.map(({ term }) => term)).toEqual([1, 3])
  })
  test('come after a snapshot that is on disk', () => {
    const log = logWith([1], 1)
    log.restore(snapshotAt(5, 2))
    log.maybeAppend(5, 2, 6, entries([2], 6))
    expect([log.nextSnapshot, log.nextCommitted]).toEqual([null, []])
    log.acceptSave()
    log.persisted()
    expect(log.nextSnapshot).toEqual(snapshotAt(5, 2))
    log.acceptApply()
    expect([log.nextSnapshot, log.nextCommitted]).toEqual([null, []])
    log.appliedTo(5)
    expect(log.nextCommitted.map(({ index }) => index)).toEqual([6])
  })
  test('cannot be acknowledged earlier', () => {
    expect(() => logWith([1, 1], 2).appliedTo(1)).toThrow('applied 1, handed out 0 to 0')
  })
})

describe('compact', () => {
  function applied(): RaftLog {
    const log = logWith([1, 1, 2, 2, 3], 4)
    log.acceptApply()
    log.appliedTo(4)
    return log
  }
  test('a compaction keeps the term of the last removed entry', () => {
    const log = applied()
    log.compact(snapshotAt(4, 2), 1)
    expect([log.firstIndex, log.lastIndex, log.term(3), log.term(2)]).toEqual([4, 5, 2, undefined])
  })
  test('a compaction keeps a log that is short enough', () => {
    const log = applied()
    log.compact(snapshotAt(4, 2), 10)
    expect([log.firstIndex, log.snapshot.index]).toEqual([1, 4])
  })
  test('a compaction keeps the newest snapshot in any order', () => {
    const log = applied()
    log.compact(snapshotAt(4, 2), 10)
    log.compact(snapshotAt(3, 2), 10)
    expect(log.snapshot.index).toBe(4)
  })
  test('a snapshot beyond the applied entries is refused', () => {
    expect(() => applied().compact(snapshotAt(5, 3), 0)).toThrow('covers more')
  })
})

describe('the disk', () => {
  test('a write replaces entries from its first entry on', () => {
    const disk = written(diskWith([1, 1, 1]), {
      hardState: null,
      snapshot: null,
      entries: entries([2], 2),
      mustSync: true,
    })
    expect(termsOf(RaftLog.restart(disk, 0))).toEqual([1, 2])
  })
  test('a leader’s snapshot replaces everything, and its entries follow', () => {
    const hardState = { term: 9, vote: null, commit: 5 }
    const disk = written(diskWith([1, 1, 1]), {
      hardState,
      snapshot: snapshotAt(5, 2),
      entries: entries([2], 6),
      mustSync: true,
    })
    const log = RaftLog.restart(disk, 5)
    expect([log.firstIndex, log.lastIndex, log.committed, log.applied]).toEqual([6, 6, 5, 5])
  })
  test('an own snapshot removes the entries that it covers', () => {
    const disk = snapshotWritten(diskWith([1, 1, 2], 2), snapshotAt(2, 1))
    const log = RaftLog.restart(disk, 2)
    expect([log.firstIndex, log.lastIndex, log.term(2)]).toEqual([3, 3, 1])
    expect(() => snapshotWritten(disk, snapshotAt(1, 1))).toThrow('does not fit the disk')
  })
  test('a commit index beyond the end of the disk stops the run', () => {
    expect(() => logWith([1], 2)).toThrow('has commit 2 and ends at 1')
  })
})

test('a loaded log equals the saved one', () => {
  const log = logWith([1, 1, 2], 2)
  log.append(entries([3], 3))
  log.acceptSave()
  const again = RaftLog.load(JSON.parse(JSON.stringify(log.save())))
  expect(again.save()).toEqual(log.save())
  expect(termsOf(again)).toEqual([1, 1, 3])
})
