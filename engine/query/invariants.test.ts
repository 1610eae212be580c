import { expect, test } from 'vitest'
import type { Violation } from '../check/violation'
import { invariantsView } from './invariants'

const breach = (
  event: number,
  property: Violation['property'] = 'no lease ends early',
): Violation => ({
  property,
  at: event,
  event,
  members: ['m1'],
  text: `broken at ${event}`,
})

test('etcd keeps its rules until the first breach, and the first breach is reported', () => {
  const violations = [breach(20), breach(30)]
  expect(invariantsView(violations, 100, 19)).toMatchObject({ checked: true, kept: true })
  const broken = invariantsView(violations, 100, 40)
  expect(broken.kept).toBe(false)
  expect(broken.rows.filter((row) => row.broken !== null)).toMatchObject([
    { name: 'No lease ends early', broken: { at: 20 }, times: 2 },
  ])
  expect(invariantsView(violations, 19, 19)).toMatchObject({ checked: true, kept: true })
  expect(invariantsView(violations, 18, 19)).toMatchObject({ checked: false, kept: true })
})

test('a breach of another kind of rule breaks no rule of etcd', () => {
  expect(invariantsView([breach(20, 'linearizability')], 100, 40).kept).toBe(true)
  expect(
    invariantsView([], 0, 0)
      .rows.map(({ name }) => name.toLowerCase())
      .join(),
  ).not.toMatch(/exclusion|lock|section/)
})
