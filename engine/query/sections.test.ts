import { expect, test } from 'vitest'
import type { ClientId, EventBody } from '../base/trace'
import { traceOf } from '../test/trace-of'
import { Sections } from './sections'

const enter = (client: ClientId, section = '/job'): EventBody => ({
  type: 'section-entered',
  client,
  section,
})
const leave = (client: ClientId): EventBody => ({ type: 'section-left', client, section: '/job' })

/** One event a millisecond: event n is at n. */
function sections(...events: EventBody[]): Sections {
  const made = new Sections()
  for (const event of traceOf(...events)) made.note(event)
  return made
}

test('a section is crowded from its second client to the last but one that leaves, and as of the cursor', () => {
  const made = sections(enter('a'), enter('b'), enter('c'), leave('a'), leave('b'), enter('a'))
  expect([1, 2, 3, 4, 5, 6].map((last) => made.crowdedSince('/job', last))).toEqual([
    null,
    2,
    2,
    2,
    null,
    6,
  ])
  expect(made.crowdedUntil('/job', 2, 6)).toBe(5)
  expect(made.crowdedUntil('/job', 2, 4)).toBeNull()
  expect(made.crowdedUntil('/job', 6, 6)).toBeNull()
  expect(made.crowdedSince('/other', 6)).toBeNull()
})

test('a client is in one section, and a crash takes it out', () => {
  const made = sections(
    enter('a'),
    enter('b'),
    enter('a', '/other'),
    enter('a'),
    { type: 'client-crashed', client: 'a' },
    leave('a'),
  )
  expect([2, 3, 4, 5, 6].map((last) => made.crowdedSince('/job', last))).toEqual([
    2,
    null,
    4,
    null,
    null,
  ])
  expect([1, 3, 6].map((last) => made.enteredAt('a', last))).toEqual([1, 3, 4])
  expect(made.enteredAt('c', 6)).toBeNull()
})

test('a client has the state since its last pause, crash or start', () => {
  const made = sections(
    enter('a'),
    { type: 'client-paused', client: 'a' },
    { type: 'client-resumed', client: 'a' },
    { type: 'client-crashed', client: 'b' },
    { type: 'client-restarted', client: 'b' },
  )
  expect([1, 2, 3, 5].map((last) => made.stateSince('a', last))).toEqual([0, 2, 3, 3])
  expect([3, 4, 5].map((last) => made.stateSince('b', last))).toEqual([0, 4, 5])
})
