import fc from 'fast-check'
import { expect, test } from 'vitest'
import { leaseId } from '../base/int64'
import type { EventBody, TraceEvent } from '../base/trace'
import { levelOf } from '../base/trace'
import { ExpiryHeaps } from './expiry-heaps'

const TTL_MS = 5000
const lease = (n: number) => leaseId(n + 1)
const ids = fc.nat(12)

/** The events of the leases of one primary; `in`: ms until the next event. */
const act = fc.record({
  type: fc.constantFrom(
    'grant' as const,
    'renew' as const,
    'revoke' as const,
    'pass' as const,
    'pass' as const,
    'clock' as const,
  ),
  id: ids,
  in: fc.nat(2000),
})

test('a heap stays a heap after every operation, and a pass finds each lease that is due and no other', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
      const heaps = new ExpiryHeaps('3.6')
      let [id, at] = [0, 0]
      const emit = (body: EventBody): void =>
        heaps.note({ ...body, id: ++id, at, level: levelOf(body.type), causes: [] } as TraceEvent)
      emit({ type: 'promoted', member: 'm1', term: 2, leases: 0, extendMs: 1000 })
      /** When each living lease is looked at next, and its deadline. */
      const model = new Map<number, { at: number; deadline: number }>()
      for (const { type, id: n, in: ms } of acts) {
        at += ms
        const known = model.get(n)
        const deadline = at + TTL_MS
        if (type === 'grant' && known === undefined) {
          emit({
            type: 'lease-granted',
            member: 'm1',
            lease: lease(n),
            ttlSeconds: 5,
            askedSeconds: 5,
            deadline,
          })
          model.set(n, { at: deadline, deadline })
        } else if (type === 'renew' && known !== undefined && known.deadline > at) {
          emit({ type: 'lease-renewed', member: 'm1', lease: lease(n), ttlSeconds: 5, deadline })
          model.set(n, { at: deadline, deadline })
        } else if (type === 'revoke' && known !== undefined) {
          emit({
            type: 'lease-revoked',
            member: 'm1',
            lease: lease(n),
            end: 'revoked',
            revision: 2,
            keys: [],
          })
          model.delete(n)
        } else if (type === 'clock') {
          // Twice as fast from now on: the time left is half as long.
          const all = [...model].filter(([, each]) => each.at === each.deadline && each.at > at)
          for (const [, each] of all)
            each.at = each.deadline = at + Math.ceil((each.deadline - at) / 2)
          const deadlines = all.map(
            ([each, { deadline: due }]): [ReturnType<typeof lease>, number] => [lease(each), due],
          )
          emit({ type: 'member-clock-changed', member: 'm1', percent: 200, deadlines })
        } else if (type === 'pass') {
          const due = [...model.values()].filter((each) => each.at <= at)
          emit({ type: 'expiry-pass', member: 'm1', due: due.length })
          for (const each of due) each.at = at + 7000
          expect(heaps.of('m1')!.pass).toMatchObject({ at, due: due.length })
        }
        const { entries } = heaps.of('m1')!
        for (const [i, entry] of entries.entries())
          if (i > 0) expect(entry.at).toBeGreaterThanOrEqual(entries[(i - 1) >> 1]!.at)
        const live = entries.filter(({ gone }) => !gone).map((entry) => [entry.lease, entry.at])
        expect(new Map(live as never)).toEqual(
          new Map([...model].map(([each, { at: due }]) => [lease(each), due])),
        )
      }
    }),
    { numRuns: 200 },
  )
})
