import { describe, expect, test } from 'vitest'
import type { EventBody, MemberName, TraceEvent } from '../../base/trace'
import { traceOf } from '../../test/trace-of'
import { deposed, lostQuorum, termOf } from './leaders'

const promoted = (member: MemberName): EventBody => ({
  type: 'promoted',
  member,
  term: 2,
  leases: 0,
  extendMs: 0,
})
const role = (
  member: MemberName,
  what: 'follower' | 'candidate' | 'leader',
  term: number,
  lead: MemberName | null,
): EventBody => ({
  type: 'role-changed',
  member,
  role: what,
  term,
  lead,
})
const last = <T extends TraceEvent['type']>(trace: TraceEvent[], type: T) =>
  trace.findLast((event): event is Extract<TraceEvent, { type: T }> => event.type === type)!
const link = (dial: 'loss' | 'delay' | 'jitter', value: number): EventBody => ({
  type: 'link-changed',
  link: 'all',
  dial,
  value,
})

/** The fault that explains why m2 leads after m1, by its type. */
const blamed = (...faults: EventBody[]): string | undefined => {
  const trace = traceOf(promoted('m1'), ...faults, promoted('m2'))
  return deposed(trace, last(trace, 'promoted'))?.faults[0]?.type
}

describe('an election is blamed on', () => {
  test.each<[string, EventBody, boolean]>([
    ['a crash of the leader', { type: 'member-crashed', member: 'm1' }, true],
    ['no crash of another', { type: 'member-crashed', member: 'm3' }, false],
    ['a pause of the leader', { type: 'member-paused', member: 'm1' }, true],
    ['a slow disk of the leader', { type: 'disk-changed', member: 'm1', ms: 1 }, true],
    ['no disk that is fast again', { type: 'disk-changed', member: 'm1', ms: 0 }, false],
    ['no slow disk of another', { type: 'disk-changed', member: 'm3', ms: 500 }, false],
    ['a cut from the leader', { type: 'cut-one-way', from: ['m1'], to: ['m2'] }, true],
    ['no cut towards the leader', { type: 'cut-one-way', from: ['m2'], to: ['m1'] }, false],
    ['loss', link('loss', 1), true],
    ['delay', link('delay', 1), true],
    ['no jitter', link('jitter', 50), false],
    ['no loss that is over', link('loss', 0), false],
    ['a partition', { type: 'partitioned', groups: [['m1'], ['m2']] }, true],
    ['no partition that heals', { type: 'healed' }, false],
  ])('%s', (_, fault, is) => {
    expect(blamed(fault)).toBe(is ? fault.type : undefined)
  })
  test('the latest of several faults', () => {
    expect(
      blamed({ type: 'member-crashed', member: 'm1' }, { type: 'partitioned', groups: [] }),
    ).toBe('partitioned')
  })
  test('nothing, where the leadership was handed over', () => {
    expect(
      blamed(
        { type: 'member-paused', member: 'm1' },
        { type: 'leadership-offered', member: 'm1', to: 'm2' },
      ),
    ).toBeUndefined()
  })
  test('its own restart, where a member leads again, and no other fault', () => {
    const trace = traceOf(
      promoted('m1'),
      { type: 'member-restarted', member: 'm1' },
      { type: 'member-restarted', member: 'm3' },
      { type: 'member-paused', member: 'm1' },
      promoted('m1'),
    )
    expect(deposed(trace, last(trace, 'promoted'))?.faults).toEqual([trace[1]])
    const without = traceOf(promoted('m1'), { type: 'member-paused', member: 'm1' }, promoted('m1'))
    expect(deposed(without, last(without, 'promoted'))).toBeUndefined()
  })
})

describe('a leader that steps down did not hear a quorum', () => {
  const faults = (...between: EventBody[]): string[] | undefined => {
    const trace = traceOf(
      role('m1', 'leader', 2, 'm1'),
      ...between,
      role('m1', 'follower', 2, null),
    )
    return lostQuorum(trace, last(trace, 'role-changed'))?.faults.map(
      ({ id }) => between[id - 2]!.type,
    )
  }
  test.each<[string, EventBody, boolean]>([
    ['a crash', { type: 'member-crashed', member: 'm2' }, true],
    ['a stop', { type: 'member-stopped', member: 'm2' }, true],
    ['a slow disk', { type: 'disk-changed', member: 'm2', ms: 1 }, true],
    ['no fast disk', { type: 'disk-changed', member: 'm2', ms: 0 }, false],
    ['loss', link('loss', 1), true],
    ['delay', link('delay', 1), true],
    ['no jitter', link('jitter', 1), false],
    ['no loss that is over', link('loss', 0), false],
    ['a cut', { type: 'cut-one-way', from: ['m2'], to: ['m1'] }, true],
    ['no clock', { type: 'member-clock-changed', member: 'm2', percent: 50, deadlines: [] }, false],
  ])('because of %s', (_, fault, is) => {
    expect(faults(fault)).toEqual(is ? [fault.type] : [])
  })
  test('for which a restarted member is no reason, nor a healed network', () => {
    expect(
      faults({ type: 'member-crashed', member: 'm2' }, { type: 'member-restarted', member: 'm2' }),
    ).toEqual([])
    expect(
      faults({ type: 'member-crashed', member: 'm3' }, { type: 'member-restarted', member: 'm2' }),
    ).toEqual(['member-crashed'])
    expect(
      faults({ type: 'member-paused', member: 'm2' }, { type: 'member-resumed', member: 'm2' }),
    ).toEqual([])
    expect(
      faults({ type: 'partitioned', groups: [] }, link('loss', 9), { type: 'healed' }),
    ).toEqual([])
  })
  test('except a leader that was paused itself', () => {
    expect(
      faults({ type: 'member-paused', member: 'm1' }, { type: 'member-resumed', member: 'm1' }),
    ).toEqual(['member-paused'])
  })
  test('in a term of its own alone', () => {
    const trace = traceOf(role('m1', 'leader', 1, 'm1'), role('m1', 'follower', 2, null))
    expect(lostQuorum(trace, last(trace, 'role-changed'))).toBeUndefined()
    const led = traceOf(role('m1', 'leader', 2, 'm1'), role('m1', 'follower', 2, 'm2'))
    expect(lostQuorum(led, last(led, 'role-changed'))).toBeUndefined()
  })
})

describe('a follower has its term', () => {
  const from = (...events: EventBody[]): number | undefined => {
    const trace = traceOf(...events)
    return termOf(trace, last(trace, 'role-changed'))?.id
  }
  test('from the election of its leader in that term, whatever other members did', () => {
    expect(
      from(
        role('m2', 'leader', 2, 'm2'),
        role('m2', 'follower', 3, null),
        role('m2', 'candidate', 3, null),
        role('m3', 'leader', 3, 'm3'),
        role('m1', 'follower', 2, 'm2'),
      ),
    ).toBe(1)
    expect(from(role('m2', 'leader', 1, 'm2'), role('m1', 'follower', 2, 'm2'))).toBeUndefined()
  })
  test('from a candidate, which may have raised its own term since, where it knows no leader', () => {
    expect(from(role('m2', 'candidate', 2, null), role('m1', 'follower', 4, null))).toBe(1)
    expect(from(role('m2', 'candidate', 5, null), role('m1', 'follower', 4, null))).toBeUndefined()
    expect(
      from(
        role('m2', 'candidate', 2, null),
        role('m2', 'follower', 3, null),
        role('m1', 'follower', 4, null),
      ),
    ).toBeUndefined()
  })
})
